import type { Clock } from '../core/ports.ts';

export interface Bucket {
  /** Takes one; otherwise tells how many seconds until there is one. */
  take(name: string): { readonly ok: true } | { readonly ok: false; readonly waitSeconds: number };
  /** The same question without taking. */
  look(name: string): { readonly ok: true } | { readonly ok: false; readonly waitSeconds: number };
}

interface Level {
  readonly tokens: number;
  readonly atMs: number;
}

/**
 * Token buckets by name, in memory: `perMinute` flow in evenly, up to `burst`. At most `maxNames` are kept;
 * the one unused longest goes first, and a full one is as good as none.
 */
export function createBuckets(options: {
  readonly clock: Clock;
  readonly perMinute: number;
  readonly burst: number;
  readonly maxNames?: number;
}): Bucket {
  const { clock, perMinute, burst, maxNames = 10_000 } = options;
  const levels = new Map<string, Level>();
  const perMs = perMinute / 60_000;

  const level = (name: string): Level => {
    const now = clock.now().getTime();
    const kept = levels.get(name);
    if (!kept) return { tokens: burst, atMs: now };
    // A clock set back must not empty or freeze a bucket.
    const passed = Math.max(0, now - kept.atMs);
    return { tokens: Math.min(burst, kept.tokens + passed * perMs), atMs: now };
  };
  const answer = ({ tokens }: Level): ReturnType<Bucket['take']> =>
    tokens >= 1
      ? { ok: true }
      : { ok: false, waitSeconds: Math.max(1, Math.ceil((1 - tokens) / perMs / 1000)) };

  return {
    look: (name) => answer(level(name)),
    take(name) {
      const now = level(name);
      const said = answer(now);
      levels.delete(name);
      levels.set(name, said.ok ? { ...now, tokens: now.tokens - 1 } : now);
      if (levels.size > maxNames) {
        const oldest = levels.keys().next().value;
        if (oldest !== undefined) levels.delete(oldest);
      }
      return said;
    },
  };
}

/** The limits of the door, as docs/door.md tells them. */
export interface DoorLimits {
  readonly perKey: Bucket;
  readonly failedReports: Bucket;
  readonly failedEnrolments: Bucket;
  readonly failedEnrolmentsOverAll: Bucket;
}

export function createDoorLimits(clock: Clock): DoorLimits {
  return {
    perKey: createBuckets({ clock, perMinute: 60, burst: 20 }),
    failedReports: createBuckets({ clock, perMinute: 30, burst: 30 }),
    failedEnrolments: createBuckets({ clock, perMinute: 5, burst: 5 }),
    failedEnrolmentsOverAll: createBuckets({ clock, perMinute: 60, burst: 60, maxNames: 1 }),
  };
}
