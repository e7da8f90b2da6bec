import { may } from '../core/authority.ts';
import type { CardId, Kid, MachineName } from '../core/ids.ts';
import type { SuccessorReport } from '../core/kit-request.ts';
import type { KitAnswer, KitKey, ReadTx, Tx } from '../core/ports.ts';
import type { Machine, Person } from '../core/roll-out.ts';
import { raiseAlert } from './alerts.ts';
import type { KitContext } from './kit-handlers.ts';
import { type QuarantineDeps, withoutNumber } from './quarantine.ts';

const NUMBER_MS = 30 * 60 * 1000;
const MAX_WRONG_TRIES = 3;

/** On arrival the old key names the new one, which waits for its number; the same key again is a repeat. */
export async function registerSuccessor(
  tx: Tx,
  deps: QuarantineDeps,
  { key: old, machine, at, payload }: KitContext<SuccessorReport>,
): Promise<KitAnswer> {
  const holder = await tx.kits.keyByPublicKey(payload.publicKey);
  if (holder && !isSuccessorOf(holder, old)) return { status: 409, do: 'stop', code: 'KEY_TAKEN' };
  if (holder && isWaiting(holder, at)) return answerWith(holder);

  await replaceEarlier(tx, deps, old, machine, at);
  const successor: KitKey = {
    ...(holder ?? {
      kid: deps.random.id() as Kid,
      machine: machine.name,
      publicKey: payload.publicKey,
      alg: payload.alg,
      serial: old.serial,
      vmUuid: old.vmUuid,
      enrolledAt: at,
      ack: 0,
      botKey: old.botKey,
      strayCodes: 0,
      succeeds: old.kid,
    }),
    state: 'successor-pending',
    pendingNumber: deps.random.digits(4),
    pendingUntilAt: new Date(at.getTime() + NUMBER_MS),
  };
  await tx.kits.putKey(successor);
  await tx.settings.set(triesSetting(successor.kid), undefined);
  await tx.timers.set({
    kind: 'successor-number',
    subject: successor.kid,
    dueAt: new Date(at.getTime() + NUMBER_MS),
  });
  await tx.audit.append({
    at,
    event: 'successor-registered',
    machine: machine.name,
    site: machine.site,
    facts: { kid: successor.kid, succeeds: old.kid },
  });
  return answerWith(successor);
}

export type SuccessorConfirmed =
  | 'right'
  | 'wrong'
  | 'number-dead'
  | 'nothing-waits'
  | 'not-allowed';

/**
 * The number on the arrived server's console, sent by site staff of that site or read to its engineer on
 * the phone. Right: the new key works and the old one is dead.
 */
export async function confirmSuccessor(
  tx: Tx,
  deps: QuarantineDeps,
  sent: { readonly machine: Machine; readonly number: string; readonly by: Person },
): Promise<SuccessorConfirmed> {
  const { machine, number, by } = sent;
  const at = deps.clock.now();
  const site = (await tx.rollOut()).siteOf(machine);
  const asker = { kind: 'person', person: by } as const;
  if (!may(asker, 'open-sign-in', site) && !may(asker, 'confirm-by-phone', site)) {
    return 'not-allowed';
  }
  const waiting = await waitingSuccessor(tx, machine.name, at);
  if (!waiting) return 'nothing-waits';
  const about = { at, by: by.key, machine: machine.name, site: machine.site };
  if (waiting.pendingNumber !== number) return wrongNumber(tx, deps, waiting, about);

  const { succeeds, ...confirmed } = withoutNumber(waiting);
  await tx.kits.putKey({ ...confirmed, state: 'active' });
  const old = succeeds && (await tx.kits.key(succeeds));
  if (old) {
    await tx.kits.putKey({ ...old, state: 'closed' });
    await deps.signIns.keyStopped(tx, old, at);
  }
  await tx.timers.clear('successor-number', waiting.kid);
  await tx.settings.set(triesSetting(waiting.kid), undefined);
  await tx.audit.append({
    ...about,
    event: 'successor-confirmed',
    facts: { kid: waiting.kid, ...(succeeds && { succeeds }) },
  });
  return 'right';
}

