import type { ProvisioningState } from './azure.ts';
import type { Evidence } from './evidence.ts';
import type { Finding, Owner } from './network-check.ts';
import type { Deployer, ExtensionName, Profile } from './roll-out.ts';
import type { Block, Facts, Stage } from './stage.ts';

const HOUR_MS = 60 * 60 * 1000;
/**
 * How long a deployer may take; before that a gap is no trouble. Defender for Cloud: up to 12 hours on an
 * existing machine; Policy is evaluated every 24 hours; what the bot installs is asked for by people.
 */
const DEPLOYMENT_MS = {
  defender: 12 * HOUR_MS,
  policy: 24 * HOUR_MS,
  bot: 0,
} as const satisfies Record<Deployer, number>;

/** The one trouble to tell first: what makes everything else pointless, then what says most. */
export function blockOf(stage: Stage, facts: Facts): Block | undefined {
  const { evidence } = facts;
  if (evidence.quarantined) return { reason: 'quarantined', owner: 'engineer' };
  const status = evidence.azure?.machine.status;
  if (status === 'expired') return { reason: 'expired', owner: 'engineer' };
  if (stage === 'shipped') return undefined;
  const check = checkBlock(facts);
  const lost = lostBlock(stage, facts);
  const lostAt = evidence.azure?.machine.lastStatusChangeAt;
  const checkedAt = evidence.lastCheck?.checkedAt;
  if (check && lost) return lostAt && checkedAt && checkedAt < lostAt ? lost : check;
  return check ?? lost ?? extensionBlock(stage, facts) ?? driftBlock(facts.drift);
}

function lostBlock(stage: Stage, { evidence, profile }: Facts): Block | undefined {
  const machine = evidence.azure?.machine;
  if (machine?.status !== 'disconnected' && machine?.status !== 'error') return undefined;
  // Unpacked but not switched on yet: the next step says so, it is no trouble.
  if (profile?.connectAt === 'base' && stage === 'arrived') {
    const { arrivedAt } = evidence.marks;
    const changedAt = machine.lastStatusChangeAt;
    if (arrivedAt && (!changedAt || changedAt <= arrivedAt)) return undefined;
  }
  return machine.status === 'error'
    ? { reason: 'disconnected', owner: 'engineer', detail: 'error' }
    : { reason: 'disconnected', owner: 'site' };
}

function checkBlock({ evidence, profile }: Facts): Block | undefined {
  const check = evidence.lastCheck;
  if (!check) return undefined;
  const { shippedAt } = evidence.marks;
  if (profile?.connectAt === 'base' && shippedAt && check.checkedAt < shippedAt) return undefined;
  const { verdict, findings } = check.diagnosis;
  const finding = worstBlocking(findings);
  if (verdict === 'blocked' || verdict === 'down') {
    return {
      reason: 'network-check-failed',
      owner: finding?.owner ?? 'engineer',
      ...(finding && { detail: finding.id }),
    };
  }
  return finding && { reason: 'finding', owner: finding.owner, detail: finding.id };
}

function extensionBlock(stage: Stage, { evidence, profile, now }: Facts): Block | undefined {
  if (!profile || !evidence.azure) return undefined;
  for (const name of profile.extensions) {
    const state = provisioning(evidence, name);
    if (state === 'failed' || state === 'canceled') {
      return { reason: 'extension-failed', owner: deployer(profile, name), detail: name };
    }
  }
  const missing = profile.extensions.find(
    (name) =>
      provisioning(evidence, name) === undefined &&
      !(stage === 'connected' && mayStillCome(profile, name, evidence, now)),
  );
  return (
    missing && { reason: 'extension-missing', owner: deployer(profile, missing), detail: missing }
  );
}

function driftBlock(drift: readonly Finding[]): Block | undefined {
  const finding = worstBlocking(drift);
  return finding && { reason: 'drift', owner: finding.owner, detail: finding.id };
}

/** A finding that must be repaired before the machine goes on: critical before error, as listed. */
export function worstBlocking(findings: readonly Finding[]): Finding | undefined {
  return (
    findings.find((finding) => finding.severity === 'critical') ??
    findings.find((finding) => finding.severity === 'error')
  );
}

/** Whether who deploys it has time left, counted from when Azure first had the machine as it is. */
export function mayStillCome(
  profile: Profile,
  name: ExtensionName,
  evidence: Evidence,
  now: Date,
): boolean {
  const since = evidence.azure?.machine.lastStatusChangeAt;
  return !since || now.getTime() - since.getTime() < DEPLOYMENT_MS[profile.deployedBy[name]];
}

function deployer(profile: Profile, name: ExtensionName): Owner {
  return profile.deployedBy[name] === 'bot' ? 'engineer' : 'azure-admin';
}

export function provisioning(
  evidence: Evidence,
  name: ExtensionName,
): ProvisioningState | undefined {
  return evidence.azure?.machine.extensions.find((one) => one.extension === name)
    ?.provisioningState;
}
