import { agentReleasedAt } from './agent-release.ts';
import type { AzureMachine } from './azure.ts';
import { DRIFT_WORDS, type DriftId } from './drift-texts.ts';
import type { Evidence } from './evidence.ts';
import type { Finding, FindingEvidence, Owner, Severity } from './network-check.ts';
import { type Machine, type Profile, type Site, tagsFor } from './roll-out.ts';
import { historyOf, isInTransit, lastSafeAt, sinceReplacement } from './stage.ts';
import { standsInSubnet } from './subnet.ts';

/** A machine with its plan and what is known of it. */
export interface DriftSubject {
  readonly machine: Machine;
  readonly site: Site;
  readonly profile: Profile;
  readonly evidence: Evidence;
}

/**
 * What Azure's picture of a machine says against the plan; nothing while Azure does not know it, has only
 * its predecessor, or once it has left the roll-out.
 */
export function driftOf(about: DriftSubject, now: Date): readonly Finding[] {
  const subject = { ...about, evidence: sinceReplacement(about.evidence) };
  const azure = subject.evidence.azure?.machine;
  if (!azure || historyOf(about.evidence.marks)) return [];
  return [
    ...scopeDrift(azure, subject),
    ...(standsAtItsSite(subject) ? proxyDrift(azure, subject) : []),
    ...allowListDrift(azure, subject),
    ...tagDrift(azure, subject),
    ...agentDrift(azure, now),
    ...silence(azure, subject, now),
    ...expiry(azure, subject, now),
    ...addressDrift(azure, subject),
  ];
}

