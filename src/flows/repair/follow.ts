import { observe } from '../../core/repair/steps.ts';
import { isExpired, type Repair, type RepairMachine, ready } from '../../core/repair.ts';
import { beginReady } from './begin.ts';
import type { RepairDeps } from './deps.ts';
import { entry, keepRepair, keepStep } from './keep.ts';

const READ_TIMEOUT_MS = 20_000;

/**
 * One look at every open repair, as Reader: how far its machines are, what ran out, and, where the bot has
 * rights of its own, the next requests. All it needs stands in the store, so it goes on after a restart.
 */
export async function followRepairs(deps: RepairDeps, signal?: AbortSignal): Promise<void> {
  const open = await deps.store.read((tx) => tx.repairs.listOpen());
  for (const repair of open) {
    if (signal?.aborted) return;
    try {
      await follow(deps, repair, signal);
    } catch (error) {
      deps.log.warn('repair-not-followed', { repair: repair.id, error });
    }
  }
}

async function follow(
  deps: RepairDeps,
  repair: Repair,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const machine of repair.machines) {
    const { step } = machine;
    if (step !== 'watching' && step !== 'removing' && step !== 'installing') continue;
    await lookAt(deps, repair, machine, signal);
  }
  const now = deps.clock.now();
  const kept = await deps.store.write(async (tx) => {
    const current = await tx.repairs.get(repair.id);
    if (!current || !isExpired(current, now)) return current;
    const expired: Repair = { ...current, state: 'expired', changedAt: now };
    await keepRepair(tx, deps, expired);
    await tx.audit.append(entry(expired, 'repair-expired', undefined, now));
    return expired;
  });
  if (kept?.state !== 'approved' || deps.write.mode !== 'bot-identity') return;
  if (ready(kept).length > 0) await beginReady(deps, kept.id, await deps.own());
}

async function lookAt(
  deps: RepairDeps,
  repair: Repair,
  machine: RepairMachine,
  signal: AbortSignal | undefined,
): Promise<void> {
  const rollOut = await deps.store.read((tx) => tx.rollOut());
  const site = rollOut.site(repair.site);
  const profile = site && rollOut.profileOf(site);
  if (!profile) return;
  const ending = [AbortSignal.timeout(READ_TIMEOUT_MS), ...(signal ? [signal] : [])];
  const azure = await deps.readMachine(profile, machine.machine, AbortSignal.any(ending));
  const next = observe(machine, repair.extension, azure, deps.clock.now());
  if (next === machine) return;
  await deps.store.write((tx) => keepStep(tx, deps, { repair, machine }, next));
}
