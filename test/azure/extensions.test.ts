import assert from 'node:assert/strict';
import { createArmReader } from '../../src/azure/arm.ts';
import { createExtensionWriter } from '../../src/azure/extensions.ts';
import { createMachineDirectory } from '../../src/azure/machine-directory.ts';
import type { ExtensionRequest } from '../../src/core/ports.ts';
import { type SimulatedAzure, startSimulatedAzure } from '../../src/sim/azure.ts';
import {
  cloud,
  credential,
  idOf,
  machineName,
  profile,
  putMachine,
  SteppedPace,
  SUBSCRIPTION,
  soon,
} from './given.ts';

const AMA: ExtensionRequest = {
  machine: machineName('SV-OSK-01'),
  name: 'AzureMonitorWindowsAgent',
  publisher: 'Microsoft.Azure.Monitor',
  type: 'AzureMonitorWindowsAgent',
  os: 'windows',
  settings: {
    proxy: { mode: 'application', address: 'http://proxy.corp.example:8080', auth: 'false' },
  },
};
const MDE: ExtensionRequest = {
  ...AMA,
  name: 'MDE.Windows',
  publisher: 'Microsoft.Azure.AzureDefenderForServers',
  type: 'MDE.Windows',
  settings: {},
};

describe('writing extensions', () => {
  let azure: SimulatedAzure;
  const pace = new SteppedPace();

  before(async () => {
    azure = await startSimulatedAzure({ now: () => new Date(pace.now()) });
  });
  after(() => azure.close());
  beforeEach(() => {
    azure.writes.taken.length = 0;
    azure.faults.length = 0;
    azure.fleet.remove(idOf('SV-OSK-01'));
    putMachine(azure.fleet, 'SV-OSK-01');
  });

  const given = () => {
    const where = { credential, cloud, simulated: azure.url, pace };
    return {
      writer: createExtensionWriter({ ...where, reader: createArmReader(where) }),
      directory: createMachineDirectory({ ...where, subscriptions: async () => [SUBSCRIPTION] }),
    };
  };
  const stateOf = async (name: string) => {
    const machine = await given().directory.machine(profile, machineName('SV-OSK-01'), soon());
    return machine?.extensions.find((one) => one.name === name)?.provisioningState;
  };

  it('begins an installation, and whoever reads sees how it goes on', async () => {
    azure.fleet.machines.get(idOf('SV-OSK-01').toLowerCase())?.extensions.clear();

    const outcome = await given().writer.install(profile, AMA, soon());
    const during = await stateOf(AMA.name);
    pace.forward(61_000);

    assert.deepEqual(outcome, { outcome: 'begun' });
    assert.equal(during, 'creating');
    assert.equal(await stateOf(AMA.name), 'succeeded');
  });

  it('sends publisher, type, place and the settings, and no protected ones for AMA', async () => {
    await given().writer.install(profile, AMA, soon());

    const [{ line, body } = { line: '', body: undefined }, ...more] = azure.writes.taken;
    assert.equal(more.length, 0);
    assert.equal(line, `PUT ${idOf('SV-OSK-01')}/extensions/AzureMonitorWindowsAgent`);
    assert.deepEqual(body, {
      location: profile.location,
      properties: {
        publisher: AMA.publisher,
        type: AMA.type,
        autoUpgradeMinorVersion: true,
        settings: AMA.settings,
      },
    });
  });

  it('asks nothing more than the write: the right to write is no right to read', async () => {
    azure.requests.length = 0;

    await given().writer.install(profile, AMA, soon());
    await given().writer.remove(profile, AMA, soon());

    assert.deepEqual(
      azure.requests.map((line) => line.split(' ')[0]),
      ['PUT', 'DELETE'],
    );
  });

  it('gives MDE the onboarding script that Reader may read', async () => {
    const outcome = await given().writer.install(profile, MDE, soon());

    const body = azure.writes.taken[0]?.body as { properties: Record<string, object> };
    assert.deepEqual(outcome, { outcome: 'begun' });
    assert.deepEqual(Object.keys(body.properties.protectedSettings ?? {}), [
      'defenderForEndpointOnboardingScript',
    ]);
    assert.equal(
      (body.properties.settings as { azureResourceId?: string }).azureResourceId,
      idOf('SV-OSK-01'),
    );
  });

  it('begins no installation of MDE without its onboarding script', async () => {
    azure.faults.push({ on: /mdeOnboardings/, status: 403 });

    const outcome = await given().writer.install(profile, MDE, soon());

    assert.equal(outcome.outcome, 'unclear');
    assert.deepEqual(azure.writes.taken, []);
  });

  it('begins a deletion', async () => {
    const outcome = await given().writer.remove(profile, AMA, soon());
    const during = await stateOf(AMA.name);
    pace.forward(61_000);

    assert.deepEqual(outcome, { outcome: 'begun' });
    assert.equal(during, 'deleting');
    assert.equal(await stateOf(AMA.name), undefined);
  });

  it('tells a refusal from an answer that never came', async () => {
    azure.faults.push({
      on: /^PUT/,
      status: 403,
      body: JSON.stringify({ error: { code: 'AuthorizationFailed', message: 'not allowed' } }),
    });
    const refused = await given().writer.install(profile, AMA, soon());
    azure.faults.push({ on: /^DELETE/, hang: true });
    const silent = await given().writer.remove(profile, AMA, AbortSignal.timeout(200));

    assert.equal(refused.outcome, 'refused');
    assert.match(refused.outcome === 'refused' ? refused.message : '', /AuthorizationFailed/);
    assert.equal(silent.outcome, 'unclear');
  });
});
