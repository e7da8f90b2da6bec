import { blockOf, provisioning } from './block.ts';
import { calendarDay } from './calendar.ts';
import type { Evidence, Marks } from './evidence.ts';
import type { Finding, Owner } from './network-check.ts';
import type { ExtensionName, Profile, Site } from './roll-out.ts';
import { standsInSubnet } from './subnet.ts';

/** Where a machine is in the roll-out, in the order of connect_at = base; see ORDER for both. */
export type Stage =
  | 'planned'
  | 'kitted'
  | 'connected'
  | 'extensions'
  | 'data-seen'
  | 'shipped'
  | 'arrived'
  | 'back-online'
  | 'network-ready'
  | 'done';

export const ORDER = {
  base: [
    'planned',
    'kitted',
    'connected',
    'extensions',
    'data-seen',
    'shipped',
    'arrived',
    'back-online',
    'done',
  ],
  site: [
    'planned',
    'kitted',
    'shipped',
    'arrived',
    'network-ready',
    'connected',
    'extensions',
    'data-seen',
    'done',
  ],
} as const satisfies Record<'base' | 'site', readonly Stage[]>;

/** Why a machine does not go on, and who must act. `reason` is a code that cards/text turns into words. */
export interface Block {
  readonly reason:
    | 'network-check-failed'
    | 'disconnected'
    | 'expired'
    | 'extension-failed'
    | 'extension-missing'
    | 'quarantined'
    | 'drift'
    | 'finding';
  readonly owner: Owner;
  /** Id of the finding or name of the extension, where there is one. */
  readonly detail?: string;
}

export interface StageNow {
  readonly stage: Stage;
  readonly block?: Block;
  /** Set on machines that keep their history and have left the totals. */
  readonly history?: 'replaced' | 'retired';
}

/**
 * The furthest stage with evidence, and what keeps the machine from going on. `drift` are the findings
 * that Azure's picture of the machine gave; without a profile nothing can be proven done.
 */
export function stageOf(
  evidence: Evidence,
  site: Site,
  profile: Profile | undefined,
  now: Date,
  drift: readonly Finding[] = [],
): StageNow {
  const history = historyOf(evidence.marks);
  const facts: Facts = { evidence: sinceReplacement(evidence), site, profile, now, drift };
  const order = ORDER[profile?.connectAt ?? 'site'];
  const reached = order.findLast((stage) => hasReached(stage, facts));
  const stage = facts.evidence.marks.doneAt ? 'done' : (reached ?? 'planned');
  const block = history ? undefined : blockOf(stage, facts);
  return { stage, ...(block && { block }), ...(history && { history }) };
}

/** Replaced machines count again once their successor has enrolled. */
export function historyOf(marks: Marks): StageNow['history'] {
  if (marks.retiredAt) return 'retired';
  if (!marks.replacedAt) return undefined;
  return marks.enrolledAt && marks.enrolledAt > marks.replacedAt ? undefined : 'replaced';
}

/** Planned before today, as the calendar says at the site, and not done. */
export function isLate(
  site: Site,
  profile: Profile | undefined,
  done: boolean,
  now: Date,
): boolean {
  if (done || site.plannedDate === undefined) return false;
  return site.plannedDate < calendarDay(now, profile?.timeZone ?? 'Asia/Tokyo');
}

/** On its way: Disconnected is expected, and nothing on site can be judged. */
export function isInTransit(marks: Marks): boolean {
  if (!marks.shippedAt) return false;
  return !marks.arrivedAt || marks.arrivedAt < marks.shippedAt;
}

/** Whether the proof that data arrives is young enough to be shown as such. */
export function isFresh(extension: ExtensionName, seenAt: Date | undefined, now: Date): boolean {
  return seenAt !== undefined && now.getTime() - seenAt.getTime() <= FRESH_MS[extension];
}

/** Azure has given it up: it must be disconnected before it is connected again. */
export function isExpired({ azure, marks }: Evidence): boolean {
  return azure?.machine.status === 'expired' && historyOf(marks) === undefined;
}

