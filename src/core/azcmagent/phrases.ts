/**
 * Finds many phrases in one pass (Aho and Corasick, 1975), so that reading time grows with the text and
 * with nothing else. Only ASCII letters and digits count: line breaks of a terminal, escaped quotes and
 * missing punctuation do not hide a phrase. Any other alphabet ends one.
 */
export class Phrases {
  readonly #next: Int32Array;
  readonly #fail: Int32Array;
  readonly #ends: readonly (readonly number[] | undefined)[];

  constructor(phrases: readonly string[]) {
    const keys = phrases.map(squeeze);
    const size = keys.reduce((sum, key) => sum + key.length, 1);
    const next = new Int32Array(size * LETTERS);
    const ends: number[][] = [];
    let states = 1;
    keys.forEach((key, phrase) => {
      let state = 0;
      for (let at = 0; at < key.length; at += 1) {
        const edge = state * LETTERS + classOf(key.charCodeAt(at));
        if (next[edge] === 0) {
          next[edge] = states;
          states += 1;
        }
        state = next[edge] ?? 0;
      }
      ends[state] = [...(ends[state] ?? []), phrase];
    });
    const fail = new Int32Array(states);
    const queue: number[] = [];
    for (let letter = 0; letter < LETTERS; letter += 1) {
      const child = next[letter] ?? 0;
      if (child !== 0) queue.push(child);
    }
    for (let head = 0; head < queue.length; head += 1) {
      const state = queue[head] ?? 0;
      const back = fail[state] ?? 0;
      const inherited = ends[back];
      if (inherited) ends[state] = [...(ends[state] ?? []), ...inherited];
      for (let letter = 0; letter < LETTERS; letter += 1) {
        const edge = state * LETTERS + letter;
        const child = next[edge] ?? 0;
        const across = next[back * LETTERS + letter] ?? 0;
        if (child === 0) next[edge] = across;
        else {
          fail[child] = across;
          queue.push(child);
        }
      }
    }
    this.#next = next;
    this.#fail = fail;
    this.#ends = ends;
  }

  /** Number of states, for whoever wants to know what one pass costs. */
  get states(): number {
    return this.#fail.length;
  }

  /** `hit(phrase, end)`: index of the phrase as given, and the position after its last letter. */
  scan(text: string, hit: (phrase: number, end: number) => void): void {
    const next = this.#next;
    let state = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code >= 128) {
        state = 0;
        continue;
      }
      const letter = CLASS[code] ?? -1;
      if (letter < 0) continue;
      state = next[state * LETTERS + letter] ?? 0;
      const ends = this.#ends[state];
      if (ends) for (const phrase of ends) hit(phrase, at + 1);
    }
  }
}

/** The letters and digits of a text, small. */
export function squeeze(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '');
}

const LETTERS = 36;
const CLASS = new Int8Array(128).fill(-1);
for (let letter = 0; letter < 26; letter += 1) {
  CLASS[65 + letter] = letter;
  CLASS[97 + letter] = letter;
}
for (let digit = 0; digit < 10; digit += 1) CLASS[48 + digit] = 26 + digit;

function classOf(code: number): number {
  return CLASS[code] ?? -1;
}
