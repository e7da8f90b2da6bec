export type Print = (line: string) => void;

/** Prints each measurement as `name: value, limit, ok|over`, and remembers whether all were fine. */
export class Teller {
  readonly #print: Print;
  fine = true;

  constructor(print: Print) {
    this.#print = print;
  }

  value(name: string, value: number, limit: number, unit: string): void {
    const fine = value <= limit;
    this.fine &&= fine;
    this.#print(`${name}: ${round(value)} ${unit}, ${limit} ${unit}, ${fine ? 'ok' : 'over'}`);
  }
}

function round(value: number): string {
  return value < 10 ? value.toFixed(2) : value.toFixed(0);
}

/** The value below which so many of a hundred lie. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const index = Math.ceil((sorted.length * percent) / 100) - 1;
  return sorted[Math.max(0, index)] ?? Number.NaN;
}
