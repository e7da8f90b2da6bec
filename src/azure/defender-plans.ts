import type { createArmReader } from './arm.ts';
import type { Pace } from './throttle.ts';
import { azureError, troubleOfStatus } from './trouble.ts';
import { object } from './words.ts';

type Plan = 'on' | 'off';

/** A plan is bought or ended once in a roll-out: looking every ten minutes is often enough. */
const LOOK_EVERY_MS = 10 * 60 * 1000;

/**
 * Whether Defender for Servers is on, per subscription
 * (learn.microsoft.com/rest/api/defenderforcloud/pricings/get). What cannot be read is absent, or stays as
 * it was last read.
 */
export function createDefenderPlans(arm: ReturnType<typeof createArmReader>, pace: Pace) {
  const known = new Map<string, { plan: Plan; readAt: number }>();
  return async (
    subscriptions: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Plan>> => {
    for (const subscription of subscriptions) {
      const key = subscription.toLowerCase();
      const last = known.get(key);
      if (last && pace.now() - last.readAt < LOOK_EVERY_MS) continue;
      const path = `/subscriptions/${encodeURIComponent(subscription)}/providers/Microsoft.Security/pricings/VirtualMachines?api-version=2024-01-01`;
      const answer = await arm(path, signal).catch((error: unknown) => {
        // Never read yet: saying nothing of the plan would take back what an earlier run had said.
        if (!last) throw error;
        return undefined;
      });
      if (answer && !last && (answer.status === 429 || answer.status >= 500)) {
        throw azureError('reading the Defender plan', troubleOfStatus(answer.status, ''));
      }
      const tier = object(object(answer?.body).properties).pricingTier;
      if (answer?.status !== 200 || typeof tier !== 'string') continue;
      known.set(key, { plan: tier === 'Standard' ? 'on' : 'off', readAt: pace.now() });
    }
    return new Map([...known].map(([key, { plan }]) => [key, plan]));
  };
}
