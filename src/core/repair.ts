import type { AzureExtension, AzureMachine } from './azure.ts';
import type { CardId, MachineName, PersonKey, RepairId, SiteCode } from './ids.ts';
import type { Deployer, ExtensionName } from './roll-out.ts';

/** Whose rights change something in Azure: nobody's, the approver's own, or a second identity's. */
export type WriteMode = 'off' | 'on-behalf-of' | 'bot-identity';

/** `remove` leaves the installing to Defender or Policy, who do it again by themselves. */
export type RepairPlan = 'install' | 'reinstall' | 'remove';

/** `watching`: Azure is still at it; only when that takes too long the extension counts as stuck. */
export type RepairStep =
  | 'waiting'
  | 'watching'
  | 'removing'
  | 'removed'
  | 'installing'
  | 'done'
  | 'not-done';

/** Why the bot does nothing, or no more, about a machine. */
export type RepairTrouble =
  | 'fine'
  | 'theirs'
  | 'not-read'
  | 'not-in-azure'
  | 'not-connected'
  | 'in-transit'
  | 'no-allow-list'
  | 'not-on-allow-list'
  | 'value-refused'
  | 'refused'
  | 'failed'
  | 'too-long';

export interface RepairMachine {
  readonly machine: MachineName;
  readonly plan: RepairPlan;
  readonly step: RepairStep;
  readonly sinceAt: Date;
  /** What was wrong with it when it was planned; a working one that is installed anew has none. */
  readonly broken?: 'failed' | 'stuck';
  /** Azure took the request of this step. */
  readonly begun?: boolean;
  readonly trouble?: RepairTrouble;
  /** Azure's own words. */
  readonly message?: string;
}

export type RepairState = 'asked' | 'approved' | 'declined' | 'expired' | 'ended';

/** One request to install or reinstall an extension on machines of one site. */
export interface Repair {
  readonly id: RepairId;
  readonly extension: ExtensionName;
  readonly site: SiteCode;
  readonly state: RepairState;
  readonly requestedBy: PersonKey;
  readonly requestedAt: Date;
  /** Whoever released the latest step. */
  readonly approvedBy?: PersonKey;
  readonly approvedAt?: Date;
  readonly declinedBy?: PersonKey;
  readonly changedAt: Date;
  readonly machines: readonly RepairMachine[];
  readonly cards: readonly { readonly person: PersonKey; readonly card: CardId }[];
}

/** So many machines of one site are worked on at the same time: packages have up to 2 GB. */
export const AT_ONCE = 2;
const MINUTE_MS = 60_000;
/** The agent polls every 5 minutes and gives a download up after ten tries. */
export const STUCK_AFTER_MS = 30 * MINUTE_MS;
const STEP_TIMEOUT_MS = 60 * MINUTE_MS;
const UNANSWERED_MS = 2 * MINUTE_MS;
const APPEARS_WITHIN_MS = 5 * MINUTE_MS;
export const APPROVE_WITHIN_MS = 24 * 60 * MINUTE_MS;

export function extensionOf(
  azure: AzureMachine | undefined,
  extension: ExtensionName,
): AzureExtension | undefined {
  return azure?.extensions.find((one) => one.extension === extension);
}

/**
 * What is to be done about a machine. `named`: asked for by its name, so that a working extension may be
 * installed anew; of a whole site only what is missing or broken is touched.
 */
export function planRepair(
  machine: MachineName,
  azure: AzureMachine | undefined,
  extension: ExtensionName,
  deployer: Deployer,
  named: boolean,
  now: Date,
): RepairMachine {
  const not = (trouble: RepairTrouble): RepairMachine => ({
    machine,
    plan: 'install',
    step: 'not-done',
    trouble,
    sinceAt: now,
  });
  if (!azure) return not('not-in-azure');
  if (azure.status !== 'connected') return not('not-connected');
  const again: RepairPlan = deployer === 'bot' ? 'reinstall' : 'remove';
  const found = extensionOf(azure, extension);
  if (!found) {
    if (deployer !== 'bot') return not('theirs');
    return { machine, plan: 'install', step: 'waiting', sinceAt: now };
  }
  switch (found.provisioningState) {
    case 'failed':
    case 'canceled':
      return { machine, plan: again, step: 'waiting', sinceAt: now, broken: 'failed' };
    case 'creating':
    case 'updating':
    case 'deleting':
      return { machine, plan: again, step: 'watching', sinceAt: now, broken: 'failed' };
    case 'succeeded':
    case 'unknown':
      if (!named) return not('fine');
      if (deployer !== 'bot') return not('theirs');
      return { machine, plan: again, step: 'waiting', sinceAt: now };
  }
}

/** Steps that hold one of the site's places. */
export function isActive({ step }: RepairMachine): boolean {
  return step === 'removing' || step === 'installing';
}

export function isFinal({ step }: RepairMachine): boolean {
  return step === 'done' || step === 'not-done';
}

export function isOpen({ state }: Repair): boolean {
  return state === 'asked' || state === 'approved';
}

/** Machines whose next request may go out now. One without its extension comes before one that has it. */
export function ready(repair: Repair): readonly RepairMachine[] {
  const removed = repair.machines.filter(({ step }) => step === 'removed');
  return [...removed, ...repair.machines.filter(({ step }) => step === 'waiting')];
}

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

/** Why no request may go out for this machine, as Azure shows it now; `typeName` only for what is installed. */
export function obstacle(
  azure: AzureMachine | undefined,
  mode: WriteMode,
  typeName: string | undefined,
): RepairTrouble | undefined {
  if (!azure) return 'not-in-azure';
  if (azure.status !== 'connected') return 'not-connected';
  const list = azure.extensionAllowList ?? [];
  // Only the agent's own list holds against whoever may write in Azure; the bot's identity works behind one alone.
  if (mode === 'bot-identity' && list.length === 0) return 'no-allow-list';
  if (typeName === undefined || list.length === 0) return undefined;
  const allowed = list.some((one) => one.toLowerCase() === typeName.toLowerCase());
  return !allowed ? 'not-on-allow-list' : undefined;
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

/** The repair with machines as they are now; it has ended once nothing is left to do. */
export function withMachines(
  repair: Repair,
  machines: readonly RepairMachine[],
  now: Date,
): Repair {
  const same = machines.every((one, index) => one === repair.machines[index]);
  if (same) return repair;
  const state = machines.every(isFinal) ? 'ended' : repair.state;
  return { ...repair, machines, state, changedAt: now };
}

/** Nobody approved, or nobody released the next step, for a day. */
export function isExpired(repair: Repair, now: Date): boolean {
  if (!isOpen(repair)) return false;
  if (repair.state === 'approved' && repair.machines.some(isActive)) return false;
  return now.getTime() - repair.changedAt.getTime() > APPROVE_WITHIN_MS;
}