export function driftFinding(
  id: DriftId,
  severity: Severity,
  owner: Owner,
  more: { commands?: readonly string[]; evidence?: FindingEvidence; confidence?: number } = {},
): Finding {
  const { cause, remedy, source } = DRIFT_WORDS[id];
  return {
    id,
    severity,
    owner,
    confidence: more.confidence ?? 1,
    endpoints: [],
    cause,
    remedy,
    commands: more.commands ?? [],
    source,
    link: source,
    ...(more.evidence && { evidence: more.evidence }),
  };
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const YEAR_MS = 365 * DAY_MS;
/** Azure calls a server disconnected 15 to 30 minutes after its last heartbeat: so much later it is not late any more. */
const LATE_MS = 30 * MINUTE_MS;
const SQL_TAG = 'arcsqlserverextensiondeployment';

/** Before it has come to its site and reported from there, a base's proxy and network are the right ones. */
function standsAtItsSite({ profile, evidence }: DriftSubject): boolean {
  const { marks, azure } = evidence;
  if (profile.connectAt === 'site') return !isInTransit(marks);
  if (!marks.arrivedAt || isInTransit(marks) || !azure) return false;
  return azure.machine.status === 'connected' && azure.seenAt > marks.arrivedAt;
}

function scopeDrift(azure: AzureMachine, { profile }: DriftSubject): Finding[] {
  const planned = profile.privateLinkScopeId?.toLowerCase();
  const actual = azure.privateLinkScopeId?.toLowerCase();
  if (planned === actual) return [];
  const id =
    actual === undefined
      ? 'drift-private-link-scope-missing'
      : planned === undefined
        ? 'drift-private-link-scope-unplanned'
        : 'drift-private-link-scope-wrong';
  const evidence = azure.privateLinkScopeId && { evidence: { words: azure.privateLinkScopeId } };
  return [driftFinding(id, 'error', 'azure-admin', { ...evidence })];
}

function proxyDrift(azure: AzureMachine, { site, profile }: DriftSubject): Finding[] {
  const found: Finding[] = [];
  // Azure tells an empty proxy as such; where it tells nothing, nothing is judged.
  if (azure.proxyUrl === undefined) return found;
  const planned = site.proxyUrl;
  if (planned !== undefined && plainUrl(azure.proxyUrl) !== plainUrl(planned)) {
    const commands = PROXY_URL.test(planned) ? [`azcmagent config set proxy.url "${planned}"`] : [];
    const evidence = azure.proxyUrl ? { evidence: { proxy: withoutUser(azure.proxyUrl) } } : {};
    found.push(driftFinding('drift-proxy-url', 'error', 'engineer', { commands, ...evidence }));
  }
  // Through an Arc gateway a bypass does nothing.
  if (profile.gatewayId !== undefined) return found;
  const actual = new Set(azure.proxyBypass.map((word) => word.toLowerCase()));
  const lacking = profile.proxyBypass.filter((word) => !actual.has(word.toLowerCase()));
  if (planned !== undefined && lacking.length > 0) {
    const all = [...new Set([...azure.proxyBypass, ...lacking])].filter((word) => WORD.test(word));
    const commands = [`azcmagent config set proxy.bypass "${all.join(',')}"`];
    const evidence = { words: azure.proxyBypass.join(',') };
    found.push(driftFinding('drift-proxy-bypass', 'error', 'engineer', { commands, evidence }));
  }
  return found;
}

const PROXY_URL = /^http:\/\/[a-z0-9.-]+(:\d{1,5})?\/?$/i;
const WORD = /^[a-z]+$/i;

function plainUrl(url: string): string {
  return url.toLowerCase().replace(/\/$/, '');
}

function withoutUser(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}

const TYPES = {
  MDE: ['Microsoft.Azure.AzureDefenderForServers/MDE', '.Windows', '.Linux'],
  AMA: ['Microsoft.Azure.Monitor/AzureMonitor', 'WindowsAgent', 'LinuxAgent'],
} as const;

function allowListDrift(azure: AzureMachine, { machine, profile }: DriftSubject): Finding[] {
  const allowed = azure.extensionAllowList;
  if (allowed === undefined || profile.extensions.length === 0) return [];
  const needed = profile.extensions.map((name) => {
    const [start, windows, linux] = TYPES[name];
    return start + (/^windows/i.test(machine.os) ? windows : linux);
  });
  const command = (names: readonly string[], more = '') =>
    `azcmagent config set extensions.allowlist "${names.join(',')}"${more}`;
  if (allowed.length === 0) {
    const commands = [command(needed)];
    return [driftFinding('drift-allow-list-open', 'info', 'engineer', { commands })];
  }
  const known = new Set(allowed.map((name) => name.toLowerCase()));
  const lacking = needed.filter((name) => !known.has(name.toLowerCase()));
  if (lacking.length === 0) return [];
  const commands = [command(lacking, ' --add')];
  return [driftFinding('drift-allow-list', 'error', 'engineer', { commands })];
}

function tagDrift(azure: AzureMachine, { site, profile }: DriftSubject): Finding[] {
  const actual = new Map(
    Object.entries(azure.tags).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const wrong = Object.entries(tagsFor(profile, site))
    .filter(([name, value]) => actual.get(name.toLowerCase()) !== value)
    .map(([name]) => name);
  const others = wrong.filter((name) => name.toLowerCase() !== SQL_TAG);
  const found: Finding[] = [];
  if (others.length < wrong.length) {
    found.push(driftFinding('drift-tag-sql', 'warning', 'azure-admin'));
  }
  if (others.length > 0) {
    const evidence = { words: others.join(', ') };
    found.push(driftFinding('drift-tags', 'warning', 'azure-admin', { evidence }));
  }
  return found;
}

function agentDrift(azure: AzureMachine, now: Date): Finding[] {
  const releasedAt = agentReleasedAt(azure.agentVersion);
  if (!releasedAt || now.getTime() - releasedAt.getTime() <= YEAR_MS) return [];
  const evidence = { words: azure.agentVersion ?? '' };
  // When a version came out is worked out from one a month, which is not exact.
  return [driftFinding('drift-agent-old', 'warning', 'engineer', { evidence, confidence: 0.8 })];
}

/** On its way, or unpacked and not yet switched on, silence is expected. */
function silence(azure: AzureMachine, subject: DriftSubject, now: Date): Finding[] {
  const { marks } = subject.evidence;
  const sinceAt = azure.lastStatusChangeAt;
  if (azure.status !== 'disconnected' || isInTransit(marks)) return [];
  if (marks.arrivedAt && subject.profile.connectAt === 'base') {
    if (!sinceAt || sinceAt <= marks.arrivedAt) return [];
  }
  const isLate = sinceAt !== undefined && now.getTime() - sinceAt.getTime() < LATE_MS;
  return isLate
    ? [driftFinding('heartbeat-late', 'warning', 'none')]
    : [driftFinding('heartbeat-down', 'error', 'site')];
}

/** Told at 30, 14 and 7 days, each time more urgently, also while the server is on its way. */
function expiry(azure: AzureMachine, { evidence }: DriftSubject, now: Date): Finding[] {
  const safeAt = lastSafeAt(evidence);
  if (!safeAt || azure.status === 'connected' || azure.status === 'expired') return [];
  const days = (safeAt.getTime() - now.getTime()) / DAY_MS;
  // A date at the end of time has no day 45 days later.
  if (!(days <= 30)) return [];
  const words = { evidence: { words: safeAt.toISOString() } };
  const owner = isInTransit(evidence.marks) ? 'engineer' : 'site';
  if (days <= 0) return [driftFinding('expiry-passed', 'error', 'engineer', words)];
  const severity = days <= 7 ? 'error' : days <= 14 ? 'warning' : 'info';
  return [driftFinding('expiry-ahead', severity, owner, words)];
}

function addressDrift(azure: AzureMachine, subject: DriftSubject): Finding[] {
  if (!standsAtItsSite(subject) || azure.addresses.length === 0) return [];
  if (standsInSubnet(azure.addresses, subject.site.subnet)) return [];
  const evidence = { address: azure.addresses[0] ?? '' };
  return [driftFinding('address-elsewhere', 'info', 'none', { evidence })];
}
