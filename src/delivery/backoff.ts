const FIRST_MS = 1_000;
const MOST_MS = 5 * 60_000;
const MOST_DOUBLINGS = 9;

/** Doubles with each attempt up to five minutes; `jitter` (0 up to 1) spreads what failed together. */
export function backoffMs(attempts: number, jitter: number): number {
  const whole = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(attempts, MOST_DOUBLINGS));
  return Math.round(whole * (0.5 + jitter / 2));
}
