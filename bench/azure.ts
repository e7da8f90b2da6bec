import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLOUDS } from '../src/azure/clouds.ts';
import { createMachineDirectory } from '../src/azure/machine-directory.ts';
import { pollAzure } from '../src/flows/poll-azure.ts';
import { openStore } from '../src/store/open.ts';

export const MACHINES = 50_000;
export const SUBSCRIPTION = '00000000-0000-4000-8000-00000000000b';
const JOINED_LIMIT_S = 30;
const IN_PARTS_LIMIT_S = 75;
const MEMORY_LIMIT_MB = 400;
const PAUSE_LIMIT_MS = 50;

/** Prints each measurement as `value, limit, ok|over`: 50,000 machines, Azure's own limit of queries enforced. */
export async function run(print: (line: string) => void): Promise<boolean> {
  const azure = fork(fileURLToPath(new URL('azure-far-end.ts', import.meta.url)));
  const folder = mkdtempSync(join(tmpdir(), 'bench-azure-'));
  const clock = { now: () => new Date() };
  const store = await openStore({ kind: 'sqlite', dataDir: folder }, { clock });
  try {
    const [url] = (await once(azure, 'message')) as [string];
    const directory = createMachineDirectory({
      credential: { getToken: async () => null },
      cloud: CLOUDS.AzureCloud,
      subscriptions: async () => [SUBSCRIPTION],
      simulated: url,
    });
    const quiet = () => {};
    const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
    const poll = () => pollAzure({ store, directory, clock, log }, AbortSignal.timeout(300_000));
    const tell = teller(print);
    const first = await measured(poll);
    tell('first reading, everything new', first.seconds, JOINED_LIMIT_S, 's');
    const joined = await measured(poll);
    tell('full refresh, joined', joined.seconds, JOINED_LIMIT_S, 's');
    azure.send('refuse-join');
    await once(azure, 'message');
    await measured(poll);
    const inParts = await measured(poll);
    tell('full refresh, join refused', inParts.seconds, IN_PARTS_LIMIT_S, 's');
    const all = [first, joined, inParts];
    tell('memory', Math.max(...all.map(({ megabytes }) => megabytes)), MEMORY_LIMIT_MB, 'MB');
    tell('longest pause, first reading', first.pauseMs, PAUSE_LIMIT_MS, 'ms');
    tell('longest pause, joined', joined.pauseMs, PAUSE_LIMIT_MS, 'ms');
    tell('longest pause, join refused', inParts.pauseMs, PAUSE_LIMIT_MS, 'ms');
    const complete = all.every(({ isComplete }) => isComplete);
    print(`readings complete: ${complete ? 'all, all, ok' : 'not all, all, over'}`);
    return tell.fine() && complete;
  } finally {
    await store.close();
    await stop(azure);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measured(poll: () => Promise<boolean>) {
  let [megabytes, pauseMs] = [0, 0];
  let used = process.threadCpuUsage();
  // What this thread worked between two looks: what other processes took from it is not its pause.
  const watch = setInterval(() => {
    const { user, system } = process.threadCpuUsage(used);
    used = process.threadCpuUsage();
    pauseMs = Math.max(pauseMs, (user + system) / 1_000);
    megabytes = Math.max(megabytes, process.memoryUsage.rss() / 1_048_576);
  }, 1);
  const start = performance.now();
  const isComplete = await poll();
  const seconds = (performance.now() - start) / 1_000;
  clearInterval(watch);
  return { isComplete, seconds, megabytes, pauseMs };
}

function teller(print: (line: string) => void) {
  let fine = true;
  const tell = (what: string, value: number, limit: number, unit: string): void => {
    const isOver = value > limit;
    if (isOver) fine = false;
    print(`${what}: ${value.toFixed(1)} ${unit}, ${limit} ${unit}, ${isOver ? 'over' : 'ok'}`);
  };
  return Object.assign(tell, { fine: () => fine });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill();
  await once(child, 'exit');
}

if (import.meta.main) {
  const fine = await run((line) => process.stdout.write(`${line}\n`));
  process.exitCode = fine ? 0 : 1;
}
