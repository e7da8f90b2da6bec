import assert from 'node:assert/strict';
import type { Machine } from '../../src/core/roll-out.ts';
import {
  aCheck,
  aKey,
  aMachine,
  anAzureMachine,
  aProfile,
  aSite,
  at,
  kid,
  machineName,
  siteCode,
} from './examples.ts';
import { onBothEngines } from './on-both-engines.ts';

onBothEngines(
  'evidence',
  (given) => {
    const osaka = machineName('SV-OSK-01');
    const read = () => given.store.read((tx) => tx.evidence.of(osaka));
    const azureNames = async () =>
      (await given.store.read((tx) => tx.evidence.azureMachines())).map((one) => one.machine.name);

    async function planned(machines: readonly Machine[] = [aMachine()]): Promise<void> {
      await given.store.write(async (tx) => {
        await tx.rows.putProfiles([aProfile()]);
        await tx.rows.putSites([aSite(), aSite({ code: siteCode('kobe-01') })]);
        await tx.rows.putMachines(machines);
      });
    }

    it('is empty for a machine nobody has heard of', async () => {
      await planned();

      assert.deepEqual(await read(), {
        machine: osaka,
        marks: {},
        dataSeenAt: {},
        quarantined: false,
      });
    });

    it('keeps marks one by one, and an undone mark is absent again', async () => {
      await planned();
      await given.store.write(async (tx) => {
        await tx.evidence.mark(osaka, { shippedAt: at('01:00:00'), poweredOnAt: at('02:00:00') });
        await tx.evidence.mark(machineName('sv-osk-01'), { shippedAt: null });
        await tx.evidence.mark(osaka, { doneAt: at('03:00:00') });
      });

      assert.deepEqual((await read()).marks, {
        poweredOnAt: at('02:00:00'),
        doneAt: at('03:00:00'),
      });
    });

    it('keeps the newest check, also when an older one comes later', async () => {
      await planned();
      const newer = aCheck({ checkedAt: at('02:00:00') });
      await given.store.write(async (tx) => {
        await tx.evidence.keepCheck(newer);
        await tx.evidence.keepCheck(aCheck({ checkedAt: at('01:00:00') }));
      });

      assert.deepEqual((await read()).lastCheck, newer);
      assert.deepEqual(await given.store.read((tx) => tx.evidence.latestCheck(osaka)), newer);
    });

    it('keeps the newest proof that data arrived', async () => {
      await planned();
      await given.store.write(async (tx) => {
        await tx.evidence.dataSeen(osaka, 'AMA', at('02:00:00'));
        await tx.evidence.dataSeen(osaka, 'AMA', at('01:00:00'));
        await tx.evidence.dataSeen(osaka, 'MDE', at('01:30:00'));
      });

      assert.deepEqual((await read()).dataSeenAt, { AMA: at('02:00:00'), MDE: at('01:30:00') });
    });

    it('knows a quarantined key', async () => {
      await planned();
      await given.store.write((tx) => tx.kits.putKey(aKey({ state: 'quarantined' })));

      assert.equal((await read()).quarantined, true);
    });

    it("finds Azure's word by name without case, and keeps what the roll-out does not know apart", async () => {
      await planned();
      const mine = anAzureMachine({ name: 'sv-osk-01', lastStatusChangeAt: at('00:10:00') });
      await given.store.write(async (tx) => {
        await tx.evidence.keepAzure([mine, anAzureMachine({ name: 'OTHER' })], at('01:00:00'));
        await tx.evidence.azureComplete(at('01:00:00'));
      });

      const evidence = await read();

      assert.deepEqual(evidence.azure, { machine: mine, seenAt: at('01:00:00') });
      assert.deepEqual(evidence.azureAsOfAt, at('01:00:00'));
      assert.deepEqual((await azureNames()).sort(), ['OTHER', 'sv-osk-01']);
    });

    it('takes the machine where the profile puts it when two have its name', async () => {
      await planned();
      const elsewhere = anAzureMachine({ resourceGroup: 'rg-other' });
      const mine = anAzureMachine({ resourceGroup: 'RG-ARC-JPE' });
      await given.store.write(async (tx) => {
        await tx.evidence.keepAzure([mine], at('01:00:00'));
        await tx.evidence.keepAzure([elsewhere], at('01:05:00'));
      });

      assert.deepEqual((await read()).azure?.machine, mine);
    });

    it('writes only what differs, and moves the age of everything', async () => {
      await planned();
      const fleet = Array.from({ length: 1_500 }, (_, index) =>
        anAzureMachine({ name: `SV-${index}` }),
      );
      const first = await given.store.write((tx) => tx.evidence.keepAzure(fleet, at('01:00:00')));
      const changed = fleet.map((machine, index) =>
        index === 7 ? { ...machine, status: 'disconnected' as const } : machine,
      );

      const second = await given.store.write((tx) =>
        tx.evidence.keepAzure(changed, at('01:05:00')),
      );

      const kept = await given.store.read((tx) => tx.evidence.azureMachines());
      assert.deepEqual([first, second], [{ changed: 1_500 }, { changed: 1 }]);
      assert.equal(kept.length, 1_500);
      assert.ok(kept.every((one) => one.seenAt.getTime() === at('01:05:00').getTime()));
      assert.equal(kept.find((one) => one.machine.name === 'SV-7')?.machine.status, 'disconnected');
    });

    it('does not let an older reading cover a newer one', async () => {
      await planned();
      const newer = anAzureMachine({ status: 'connected' });
      await given.store.write(async (tx) => {
        await tx.evidence.keepAzure([newer], at('01:05:00'));
        await tx.evidence.keepAzure([{ ...newer, status: 'disconnected' }], at('01:00:00'));
      });

      assert.deepEqual((await read()).azure, { machine: newer, seenAt: at('01:05:00') });
    });

    it('forgets machines that a complete reading did not have, but none read since it began', async () => {
      await planned();
      await given.store.write(async (tx) => {
        await tx.evidence.keepAzure([anAzureMachine({ name: 'GONE' })], at('01:00:00'));
        await tx.evidence.keepAzure([anAzureMachine({ name: 'NEW' })], at('01:06:00'));
        await tx.evidence.keepAzure([anAzureMachine()], at('01:05:00'));
        await tx.evidence.azureComplete(at('01:05:00'));
      });

      assert.deepEqual((await azureNames()).sort(), ['NEW', 'SV-OSK-01']);
    });

    it('forgets of the machines not read only those that are named as gone', async () => {
      await planned();
      const gone = anAzureMachine({ name: 'GONE' });
      await given.store.write(async (tx) => {
        await tx.evidence.keepAzure([gone, anAzureMachine({ name: 'KEPT' })], at('01:00:00'));
        await tx.evidence.keepAzure([anAzureMachine()], at('01:05:00'));
        const read = anAzureMachine().resourceId;
        await tx.evidence.azureComplete(at('01:05:00'), [gone.resourceId.toUpperCase(), read]);
      });

      assert.deepEqual((await azureNames()).sort(), ['KEPT', 'SV-OSK-01']);
    });

    it('of all machines equals the evidence of each', async () => {
      const names = Array.from({ length: 1_100 }, (_, index) => machineName(`SV-${index}`));
      await planned(
        names.map((name, index) =>
          aMachine({ name, site: siteCode(index % 2 === 0 ? 'osaka-01' : 'kobe-01') }),
        ),
      );
      await given.store.write(async (tx) => {
        for (const name of names.slice(0, 20)) {
          await tx.evidence.keepCheck(aCheck({ machine: name }));
          await tx.evidence.mark(name, { arrivedAt: at('04:00:00') });
        }
        await tx.evidence.keepAzure(
          names.map((name) => anAzureMachine({ name })),
          at('01:00:00'),
        );
        await tx.evidence.dataSeen(machineName('SV-3'), 'AMA', at('01:00:00'));
        await tx.kits.putKey(
          aKey({ kid: kid('k-4'), machine: machineName('SV-4'), state: 'quarantined' }),
        );
      });

      const { all, some, each } = await given.store.read(async (tx) => ({
        all: await tx.evidence.all(),
        some: await tx.evidence.all([siteCode('kobe-01')]),
        each: await Promise.all(names.slice(0, 30).map((name) => tx.evidence.of(name))),
      }));

      assert.equal(all.size, 1_100);
      assert.equal(some.size, 550);
      assert.deepEqual(
        names.slice(0, 30).map((name) => all.get(name)),
        each,
      );
      assert.deepEqual(some.get(machineName('SV-3')), all.get(machineName('SV-3')));
      assert.equal(all.get(machineName('SV-4'))?.quarantined, true);
      assert.equal(some.has(machineName('SV-4')), false);
    });
  },
  { fresh: 'each' },
);
