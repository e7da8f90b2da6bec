import { setTimeout } from 'node:timers/promises';

export interface Pace {
  /** Milliseconds since 1970. */
  now(): number;
  /** Rejects when the signal ends the wait. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

export const REAL_PACE: Pace = {
  now: () => Date.now(),
  wait: (ms, signal) => setTimeout(ms, undefined, signal ? { signal } : {}),
};

interface Headers {
  get(name: string): string | null | undefined;
}

/**
 * When Azure may next be asked, by what it last said: `Retry-After` of a refusal, and Resource Graph's quota
 * (learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests). It outlives
 * a reading that was given up: the next one waits as well.
 */
export class Throttle {
  readonly #pace: Pace;
  #openAt = 0;

  constructor(pace: Pace = REAL_PACE) {
    this.#pace = pace;
  }

  async turn(signal?: AbortSignal): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const ms = this.#openAt - this.#pace.now();
      if (ms <= 0) return;
      await this.#pace.wait(ms, signal);
    }
  }

  /** Says whether Azure named a moment. */
  heed(status: number, headers: Headers): boolean {
    const refused = status === 429 || status === 503;
    const ms =
      (refused ? this.#retryAfter(headers.get('retry-after') ?? '') : undefined) ?? quota(headers);
    if (ms === undefined) return false;
    this.#openAt = Math.max(this.#openAt, this.#pace.now() + ms);
    return true;
  }

  pause(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#pace.wait(ms, signal);
  }

  /** Seconds or a date (RFC 9110, 10.2.3). */
  #retryAfter(value: string): number | undefined {
    if (/^\d{1,6}$/.test(value)) return Number(value) * 1_000;
    const at = Date.parse(value);
    return Number.isNaN(at) ? undefined : Math.max(0, at - this.#pace.now());
  }
}

/** Only when nothing is left: `x-ms-user-quota-resets-after: 00:00:05`. */
function quota(headers: Headers): number | undefined {
  if (headers.get('x-ms-user-quota-remaining') !== '0') return undefined;
  const clock = /^(\d+):(\d{2}):(\d{2})/.exec(headers.get('x-ms-user-quota-resets-after') ?? '');
  if (!clock) return undefined;
  return ((Number(clock[1]) * 60 + Number(clock[2])) * 60 + Number(clock[3])) * 1_000;
}
