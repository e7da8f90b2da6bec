import type { Log } from './core/ports.ts';

export interface Repeating {
  /** Resolves once what is under way has ended. */
  stop(): Promise<void>;
}

/**
 * Looks again and again, one look at a time. Only a poll: what is due stands in the store, so a look that
 * comes late, or twice, changes nothing but when.
 */
export function repeatEvery(
  everyMs: number,
  what: string,
  log: Log,
  look: (signal: AbortSignal) => Promise<unknown>,
  { firstAfterMs = 0 }: { readonly firstAfterMs?: number } = {},
): Repeating {
  const ending = new AbortController();
  let isLooking = false;
  let underWay: Promise<unknown> = Promise.resolve();
  const turn = (): void => {
    if (isLooking) return;
    isLooking = true;
    underWay = look(ending.signal)
      .catch((error: unknown) => log.error(`${what}-failed`, { error }))
      .finally(() => {
        isLooking = false;
      });
  };
  const timer = setInterval(turn, everyMs);
  const first = firstAfterMs > 0 ? setTimeout(turn, firstAfterMs) : undefined;
  if (!first) turn();
  return {
    async stop() {
      clearInterval(timer);
      clearTimeout(first);
      ending.abort();
      await underWay;
    },
  };
}
