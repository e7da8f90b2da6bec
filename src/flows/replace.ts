import { may } from '../core/authority.ts';
import type { Notice } from '../core/notice.ts';
import type { Tx } from '../core/ports.ts';
import type { Machine, Person, RollOut } from '../core/roll-out.ts';
import { historyOf } from '../core/stage.ts';
import { type AlertDeps, clearAlert } from './alerts.ts';
import { issueToken, type TokenDeps } from './enrolment-token.ts';
import type { SignInHooks } from './kit-handlers.ts';
import { nameOfPerson, nameOfSite } from './names.ts';
import { alertKey, closeKeys } from './quarantine.ts';

export interface ReplaceDeps extends AlertDeps, TokenDeps {
  readonly signIns: Pick<SignInHooks, 'machineClosed'>;
}

/**
 * Old key lost, or a new server under the old name: closes every key of the machine, keeps the new serial and
 * gives a token. Whether `by` may do that is decided by the caller.
 */
export async function replaceMachineKey(
  tx: Tx,
  deps: ReplaceDeps,
  replace: { readonly machine: Machine; readonly serial: string; readonly by: string },
): Promise<{ readonly token: string }> {
  const { machine, serial, by } = replace;
  const at = deps.clock.now();
  await closeKeys(tx, deps.signIns, machine.name);
  await tx.rows.putMachines([{ ...machine, serial }]);
  await tx.evidence.mark(machine.name, { replacedAt: at });
  await clearAlert(tx, deps, alertKey(machine.name));
  await tx.audit.append({
    at,
    event: 'machine-replaced',
    by,
    machine: machine.name,
    site: machine.site,
    facts: { serial },
  });
  return { token: await issueToken(tx, deps, machine.name) };
}

/** The machine that has this serial, if it is another one; case and blanks aside, as firmware writes them. */
export function holderOf(rollOut: RollOut, serial: string, machine: Machine): Machine | undefined {
  return rollOut.machines.find(
    (one) => one.name !== machine.name && plain(one.serial) === plain(serial),
  );
}

function plain(serial: string): string {
  return serial.normalize('NFKC').replace(/\s+/g, '').toLowerCase();
}

/**
 * The serial of the server that comes in place of a replaced one. Only until it has enrolled: a server in
 * service keeps the serial it was planned with.
 */
export async function setSerial(
  tx: Tx,
  { clock }: Pick<ReplaceDeps, 'clock'>,
  set: { readonly machine: Machine; readonly serial: string; readonly by: Person },
): Promise<Notice> {
  const { serial, by } = set;
  const rollOut = await tx.rollOut();
  const machine = rollOut.machine(set.machine.name) ?? set.machine;
  const site = rollOut.siteOf(machine);
  const about = { machine: machine.name, ...(site && { site: nameOfSite(site) }) };
  const person = rollOut.person(by.key);
  if (!person || !may({ kind: 'person', person }, 'replace', site)) {
    return { kind: 'refusal', reason: 'not-allowed', ...about };
  }
  const { marks } = await tx.evidence.of(machine.name);
  if (historyOf(marks) !== 'replaced') return { kind: 'refusal', reason: 'not-replaced', ...about };
  if (holderOf(rollOut, serial, machine)) {
    return { kind: 'refusal', reason: 'serial-taken', ...about };
  }
  const at = clock.now();
  await tx.rows.putMachines([{ ...machine, serial }]);
  await tx.audit.append({
    at,
    event: 'serial-set',
    by: person.key,
    machine: machine.name,
    site: machine.site,
    facts: { serial, before: machine.serial },
  });
  return {
    kind: 'marked',
    what: 'new-serial',
    machines: [machine.name],
    ...(site && { site: nameOfSite(site) }),
    by: nameOfPerson(person),
    markedAt: at,
  };
}
