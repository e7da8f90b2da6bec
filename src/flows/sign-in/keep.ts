import type { CardId, MachineName, PersonKey } from '../../core/ids.ts';
import type { AlertKind } from '../../core/notice.ts';
import type { KitKey, Tx } from '../../core/ports.ts';
import { burn } from '../../core/sign-in/ends.ts';
import { escalate, escalationDueAt } from '../../core/sign-in/escalation.ts';
import { AFTER_CHECK_MS, after } from '../../core/sign-in/limits.ts';
import { liveCode, type Step, silentSince, then } from '../../core/sign-in/step.ts';
import { dueAt } from '../../core/sign-in/time.ts';
import { isEnded, type SignIn } from '../../core/sign-in.ts';
import { rollOutToday } from '../absence.ts';
import { raiseAlert } from '../alerts.ts';
import { quarantineKey } from '../quarantine.ts';
import { chainOf } from './asking.ts';
import type { TxDeps } from './deps.ts';
import { signInNotice } from './notice.ts';

/**
 * Keeps what an event made of a sign-in, with everything that follows from it, in the caller's
 * transaction: people who are due are asked, cards follow, timers are set, the audit and alerts are
 * written, a key is quarantined. Nothing of it happens when nothing changed.
 */
export async function keep(
  tx: Tx,
  deps: TxDeps,
  before: SignIn | undefined,
  made: Step,
): Promise<SignIn> {
  const now = deps.clock.now();
  const step = await askWhoIsDue(tx, deps, made, now);
  const { signIn } = step;
  await write(tx, signIn, step, now);
  if (signIn !== before) {
    await tx.signIns.put(signIn);
    await setTimers(tx, before, signIn, now);
    if (!before || looksDifferent(before, signIn, now)) await follow(tx, deps, signIn);
  }
  for (const what of step.alerts) await alert(tx, deps, signIn, what);
  if (step.quarantine) await quarantineKeysOf(tx, deps, signIn);
  return signIn;
}

/** For moments at which only its looks change: silence, the end of `continue`, who may take over. */
export async function refresh(tx: Tx, deps: TxDeps, signIn: SignIn): Promise<void> {
  await setTimers(tx, signIn, signIn, deps.clock.now());
  await follow(tx, deps, signIn);
}

async function askWhoIsDue(tx: Tx, deps: TxDeps, made: Step, now: Date): Promise<Step> {
  const due = escalationDueAt(made.signIn);
  if (!due || due > now) return made;
  const chain = await chainOf(tx, deps, await rollOutToday(tx, deps.clock), made.signIn);
  return then(made, escalate(made.signIn, chain, cardsOf(deps, made.signIn), now));
}

/** Exactly one card per person: the opener who is asked too has theirs already. */
export function cardsOf(deps: Pick<TxDeps, 'random'>, signIn: SignIn) {
  return (person: PersonKey): CardId =>
    person === signIn.openedBy && signIn.openerCard
      ? signIn.openerCard
      : (deps.random.id() as CardId);
}

async function write(tx: Tx, signIn: SignIn, step: Step, at: Date): Promise<void> {
  const { site, machine } = signIn;
  for (const { event, by, facts } of step.said) {
    await tx.audit.append({
      at,
      event,
      ...(by && { by }),
      site,
      machine,
      facts: { signIn: signIn.id, ...facts },
    });
  }
}

async function alert(tx: Tx, deps: TxDeps, signIn: SignIn, what: AlertKind): Promise<void> {
  const people = [signIn.openedBy, ...(signIn.lastShown ? [signIn.lastShown.to] : [])];
  await raiseAlert(tx, deps, {
    key: `${what}:${signIn.machine}`,
    what,
    site: signIn.site,
    machine: signIn.machine,
    people: [...new Set(people)],
  });
}

