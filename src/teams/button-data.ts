import { z } from 'zod';
import type { CardId } from '../core/ids.ts';
import type { ButtonId } from '../core/notice.ts';

const BUTTONS = {
  'open-sign-in': true,
  'confirm-number': true,
  'show-code': true,
  unexpected: true,
  decline: true,
  'hand-over': true,
  continue: true,
  approve: true,
  acknowledge: true,
  snooze: true,
  resolve: true,
  assign: true,
  confirm: true,
  'show-token': true,
} as const satisfies Record<ButtonId, true>;

const text = z.string().max(200);
const ButtonData = z.looseObject({
  card: text.min(1).transform((id) => id as CardId),
  button: z.custom<ButtonId>((id) => typeof id === 'string' && Object.hasOwn(BUTTONS, id)),
  nonce: text.min(1),
});
const Sentence = z.looseObject({ say: z.string().min(1).max(2_000) });

export interface ButtonPress {
  readonly card: CardId;
  readonly button: ButtonId;
  readonly nonce: string;
  readonly inputs: Readonly<Record<string, string>>;
}

/** Not the button's own data; whatever else stands beside it is an input of the card. */
const OWN_FIELDS: ReadonlySet<string> = new Set(['card', 'button', 'nonce', 'msteams', 'type']);
const MOST_INPUT_CHARS = 4_000;

/** A button's data with the card's inputs merged in, as Teams sends both. */
export function readPress(data: unknown): ButtonPress | undefined {
  const parsed = ButtonData.safeParse(data);
  if (!parsed.success) return undefined;
  const { card, button, nonce, ...rest } = parsed.data;
  const inputs: Record<string, string> = {};
  for (const [name, value] of Object.entries(rest)) {
    if (OWN_FIELDS.has(name) || typeof value !== 'string') continue;
    inputs[name] = value.slice(0, MOST_INPUT_CHARS);
  }
  return { card, button, nonce, inputs };
}

/** A button that only types a sentence for someone. */
export function readSentence(data: unknown): string | undefined {
  const parsed = Sentence.safeParse(data);
  return parsed.success ? parsed.data.say : undefined;
}
