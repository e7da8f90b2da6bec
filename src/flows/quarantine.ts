import { may } from '../core/authority.ts';
import type { MachineName } from '../core/ids.ts';
import type { AlertKind, Notice } from '../core/notice.ts';
import type { KitKey, Tx } from '../core/ports.ts';
import type { Machine, Person } from '../core/roll-out.ts';
import { type AlertDeps, clearAlert, raiseAlert } from './alerts.ts';
import type { SignInHooks } from './kit-handlers.ts';
import { nameOfPerson, nameOfSite } from './names.ts';

export interface QuarantineDeps extends AlertDeps {
  readonly signIns: Pick<SignInHooks, 'keyStopped'>;
}

/**
 * Nothing more is taken from this key until a person lifts it; an open sign-in of its machine ends. Twice is
 * the same as once. Callers that raise an alert of their own say `alert: false`.
 */
export async function quarantineKey(
  tx: Tx,
  deps: QuarantineDeps,
  key: KitKey,
  why: AlertKind,
  options: { readonly alert?: boolean } = {},
): Promise<void> {
  const kept = await tx.kits.key(key.kid);
  if (!kept || kept.state === 'quarantined' || kept.state === 'closed') return;
  const at = deps.clock.now();
  await tx.kits.putKey({ ...kept, state: 'quarantined' });
  const machine = (await tx.rollOut()).machine(kept.machine);
  await tx.audit.append({
    at,
    event: 'key-quarantined',
    machine: kept.machine,
    ...(machine && { site: machine.site }),
    facts: { kid: kept.kid, why },
  });
  await deps.signIns.keyStopped(tx, kept, at);
  if (options.alert === false) return;
  await raiseAlert(tx, deps, {
    key: alertKey(kept.machine),
    what: why,
    machine: kept.machine,
    ...(machine && { site: machine.site }),
  });
}

/** The site's engineer or a lead takes the machine's keys back into use, with a reason. */
export async function liftQuarantine(
  tx: Tx,
  deps: AlertDeps,
  lift: { readonly machine: Machine; readonly by: Person; readonly reason: string },
): Promise<Notice> {
  const { machine, by, reason } = lift;
  const site = (await tx.rollOut()).siteOf(machine);
  const about = { machine: machine.name, ...(site && { site: nameOfSite(site) }) };
  if (!may({ kind: 'person', person: by }, 'lift-quarantine', site)) {
    return { kind: 'refusal', reason: 'not-allowed', ...about };
  }
  const keys = await tx.kits.keysOf(machine.name);
  const quarantined = keys.filter((key) => key.state === 'quarantined');
  if (quarantined.length === 0) return { kind: 'refusal', reason: 'already-done', ...about };
  for (const key of quarantined) {
    // A successor whose number was never sent still waits for it.
    const state = key.pendingNumber === undefined ? 'active' : 'successor-pending';
    await tx.kits.putKey({ ...key, state, strayCodes: 0 });
    await tx.audit.append({
      at: deps.clock.now(),
      event: 'quarantine-lifted',
      by: by.key,
      machine: machine.name,
      site: machine.site,
      facts: { kid: key.kid, reason },
    });
  }
  await clearAlert(tx, deps, alertKey(machine.name));
  return { kind: 'quarantine-lifted', machine: machine.name, by: nameOfPerson(by), why: reason };
}

/** Every key of the machine is dead from now on, and an open sign-in ends. */
export async function closeKeys(
  tx: Tx,
  signIns: Pick<SignInHooks, 'machineClosed'>,
  machine: MachineName,
): Promise<void> {
  for (const key of await tx.kits.keysOf(machine)) {
    if (key.state !== 'closed') await tx.kits.putKey({ ...withoutNumber(key), state: 'closed' });
  }
  await signIns.machineClosed(tx, machine);
}

/** A key that no longer waits for a number. */
export function withoutNumber(key: KitKey): KitKey {
  const { pendingNumber: _number, pendingUntilAt: _until, ...rest } = key;
  return rest;
}

/** Under which the alerts of a machine's quarantine stand. */
export function alertKey(machine: MachineName): string {
  return `quarantine:${machine}`;
}