/** The machine's active key and the one that was told `go` last: neither is heard any more. */
async function quarantineKeysOf(tx: Tx, deps: TxDeps, signIn: SignIn): Promise<void> {
  const last = signIn.kids?.at(-1);
  const keys = [
    await tx.kits.activeKeyOf(signIn.machine),
    last === undefined ? undefined : await tx.kits.key(last),
  ];
  const signIns = { keyStopped: (tx: Tx, key: KitKey) => keyStopped(tx, deps, key) };
  const why = 'key-quarantined';
  for (const key of keys) {
    if (key) await quarantineKey(tx, { ...deps, signIns }, key, why, { alert: false });
  }
}

/** A key that is no longer heard ends the sign-in of its machine, also one that waits for its first `ready`. */
export async function keyStopped(tx: Tx, deps: TxDeps, key: KitKey): Promise<void> {
  const open = await tx.signIns.openFor(key.machine);
  if (!open) return;
  const last = open.kids?.at(-1);
  if (last !== undefined && last !== key.kid) return;
  const closed = (await tx.kits.key(key.kid))?.state === 'closed';
  const reason = closed ? 'key-closed' : 'quarantined';
  await keep(tx, deps, open, burn(open, reason, deps.clock.now()));
}

/** No key of the machine is heard any more: its sign-in ends, also one that no key was ever told of. */
export async function machineClosed(tx: Tx, deps: TxDeps, machine: MachineName): Promise<void> {
  const open = await tx.signIns.openFor(machine);
  if (open) await keep(tx, deps, open, burn(open, 'key-closed', deps.clock.now()));
}

async function setTimers(
  tx: Tx,
  before: SignIn | undefined,
  signIn: SignIn,
  now: Date,
): Promise<void> {
  const { id, progress } = signIn;
  const due = dueAt(signIn, now);
  if (due) await tx.timers.set({ kind: 'sign-in', subject: id, dueAt: due });
  else await tx.timers.clear('sign-in', id);
  if (before?.progress.state === progress.state) return;
  if (progress.state === 'shown') {
    const dueAt = after(progress.shown.shownAt, AFTER_CHECK_MS);
    await tx.timers.set({ kind: 'after-check', subject: id, dueAt });
  } else if (isEnded(progress) && progress.reason === 'connected' && !signIn.afterCheck) {
    await tx.timers.set({ kind: 'after-check', subject: id, dueAt: now });
  } else {
    await tx.timers.clear('after-check', id);
  }
}

/** A sign of life changes nothing on cards, unless the server had been silent. */
function looksDifferent(before: SignIn, signIn: SignIn, now: Date): boolean {
  if (silentSince(before.progress, now)) return true;
  return withoutHeard(before) !== withoutHeard(signIn);
}

function withoutHeard(signIn: SignIn): string {
  return JSON.stringify(signIn, (name, value: unknown) => (name === 'heardAt' ? undefined : value));
}

/**
 * Brings every card of a sign-in to what it is now. The card in which a code is shown is frozen first and
 * thawed last: an edit would wipe what its reader sees.
 */
export async function follow(tx: Tx, deps: TxDeps, signIn: SignIn): Promise<void> {
  const now = deps.clock.now();
  const rollOut = await rollOutToday(tx, deps.clock);
  const { progress } = signIn;
  const shownTo =
    progress.state === 'shown' && liveCode(progress, now) ? progress.shown.to : undefined;
  for (const { person, card } of signIn.asked) {
    if (person === shownTo) await tx.cards.freeze(card, true, now);
    const notice = signInNotice(deps, rollOut, signIn, 'asked', person, now);
    await tx.cards.post(card, { kind: 'person', person }, notice, now);
    if (person !== shownTo) await tx.cards.freeze(card, false, now);
  }
  const { openedBy, openerCard, channelCard } = signIn;
  if (openerCard && !signIn.asked.some((asked) => asked.card === openerCard)) {
    const notice = signInNotice(deps, rollOut, signIn, 'opener', openedBy, now);
    await tx.cards.post(openerCard, { kind: 'person', person: openedBy }, notice, now);
  }
  if (channelCard) {
    const notice = signInNotice(deps, rollOut, signIn, 'channel', undefined, now);
    await tx.cards.post(channelCard, { kind: 'channel' }, notice, now);
  }
}
