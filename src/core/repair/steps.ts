import type { AzureExtension, AzureMachine } from '../azure.ts';
import type { RepairMachine, RepairPlan, RepairStep, RepairTrouble } from '../repair.ts';
import type { ExtensionName } from '../roll-out.ts';
import { extensionOf } from './plan.ts';

const MINUTE_MS = 60_000;
/** The agent polls every 5 minutes and gives a download up after ten tries. */
const STUCK_AFTER_MS = 30 * MINUTE_MS;
const STEP_TIMEOUT_MS = 60 * MINUTE_MS;
const UNANSWERED_MS = 2 * MINUTE_MS;
const APPEARS_WITHIN_MS = 5 * MINUTE_MS;

/** The same machine at another step. */
function at(
  { machine, plan, broken }: RepairMachine,
  step: RepairStep,
  now: Date,
  changes: Partial<RepairMachine> = {},
): RepairMachine {
  return { machine, plan, step, sinceAt: now, ...(broken && { broken }), ...changes };
}

/** The step as claimed, before its request goes out. */
export function begin(machine: RepairMachine, now: Date): RepairMachine {
  const installs = machine.step === 'removed' || machine.plan === 'install';
  const step = installs ? 'installing' : 'removing';
  return { ...at(machine, step, now), begun: false };
}

export function notDone(
  machine: RepairMachine,
  now: Date,
  trouble: RepairTrouble,
  message?: string,
): RepairMachine {
  const { machine: name, plan } = machine;
  return {
    machine: name,
    plan,
    step: 'not-done',
    sinceAt: now,
    trouble,
    ...(message && { message }),
  };
}

/** A machine that waited, by what Azure shows just before its request: others may have been faster. */
export function recheck(
  machine: RepairMachine,
  extension: ExtensionName,
  azure: AzureMachine | undefined,
  now: Date,
): RepairMachine {
  const found = extensionOf(azure, extension);
  if (machine.step !== 'waiting') return machine;
  if (!found) {
    if (machine.plan === 'remove') return at(machine, 'done', now);
    return machine.plan === 'install' ? machine : { ...machine, plan: 'install' };
  }
  const again = machine.plan === 'install' ? 'reinstall' : machine.plan;
  switch (found.provisioningState) {
    case 'succeeded':
    case 'unknown':
      if (machine.plan === 'install') return at(machine, 'done', now);
      return machine.broken ? notDone(machine, now, 'fine') : machine;
    case 'failed':
    case 'canceled':
      return machine.plan === again ? machine : { ...machine, plan: again, broken: 'failed' };
    case 'creating':
    case 'updating':
    case 'deleting':
      if (machine.broken === 'stuck') return machine;
      return at(machine, 'watching', now, { plan: again, broken: 'failed' });
  }
}

/** Where a machine stands by what Azure (read as Reader) shows now. */
export function observe(
  machine: RepairMachine,
  extension: ExtensionName,
  azure: AzureMachine | undefined,
  now: Date,
): RepairMachine {
  const found = extensionOf(azure, extension);
  const goesOn: GoesOn = (step, changes) => at(machine, step, now, changes);
  const age = now.getTime() - machine.sinceAt.getTime();
  switch (machine.step) {
    case 'watching':
      return watched(machine, found, age, goesOn);
    case 'removing':
      if (azure && !found) return goesOn(machine.plan === 'remove' ? 'done' : 'removed');
      if (!machine.begun) {
        if (found?.provisioningState === 'deleting') return { ...machine, begun: true };
        return age > UNANSWERED_MS ? goesOn('waiting') : machine;
      }
      return age > STEP_TIMEOUT_MS ? notDone(machine, now, 'too-long', found?.message) : machine;
    case 'installing':
      if (!machine.begun && !found) {
        return age > UNANSWERED_MS ? goesOn(beforeInstall(machine.plan)) : machine;
      }
      return installed(machine, found, age, now, goesOn);
    case 'waiting':
    case 'removed':
    case 'done':
    case 'not-done':
      return machine;
  }
}

function beforeInstall(plan: RepairPlan): RepairStep {
  return plan === 'install' ? 'waiting' : 'removed';
}

type GoesOn = (step: RepairStep, changes?: Partial<RepairMachine>) => RepairMachine;

function watched(
  machine: RepairMachine,
  found: AzureExtension | undefined,
  age: number,
  goesOn: GoesOn,
): RepairMachine {
  if (!found) {
    return machine.plan === 'remove' ? goesOn('done') : goesOn('waiting', { plan: 'install' });
  }
  switch (found.provisioningState) {
    case 'succeeded':
      return goesOn('done');
    case 'failed':
    case 'canceled':
      return goesOn('waiting');
    case 'creating':
    case 'updating':
    case 'deleting':
    case 'unknown':
      return age > STUCK_AFTER_MS ? goesOn('waiting', { broken: 'stuck' }) : machine;
  }
}

function installed(
  machine: RepairMachine,
  found: AzureExtension | undefined,
  age: number,
  now: Date,
  goesOn: GoesOn,
): RepairMachine {
  if (!found) return age > APPEARS_WITHIN_MS ? notDone(machine, now, 'failed') : machine;
  switch (found.provisioningState) {
    case 'succeeded':
      return goesOn('done');
    case 'failed':
    case 'canceled':
      return notDone(machine, now, 'failed', found.message);
    case 'creating':
    case 'updating':
    case 'deleting':
    case 'unknown':
      if (age > STEP_TIMEOUT_MS) return notDone(machine, now, 'too-long', found.message);
      return machine.begun ? machine : { ...machine, begun: true };
  }
}
