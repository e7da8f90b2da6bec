import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CLOUDS } from '../src/azure/clouds.ts';
import { createHeartbeats } from '../src/azure/heartbeats.ts';
import { createMachineDirectory } from '../src/azure/machine-directory.ts';
import { driftOf } from '../src/core/drift.ts';
import type { MachineName, SiteCode } from '../src/core/ids.ts';
import type { Store } from '../src/core/ports.ts';
import type { DriftOf } from '../src/flows/answers/deps.ts';
import { noteAllDone } from '../src/flows/note-all-done.ts';
import { createAzurePoll } from '../src/flows/poll-azure.ts';
import { createDataSeenPoll } from '../src/flows/poll-data-seen.ts';
import { openStore } from '../src/store/open.ts';
import { sampleRows } from '../test/support/sample-roll-out.ts';

export const MACHINES = 50_000;
export const SUBSCRIPTION = '00000000-0000-4000-8000-00000000000b';
const SITES = 500;
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
    const credential = { getToken: async () => null };
    const far = { credential, cloud: CLOUDS.AzureCloud, simulated: url };
    const directory = createMachineDirectory({ ...far, subscriptions: async () => [SUBSCRIPTION] });
    const drift: DriftOf = (machine, site, profile, evidence) =>
      driftOf({ machine, site, profile, evidence }, clock.now());
    const quiet = () => {};
    const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
    const heartbeats = createHeartbeats(far);
    const pollDataSeen = createDataSeenPoll({ store, heartbeats, clock, log });
    const readFleet = createAzurePoll({ store, directory, clock, log }, () => {});
    await putRollOut(store);
    /** All that the bot does every minute. */
    const poll = async () => {
      const signal = AbortSignal.timeout(300_000);
      const isComplete = await readFleet(signal);
      await pollDataSeen(signal);
      await noteAllDone(store, { clock, driftOf: drift }, setImmediate);
      return isComplete;
    };
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

/** 500 sites of 100 machines each. */
async function putRollOut(store: Store): Promise<void> {
  const [profile] = sampleRows.profiles;
  const [site] = sampleRows.sites;
  if (!profile || !site) throw new Error('the sample roll-out is empty');
  const code = (index: number) => `made-${index % SITES}` as SiteCode;
  const sites = Array.from({ length: SITES }, (_, index) => ({ ...site, code: code(index) }));
  const machines = Array.from({ length: MACHINES }, (_, index) => ({
    name: `SV-${String(index).padStart(6, '0')}` as MachineName,
    site: code(index),
    ...{ os: 'Windows Server 2022', serial: `S${index}`, role: 'file' },
  }));
  await store.write(async (tx) => {
    await tx.rows.putProfiles([{ ...profile, workspaceId: SUBSCRIPTION }]);
    await tx.rows.putSites(sites);
    await tx.rows.putMachines(machines);
  });
  await store.read((tx) => tx.rollOut());
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
