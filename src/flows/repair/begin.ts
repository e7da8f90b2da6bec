import type { AzureMachine } from '../../core/azure.ts';
import { OpsBotError } from '../../core/errors.ts';
import type { RepairId } from '../../core/ids.ts';
import type { ExtensionRequest, ExtensionWriter } from '../../core/ports.ts';
import { extensionOf, obstacle } from '../../core/repair/plan.ts';
import { begin, notDone, recheck } from '../../core/repair/steps.ts';
import { AT_ONCE, type Repair, type RepairMachine, ready } from '../../core/repair.ts';
import type { Machine, Profile, Site } from '../../core/roll-out.ts';
import type { RepairDeps } from './deps.ts';
import { keepStep, placesTaken } from './keep.ts';

const READ_TIMEOUT_MS = 20_000;
const WRITE_TIMEOUT_MS = 30_000;

interface Subject {
  readonly repair: Repair;
  readonly machine: RepairMachine;
  readonly row: Machine;
  readonly site: Site;
  readonly profile: Profile;
}

/**
 * Sends the next requests of an approved repair, as far as the site has places. Each is claimed in the
 * store before it goes out, so that two replicas, or a press beside the poll, never send it twice.
 */
export async function beginReady(
  deps: RepairDeps,
  id: RepairId,
  writer: ExtensionWriter,
): Promise<void> {
  const { repair, rollOut } = await deps.store.read(async (tx) => ({
    repair: await tx.repairs.get(id),
    rollOut: await tx.rollOut(),
  }));
  if (repair?.state !== 'approved' || !repair.approvedBy) return;
  const site = rollOut.site(repair.site);
  const profile = site && rollOut.profileOf(site);
  if (!site || !profile) return;
  for (const machine of ready(repair)) {
    const row = rollOut.machine(machine.machine);
    if (!row) continue;
    const goesOn = await beginOne(deps, { repair, machine, row, site, profile }, writer);
    if (!goesOn) return;
  }
}

/** False when nothing more can be begun now. */
async function beginOne(
  deps: RepairDeps,
  subject: Subject,
  writer: ExtensionWriter,
): Promise<boolean> {
  const { repair, machine, profile } = subject;
  const now = deps.clock.now();
  let azure: AzureMachine | undefined;
  try {
    const signal = AbortSignal.timeout(READ_TIMEOUT_MS);
    azure = await deps.readMachine(profile, machine.machine, signal);
  } catch (error) {
    deps.log.warn('repair-machine-not-read', { machine: machine.machine, error });
    return false;
  }
  const request = requestFor(deps, subject, azure);
  if (!request) return move(deps, subject, notDone(machine, now, 'value-refused'));
  const typeName = `${request.publisher}/${request.type}`;
  const trouble = obstacle(
    azure,
    deps.write.mode,
    machine.plan === 'remove' ? undefined : typeName,
  );
  if (trouble) {
    // Without its extension already: it is finished once the machine is back.
    const waits = machine.step === 'removed' && trouble === 'not-connected';
    return waits || move(deps, subject, notDone(machine, now, trouble));
  }
  const current = recheck(machine, repair.extension, azure, now);
  if (current !== machine && current.step !== 'waiting') return move(deps, subject, current);

  const claimed = begin(current, now);
  const isClaimed = await deps.store.write(async (tx) => {
    const kept = await tx.repairs.get(repair.id);
    if (kept?.state !== 'approved' || (await placesTaken(tx, repair)) >= AT_ONCE) return false;
    return (await keepStep(tx, deps, subject, claimed)) !== undefined;
  });
  if (!isClaimed) return false;
  const { step } = claimed;
  const signal = AbortSignal.timeout(WRITE_TIMEOUT_MS);
  const outcome = await (step === 'removing'
    ? writer.remove(profile, request, signal)
    : writer.install(profile, request, signal));
  const sent = { ...subject, machine: claimed };
  switch (outcome.outcome) {
    case 'begun':
      return move(deps, sent, { ...claimed, begun: true });
    case 'refused':
      return move(deps, sent, notDone(claimed, deps.clock.now(), 'refused', outcome.message));
    case 'unclear':
      // The next look at Azure tells whether it arrived.
      deps.log.warn('repair-answer-unclear', { machine: machine.machine, why: outcome.message });
      return true;
  }
}

function requestFor(
  deps: RepairDeps,
  { repair, row, site, profile }: Subject,
  azure: AzureMachine | undefined,
): ExtensionRequest | undefined {
  try {
    const name = extensionOf(azure, repair.extension)?.name;
    return deps.request(repair.extension, row, site, profile, name);
  } catch (error) {
    if (error instanceof OpsBotError && error.code === 'VALUE_REFUSED') return undefined;
    throw error;
  }
}

async function move(deps: RepairDeps, subject: Subject, next: RepairMachine): Promise<boolean> {
  await deps.store.write((tx) => keepStep(tx, deps, subject, next));
  return true;
}
