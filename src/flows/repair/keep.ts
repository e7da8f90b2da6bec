import type { MachineName } from '../../core/ids.ts';
import type { AuditEntry, Tx } from '../../core/ports.ts';
import {
  isActive,
  type Repair,
  type RepairMachine,
  type RepairStep,
  withMachines,
} from '../../core/repair.ts';
import type { RepairDeps } from './deps.ts';
import { repairNotice } from './notice.ts';

type KeepDeps = Pick<RepairDeps, 'clock' | 'write'>;

/** Keeps a repair and brings every reader's card up to it. */
export async function keepRepair(tx: Tx, deps: KeepDeps, repair: Repair): Promise<void> {
  const now = deps.clock.now();
  const rollOut = await tx.rollOut();
  await tx.repairs.put(repair);
  for (const { card, person } of repair.cards) {
    const notice = repairNotice(repair, rollOut, deps.write, rollOut.person(person));
    await tx.cards.update(card, notice, now);
  }
}

/** One machine's next step, kept and audited; undefined when someone else has moved it meanwhile. */
export async function keepStep(
  tx: Tx,
  deps: KeepDeps,
  before: { readonly repair: Repair; readonly machine: RepairMachine },
  next: RepairMachine,
): Promise<Repair | undefined> {
  const now = deps.clock.now();
  const repair = await tx.repairs.get(before.repair.id);
  const known = repair?.machines.find(({ machine }) => machine === next.machine);
  const stands =
    known?.step === before.machine.step &&
    known.sinceAt.getTime() === before.machine.sinceAt.getTime();
  if (!repair || !known || !stands) return undefined;
  const machines = repair.machines.map((one) => (one === known ? next : one));
  const kept = withMachines(repair, machines, now);
  await keepRepair(tx, deps, kept);
  const event = EVENT_OF[next.step];
  if (event && next.step !== known.step) {
    const facts = {
      ...(next.trouble && { trouble: next.trouble }),
      ...(next.message && { message: next.message }),
    };
    const by = isActive(next) ? kept.approvedBy : undefined;
    await tx.audit.append({ ...entry(kept, event, next.machine, now, facts), ...(by && { by }) });
  }
  return kept;
}

const EVENT_OF: Readonly<Partial<Record<RepairStep, string>>> = {
  removing: 'extension-removing',
  removed: 'extension-removed',
  installing: 'extension-installing',
  done: 'extension-done',
  'not-done': 'extension-not-done',
};

export function entry(
  repair: Repair,
  event: string,
  machine: MachineName | undefined,
  at: Date,
  facts: AuditEntry['facts'] = {},
): AuditEntry {
  return {
    at,
    event,
    site: repair.site,
    ...(machine && { machine }),
    facts: { repair: repair.id, extension: repair.extension, ...facts },
  };
}

/** Machines of the site that are worked on now, by any repair. */
export async function placesTaken(tx: Tx, repair: Repair): Promise<number> {
  const open = await tx.repairs.listOpen();
  return open
    .filter(({ site }) => site === repair.site)
    .reduce((sum, { machines }) => sum + machines.filter(isActive).length, 0);
}
