import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { extensionFrom, machineFrom } from '../../src/azure/words.ts';
import { idOf } from './given.ts';

const SHOWN = new URL(
  '../fixtures/azure/az-connectedmachine-show-1.58-linux.json',
  import.meta.url,
);
const shown = JSON.parse(readFileSync(SHOWN, 'utf8')) as Record<string, unknown>;

describe('a machine in Azure’s words', () => {
  it('is read from what az connectedmachine show printed for a real one', () => {
    const machine = machineFrom(shown, []);

    assert.deepEqual(machine, {
      resourceId: idOf('SV-OSK-03'),
      name: 'SV-OSK-03',
      subscriptionId: '00000000-0000-4000-8000-00000000000b',
      resourceGroup: 'rg-arc-jpe',
      location: 'westeurope',
      status: 'connected',
      lastStatusChangeAt: new Date('2025-11-19T23:34:02.979Z'),
      agentVersion: '1.58.03228.700',
      vmUuid: '00000000-0000-4000-8000-0000000000d3',
      vmId: '00000000-0000-4000-8000-0000000000d2',
      proxyUrl: '',
      proxyBypass: [],
      extensionAllowList: [],
      tags: shown.tags,
      addresses: ['10.13.100.11', '100.64.0.71', 'fd00::47', '172.18.0.1', '172.17.0.1'],
      extensions: [],
    });
  });

  it('is the same nested below properties, as ARM gives it', () => {
    const { id, name, location, tags, type, ...properties } = shown;

    const nested = machineFrom({ id, name, location, tags, type, properties }, []);

    assert.deepEqual(nested, machineFrom(shown, []));
  });

  it('has an unknown status where the word is new, absent or no word', () => {
    for (const status of ['Hibernating', '', undefined, 7, null, {}]) {
      assert.equal(machineFrom({ ...shown, status }, [])?.status, 'unknown');
    }
    assert.equal(machineFrom({ ...shown, status: 'EXPIRED' }, [])?.status, 'expired');
  });

  it('has no moment of change where Azure’s is none', () => {
    for (const lastStatusChange of ['yesterday', '', null, 7]) {
      assert.equal(machineFrom({ ...shown, lastStatusChange }, [])?.lastStatusChangeAt, undefined);
    }
  });

  it('is none without an id that names subscription and group', () => {
    for (const id of [undefined, '', 'x', '/subscriptions/s/machines/m']) {
      assert.equal(machineFrom({ ...shown, id }, []), undefined);
    }
  });

  it('is read or left out, whatever comes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (properties, agentConfiguration) => {
        const inside = typeof properties === 'object' ? { ...properties } : {};
        const row = { ...shown, properties: { ...inside, agentConfiguration } };
        assert.ok(machineFrom(row, []));
        machineFrom(properties, []);
        extensionFrom(properties);
      }),
      { numRuns: 200 },
    );
  });
});

describe('an extension in Azure’s words', () => {
  const properties = {
    publisher: 'Microsoft.Azure.Monitor',
    type: 'AzureMonitorLinuxAgent',
    typeHandlerVersion: '1.40.0',
    provisioningState: 'Failed',
    instanceView: { status: { code: '0', message: 'Extension Message: no' } },
  };
  const ours = {
    extension: 'AMA',
    name: 'my-agent',
    publisher: properties.publisher,
    type: properties.type,
    provisioningState: 'failed',
    version: '1.40.0',
    message: 'Extension Message: no',
  };

  it('is known by publisher and type, whatever its name, nested as ARM gives it', () => {
    const type = 'Microsoft.HybridCompute/machines/extensions';

    assert.deepEqual(extensionFrom({ name: 'my-agent', type, properties }), ours);
  });

  it('is the same as the SDK and as our query flatten it', () => {
    const { type, instanceView, ...rest } = properties;
    const fromSdk = { ...rest, name: 'my-agent', typePropertiesType: type, instanceView };
    const fromQuery = { ...rest, name: 'my-agent', type, message: ours.message };

    assert.deepEqual(extensionFrom(fromSdk), ours);
    assert.deepEqual(extensionFrom(fromQuery), ours);
  });

  it('of someone else is kept without a name of ours', () => {
    const other = extensionFrom({ name: 'x', properties: { ...properties, publisher: 'Acme' } });

    assert.equal(other?.extension, undefined);
    assert.equal(other?.publisher, 'Acme');
  });

  it('in a state we do not know is unknown, never succeeded', () => {
    const read = extensionFrom({ name: 'x', properties: { provisioningState: 'Succeeding' } });

    assert.equal(read?.provisioningState, 'unknown');
  });
});
