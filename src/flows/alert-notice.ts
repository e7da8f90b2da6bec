import type { AlertId, MachineName, PersonKey, SiteCode } from '../core/ids.ts';
import type { Diagnosis } from '../core/network-check.ts';
import type { Notice, NoticeOf } from '../core/notice.ts';
import type { Alert } from '../core/ports.ts';
import type { RollOut } from '../core/roll-out.ts';
import { personName, siteName } from './names.ts';

/** Something that went wrong; the same `key` is the same problem, told on the same card. */
export type Problem = {
  readonly key: string;
  readonly site?: SiteCode;
  readonly machine?: MachineName;
} & (
  | { readonly what: 'network-check'; readonly diagnosis: Diagnosis; readonly checkedAt: Date }
  | {
      readonly what: Exclude<Alert['what'], 'network-check'>;
      readonly people?: readonly PersonKey[];
    }
);

type AlertNotice = NoticeOf<'alert'> | NoticeOf<'network-check'>;

/** What the channel is told of a problem. */
export function noticeOf(rollOut: RollOut, alert: Alert, problem: Problem): AlertNotice {
  const site = problem.site && siteName(rollOut, problem.site);
  const about = { ...(problem.machine && { machine: problem.machine }), ...(site && { site }) };
  if (problem.what === 'network-check') {
    const { checkedAt, diagnosis } = problem;
    return {
      kind: 'network-check',
      ...about,
      checkedAt,
      diagnosis,
      alert: stateOf(rollOut, alert),
    };
  }
  const { id, ...state } = stateOf(rollOut, alert);
  return {
    kind: 'alert',
    alert: id,
    what: problem.what,
    ...about,
    people: (problem.people ?? []).flatMap((key) => personName(rollOut, key) ?? []),
    raisedAt: alert.raisedAt,
    ...state,
  };
}

/** The same card in the alert's new state; undefined when it speaks of no alert. */
export function withState(rollOut: RollOut, alert: Alert, notice: Notice): AlertNotice | undefined {
  const { id, ...state } = stateOf(rollOut, alert);
  if (notice.kind === 'network-check') return { ...notice, alert: { id, ...state } };
  if (notice.kind !== 'alert') return undefined;
  const { acknowledgedBy: _a, resolvedAt: _r, snoozedUntilAt: _s, ...rest } = notice;
  return { ...rest, ...state };
}

function stateOf(rollOut: RollOut, alert: Alert) {
  const acknowledgedBy = alert.acknowledgedBy && personName(rollOut, alert.acknowledgedBy);
  return {
    id: alert.id,
    ...(acknowledgedBy && { acknowledgedBy }),
    ...(alert.resolvedAt && { resolvedAt: alert.resolvedAt }),
    ...(alert.snoozedUntilAt && { snoozedUntilAt: alert.snoozedUntilAt }),
  };
}

export function alertIdOf(notice: Notice): AlertId | undefined {
  if (notice.kind === 'alert') return notice.alert;
  return notice.kind === 'network-check' ? notice.alert?.id : undefined;
}
