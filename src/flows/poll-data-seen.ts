import type { Heartbeat } from '../core/azure.ts';
import type { MachineName } from '../core/ids.ts';
import type { Clock, Log, Store } from '../core/ports.ts';
import type { RollOut } from '../core/roll-out.ts';

export interface PollDataSeenDeps {
  readonly store: Store;
  /** The newest AMA heartbeats of a workspace that holds about so many machines. */
  readonly heartbeats: (
    workspaceId: string,
    machines: number,
    signal: AbortSignal,
  ) => AsyncIterable<readonly Heartbeat[]>;
  readonly clock: Clock;
  readonly log: Log;
}

/** A proof is written anew once it is so much younger than the kept one: most of a fleet's say the same. */
const WORTH_KEEPING_MS = 3 * 60 * 1000;
/** Machines to a transaction. */
const BATCH = 250;

/** Reads the heartbeats of all workspaces; what was proven stays proven when that fails. */
export function createDataSeenPoll(
  deps: PollDataSeenDeps,
): (signal: AbortSignal) => Promise<boolean> {
  const kept = new Map<MachineName, number>();
  return async (signal) => {
    const rollOut = await deps.store.read((tx) => tx.rollOut());
    let isWhole = true;
    for (const [workspace, machines] of workspacesOf(rollOut)) {
      try {
        for await (const page of deps.heartbeats(workspace, machines, signal)) {
          await keep(deps, proofs(rollOut, page, deps.clock.now()), kept);
        }
      } catch (error) {
        isWhole = false;
        deps.log.warn('heartbeats-not-read', { workspace, error });
      }
    }
    return isWhole;
  };
}

function workspacesOf(rollOut: RollOut): ReadonlyMap<string, number> {
  const machines = new Map<string, number>();
  for (const machine of rollOut.machines) {
    const site = rollOut.siteOf(machine);
    const workspace = site && rollOut.profileOf(site)?.workspaceId;
    if (workspace) machines.set(workspace, (machines.get(workspace) ?? 0) + 1);
  }
  return machines;
}

/** Machines of the roll-out that a row speaks of. A row of another group's server of that name does not count. */
function proofs(
  rollOut: RollOut,
  page: readonly Heartbeat[],
  now: Date,
): ReadonlyMap<MachineName, Date> {
  const found = new Map<MachineName, Date>();
  for (const { computer, resourceId, seenAt } of page) {
    const parts = resourceId.toLowerCase().split('/');
    const name = parts[7] === 'machines' ? parts[8] : computer.split('.')[0];
    const machine = rollOut.machine(name ?? '');
    const site = machine && rollOut.siteOf(machine);
    const profile = site && rollOut.profileOf(site);
    if (!machine || !profile) continue;
    const isOurs =
      resourceId === '' ||
      (parts[2] === profile.subscriptionId.toLowerCase() &&
        parts[4] === profile.resourceGroup.toLowerCase());
    if (!isOurs) continue;
    // A clock that runs ahead proves nothing about the future.
    const at = seenAt < now ? seenAt : now;
    const known = found.get(machine.name);
    if (!known || known < at) found.set(machine.name, at);
  }
  return found;
}

async function keep(
  { store }: PollDataSeenDeps,
  seen: ReadonlyMap<MachineName, Date>,
  kept: Map<MachineName, number>,
): Promise<void> {
  const fresh = [...seen].filter(
    ([name, at]) => at.getTime() - (kept.get(name) ?? 0) >= WORTH_KEEPING_MS,
  );
  for (let start = 0; start < fresh.length; start += BATCH) {
    const batch = fresh.slice(start, start + BATCH);
    await store.write(async (tx) => {
      for (const [name, at] of batch) await tx.evidence.dataSeen(name, 'AMA', at);
    });
    for (const [name, at] of batch) kept.set(name, at.getTime());
  }
}
