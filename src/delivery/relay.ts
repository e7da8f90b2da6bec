import type { Lang, PersonKey } from '../core/ids.ts';
import type { Card } from '../core/notice.ts';
import type { Clock, DrawnNotice, Log, Notifier, OutboxItem, Store } from '../core/ports.ts';
import { Delivery } from './delivery.ts';

export interface RelayDeps {
  readonly store: Pick<Store, 'read' | 'write' | 'outbox'>;
  readonly notifier: Notifier;
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 up to 1: spreads retries. */
  readonly jitter: () => number;
  draw(card: Card, lang: Lang): DrawnNotice;
  /** Someone cannot be written to 1:1: whoever waits for them asks the next person. */
  onUnreachable(person: PersonKey): Promise<void>;
  readonly metrics?: RelayMetrics;
  /** The alert channel's language. */
  readonly channelLang?: Lang;
  /** Conversations served at once; a slow one takes one place. */
  readonly concurrency?: number;
}

export interface RelayMetrics {
  /** One attempt ended, so long after the notice was kept. */
  attempted?(item: OutboxItem, ended: AttemptEnd, sinceEnqueuedMs: number): void;
  /** The connector refuses the bot itself, or accepts it again. */
  authorized?(accepted: boolean): void;
}
export type AttemptEnd =
  | 'posted'
  | 'edited'
  | 'current'
  | 'limited'
  | 'retry'
  | 'ambiguous'
  | 'unreachable'
  | 'dead';

export interface Relay {
  /** Something was put into the outbox just now. */
  wake(): void;
  /** Takes nothing more; resolves once what is under way has ended. */
  stop(): Promise<void>;
  /** One round, for tests: claims what is due and waits for it; tells how many that was. */
  runOnce(): Promise<number>;
}

const CONCURRENCY = 8;
/** Longer than one request to the connector may take; a relay that dies loses its items after it. */
const LEASE_MS = 30_000;
/** Other processes cannot wake this one, so it looks by itself. */
const POLL_MS = 250;
const LEAST_WAIT_MS = 5;

/** The loop; `autostart: false` leaves it to runOnce. */
export function startRelay(deps: RelayDeps, options: { autostart?: boolean } = {}): Relay {
  const delivery = new Delivery(deps);
  const concurrency = deps.concurrency ?? CONCURRENCY;
  const underWay = new Set<Promise<void>>();
  const alarm = new Alarm();
  let stopped = false;

  async function claim(): Promise<readonly OutboxItem[]> {
    const now = deps.clock.now();
    const free = concurrency - underWay.size;
    if (free === 0 || delivery.pausedUntil > now) return [];
    return deps.store.outbox.claim(now, new Date(now.getTime() + LEASE_MS), free);
  }

  function start(item: OutboxItem): Promise<void> {
    const running = delivery.deliver(item).finally(() => {
      underWay.delete(running);
      alarm.ring();
    });
    underWay.add(running);
    return running;
  }

  async function round(): Promise<number> {
    const items = await claim();
    for (const item of items) void start(item);
    return items.length;
  }

  async function untilSomethingIsDue(): Promise<void> {
    const now = deps.clock.now();
    const full = underWay.size === concurrency || delivery.pausedUntil > now;
    const due = full ? undefined : await deps.store.outbox.nextDue();
    const wait = due === undefined ? POLL_MS : due.getTime() - now.getTime();
    // What is due but could not be claimed is another relay's this moment.
    await alarm.wait(Math.min(POLL_MS, Math.max(LEAST_WAIT_MS, wait)));
  }

  async function loop(): Promise<void> {
    while (!stopped) {
      try {
        if ((await round()) === 0) await untilSomethingIsDue();
      } catch (error) {
        deps.log.error('relay-round-failed', { error });
        await alarm.wait(POLL_MS);
      }
    }
  }

  const looping = options.autostart === false ? Promise.resolve() : loop();
  return {
    wake: () => alarm.ring(),
    async stop() {
      stopped = true;
      alarm.ring();
      await looping;
      await Promise.all(underWay);
    },
    async runOnce() {
      const items = await claim();
      await Promise.all(items.map(start));
      return items.length;
    },
  };
}

/** A sleep that can be cut short, also by a ring that came just before it. */
class Alarm {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  async wait(ms: number): Promise<void> {
    if (!this.#rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#wake = undefined;
    this.#rung = false;
  }
}
