import assert from 'node:assert/strict';
import { createArmReader } from '../../src/azure/arm.ts';
import { createMachineDirectory } from '../../src/azure/machine-directory.ts';
import { type AfterCheckPlan, afterCheck, checkOpening } from '../../src/azure/sign-in-checks.ts';
import type { Profile, Site } from '../../src/core/roll-out.ts';
import { type SimulatedAzure, startSimulatedAzure } from '../../src/sim/azure.ts';
import { sampleRollOut } from '../support/sample-roll-out.ts';
import {
  cloud,
  credential,
  idOf,
  machineName,
  profile,
  putMachine,
  SteppedPace,
  soon,
} from './given.ts';

const MACHINE = machineName('SV-OSK-01');
const UUID = '4c4c4544-0034-3010-8052-b4c04f4a4332';
const SWAPPED = '44454c4c-3400-1030-8052-b4c04f4a4332';
const site = sampleRollOut.site('osaka-01') as Site;

describe('looking at Azure around a sign-in', () => {
  let azure: SimulatedAzure;
  let arm: ReturnType<typeof createArmReader>;
  let directory: ReturnType<typeof createMachineDirectory>;
  beforeEach(async () => {
    azure = await startSimulatedAzure({ now: () => new Date('2026-11-25T01:00:00Z') });
    const options = { credential, cloud, simulated: azure.url, pace: new SteppedPace() };
    arm = createArmReader(options);
    directory = createMachineDirectory({ ...options, subscriptions: async () => [] });
  });
  afterEach(() => azure.close());

  describe('checkOpening', () => {
    const check = (changes: Partial<Profile> = {}, at = site) =>
      checkOpening(arm, directory, { ...profile, ...changes }, at, MACHINE, soon());
    const missing = (on: RegExp) => azure.faults.push({ on, status: 404 });

    it('finds nothing where all that connect needs is there', async () => {
      assert.deepEqual(await check(), []);
    });

    it('finds a provider that is not registered', async () => {
      const body = JSON.stringify({ registrationState: 'NotRegistered' });
      azure.faults.push({ on: /providers\/Microsoft.HybridCompute\?/, status: 200, body });

      assert.deepEqual(await check(), ['provider-not-registered']);
    });

    it('finds a missing group', async () => {
      missing(/resourceGroups\/rg-arc-jpe\?/);

      assert.deepEqual(await check(), ['resource-group-missing']);
    });

    it('finds a missing private link scope, and one in another region', async () => {
      missing(/privateLinkScopes/);
      assert.deepEqual(await check(), ['private-link-scope-missing']);

      assert.deepEqual(await check({ location: 'japanwest' }), ['private-link-scope-elsewhere']);
    });

    it('finds a name that is taken, but not by a machine that has expired', async () => {
      putMachine(azure.fleet, MACHINE);
      assert.deepEqual(await check(), ['name-taken']);

      putMachine(azure.fleet, MACHINE, { status: 'Expired' });
      assert.deepEqual(await check(), []);
    });

    it('finds required tags without a value', async () => {
      assert.deepEqual(await check({}, { ...site, prefecture: '' }), ['tags-missing']);
      assert.deepEqual(await check({ tags: { Owner: '{owner}' } }), ['tags-missing']);
    });

    it('calls nothing a problem that it cannot read', async () => {
      for (let i = 0; i < 4; i += 1) azure.faults.push({ status: 403 });

      assert.deepEqual(await check(), []);
    });
  });

  describe('afterCheck', () => {
    const shownAt = new Date('2026-11-25T00:58:00Z');
    const plan: AfterCheckPlan = { profile, machine: MACHINE, vmUuid: UUID, shownAt };
    const check = (changes: Partial<AfterCheckPlan> = {}) =>
      afterCheck(arm, directory, { ...plan, ...changes }, soon());
    const connected = (changes: Record<string, unknown> = {}) => {
      putMachine(azure.fleet, MACHINE, { vmUuid: UUID, ...changes });
      azure.fleet.activity.push({
        resourceId: idOf(MACHINE),
        operation: 'Microsoft.HybridCompute/machines/write',
        caller: 'arc@corp.example',
        at: new Date('2026-11-25T00:59:00Z'),
      });
    };

    it('is right where name, scope, server and account are as planned', async () => {
      connected();

      const found = await check({ account: 'ARC@corp.example' });

      assert.deepEqual(found, { result: 'right', caller: 'arc@corp.example' });
    });

    it('says that Azure knows no such machine', async () => {
      assert.deepEqual(await check(), { result: 'absent' });
    });

    it('knows the server in either byte order of its uuid', async () => {
      connected({ vmUuid: SWAPPED });

      assert.equal((await check()).result, 'right');
    });

    it('names what is not as planned', async () => {
      const caller = 'arc@corp.example';
      connected({ vmUuid: '00000000-0000-4000-8000-0000000000ff' });
      assert.deepEqual(await check(), { result: 'wrong', caller, why: 'vm-uuid' });

      connected({ privateLinkScopeResourceId: null });
      assert.deepEqual(await check(), { result: 'wrong', caller, why: 'private-link-scope' });

      connected();
      const account = 'someone@corp.example';
      assert.deepEqual(await check({ account }), { result: 'wrong', caller, why: 'account' });
    });

    it('is not decided while Azure cannot be read', async () => {
      for (let i = 0; i < 4; i += 1) azure.faults.push({ status: 503 });

      await assert.rejects(check(), { code: 'AZURE_UNAVAILABLE' });
    });
  });
});
