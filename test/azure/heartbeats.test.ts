import assert from 'node:assert/strict';
import { createHeartbeats } from '../../src/azure/heartbeats.ts';
import type { Heartbeat } from '../../src/core/azure.ts';
import { type SimulatedAzure, startSimulatedAzure } from '../../src/sim/azure.ts';
import { cloud, credential, idOf, putMachine, SteppedPace, soon } from './given.ts';

const NOW = new Date('2026-11-25T01:00:00Z');
const WORKSPACE = '00000000-0000-4000-8000-00000000000c';

describe('heartbeats', () => {
  let azure: SimulatedAzure;
  beforeEach(async () => {
    azure = await startSimulatedAzure({ now: () => NOW });
  });
  afterEach(() => azure.close());

  const read = async (machines = 62): Promise<Heartbeat[]> => {
    const pace = new SteppedPace();
    const heartbeats = createHeartbeats({ credential, cloud, simulated: azure.url, pace });
    const found: Heartbeat[] = [];
    for await (const page of heartbeats(WORKSPACE, machines, soon())) found.push(...page);
    return found;
  };

  it('come for every connected machine whose AMA is set up, by one question', async () => {
    putMachine(azure.fleet, 'SV-OSK-01');
    putMachine(azure.fleet, 'SV-OSK-02', { status: 'Disconnected' });
    azure.fleet.rules.set(putMachine(azure.fleet, 'SV-OSK-03').toLowerCase(), []);

    const found = await read();

    const resourceId = idOf('SV-OSK-01').toLowerCase();
    assert.deepEqual(found, [{ computer: 'SV-OSK-01', resourceId, seenAt: NOW }]);
    assert.deepEqual(azure.requests, [`POST /v1/workspaces/${WORKSPACE}/query`]);
  });

  it('of a large fleet come in parts, each machine once', async () => {
    for (let i = 0; i < 50; i += 1) putMachine(azure.fleet, `SV-${i}`);

    const found = await read(5_000);

    assert.equal(new Set(found.map(({ computer }) => computer)).size, 50);
    assert.equal(found.length, 50);
    assert.equal(azure.requests.length, 3);
  });

  it('that cannot be read are AZURE_UNAVAILABLE and name why', async () => {
    azure.faults.push({ status: 403 });

    await assert.rejects(read(), { code: 'AZURE_UNAVAILABLE', message: /^denied: / });
  });

  it('end with their signal, though the library drops it', async () => {
    azure.faults.push({ hang: true });
    const heartbeats = createHeartbeats({ credential, cloud, simulated: azure.url });
    const reading = heartbeats(WORKSPACE, 1, AbortSignal.timeout(50));

    const next = reading[Symbol.asyncIterator]().next();

    await assert.rejects(next, { code: 'AZURE_UNAVAILABLE', message: /^timed-out: / });
  });
});
