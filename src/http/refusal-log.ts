import type { Clock, Log } from '../core/ports.ts';

const QUIET_MS = 60_000;
const MAX_REASONS = 200;

/** One line a minute per reason, with how many there were: strangers must not be able to fill the log. */
export function createRefusalLog(deps: { readonly log: Log; readonly clock: Clock }) {
  const reasons = new Map<string, { loggedAtMs: number; unlogged: number }>();
  return (event: string, reason: string, facts: Record<string, unknown>): void => {
    const now = deps.clock.now().getTime();
    const name = `${event} ${reason}`;
    const seen = reasons.get(name);
    if (seen && now >= seen.loggedAtMs && now - seen.loggedAtMs < QUIET_MS) {
      seen.unlogged += 1;
      return;
    }
    if (!seen && reasons.size >= MAX_REASONS) return;
    deps.log.info(event, { reason, ...facts, ...(seen && { unlogged: seen.unlogged }) });
    reasons.set(name, { loggedAtMs: now, unlogged: 0 });
  };
}

export type RefusalLog = ReturnType<typeof createRefusalLog>;