/** When the agent's certificate runs out, counted from the last heartbeat that Azure tells of. */
export function lastSafeAt(evidence: Evidence): Date | undefined {
  const seen = evidence.azure;
  if (!seen) return undefined;
  const { status, lastStatusChangeAt } = seen.machine;
  const heartbeatAt = status === 'connected' ? seen.seenAt : lastStatusChangeAt;
  return heartbeatAt && new Date(heartbeatAt.getTime() + CERTIFICATE_MS);
}

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
/** AMA writes a heartbeat every minute; Defender calls a device inactive after 7 days without contact. */
const FRESH_MS = { AMA: HOUR_MS, MDE: 7 * DAY_MS } as const satisfies Record<ExtensionName, number>;
/** https://learn.microsoft.com/azure/azure-arc/servers/overview#agent-status */
const CERTIFICATE_MS = 45 * DAY_MS;

/** What a stage and a block are derived from. */
export interface Facts {
  readonly evidence: Evidence;
  readonly site: Site;
  readonly profile: Profile | undefined;
  readonly now: Date;
  readonly drift: readonly Finding[];
}

/** What a predecessor of the same name has left behind proves nothing about its successor. */
export function sinceReplacement(evidence: Evidence): Evidence {
  const { replacedAt, enrolledAt } = evidence.marks;
  if (!replacedAt || !enrolledAt || enrolledAt <= replacedAt) return evidence;
  const after = (at: Date | undefined) => (at && at > replacedAt ? at : undefined);
  const { lastCheck, azure, ...rest } = evidence;
  const marks = Object.fromEntries(
    Object.entries(evidence.marks).filter(([, at]) => after(at) !== undefined),
  );
  const dataSeenAt = Object.fromEntries(
    Object.entries(evidence.dataSeenAt).filter(([, at]) => after(at) !== undefined),
  );
  const connectedAnew = azure?.machine.lastStatusChangeAt ?? azure?.seenAt;
  return {
    ...rest,
    marks,
    dataSeenAt,
    ...(lastCheck && after(lastCheck.checkedAt) && { lastCheck }),
    ...(azure && after(connectedAnew) && { azure }),
  };
}

function hasReached(stage: Stage, facts: Facts): boolean {
  const { evidence, profile, now } = facts;
  const { marks, azure, dataSeenAt } = evidence;
  const required = profile?.extensions ?? [];
  switch (stage) {
    case 'planned':
      return true;
    case 'kitted':
      return marks.enrolledAt !== undefined;
    case 'shipped':
      return marks.shippedAt !== undefined;
    case 'arrived':
      return marks.arrivedAt !== undefined && !isInTransit(marks);
    case 'network-ready':
      return evidence.lastCheck?.diagnosis.verdict === 'healthy';
    case 'connected':
      return azure !== undefined && azure.machine.status !== 'unknown';
    case 'extensions':
      return (
        hasReached('connected', facts) &&
        profile !== undefined &&
        required.every((name) => provisioning(evidence, name) === 'succeeded')
      );
    case 'data-seen':
      return (
        hasReached('connected', facts) &&
        required.length > 0 &&
        required.every((name) => isFresh(name, dataSeenAt[name], now))
      );
    case 'back-online':
      return isBackOnline(facts);
    case 'done':
      return isDone(facts);
  }
}

function isBackOnline({ evidence, site, profile }: Facts): boolean {
  const { marks, azure, dataSeenAt } = evidence;
  const { arrivedAt } = marks;
  if (!arrivedAt || isInTransit(marks) || !azure || !profile) return false;
  const { machine, seenAt } = azure;
  if (machine.status !== 'connected' || seenAt <= arrivedAt) return false;
  if (!profile.extensions.every((name) => (dataSeenAt[name] ?? arrivedAt) > arrivedAt)) {
    return false;
  }
  return (
    standsInSubnet(machine.addresses, site.subnet) && sameProxy(machine.proxyUrl, site.proxyUrl)
  );
}

function isDone(facts: Facts): boolean {
  const { profile, evidence } = facts;
  if (!profile || evidence.azure?.machine.status !== 'connected') return false;
  const before =
    profile.connectAt === 'base'
      ? hasReached('back-online', facts)
      : profile.extensions.length > 0
        ? hasReached('data-seen', facts) && hasReached('extensions', facts)
        : hasReached('extensions', facts);
  if (!before || evidence.lastCheck?.diagnosis.verdict !== 'healthy') return false;
  return !blockOf('data-seen', facts);
}

/** A roll-out that names no proxy, or a proxy with a path's slash, asks for no more than it says. */
function sameProxy(actual: string | undefined, planned: string | undefined): boolean {
  if (planned === undefined) return true;
  const plain = (url: string) => url.toLowerCase().replace(/\/$/, '');
  return actual !== undefined && plain(actual) === plain(planned);
}
