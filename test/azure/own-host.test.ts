import assert from 'node:assert/strict';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createArmReader } from '../../src/azure/arm.ts';
import { createHeartbeats } from '../../src/azure/heartbeats.ts';
import { createMachineDirectory } from '../../src/azure/machine-directory.ts';
import { type AzureListener, createAzureListener } from '../../src/sim/azure.ts';
import { type HttpsServer, startHttpsServer } from '../support/https-server.ts';
import {
  credential,
  machineName,
  profile,
  putMachine,
  readAll,
  SteppedPace,
  SUBSCRIPTION,
  soon,
  TOKEN,
} from './given.ts';

describe('the token', () => {
  const pace = new SteppedPace();
  const usual = getCACertificates();
  let azure: AzureListener;
  let home: HttpsServer;
  let foreign: HttpsServer;
  let tokensAtHome: (string | undefined)[];
  let askedAbroad: number;
  let options: Parameters<typeof createMachineDirectory>[0];

  before(async () => {
    azure = createAzureListener({ now: () => new Date(pace.now()) });
    putMachine(azure.fleet, 'SV-OSK-01');
    home = await startHttpsServer(['localhost'], (request, response) => {
      tokensAtHome.push(request.headers.authorization);
      azure.listener(request, response);
    });
    foreign = await startHttpsServer(['localhost'], (_request, response) => {
      askedAbroad += 1;
      response.end('{}');
    });
    const base = `https://localhost:${home.port}`;
    const scope = `${base}/.default`;
    const cloud = { armEndpoint: base, armScope: scope, logsEndpoint: base, logsScope: scope };
    const ca = `${home.ca}\n${foreign.ca}`;
    setDefaultCACertificates([...usual, home.ca, foreign.ca]);
    options = { credential, cloud, pace, ca, subscriptions: async () => [SUBSCRIPTION] };
  });
  after(async () => {
    setDefaultCACertificates(usual);
    await Promise.all([home.close(), foreign.close()]);
  });
  beforeEach(() => {
    [tokensAtHome, askedAbroad] = [[], 0];
  });

  const abroad = (path: string) => `https://localhost:${foreign.port}${path}`;
  const redirect = (status: number, path: string) => ({
    status,
    headers: { location: abroad(path) },
  });

  it('goes to the configured host with every request', async () => {
    const directory = createMachineDirectory(options);

    await readAll(directory.listMachines(soon()));
    await directory.machine(profile, machineName('SV-OSK-01'), soon());

    assert.deepEqual(new Set(tokensAtHome), new Set([`Bearer ${TOKEN}`]));
    assert.equal(tokensAtHome.length, 4);
  });

  it('does not follow a nextLink to another host', async () => {
    const directory = createMachineDirectory(options);
    azure.faults.push({
      on: /extensions/,
      change: (body) => ({ ...body, nextLink: abroad('/extensions?page=2') }),
    });

    const reading = directory.machine(profile, machineName('SV-OSK-01'), soon());

    await assert.rejects(reading, { code: 'AZURE_UNAVAILABLE', message: /^foreign-host: / });
    assert.equal(askedAbroad, 0);
  });

  for (const status of [301, 302, 303, 307, 308]) {
    it(`does not follow a redirect to another host (${status})`, async () => {
      const directory = createMachineDirectory(options);
      const heartbeats = createHeartbeats(options);
      const arm = createArmReader(options);
      const tries = [
        () => readAll(directory.listMachines(soon())),
        () => directory.machine(profile, machineName('SV-OSK-01'), soon()),
        () => heartbeats('workspace', 1, soon())[Symbol.asyncIterator]().next(),
        () => arm('/subscriptions/x?api-version=1', soon()),
      ];

      for (const attempt of tries) {
        azure.faults.push({
          on: /graph|machines\/SV|query|subscriptions\/x/i,
          ...redirect(status, '/'),
        });
        await assert.rejects(attempt(), { code: 'AZURE_UNAVAILABLE' });
        azure.faults.length = 0;
      }

      assert.equal(askedAbroad, 0);
    });
  }

  it('does not leave for a path that names another host', async () => {
    const arm = createArmReader(options);

    for (const path of [`//localhost:${foreign.port}/x`, abroad('/x')]) {
      await assert.rejects(arm(path, soon()), { code: 'AZURE_UNAVAILABLE' });
    }

    assert.equal(askedAbroad, 0);
    assert.equal(tokensAtHome.length, 0);
  });
});
