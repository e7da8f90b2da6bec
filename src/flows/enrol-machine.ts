import type { Kid } from '../core/ids.ts';
import type { VerifiedEnrolment } from '../core/kit-request.ts';
import type { EnrolmentToken, KitAnswer, KitKey, Store, Tx } from '../core/ports.ts';
import { raiseAlert } from './alerts.ts';
import { findToken, type TokenDeps } from './enrolment-token.ts';
import { type QuarantineDeps, quarantineKey } from './quarantine.ts';
import { isClosedByTransit, noticeTransit } from './transit.ts';

export interface EnrolDeps extends TokenDeps, QuarantineDeps {
  readonly store: Pick<Store, 'read' | 'write'>;
}

/** `answered` goes out signed; a refusal goes out unsigned, since a stranger may have asked. */
export type Enrolled =
  | { readonly answered: KitAnswer }
  | {
      readonly refused: 'TOKEN_REFUSED' | 'MACHINE_MISMATCH' | 'ALREADY_ENROLLED' | 'KEY_TAKEN';
    };

/** Whether this token is one of ours: asked before the bot signs anything for whoever brought it. */
export async function isTokenKnown(deps: EnrolDeps, token: string): Promise<boolean> {
  return (await deps.store.read((tx) => findToken(tx, deps, token))) !== undefined;
}

/** Spends the token and keeps the key in one transaction; the same again is a repeat. */
export async function enrolMachine(deps: EnrolDeps, asked: VerifiedEnrolment): Promise<Enrolled> {
  return deps.store.write(async (tx) => {
    const token = await findToken(tx, deps, asked.token);
    if (!token) return { refused: 'TOKEN_REFUSED' };
    const { marks } = await tx.evidence.of(token.machine);
    if (isClosedByTransit(marks)) {
      await noticeTransit(tx, deps, token.machine, marks);
      return { refused: 'TOKEN_REFUSED' };
    }
    if (token.spentBy !== undefined) return repeatOrMisuse(tx, deps, asked, token, token.spentBy);
    return enrol(tx, deps, asked, token);
  });
}

async function repeatOrMisuse(
  tx: Tx,
  deps: EnrolDeps,
  asked: VerifiedEnrolment,
  token: EnrolmentToken,
  spentBy: Kid,
): Promise<Enrolled> {
  const key = await tx.kits.key(spentBy);
  if (!key) return { refused: 'TOKEN_REFUSED' };
  if (key.publicKey === asked.publicKey && isSameDevice(key, asked))
    return { answered: again(key) };
  await quarantineKey(tx, deps, key, 'token-misused', { alert: false });
  await alertMisuse(tx, deps, token);
  return { refused: 'TOKEN_REFUSED' };
}

async function enrol(
  tx: Tx,
  deps: EnrolDeps,
  asked: VerifiedEnrolment,
  token: EnrolmentToken,
): Promise<Enrolled> {
  const machine = (await tx.rollOut()).machine(token.machine);
  if (!machine) return { refused: 'TOKEN_REFUSED' };
  if (!isSame(machine.name, asked.name)) return { refused: 'MACHINE_MISMATCH' };
  if (machine.serial !== '' && !isSame(machine.serial, asked.serial)) {
    await alertMisuse(tx, deps, token);
    return { refused: 'MACHINE_MISMATCH' };
  }
  const holder = await tx.kits.keyByPublicKey(asked.publicKey);
  const keys = await tx.kits.keysOf(machine.name);
  const inUse = keys.find((key) => key.state !== 'closed');
  if (holder && holder.kid !== inUse?.kid) return { refused: 'KEY_TAKEN' };
  if (inUse) {
    // A kit made anew on the same server brings the key it already has.
    if (inUse.publicKey !== asked.publicKey || !isSameDevice(inUse, asked)) {
      return { refused: 'ALREADY_ENROLLED' };
    }
    await tx.kits.putToken({ ...token, spentBy: inUse.kid });
    return { answered: again(inUse) };
  }
  const key: KitKey = {
    kid: deps.random.id() as Kid,
    machine: machine.name,
    publicKey: asked.publicKey,
    alg: asked.alg,
    serial: asked.serial,
    vmUuid: asked.vmUuid,
    state: 'active',
    enrolledAt: asked.receivedAt,
    ack: 0,
    botKey: asked.botKey,
    strayCodes: 0,
  };
  await tx.kits.putKey(key);
  await tx.kits.putToken({ ...token, spentBy: key.kid });
  await tx.evidence.mark(machine.name, { enrolledAt: asked.receivedAt });
  await tx.audit.append({
    at: asked.receivedAt,
    event: 'machine-enrolled',
    machine: machine.name,
    site: machine.site,
    facts: { kid: key.kid, alg: key.alg, serial: key.serial, vmUuid: key.vmUuid },
  });
  return { answered: { status: 202, do: 'ok', kid: key.kid } };
}

function again(key: KitKey): KitAnswer {
  switch (key.state) {
    case 'active':
    case 'successor-pending':
      return { status: 200, do: 'ok', kid: key.kid };
    case 'quarantined':
      return { status: 403, do: 'stop', code: 'QUARANTINED' };
    case 'closed':
      return { status: 403, do: 'stop' };
  }
}

async function alertMisuse(tx: Tx, deps: EnrolDeps, token: EnrolmentToken): Promise<void> {
  const machine = (await tx.rollOut()).machine(token.machine);
  await raiseAlert(tx, deps, {
    key: `token-misused:${token.machine}`,
    what: 'token-misused',
    machine: token.machine,
    ...(machine && { site: machine.site }),
  });
}

function isSameDevice(key: KitKey, asked: VerifiedEnrolment): boolean {
  return isSame(key.serial, asked.serial) && isSame(key.vmUuid, asked.vmUuid);
}

/** Firmware and imports write the same serial with other case and blanks. */
function isSame(one: string, other: string): boolean {
  const plain = (text: string): string => text.normalize('NFKC').replace(/\s+/g, '').toLowerCase();
  return plain(one) === plain(other);
}
