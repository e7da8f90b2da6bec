import type { KitAnswer } from '../core/ports.ts';

/** What stands in a signed answer beside the KitAnswer itself. */
export interface AnswerFrame {
  readonly id: string;
  readonly now: Date;
  /** The bot's newer answer key, for a kit that still holds another. */
  readonly botKey?: string;
}

/** All bytes of an answer before `sig=`, in the order of docs/door.md. */
export function composeAnswer(answer: KitAnswer, { id, now, botKey }: AnswerFrame): string {
  const lines: [string, string | number | undefined][] = [
    ['v', 'a1'],
    ['id', id],
    ['time', seconds(now)],
    ['do', answer.do],
    ['ack', answer.ack],
    ['code', answer.code],
    ['state', answer.state],
    ['round', answer.round],
    ['number', answer.number],
    ['until', answer.untilAt && seconds(answer.untilAt)],
    ['kid', answer.kid],
    ['bot_key', botKey],
    ['ja', answer.ja],
    ['en', answer.en],
  ];
  return lines
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${oneLine(String(value))}\n`)
    .join('');
}

export function withSignature(lines: string, signature: string): string {
  return `${lines}sig=${signature}\n`;
}

/** A value can end its line nowhere: control characters and Unicode's line ends become blanks. */
function oneLine(value: string): string {
  return value.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

function seconds(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}
