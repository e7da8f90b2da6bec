/**
 * The text with what was already understood painted over. Painted characters stay as one marker each, so
 * that positions hold and later patterns can speak of "a machine" or "a site".
 */
export class Spans {
  readonly text: string;
  readonly #chars: string[];

  constructor(text: string) {
    this.text = text;
    this.#chars = text.split('');
  }

  /** The text as later steps see it. */
  get masked(): string {
    return this.#chars.join('');
  }

  isFree(start: number, end: number): boolean {
    for (let at = start; at < end; at += 1) if (isMarker(this.#chars[at])) return false;
    return true;
  }

  paint(start: number, end: number, marker: Marker): void {
    for (let at = start; at < end; at += 1) this.#chars[at] = MARKERS[marker];
  }
}

/** Private use characters: normalise() lets nobody type them into a meaning. */
export const MARKERS = {
  machine: '\u{e001}',
  site: '\u{e002}',
  area: '\u{e003}',
  wave: '\u{e004}',
  extension: '\u{e005}',
  error: '\u{e006}',
  unknownMachine: '\u{e007}',
  number: '\u{e008}',
} as const;
export type Marker = keyof typeof MARKERS;

export function isMarker(char: string | undefined): boolean {
  return char !== undefined && char >= '\u{e001}' && char <= '\u{e008}';
}
