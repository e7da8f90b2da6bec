import type { Clock, Log, MachineDirectory, Store } from '../core/ports.ts';

interface PollAzureDeps {
  readonly store: Store;
  readonly directory: Pick<MachineDirectory, 'listMachines'>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Reads the whole fleet into the store, page by page. Only a complete reading moves the age of the whole
 * and forgets what is gone; after a failed one the last good state stays, with its age.
 */
export async function pollAzure(deps: PollAzureDeps, signal: AbortSignal): Promise<boolean> {
  const startedAt = deps.clock.now();
  let machines = 0;
  let changed = 0;
  try {
    for await (const page of deps.directory.listMachines(signal)) {
      machines += page.length;
      changed += (await deps.store.write((tx) => tx.evidence.keepAzure(page, startedAt))).changed;
    }
    await deps.store.write((tx) => tx.evidence.azureComplete(startedAt));
    deps.log.debug('azure-read', { machines, changed });
    return true;
  } catch (error) {
    deps.log.warn('azure-read-failed', { machines, changed, error });
    return false;
  }
}
