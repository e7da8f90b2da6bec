/** What was tried so often, and how often it held. */
export interface Claim {
  readonly what: string;
  readonly held: number;
  readonly of: number;
  /** What fell short, for whoever mends it; never a code. */
  readonly short?: readonly string[];
}

export type Print = (line: string) => void;

/** One line a claim; the only place that says so many of so many. */
export function printClaim(print: Print, { what, held, of, short = [] }: Claim): boolean {
  for (const line of short) print(`short: ${line}`);
  print(`${what}: ${held} of ${of}`);
  return held === of && of > 0;
}
