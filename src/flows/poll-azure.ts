import type { SeenMachine } from '../core/azure.ts';
import type { Clock, Log, MachineDirectory, Store } from '../core/ports.ts';

export interface PollAzureDeps {
  readonly store: Store;
  readonly directory: Pick<MachineDirectory, 'listMachines' | 'isGone'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Questions for single machines in one reading: ARM gives 250 at once, then 25 a second. */
const MOST_ASKED = 100;
/** How many machines the last complete reading saw. */
const COUNT = 'azure-machines';

/**
 * Reads the whole fleet into the store, page by page. Only a complete reading moves the age of the whole;
 * after any other the last good state stays, with its age. A machine that was not listed is forgotten only
 * once Azure says of it that it does not exist: rights that were taken away make lists shorter, too.
 */
export async function pollAzure(deps: PollAzureDeps, signal: AbortSignal): Promise<boolean> {
  const { store, clock, log } = deps;
  const startedAt = clock.now();
  const listed = new Set<string>();
  let changed = 0;
  try {
    for await (const page of deps.directory.listMachines(signal)) {
      for (const machine of page) listed.add(machine.resourceId.toLowerCase());
      changed += (await store.write((tx) => tx.evidence.keepAzure(page, startedAt))).changed;
    }
    const unlisted = await unlistedMachines(deps, listed, changed);
    const { gone, unproven } = await provenGone(deps, unlisted, signal);
    const counts = { machines: listed.size, changed, gone: gone.length, unproven };
    if (listed.size === 0 && unproven > 0) {
      log.warn('azure-read-empty', counts);
      return false;
    }
    if (unproven > 0) log.warn('azure-machines-not-listed', counts);
    const count = String(listed.size + unproven);
    await store.write(async (tx) => {
      await tx.evidence.azureComplete(startedAt, gone);
      if ((await tx.settings.get(COUNT)) !== count) await tx.settings.set(COUNT, count);
    });
    log.debug('azure-read', counts);
    return true;
  } catch (error) {
    log.warn('azure-read-failed', { machines: listed.size, changed, error });
    return false;
  }
}

/** Reads the kept fleet only when it can differ from what was listed. */
async function unlistedMachines(
  { store }: PollAzureDeps,
  listed: ReadonlySet<string>,
  changed: number,
): Promise<readonly SeenMachine[]> {
  return store.read(async (tx) => {
    const last = await tx.settings.get(COUNT);
    if (changed === 0 && last === String(listed.size)) return [];
    const kept = await tx.evidence.azureMachines();
    return kept.filter(({ machine }) => !listed.has(machine.resourceId.toLowerCase()));
  });
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
