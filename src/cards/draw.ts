import { Buffer } from 'node:buffer';
import type { Lang } from '../core/ids.ts';
import type { ButtonId, Notice } from '../core/notice.ts';
import type { DrawnNotice } from '../core/ports.ts';
import { actionsOf, buttonLabel, type CardActs, inputsOf, type Reveal } from './buttons.ts';
import type { Page, Reader } from './page.ts';
import { dataOf } from './page-data.ts';
import { pageText } from './page-text.ts';
import { pageOf } from './render-notice.ts';
import { expand } from './template.ts';
import { visible } from './words.ts';

export interface DrawOptions {
  readonly lang: Lang;
  /** Absent: the card is not kept, so its buttons would lead nowhere and are left out. */
  readonly card?: CardActs;
  readonly now: Date;
  /** IANA name, such as `Asia/Tokyo`. */
  readonly timeZone: string;
  /** How Show code asks for the code: a Teams dialog, or the answer to Action.Execute. */
  readonly reveal: Reveal;
}

/** Other paths of Teams stop at 28 KB; the contract here is 24 KB. */
export const MAX_CARD_BYTES = 24_000;
const ROWS = [20, 12, 6, 3, 1] as const;

/** Draws a notice: its card, the same in words, and what follows the card as a plain message. */
export function drawNotice(notice: Notice, options: DrawOptions): DrawnNotice {
  const { lang, card, reveal } = options;
  let drawn: DrawnNotice | undefined;
  for (const rows of ROWS) {
    const page = pageOf(notice, { ...readerOf(notice, options), rows });
    drawn = {
      card: expand(page.template, dataOf(page, actionsOf(page, lang, reveal, card), lang)),
      text: pageText(page, lang),
      summary: page.title,
      ...afterOf(page),
    };
    if (Buffer.byteLength(JSON.stringify(drawn.card)) < MAX_CARD_BYTES) break;
  }
  if (drawn === undefined) throw new RangeError('no row count was tried');
  return drawn;
}

/** The same notice in words alone, for terminals. Without `now` every time carries its date. */
export function textOf(
  notice: Notice,
  lang: Lang,
  when: { readonly now?: Date; readonly timeZone?: string } = {},
): string {
  const reader: Reader = { lang, timeZone: 'Asia/Tokyo', ...when, rows: 200 };
  return pageText(pageOf(notice, reader), lang);
}

export interface ShownButton {
  readonly id: ButtonId;
  readonly label: string;
  readonly inputs: readonly string[];
}

/** The buttons a kept card of this notice carries, in their order. */
export function buttonsOf(notice: Notice, lang: Lang): ShownButton[] {
  const page = pageOf(notice, { lang, timeZone: 'UTC', rows: 1 });
  return (page.buttons ?? []).map((id) => ({
    id,
    label: buttonLabel(id, lang),
    inputs: inputsOf(id),
  }));
}

function readerOf(notice: Notice, { lang, now, timeZone }: DrawOptions): Omit<Reader, 'rows'> {
  const site = 'site' in notice ? notice.site : undefined;
  return { lang, now, timeZone: site?.timeZone ?? timeZone };
}

/** Under what Teams takes in one message, in bytes of UTF-8 and UTF-16 alike. */
const MOST_FENCED_CHARS = 7_000;

/** Text in cards cannot be copied on phones: lines to copy follow as fenced messages, byte for byte. */
function afterOf({ copy, messages = [] }: Page): { after?: readonly string[] } {
  const after = [copy ?? [], ...messages].flatMap((lines) =>
    parted(lines.map(visible).filter((line) => !line.includes('```'))),
  );
  return after.length === 0 ? {} : { after };
}

/** Whole lines only: a message that is too long becomes several. */
function parted(lines: readonly string[]): string[] {
  const parts: string[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    length += line.length + 1;
    if (length > MOST_FENCED_CHARS) {
      parts.push([]);
      length = line.length + 1;
    }
    parts.at(-1)?.push(line);
  }
  return parts.map((part) => ['```', ...part, '```'].join('\n'));
}
