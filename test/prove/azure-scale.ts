import { putMachine } from '../azure/given.ts';
import type { AzureWorld } from './azure-world.ts';

const MACHINES = 50_000;
const MOST_JOINED = 60;
const MOST_IN_PARTS = 180;

/** Counts the calls of a full refresh of a large fleet, and what an unchanged one writes. */
export async function proveScale(
  world: AzureWorld,
  print: (line: string) => void,
): Promise<boolean> {
  for (let i = 0; i < MACHINES; i += 1) {
    putMachine(world.azure.fleet, `SV-${String(i).padStart(6, '0')}`);
  }
  const refresh = async () => {
    const before = world.queries();
    const isComplete = await world.poll(300_000);
    const { changed } = world.logged.findLast(({ event }) => event === 'azure-read') ?? {};
    return { isComplete, calls: world.queries() - before, changed };
  };
  const joined = await refresh();
  const kept = (await world.machines()).length;
  world.azure.graph.joinRefused = true;
  const refused = await refresh();
  const inParts = await refresh();
  const anew = (refused.changed ?? MACHINES) + (inParts.changed ?? MACHINES);
  print(`machines kept, two extensions each: ${kept} of ${MACHINES}`);
  print(`calls of a full refresh, joined: ${joined.calls}, at most ${MOST_JOINED}`);
  print(`calls of a full refresh, join refused: ${inParts.calls}, at most ${MOST_IN_PARTS}`);
  print(`queries refused by the limit of 15 in 5 s: ${world.azure.graph.refused}, at most 0`);
  print(`machines that an unchanged fleet wrote anew: ${anew}, at most 0`);
  return (
    [joined, refused, inParts].every(({ isComplete }) => isComplete) &&
    kept === MACHINES &&
    joined.calls <= MOST_JOINED &&
    inParts.calls <= MOST_IN_PARTS &&
    world.azure.graph.refused === 0 &&
    anew === 0
  );
}
