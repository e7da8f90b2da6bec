import type { AzureExtension, MachineStatus } from './azure.ts';
import { mayStillCome } from './block.ts';
import type { Evidence } from './evidence.ts';
import type { MachineName, SiteCode } from './ids.ts';
import type { Finding, Owner, Verdict } from './network-check.ts';
import type { ExtensionName, Machine, Profile, Site } from './roll-out.ts';
import type { SignIn, SignInState } from './sign-in.ts';
import { type Block, isFresh, isLate, lastSafeAt, type Stage, stageOf } from './stage.ts';

/** One lamp of an extension: `not-verified` is never green. */
export type Lamp = 'ok' | 'working' | 'failed' | 'missing' | 'not-verified';

export interface ExtensionState {
  readonly extension: ExtensionName;
  readonly installed: Lamp;
  readonly configured: Lamp;
  readonly dataSeen: Lamp;
  readonly version?: string;
  readonly message?: string;
}

export interface MachineSummary {
  readonly machine: MachineName;
  readonly site: SiteCode;
  readonly os: string;
  readonly role: string;
  readonly stage: Stage;
  readonly block?: Block;
  /** Set on machines that have left the totals. */
  readonly history?: 'replaced' | 'retired';
  readonly status: MachineStatus | 'not-in-azure' | 'not-read';
  readonly extensions: readonly ExtensionState[];
  readonly openSignIn?: SignInState;
  readonly checkVerdict?: Verdict;
  readonly checkedAt?: Date;
  /** While shipped: 45 days after the last heartbeat the agent's certificate has expired. */
  readonly lastSafeAt?: Date;
}

export interface SiteStatus {
  readonly site: SiteCode;
  readonly name: string;
  readonly nameEn: string;
  readonly plannedDate?: string;
  readonly late: boolean;
  readonly done: number;
  readonly total: number;
  readonly machines: readonly MachineSummary[];
  /** Who must act next, when something is blocked. */
  readonly waitingFor?: Owner;
  /** Age of what Azure said; absent when Azure was never read. */
  readonly azureAsOfAt?: Date;
}

/** What a roll-out says around one machine: where it stands, and what was found about it. */
export interface MachineContext {
  readonly machine: Machine;
  readonly site: Site;
  readonly profile: Profile | undefined;
  readonly evidence: Evidence;
  readonly openSignIn?: SignIn;
  readonly drift?: readonly Finding[];
}

export function summarizeMachine(context: MachineContext, now: Date): MachineSummary {
  const { machine, site, profile, evidence, openSignIn } = context;
  const { stage, block, history } = stageOf(evidence, site, profile, now, context.drift);
  const check = evidence.lastCheck;
  const safeAt = stage === 'shipped' ? lastSafeAt(evidence) : undefined;
  return {
    machine: machine.name,
    site: site.code,
    os: machine.os,
    role: machine.role,
    stage,
    ...(block && { block }),
    ...(history && { history }),
    status: statusOf(evidence),
    extensions: profile
      ? profile.extensions.map((name) => extensionState(name, profile, evidence, now))
      : [],
    ...(openSignIn && { openSignIn: openSignIn.progress.state }),
    ...(check && { checkVerdict: check.diagnosis.verdict, checkedAt: check.checkedAt }),
    ...(safeAt && { lastSafeAt: safeAt }),
  };
}

