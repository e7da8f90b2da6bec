import type { Marks } from '../core/evidence.ts';
import type { MachineName } from '../core/ids.ts';
import type { KitKey, Tx } from '../core/ports.ts';
import { isInTransit } from '../core/stage.ts';
import { type AlertDeps, raiseAlert } from './alerts.ts';

const HOUR_MS = 60 * 60 * 1000;
/** A server is marked shipped while it still runs its last minutes at the base. */
const STILL_AT_BASE_MS = 30 * 60 * 1000;

/** While shipped and not arrived, every key of the machine is closed; so it is once retired. */
export function isClosedByTransit(marks: Marks): boolean {
  return marks.retiredAt !== undefined || isInTransit(sinceReplacement(marks));
}

/** A key that travelled may register its successor and nothing else. */
export function mustBeSucceeded(key: KitKey, marks: Marks): boolean {
  const { shippedAt } = sinceReplacement(marks);
  return shippedAt !== undefined && !isInTransit(marks) && key.enrolledAt < shippedAt;
}

/** Contact from a machine in transit: one alert per machine and hour; just after shipping, one line of audit. */
export async function noticeTransit(
  tx: Tx,
  deps: AlertDeps,
  machine: MachineName,
  marks: Marks,
): Promise<void> {
  const now = deps.clock.now();
  const { shippedAt } = marks;
  const early = shippedAt && now.getTime() - shippedAt.getTime() < STILL_AT_BASE_MS;
  const what = early ? 'report-just-shipped' : 'report-in-transit';
  if (!(await isFirstInHour(tx, `${what}:${machine}`, now))) return;
  const site = (await tx.rollOut()).machine(machine)?.site;
  const about = { machine, ...(site && { site }) };
  await tx.audit.append({ at: now, event: what, ...about, facts: {} });
  if (early) return;
  await raiseAlert(tx, deps, {
    key: `report-in-transit:${machine}`,
    what: 'report-in-transit',
    ...about,
  });
}

/** A key that was replaced or succeeded is used again: one alert per machine and hour. */
export async function noticeOldKey(tx: Tx, deps: AlertDeps, key: KitKey): Promise<void> {
  const now = deps.clock.now();
  if (!(await isFirstInHour(tx, `old-key-used:${key.machine}`, now))) return;
  const site = (await tx.rollOut()).machine(key.machine)?.site;
  const about = { machine: key.machine, ...(site && { site }) };
  await tx.audit.append({ at: now, event: 'old-key-used', ...about, facts: { kid: key.kid } });
  await raiseAlert(tx, deps, {
    key: `old-key-used:${key.machine}`,
    what: 'old-key-used',
    ...about,
  });
}

async function isFirstInHour(tx: Tx, what: string, now: Date): Promise<boolean> {
  const name = `told-at:${what}`;
  const toldAt = Number((await tx.settings.get(name)) ?? Number.NaN);
  if (now.getTime() - toldAt < HOUR_MS) return false;
  await tx.settings.set(name, String(now.getTime()));
  return true;
}

/** What was marked about the former server does not bind the one that took its place. */
function sinceReplacement(marks: Marks): Marks {
  const { replacedAt, shippedAt, ...rest } = marks;
  if (!replacedAt || !shippedAt || shippedAt > replacedAt) return marks;
  return { ...rest, replacedAt };
}
