import type { MachineName } from '../../src/core/ids.ts';
import type { Fault } from '../../src/sim/azure.ts';
import { idOf, putMachine } from '../azure/given.ts';
import { sampleRows } from '../support/sample-roll-out.ts';
import type { AzureWorld } from './azure-world.ts';

const MACHINES = 1_200;
const GRAPH = /ResourceGraph/;
const LOST = 'SV-SPR-01';

type Json = Record<string, unknown>;

/** What is right after one poll with a fault in it. */
interface Expected {
  /** Whether the reading may count as complete. */
  readonly complete: boolean;
  /** What the log says of it, where it is not. */
  readonly words?: string;
}

interface Case {
  readonly name: string;
  readonly expected: Expected;
  break(world: AzureWorld): void;
  /** What must hold beyond the state of the fleet; undefined: nothing. */
  holds?(world: AzureWorld): Promise<boolean> | boolean;
  mend?(world: AzureWorld): void;
  readonly endsMs?: number;
}

const failing = (words: string): Expected => ({ complete: false, words });
const refusal = (status: number, code: string): Fault => ({
  on: GRAPH,
  status,
  body: JSON.stringify({ error: { code, message: code } }),
});
const page = (changes: Json): Fault => ({ on: GRAPH, change: (body) => ({ ...body, ...changes }) });
const second = (fault: Fault): readonly Fault[] => [{ on: GRAPH, pass: true }, fault];

const CASES: readonly Case[] = [
  {
    name: '429 with Retry-After',
    expected: { complete: true },
    break: ({ azure, pace }) => {
      pace.waits.length = 0;
      azure.faults.push({ on: GRAPH, status: 429, headers: { 'retry-after': '23' } });
    },
    holds: ({ pace }) => pace.waits[0] === 23_000,
  },
  {
    name: '5xx',
    expected: failing('failing'),
    break: ({ azure }) => {
      for (const status of [500, 502, 503, 504]) azure.faults.push({ on: GRAPH, status });
    },
  },
  {
    name: 'partial page',
    expected: failing('incomplete'),
    break: ({ azure }) =>
      azure.faults.push(
        ...second({ on: GRAPH, change: (body) => ({ ...body, data: firstHalf(body.data) }) }),
      ),
  },
  {
    name: 'nextLink loop',
    expected: failing('incomplete'),
    break: ({ azure }) => {
      const $skipToken = Buffer.from('0').toString('base64url');
      azure.faults.push(...second(page({ $skipToken })));
    },
  },
  {
    name: 'nextLink to another host',
    expected: failing('foreign-host'),
    break: ({ azure, foreignUrl }) =>
      azure.faults.push({
        on: GRAPH,
        status: 307,
        headers: { location: `${foreignUrl}/providers/Microsoft.ResourceGraph/resources` },
      }),
    holds: ({ askedAbroad, tokens }) => askedAbroad === 0 && tokens.foreign.size === 0,
  },
  {
    name: 'empty page',
    expected: { complete: false },
    break: ({ azure }) =>
      azure.faults.push(page({ data: [], count: 0, totalRecords: 0, $skipToken: undefined })),
    holds: ({ logged }) => logged.some(({ event }) => event === 'azure-read-empty'),
  },
  {
    name: 'expired token',
    expected: failing('token-refused'),
    break: ({ azure }) => azure.faults.push(refusal(401, 'ExpiredAuthenticationToken')),
  },
  {
    name: 'denied',
    expected: failing('denied'),
    break: ({ azure }) => azure.faults.push(refusal(403, 'AuthorizationFailed')),
  },
  {
    name: 'wrong tenant',
    expected: failing('wrong-tenant'),
    break: ({ azure }) => azure.faults.push(refusal(401, 'InvalidAuthenticationTokenTenant')),
  },
  {
    name: 'slow',
    expected: failing('timed-out'),
    endsMs: 500,
    break: ({ azure }) => azure.faults.push(...second({ on: GRAPH, hang: true })),
  },
  {
    name: 'machine vanishing mid-list',
    expected: { complete: true },
    break: ({ azure }) => {
      putMachine(azure.fleet, 'AA-GONE');
      azure.faults.push({
        on: GRAPH,
        change: (body) => {
          // The first page is on its way; what follows moves up by one row.
          azure.fleet.remove(idOf('AA-GONE'));
          return body;
        },
      });
    },
    holds: async (world) => {
      await world.poll();
      const gone = (await world.machines()).some(({ machine }) => machine.name === 'AA-GONE');
      return !gone;
    },
  },
  {
    name: 'duplicate names',
    expected: { complete: true },
    break: ({ azure }) => {
      const id = idOf(LOST).replace('rg-arc-jpe', 'rg-elsewhere');
      azure.fleet.put({ id, name: LOST, location: 'japaneast', tags: {}, properties: {} });
    },
    holds: async ({ store }) => {
      const evidence = await store.read((tx) => tx.evidence.of(LOST as MachineName));
      return evidence.azure?.machine.resourceGroup === 'rg-arc-jpe';
    },
    mend: ({ azure }) => void azure.fleet.remove(idOf(LOST).replace('rg-arc-jpe', 'rg-elsewhere')),
  },
  {
    name: 'clock skew',
    expected: { complete: true },
    break: ({ azure, pace }) =>
      void azure.fleet.heartbeats.set(
        idOf(LOST).toLowerCase(),
        new Date(pace.now() + 7 * 3_600_000),
      ),
    holds: async ({ store, pace }) => {
      const { dataSeenAt } = await store.read((tx) => tx.evidence.of(LOST as MachineName));
      return dataSeenAt.AMA !== undefined && dataSeenAt.AMA.getTime() <= pace.now();
    },
    mend: ({ azure }) => void azure.fleet.heartbeats.delete(idOf(LOST).toLowerCase()),
  },
  {
    name: 'half JSON',
    expected: failing('not-azure'),
    break: ({ azure }) => azure.faults.push(...second({ on: GRAPH, half: true })),
  },
  {
    name: 'HTML from a proxy',
    expected: failing('not-azure'),
    break: ({ azure }) =>
      azure.faults.push({
        on: GRAPH,
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: '<html><body>Please sign in to the proxy</body></html>',
      }),
  },
  {
    name: 'reset',
    expected: failing('unreachable'),
    break: ({ azure }) => {
      for (let i = 0; i < 4; i += 1) azure.faults.push({ on: GRAPH, reset: true });
    },
  },
  {
    name: 'quota exhausted',
    expected: { complete: true },
    break: ({ azure, pace }) => {
      pace.waits.length = 0;
      azure.graph.quota = 1;
    },
    holds: ({ azure, pace }) => azure.graph.refused === 0 && pace.waits[0] === 5_000,
    mend: ({ azure }) => {
      azure.graph.quota = 15;
    },
  },
  {
    name: 'unknown status word',
    expected: { complete: true },
    break: ({ azure }) => void putMachine(azure.fleet, LOST, { status: 'Hibernating' }),
    holds: async ({ store }) => {
      const evidence = await store.read((tx) => tx.evidence.of(LOST as MachineName));
      return evidence.azure?.machine.status === 'unknown';
    },
    mend: ({ azure }) => void putMachine(azure.fleet, LOST),
  },
];

