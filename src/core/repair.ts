import type { CardId, MachineName, PersonKey, RepairId, SiteCode } from './ids.ts';
import type { ExtensionName } from './roll-out.ts';

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
const APPROVE_WITHIN_MS = 24 * 60 * 60_000;

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