/** The key that waits for its number at this machine, if one does: a bare number may belong to it. */
export async function waitingSuccessor(
  tx: ReadTx,
  machine: MachineName,
  now: Date,
): Promise<KitKey | undefined> {
  return (await tx.kits.keysOf(machine)).find((key) => isWaiting(key, now));
}

/** For the timer `successor-number`: what was not confirmed in time is closed. */
export async function expireSuccessor(tx: Tx, kid: Kid, now: Date): Promise<void> {
  const key = await tx.kits.key(kid);
  if (key?.state !== 'successor-pending' || isWaiting(key, now)) return;
  await tx.kits.putKey({ ...withoutNumber(key), state: 'closed' });
}

export function isWaiting(key: KitKey, now: Date): boolean {
  const { state, pendingNumber, pendingUntilAt } = key;
  return (
    state === 'successor-pending' &&
    pendingNumber !== undefined &&
    pendingUntilAt !== undefined &&
    pendingUntilAt > now
  );
}

/** Also one whose number died: its holder may ask for a new one. */
function isSuccessorOf(key: KitKey, old: KitKey): boolean {
  return key.succeeds === old.kid && (key.state === 'successor-pending' || key.state === 'closed');
}

async function replaceEarlier(
  tx: Tx,
  deps: QuarantineDeps,
  old: KitKey,
  machine: Machine,
  at: Date,
): Promise<void> {
  for (const key of await tx.kits.keysOf(machine.name)) {
    if (key.succeeds !== old.kid || key.state !== 'successor-pending') continue;
    await tx.kits.putKey({ ...withoutNumber(key), state: 'closed' });
    await tx.timers.clear('successor-number', key.kid);
    if (isWaiting(key, at)) await tellReplaced(tx, deps, key, machine);
  }
}

/** Two keys asking for the same server may be a thief beside its owner: channel and engineer hear of it. */
async function tellReplaced(
  tx: Tx,
  deps: QuarantineDeps,
  key: KitKey,
  machine: Machine,
): Promise<void> {
  const at = deps.clock.now();
  const about = { machine: machine.name, site: machine.site };
  await tx.audit.append({ at, event: 'successor-replaced', ...about, facts: { kid: key.kid } });
  const alert = await raiseAlert(tx, deps, {
    key: `successor-replaced:${machine.name}`,
    what: 'successor-replaced',
    ...about,
  });
  const engineer = (await tx.rollOut()).siteOf(machine)?.engineer;
  const card = await tx.cards.get(alert.card);
  if (!engineer || !card) return;
  const copy = deps.random.id() as CardId;
  await tx.cards.post(copy, { kind: 'person', person: engineer }, card.notice, at);
}

async function wrongNumber(
  tx: Tx,
  deps: QuarantineDeps,
  key: KitKey,
  about: { at: Date; by: string; machine: MachineName; site: Machine['site'] },
): Promise<SuccessorConfirmed> {
  const tries = Number((await tx.settings.get(triesSetting(key.kid))) ?? 0) + 1;
  await tx.settings.set(triesSetting(key.kid), String(tries));
  await tx.audit.append({
    ...about,
    event: 'successor-number-wrong',
    facts: { kid: key.kid, tries },
  });
  if (tries < MAX_WRONG_TRIES) return 'wrong';
  await tx.kits.putKey({ ...withoutNumber(key), state: 'closed' });
  await tx.timers.clear('successor-number', key.kid);
  await tx.settings.set(triesSetting(key.kid), undefined);
  await raiseAlert(tx, deps, {
    key: `wrong-number:${key.kid}`,
    what: 'wrong-number',
    machine: about.machine,
    site: about.site,
  });
  return 'number-dead';
}

function answerWith(key: KitKey): KitAnswer {
  return {
    status: 202,
    do: 'ok',
    state: 'successor-pending',
    kid: key.kid,
    ...(key.pendingNumber !== undefined && { number: key.pendingNumber }),
    ...(key.pendingUntilAt && { untilAt: key.pendingUntilAt }),
  };
}

function triesSetting(kid: Kid): string {
  return `successor-tries:${kid}`;
}
