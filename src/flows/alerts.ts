import { may } from '../core/authority.ts';
import type { AlertId, CardId, PersonKey } from '../core/ids.ts';
import type { Card, Notice, NoticeOf } from '../core/notice.ts';
import type { Alert, Clock, Random, ReadTx, Tx } from '../core/ports.ts';
import type { Person, RollOut } from '../core/roll-out.ts';
import { alertIdOf, noticeOf, type Problem, withState } from './alert-notice.ts';

export type { Problem } from './alert-notice.ts';

export interface AlertDeps {
  readonly clock: Clock;
  readonly random: Random;
}

const SNOOZE_MS = 4 * 60 * 60 * 1000;
const COPIES_LOOKED_THROUGH = 50;

/** Opens an alert with its one channel card, or brings the open one of the same problem up to date. */
export async function raiseAlert(tx: Tx, deps: AlertDeps, problem: Problem): Promise<Alert> {
  const now = deps.clock.now();
  const rollOut = await tx.rollOut();
  const open = await tx.alerts.openByKey(problem.key);
  if (open) {
    await tx.cards.update(open.card, noticeOf(rollOut, open, problem), now);
    return open;
  }
  const alert: Alert = {
    id: deps.random.id() as AlertId,
    key: problem.key,
    what: problem.what,
    ...(problem.site && { site: problem.site }),
    ...(problem.machine && { machine: problem.machine }),
    state: 'open',
    card: deps.random.id() as CardId,
    raisedAt: now,
  };
  await tx.alerts.put(alert);
  await tx.cards.post(alert.card, { kind: 'channel' }, noticeOf(rollOut, alert, problem), now);
  await audit(tx, 'alert-raised', alert, now);
  return alert;
}

/** Someone takes the problem on by name. */
export async function acknowledgeAlert(
  tx: Tx,
  deps: AlertDeps,
  id: AlertId,
  by: Person,
): Promise<Notice> {
  const alert = await tx.alerts.get(id);
  const refused = await refusal(tx, alert, by, 'acknowledge');
  if (!alert || refused) return refused ?? gone();
  if (alert.state === 'acknowledged' && alert.acknowledgedBy !== by.key) return alreadyDone(alert);
  if (alert.state !== 'acknowledged') {
    await tx.timers.clear('alert-snooze', alert.id);
    const { snoozedUntilAt: _, ...rest } = alert;
    await keep(tx, deps, { ...rest, state: 'acknowledged', acknowledgedBy: by.key });
    await audit(tx, 'alert-acknowledged', alert, deps.clock.now(), by);
  }
  return done('acknowledged', alert);
}

/** Quiet until `untilAt` (four hours without one); then wakeAlert() brings it back. */
export async function snoozeAlert(
  tx: Tx,
  deps: AlertDeps,
  id: AlertId,
  by: Person,
  untilAt: Date = new Date(deps.clock.now().getTime() + SNOOZE_MS),
): Promise<Notice> {
  const alert = await tx.alerts.get(id);
  const refused = await refusal(tx, alert, by, 'snooze');
  if (!alert || refused) return refused ?? gone();
  await keep(tx, deps, { ...alert, state: 'snoozed', snoozedUntilAt: untilAt });
  await tx.timers.set({ kind: 'alert-snooze', subject: alert.id, dueAt: untilAt });
  await audit(tx, 'alert-snoozed', alert, deps.clock.now(), by);
  return done('snoozed', alert);
}

/** A person says that the problem is over. */
export async function resolveAlert(
  tx: Tx,
  deps: AlertDeps,
  id: AlertId,
  by: Person,
): Promise<Notice> {
  const alert = await tx.alerts.get(id);
  const refused = await refusal(tx, alert, by, 'resolve');
  if (!alert || refused) return refused ?? gone();
  await settle(tx, deps, alert, by);
  return done('resolved', alert);
}

/** Someone gives the problem to a named person, who gets a card of their own. */
export async function assignAlert(
  tx: Tx,
  deps: AlertDeps,
  id: AlertId,
  by: Person,
  to: Person,
): Promise<Notice> {
  const alert = await tx.alerts.get(id);
  const refused = await refusal(tx, alert, by, 'assign');
  if (!alert || refused) return refused ?? gone();
  const rollOut = await tx.rollOut();
  if (!mayHandle(rollOut, alert, to)) return { kind: 'refusal', reason: 'not-allowed' };
  await tx.timers.clear('alert-snooze', alert.id);
  const { snoozedUntilAt: _, ...rest } = alert;
  await keep(tx, deps, { ...rest, state: 'acknowledged', acknowledgedBy: to.key });
  await tellPersonally(tx, deps, alert, to.key);
  await audit(tx, 'alert-assigned', alert, deps.clock.now(), by, { to: to.key });
  return done('assigned', alert);
}

/** The problem went away by itself (a healthy check, the machine is back). Nothing open: nothing happens. */
export async function clearAlert(tx: Tx, deps: AlertDeps, key: string): Promise<void> {
  const alert = await tx.alerts.openByKey(key);
  if (alert) await settle(tx, deps, alert);
}

