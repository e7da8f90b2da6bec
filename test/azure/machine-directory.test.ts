import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { createMachineDirectory } from '../../src/azure/machine-directory.ts';
import { type SimulatedAzure, startSimulatedAzure } from '../../src/sim/azure.ts';
import {
  cloud,
  credential,
  idOf,
  machineName,
  profile,
  putMachine,
  readAll,
  SteppedPace,
  SUBSCRIPTION,
  soon,
} from './given.ts';

const OTHER = '00000000-0000-4000-8000-0000000000bb';
const GRAPH = /^POST .*ResourceGraph/;

describe('the fleet by Resource Graph', () => {
  let azure: SimulatedAzure;
  let pace: SteppedPace;
  let directory: ReturnType<typeof createMachineDirectory>;
  let subscriptions: string[];
  beforeEach(async () => {
    pace = new SteppedPace();
    subscriptions = [SUBSCRIPTION];
    azure = await startSimulatedAzure({ now: () => new Date(pace.now()) });
    directory = createMachineDirectory({
      ...{ credential, cloud, pace, simulated: azure.url },
      subscriptions: async () => subscriptions,
    });
  });
  afterEach(() => azure.close());

  const put = (count: number) => {
    for (let i = 0; i < count; i += 1) putMachine(azure.fleet, `SV-${String(i).padStart(5, '0')}`);
  };
  const list = () => readAll(directory.listMachines(soon()));
  const queries = () => azure.requests.filter((line) => GRAPH.test(line)).length;
  const rule = idOf('x').replace(/HybridCompute.*/, 'Insights/dataCollectionRules/dcr-servers');

  it('brings each machine with its extensions, rules and plan by one query', async () => {
    putMachine(azure.fleet, 'SV-OSK-01');

    const [machine] = await list();

    assert.equal(queries(), 1);
    assert.deepEqual(
      machine?.extensions.map(({ extension, provisioningState }) => [extension, provisioningState]),
      [
        ['AMA', 'succeeded'],
        ['MDE', 'succeeded'],
      ],
    );
    assert.deepEqual([machine?.dataRules, machine?.defenderPlan], [[rule.toLowerCase()], 'on']);
    assert.deepEqual(
      [machine?.proxyUrl, machine?.proxyBypass],
      ['http://proxy.corp.example:8080', ['Arc']],
    );
  });

  it('comes whole over many pages', async () => {
    put(2_345);

    const machines = await list();

    assert.equal(new Set(machines.map(({ name }) => name)).size, 2_345);
    assert.equal(queries(), 3);
  });

  it('comes from every subscription of the roll-out', async () => {
    subscriptions = [SUBSCRIPTION, OTHER];
    putMachine(azure.fleet, 'SV-OSK-01');
    putMachine(azure.fleet, 'SV-OSK-02', {}, OTHER);
    azure.fleet.plans.set(OTHER, { pricingTier: 'Free' });

    const machines = await list();

    assert.deepEqual(machines.map(({ name, defenderPlan }) => [name, defenderPlan]).sort(), [
      ['SV-OSK-01', 'on'],
      ['SV-OSK-02', 'off'],
    ]);
  });

  it('is not asked for where the roll-out names no subscription', async () => {
    subscriptions = [];

    assert.deepEqual(await list(), []);
    assert.deepEqual(azure.requests, []);
  });

  it('is read in parts once the join was refused, with the same result, and not tried again', async () => {
    put(1_200);
    const joined = await list();
    azure.graph.joinRefused = true;
    const before = queries();

    const inParts = await list();

    assert.ok(isDeepStrictEqual(inParts, joined));
    // The refused one, then rules (100 rows by tens), extensions (2,400 rows) and machines.
    assert.equal(queries() - before, 1 + 10 + 3 + 2);
    await list();
    assert.equal(queries() - before, 1 + 2 * 15);

    azure.graph.joinRefused = false;
    pace.forward(3_600_000);
    const again = queries();
    await list();
    assert.equal(queries() - again, 2);
  });

  it('does not take the join for refused when the identity sees no subscription', async () => {
    putMachine(azure.fleet, 'SV-OSK-01');
    const details = [{ code: 'NoValidSubscriptionsInQueryRequest', message: 'none' }];
    const body = JSON.stringify({ error: { code: 'BadRequest', message: 'no', details } });
    azure.faults.push({ on: GRAPH, status: 400, body });

    await assert.rejects(list(), { code: 'AZURE_UNAVAILABLE', message: /^denied: / });
    assert.equal(queries(), 1);
  });

  it('waits when the quota is used up, before Azure must refuse', async () => {
    put(15_500);

    const machines = await list();

    assert.equal(machines.length, 15_500);
    assert.equal(queries(), 16);
    assert.deepEqual(pace.waits, [5_000]);
  });

  it('obeys Retry-After, also in the next reading', async () => {
    putMachine(azure.fleet, 'SV-OSK-01');
    await list();
    azure.faults.push({ on: GRAPH, status: 429, headers: { 'retry-after': '17' } });

    assert.equal((await list()).length, 1);
    assert.deepEqual(pace.waits, [17_000]);

    for (let i = 0; i < 4; i += 1) {
      azure.faults.push({ on: GRAPH, status: 429, headers: { 'retry-after': '30' } });
    }
    await assert.rejects(list(), { code: 'AZURE_UNAVAILABLE', message: /^throttled: / });
    pace.waits.length = 0;
    await list();
    assert.deepEqual(pace.waits, [30_000]);
  });

  it('never calls an answer complete that is cut, goes in a circle or is none of Azure’s', async () => {
    put(2_500);
    const page = (changes: Record<string, unknown>) => ({
      on: GRAPH,
      change: (body: Record<string, unknown>) => ({ ...body, ...changes }),
    });
    const faults = [
      [page({ $skipToken: undefined }), 'incomplete'],
      [page({ resultTruncated: 'true', totalRecords: 1_000, $skipToken: undefined }), 'incomplete'],
      [page({ data: [] }), 'incomplete'],
      [page({ $skipToken: Buffer.from('0').toString('base64url') }), 'incomplete'],
      [page({ data: { columns: [], rows: [] } }), 'not-azure'],
      [
        { on: GRAPH, status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Proxy' },
        'not-azure',
      ],
      [{ on: GRAPH, half: true as const }, 'not-azure'],
    ] as const;

    for (const [fault, trouble] of faults) {
      pace.forward(10_000);
      azure.faults.push(fault);
      await assert.rejects(list(), (error: Error) => error.message.startsWith(`${trouble}: `));
    }
  });

  it('names what an Azure admin must do when rights, token or tenant are wrong', async () => {
    const refused = (status: number, code: string) => ({
      on: GRAPH,
      status,
      body: JSON.stringify({ error: { code, message: code } }),
    });
    const cases = [
      [refused(403, 'AuthorizationFailed'), 'denied'],
      [refused(401, 'ExpiredAuthenticationToken'), 'token-refused'],
      [refused(401, 'InvalidAuthenticationTokenTenant'), 'wrong-tenant'],
    ] as const;

    for (const [fault, trouble] of cases) {
      azure.faults.push(fault);
      await assert.rejects(list(), (error: Error) => error.message.startsWith(`${trouble}: `));
    }
  });

  it('keeps the plan as it was last read when it cannot be read again', async () => {
    putMachine(azure.fleet, 'SV-OSK-01');
    await list();
    pace.forward(3_600_000);
    azure.faults.push({ on: /pricings/, status: 500 });

    assert.equal((await list())[0]?.defenderPlan, 'on');
  });

  it('says nothing of a plan that may not be read', async () => {
    putMachine(azure.fleet, 'SV-OSK-01');
    azure.faults.push({ on: /pricings/, status: 403 });

    assert.equal((await list())[0]?.defenderPlan, undefined);
  });
});

describe('one machine by ARM', () => {
  let azure: SimulatedAzure;
  let directory: ReturnType<typeof createMachineDirectory>;
  beforeEach(async () => {
    azure = await startSimulatedAzure({ now: () => new Date() });
    directory = createMachineDirectory({
      ...{ credential, cloud, simulated: azure.url, pace: new SteppedPace() },
      subscriptions: async () => [],
    });
  });
  afterEach(() => azure.close());

  it('comes with fields newer than the SDK, and its extensions', async () => {
    putMachine(azure.fleet, 'SV-OSK-01');

    const machine = await directory.machine(profile, machineName('SV-OSK-01'), soon());

    assert.equal(machine?.proxyUrl, 'http://proxy.corp.example:8080');
    assert.deepEqual(
      machine?.extensions.map(({ extension }) => extension),
      ['AMA', 'MDE'],
    );
    assert.ok(azure.requests.every((line) => line.includes('api-version=2024-07-10')));
  });

  it('is undefined where Azure has none of that name', async () => {
    assert.equal(await directory.machine(profile, machineName('SV-NO'), soon()), undefined);
  });

  it('is AZURE_UNAVAILABLE, not absent, when Azure cannot be read', async () => {
    azure.faults.push({ status: 403 });

    const reading = directory.machine(profile, machineName('SV-NO'), soon());

    await assert.rejects(reading, { code: 'AZURE_UNAVAILABLE', message: /^denied: / });
  });

  it('is not read round and round where a nextLink leads back', async () => {
    putMachine(azure.fleet, 'SV-OSK-01');
    const back = `${azure.url}${idOf('SV-OSK-01')}/extensions?api-version=2024-07-10`;
    const loop = { on: /extensions/, change: (body: object) => ({ ...body, nextLink: back }) };
    azure.faults.push(loop, loop, loop, loop);

    const reading = directory.machine(profile, machineName('SV-OSK-01'), soon());

    await assert.rejects(reading, { code: 'AZURE_UNAVAILABLE', message: /^incomplete: / });
    assert.equal(azure.requests.length, 3);
  });

  it('is gone only when ARM itself says so', async () => {
    const there = putMachine(azure.fleet, 'SV-OSK-01');

    assert.equal(await directory.isGone(there, soon()), false);
    assert.equal(await directory.isGone(idOf('SV-OSK-09'), soon()), true);
    azure.faults.push({ status: 403 }, { status: 404, body: '<html>no such page' });
    await assert.rejects(directory.isGone(there, soon()), /denied: /);
    await assert.rejects(directory.isGone(there, soon()), /refused: /);
  });
});
