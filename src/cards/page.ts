import type { Lang } from '../core/ids.ts';
import type { ButtonId } from '../core/notice.ts';
import type { TemplateName } from './template.ts';
import type { Words } from './words.ts';

/** Who reads, when and where: all that a page depends on besides its notice. */
export interface Reader {
  readonly lang: Lang;
  /** Absent: times are told with their date. */
  readonly now?: Date;
  readonly timeZone: string;
  /** How many rows a list may show; drawn again with fewer when a card grows too large. */
  readonly rows: number;
}

export type Tone = 'default' | 'emphasis' | 'accent' | 'good' | 'warning' | 'attention';

export interface Fact {
  readonly label: string;
  readonly value: Words;
}

export interface Row {
  readonly words: Words;
  /** Smaller lines below. */
  readonly under?: readonly Words[];
}

export interface Section {
  /** Ours: it stands in a TextBlock. */
  readonly heading?: string;
  readonly rows: readonly Row[];
}

/** One site or machine of a status card. */
export interface Group {
  readonly name: Words;
  readonly lines: readonly Words[];
  readonly facts?: readonly Fact[];
  readonly rows: readonly Row[];
}

/** A finding in full. */
export interface ShownFinding {
  readonly cause: Words;
  readonly remedy: Words;
  readonly owner: Words;
  readonly commands: readonly Words[];
}

/** A button that sends a sentence, as if it had been typed. */
export interface Saying {
  readonly title: string;
  readonly text: string;
}

/** What a card says, before it has a layout: one source for the card and for the terminal. */
export interface Page {
  readonly template: TemplateName;
  /** Ours, without data: notifications show it. */
  readonly title: string;
  readonly tone: Tone;
  readonly lead?: readonly Words[];
  readonly facts?: readonly Fact[];
  /** Where a sign-in stands, as a line of marks. */
  readonly steps?: Words;
  readonly groups?: readonly Group[];
  readonly finding?: ShownFinding;
  readonly sections?: readonly Section[];
  /** Small print: how old this is, where it comes from. */
  readonly foot?: readonly Words[];
  /** The field for the match number, with its label. */
  readonly number?: string;
  readonly buttons?: readonly ButtonId[];
  readonly sayings?: readonly Saying[];
  /** Lines that people copy: they follow the card as a plain message. */
  readonly copy?: readonly string[];
  /** More of them, each a message of its own: a mail, the lines for another system. */
  readonly messages?: readonly (readonly string[])[];
}
