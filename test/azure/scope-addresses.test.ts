import assert from 'node:assert/strict';
import { createArmReader } from '../../src/azure/arm.ts';
import { CLOUDS } from '../../src/azure/clouds.ts';
import { readScope } from '../../src/azure/scope-addresses.ts';
import { OpsBotError } from '../../src/core/errors.ts';
import { type SimulatedAzure, startSimulatedAzure } from '../../src/sim/azure.ts';
import { sampleRows } from '../support/sample-roll-out.ts';

const profile = sampleRows.profiles.find((one) => one.privateLinkScopeId);
assert.ok(profile);
const credential = { getToken: async () => null };

describe('a private link scope', () => {
  let azure: SimulatedAzure;
  beforeEach(async () => {
    azure = await startSimulatedAzure({ now: () => new Date('2026-11-25T01:00:00Z') });
  });
  afterEach(() => azure.close());

  function read() {
    const arm = createArmReader({ credential, cloud: CLOUDS.AzureCloud, simulated: azure.url });
    assert.ok(profile);
    return readScope(arm, profile, AbortSignal.timeout(5_000));
  }

  it('tells its names by its private endpoint, without those of Kubernetes', async () => {
    const scope = await read();

    assert.equal(scope?.location, 'japaneast');
    assert.deepEqual(
      scope?.records.map(({ name, address }) => `${name} ${address}`),
      [
        'gbl.his.arc.azure.com 10.13.0.4',
        'je.his.arc.azure.com 10.13.0.5',
        'japan-ats.his.arc.azure.com 10.13.0.6',
        'agentserviceapi.guestconfiguration.azure.com 10.13.0.7',
        'japaneast-gas.guestconfiguration.azure.com 10.13.0.8',
      ],
    );
  });

  it('tells the same by the zone group, where a private zone is linked', async () => {
    const own = (await read())?.records;
    azure.scope.names = 'zone-group';

    assert.deepEqual((await read())?.records, own);
  });

  it('tells its addresses alone where the endpoint may not be read', async () => {
    azure.scope.names = 'hidden';

    const scope = await read();

    assert.deepEqual(scope?.records, []);
    assert.equal(scope?.addresses.length, 6);
    assert.ok(
      azure.requests.some((one) => one.includes('/locations/japaneast/privateLinkScopes/')),
    );
  });

  it('is none when Azure knows none, and unread when Azure fails', async () => {
    azure.faults.push({ status: 404 });
    assert.equal(await read(), undefined);

    azure.faults.push({ status: 403 });
    await assert.rejects(read(), (error) =>
      error instanceof OpsBotError ? error.code === 'AZURE_UNAVAILABLE' : false,
    );
  });

  it('fails as unread when there is no token', async () => {
    const arm = createArmReader({ credential, cloud: CLOUDS.AzureCloud });

    await assert.rejects(arm('/x', AbortSignal.timeout(100)), { code: 'AZURE_UNAVAILABLE' });
  });
});
