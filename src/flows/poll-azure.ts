import type { AzureMachine, SeenMachine } from '../core/azure.ts';
import { type FleetFinding, FleetLook } from '../core/fleet-findings.ts';
import type { Clock, Log, MachineDirectory, Store } from '../core/ports.ts';

export interface PollAzureDeps {
  readonly store: Store;
  readonly directory: Pick<MachineDirectory, 'listMachines' | 'isGone'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Looking at a large fleet as a whole is dear: not every minute. */
const LARGE = 5_000;
const LOOK_EVERY_MS = 10 * 60 * 1000;

/** Polls again and again, and looks at all machines of a complete reading together. */
export function createAzurePoll(
  deps: PollAzureDeps,
  onFleet: (findings: readonly FleetFinding[]) => void,
): (signal: AbortSignal) => Promise<boolean> {
  let last = { size: 0, at: 0 };
  return async (signal) => {
    const at = deps.clock.now().getTime();
    const isDue = last.size < LARGE || at - last.at >= LOOK_EVERY_MS;
    const look = new FleetLook(await deps.store.read((tx) => tx.rollOut()));
    let size = 0;
    const isComplete = await pollAzure(deps, signal, (machine) => {
      size += 1;
      if (isDue) look.add(machine);
    });
    if (!isComplete || !isDue) return isComplete;
    last = { size, at };
    onFleet(look.findings());
    return isComplete;
  };
}

/** Questions for single machines in one reading: ARM gives 250 at once, then 25 a second. */
const MOST_ASKED = 100;

/**
 * Reads the whole fleet into the store, page by page. Only a complete reading moves the age of the whole;
 * after any other the last good state stays, with its age. A machine that was not listed is forgotten only
 * once Azure says of it that it does not exist: rights that were taken away make lists shorter, too.
 */
export async function pollAzure(
  deps: PollAzureDeps,
  signal: AbortSignal,
  onMachine: (machine: AzureMachine) => void = () => {},
): Promise<boolean> {
  const { store, clock, log } = deps;
  const startedAt = clock.now();
  const listed = new Set<string>();
  let changed = 0;
  try {
    for await (const page of deps.directory.listMachines(signal)) {
      for (const machine of page) {
        listed.add(machine.resourceId.toLowerCase());
        onMachine(machine);
      }
      changed += (await store.write((tx) => tx.evidence.keepAzure(page, startedAt))).changed;
    }
    const unseen = await store.read((tx) => tx.evidence.azureMachines(startedAt));
    // A clock that was put back does not make them unlisted.
    const unlisted = unseen.filter(({ machine }) => !listed.has(machine.resourceId.toLowerCase()));
    const { gone, unproven } = await provenGone(deps, unlisted, signal);
    const counts = { machines: listed.size, changed, gone: gone.length, unproven };
    if (listed.size === 0 && unproven > 0) {
      log.warn('azure-read-empty', counts);
      return false;
    }
    if (unproven > 0) log.warn('azure-machines-not-listed', counts);
    await store.write((tx) => tx.evidence.azureComplete(startedAt, gone));
    log.debug('azure-read', counts);
    return true;
  } catch (error) {
    log.warn('azure-read-failed', { machines: listed.size, changed, error });
    return false;
  }
}

async function provenGone(
  { directory, log }: PollAzureDeps,
  unlisted: readonly SeenMachine[],
  signal: AbortSignal,
): Promise<{ gone: readonly string[]; unproven: number }> {
  const gone: string[] = [];
  for (const { machine } of unlisted.slice(0, MOST_ASKED)) {
    try {
      if (await directory.isGone?.(machine.resourceId, signal)) gone.push(machine.resourceId);
    } catch (error) {
      // The next ones would be refused for the same reason.
      log.warn('azure-machine-not-proven-gone', { machine: machine.name, error });
      break;
    }
  }
  return { gone, unproven: unlisted.length - gone.length };
}