/** For the timer `alert-snooze`: open again on its card, and the site's engineer is told, since edits are silent. */
export async function wakeAlert(tx: Tx, deps: AlertDeps, id: AlertId): Promise<void> {
  const alert = await tx.alerts.get(id);
  if (alert?.state !== 'snoozed') return;
  const { snoozedUntilAt: _, ...rest } = alert;
  const state = alert.acknowledgedBy ? 'acknowledged' : 'open';
  await keep(tx, deps, { ...rest, state });
  const rollOut = await tx.rollOut();
  const whom = alert.acknowledgedBy ?? (alert.site && rollOut.site(alert.site)?.engineer);
  if (whom) await tellPersonally(tx, deps, alert, whom);
}

/** The alert a card speaks of: the channel's card, or a personal copy of it. */
export async function alertOfCard(
  tx: Pick<ReadTx, 'alerts'>,
  card: Card,
): Promise<Alert | undefined> {
  const id = alertIdOf(card.notice);
  return id === undefined ? tx.alerts.byCard(card.id) : tx.alerts.get(id);
}

/** Whether this person may act on it: at their sites; where it has no site, any engineer or lead. */
export function mayHandle(rollOut: RollOut, alert: Alert, person: Person): boolean {
  const site = alert.site === undefined ? undefined : rollOut.site(alert.site);
  if (site) return may({ kind: 'person', person }, 'acknowledge', site);
  return person.role === 'engineer' || person.role === 'lead';
}

async function refusal(
  tx: Tx,
  alert: Alert | undefined,
  by: Person,
  act: 'acknowledge' | 'snooze' | 'resolve' | 'assign',
): Promise<Notice | undefined> {
  if (!alert) return gone();
  const allowed = mayHandle(await tx.rollOut(), alert, by);
  if (!allowed || (by.role === 'site-staff' && act !== 'acknowledge')) {
    return { kind: 'refusal', reason: 'not-allowed' };
  }
  return alert.state === 'resolved' ? alreadyDone(alert) : undefined;
}

async function settle(tx: Tx, deps: AlertDeps, alert: Alert, by?: Person): Promise<void> {
  const now = deps.clock.now();
  await tx.timers.clear('alert-snooze', alert.id);
  const { snoozedUntilAt: _, ...rest } = alert;
  await keep(tx, deps, { ...rest, state: 'resolved', resolvedAt: now });
  await audit(tx, 'alert-resolved', alert, now, by);
}

/** Keeps the alert and brings its card, and personal copies of it, to the same state. */
async function keep(tx: Tx, deps: AlertDeps, alert: Alert): Promise<void> {
  await tx.alerts.put(alert);
  const rollOut = await tx.rollOut();
  const cards = [await tx.cards.get(alert.card), ...(await personalCopies(tx, rollOut, alert))];
  for (const card of cards) {
    const notice = card && withState(rollOut, alert, card.notice);
    if (notice) await tx.cards.update(card.id, notice, deps.clock.now());
  }
}

async function personalCopies(tx: Tx, rollOut: RollOut, alert: Alert): Promise<readonly Card[]> {
  const engineer = alert.site && rollOut.site(alert.site)?.engineer;
  const people = new Set([alert.acknowledgedBy, engineer].filter((key) => key !== undefined));
  const copies: Card[] = [];
  for (const person of people) {
    const cards = await tx.cards.list({ kind: 'person', person }, { limit: COPIES_LOOKED_THROUGH });
    for (const card of cards) {
      if (alertIdOf(card.notice) === alert.id) copies.push(card);
    }
  }
  return copies;
}

async function tellPersonally(
  tx: Tx,
  deps: AlertDeps,
  alert: Alert,
  person: PersonKey,
): Promise<void> {
  const card = await tx.cards.get(alert.card);
  if (!card) return;
  const id = deps.random.id() as CardId;
  await tx.cards.post(id, { kind: 'person', person }, card.notice, deps.clock.now());
}

async function audit(
  tx: Tx,
  event: string,
  alert: Alert,
  at: Date,
  by?: Person,
  facts: Record<string, string> = {},
): Promise<void> {
  await tx.audit.append({
    at,
    event,
    ...(by && { by: by.key }),
    ...(alert.site && { site: alert.site }),
    ...(alert.machine && { machine: alert.machine }),
    facts: { alert: alert.id, what: alert.what, ...facts },
  });
}

function done(what: NoticeOf<'done'>['what'], alert: Alert): Notice {
  return { kind: 'done', what, ...(alert.machine && { machine: alert.machine }) };
}

function alreadyDone(alert: Alert): Notice {
  return {
    kind: 'refusal',
    reason: 'already-done',
    ...(alert.machine && { machine: alert.machine }),
  };
}

function gone(): Notice {
  return { kind: 'refusal', reason: 'card-gone' };
}
