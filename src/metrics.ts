import { Counter, collectDefaultMetrics, Gauge, Histogram, type Registry } from 'prom-client';
import type { Store } from './core/ports.ts';
import type { RelayMetrics } from './delivery/relay.ts';

export interface DeliveryMetrics extends Required<RelayMetrics> {
  /** False from a 401 of the connector until it accepts the bot again. */
  isAuthorized(): boolean;
}

/** What operations see of delivery: how attempts end, how long notices wait, what is left to send. */
export function createDeliveryMetrics(
  registry: Registry,
  outbox: Pick<Store['outbox'], 'depth'>,
): DeliveryMetrics {
  collectDefaultMetrics({ register: registry });
  const attempts = new Counter({
    name: 'arc_bot_delivery_attempts_total',
    help: 'Attempts to post or edit a card, by operation and how they ended',
    labelNames: ['op', 'ended'],
    registers: [registry],
  });
  const waited = new Histogram({
    name: 'arc_bot_delivery_wait_seconds',
    help: 'From a notice being kept to its card being posted or edited',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300],
    registers: [registry],
  });
  const left = new Gauge({
    name: 'arc_bot_outbox_items',
    help: 'Cards waiting to be posted or edited, and dead letters',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const { waiting, dead } = await outbox.depth();
      left.set({ state: 'waiting' }, waiting);
      left.set({ state: 'dead' }, dead);
    },
  });
  let isAccepted = true;
  return {
    attempted(item, ended, sinceEnqueuedMs) {
      attempts.inc({ op: item.op, ended });
      if (ended === 'posted' || ended === 'edited') waited.observe(sinceEnqueuedMs / 1000);
    },
    authorized(accepted) {
      isAccepted = accepted;
    },
    isAuthorized: () => isAccepted,
  };
}