/** A site and its machines; those replaced or retired are left out of the totals and the list. */
export function summarizeSite(
  site: Site,
  profile: Profile | undefined,
  machines: readonly Machine[],
  evidences: ReadonlyMap<MachineName, Evidence>,
  openSignIns: readonly SignIn[],
  now: Date,
  driftOf: (machine: Machine, evidence: Evidence) => readonly Finding[] = () => [],
): SiteStatus {
  const summaries = machines.map((machine) => {
    const evidence = evidences.get(machine.name) ?? noEvidence(machine.name);
    const openSignIn = openSignIns.find((one) => one.machine === machine.name);
    const drift = driftOf(machine, evidence);
    return summarizeMachine(
      { machine, site, profile, evidence, ...(openSignIn && { openSignIn }), drift },
      now,
    );
  });
  const counted = summaries.filter((summary) => summary.history === undefined);
  const done = counted.filter((summary) => summary.stage === 'done').length;
  const finished = summaries.length > 0 && done === counted.length;
  const waitingFor = counted.find((summary) => summary.block)?.block?.owner;
  const asOf = [...evidences.values()].find((one) => one.azureAsOfAt)?.azureAsOfAt;
  return {
    site: site.code,
    name: site.name,
    nameEn: site.nameEn,
    ...(site.plannedDate && { plannedDate: site.plannedDate }),
    late: isLate(site, profile, finished, now),
    done,
    total: counted.length,
    machines: counted,
    ...(waitingFor && { waitingFor }),
    ...(asOf && { azureAsOfAt: asOf }),
  };
}

/** What is known of a machine nothing was ever heard of. */
export function noEvidence(machine: MachineName): Evidence {
  return { machine, marks: {}, dataSeenAt: {}, quarantined: false };
}

/** A machine that a later complete reading did not have is not what it was last seen to be. */
function statusOf({ azure, azureAsOfAt }: Evidence): MachineSummary['status'] {
  if (!azure) return azureAsOfAt ? 'not-in-azure' : 'not-read';
  return azureAsOfAt && azure.seenAt < azureAsOfAt ? 'unknown' : azure.machine.status;
}

function extensionState(
  name: ExtensionName,
  profile: Profile,
  evidence: Evidence,
  now: Date,
): ExtensionState {
  const found = evidence.azure?.machine.extensions.find((one) => one.extension === name);
  const installed = installedLamp(name, found, profile, evidence, now);
  const isSeen = seenLately(name, evidence, now);
  const unread = installed === 'missing' ? 'missing' : 'not-verified';
  return {
    extension: name,
    installed,
    configured: configuredLamp(name, profile, evidence, isSeen) ?? unread,
    dataSeen: isSeen ? 'ok' : unread,
    ...(found?.version && { version: found.version }),
    ...(found?.message && { message: found.message }),
  };
}

const AMA_HEARTBEAT_MS = 15 * 60 * 1000;

/** A lamp is stricter than a stage: AMA writes a heartbeat every minute. */
function seenLately(name: ExtensionName, { dataSeenAt }: Evidence, now: Date): boolean {
  const seenAt = dataSeenAt[name];
  if (!isFresh(name, seenAt, now)) return false;
  return name !== 'AMA' || (seenAt ?? now).getTime() > now.getTime() - AMA_HEARTBEAT_MS;
}

/** Undefined: that could not be read. */
function configuredLamp(
  name: ExtensionName,
  { dcrId }: Profile,
  { azure }: Evidence,
  isSeen: boolean,
): Lamp | undefined {
  switch (name) {
    case 'AMA': {
      const rules = azure?.machine.dataRules;
      // Without a data collection rule AMA would send nothing.
      if (rules === undefined) return isSeen ? 'ok' : undefined;
      const isSet = dcrId ? rules.includes(dcrId.toLowerCase()) : rules.length > 0;
      return isSet ? 'ok' : 'missing';
    }
    case 'MDE': {
      const plan = azure?.machine.defenderPlan;
      return plan && (plan === 'on' ? 'ok' : 'missing');
    }
  }
}

function installedLamp(
  name: ExtensionName,
  found: AzureExtension | undefined,
  profile: Profile,
  evidence: Evidence,
  now: Date,
): Lamp {
  if (!found) {
    if (!evidence.azure) return evidence.azureAsOfAt ? 'missing' : 'not-verified';
    const isNew = evidence.azure.machine.lastStatusChangeAt !== undefined;
    return isNew && mayStillCome(profile, name, evidence, now) ? 'working' : 'missing';
  }
  switch (found.provisioningState) {
    case 'succeeded':
      return 'ok';
    case 'creating':
    case 'updating':
    case 'deleting':
      return 'working';
    case 'failed':
    case 'canceled':
      return 'failed';
    case 'unknown':
      return 'not-verified';
  }
}
