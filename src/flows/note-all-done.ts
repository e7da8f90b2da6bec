import type { MachineName } from '../core/ids.ts';
import type { Store } from '../core/ports.ts';
import { type NoteDoneDeps, noteDone } from './note-done.ts';

/** Machines to a transaction: a large roll-out in one would hold everybody up. */
const BATCH = 100;

/** noteDone() for the whole roll-out, in small transactions; `breathe` lets others go on in between. */
export async function noteAllDone(
  store: Store,
  deps: NoteDoneDeps,
  breathe: () => Promise<unknown>,
): Promise<void> {
  const { machines } = await store.read((tx) => tx.rollOut());
  const bySite = machines.toSorted((a, b) => (a.site < b.site ? -1 : a.site > b.site ? 1 : 0));
  for (let start = 0; start < bySite.length; start += BATCH) {
    const names: MachineName[] = bySite.slice(start, start + BATCH).map(({ name }) => name);
    await store.write((tx) => noteDone(tx, deps, names));
    await breathe();
  }
}