/** One poll with each fault, from a good state; then a clean poll that must bring everything back. */
export async function proveFaults(
  world: AzureWorld,
  print: (line: string) => void,
): Promise<boolean> {
  for (const { name } of sampleRows.machines) putMachine(world.azure.fleet, name);
  for (let i = sampleRows.machines.length; i < MACHINES; i += 1) {
    putMachine(world.azure.fleet, `XX-${i}`);
  }
  let right = 0;
  for (const fault of CASES) {
    const wrong = await tryOne(world, fault);
    print(`fault ${fault.name}: ${wrong ?? 'nothing wrong'}`);
    if (wrong === undefined) right += 1;
  }
  print(`faults that changed nothing wrong: ${right} of ${CASES.length}`);
  return right === CASES.length;
}

async function tryOne(world: AzureWorld, fault: Case): Promise<string | undefined> {
  if (!(await world.poll())) return `no good state before: ${world.logged.at(-1)?.words}`;
  const before = await stateOf(world);
  world.logged.length = 0;
  fault.break(world);
  const { expected } = fault;
  const isComplete = await world.poll(fault.endsMs);
  const after = await stateOf(world);
  if (isComplete !== expected.complete) return `complete: ${isComplete}`;
  if (!expected.complete && after.asOf !== before.asOf) return 'the age of the whole moved';
  const lost = [...before.machines].find(([id]) => !after.machines.has(id));
  if (lost) return `lost ${lost[0]}`;
  const failed = world.logged.find(({ event }) => event === 'azure-read-failed');
  if (expected.words && !failed?.words.startsWith(`${expected.words}: `)) {
    return `said ${failed?.words ?? 'nothing'}`;
  }
  const changed = [...before.machines].filter(([id, body]) => after.machines.get(id) !== body);
  if (!expected.complete && changed.length > 0) return `${changed.length} machines changed`;
  if (fault.holds && !(await fault.holds(world))) return 'what must hold does not';
  fault.mend?.(world);
  world.azure.faults.length = 0;
  if (!(await world.poll())) return 'does not come back';
  if ((await world.machines()).length !== MACHINES) return 'not all machines after it';
  return undefined;
}

async function stateOf(world: AzureWorld) {
  const machines = await world.machines();
  return {
    asOf: (await world.asOf())?.getTime(),
    machines: new Map(
      machines.map(({ machine }) => [machine.resourceId, JSON.stringify(machine)] as const),
    ),
  };
}

function firstHalf(data: unknown): unknown {
  return Array.isArray(data) ? data.slice(0, data.length / 2) : data;
}
