import assert from 'node:assert/strict';
import { OpsBotError } from '../../src/core/errors.ts';
import type { Tx } from '../../src/core/ports.ts';
import {
  aMachine,
  aPerson,
  aProfile,
  aSite,
  machineName,
  personKey,
  siteCode,
} from './examples.ts';
import { onBothEngines } from './on-both-engines.ts';

const ID = '00000000-0000-4000-8000-000000000901';

onBothEngines(
  'the roll-out',
  (given) => {
    it('comes back as it was put, in the order it was put', async () => {
      const sites = ['sapporo-01', 'osaka-01', 'fukuoka-01'].map((code) =>
        aSite({ code: siteCode(code) }),
      );

      await given.store.write(async (tx) => {
        await tx.rows.putProfiles([aProfile()]);
        await tx.rows.putSites(sites);
        await tx.rows.putMachines([aMachine()]);
        await tx.rows.putPeople([aPerson()]);
      });

      const rollOut = await given.store.read((tx) => tx.rollOut());
      assert.deepEqual(rollOut.profiles, [aProfile()]);
      assert.deepEqual(rollOut.sites, sites);
      assert.deepEqual(rollOut.machines, [aMachine()]);
      assert.deepEqual(rollOut.people, [aPerson()]);
    });

    it('counts what is new, changed and the same', async () => {
      const put = (tx: Tx) =>
        tx.rows.putSites([aSite(), aSite({ code: siteCode('kobe-01'), name: '神戸支店' })]);
      await given.store.write((tx) => tx.rows.putSites([aSite()]));
      const first = await given.store.write(put);

      const again = await given.store.write(put);
      const moved = await given.store.write((tx) => tx.rows.putSites([aSite({ region: '近畿' })]));

      assert.deepEqual(first, { added: 1, changed: 0, same: 1 });
      assert.deepEqual(again, { added: 0, changed: 0, same: 2 });
      assert.deepEqual(moved, { added: 0, changed: 1, same: 0 });
    });

    it('knows a machine by its name without case', async () => {
      await given.store.write((tx) => tx.rows.putMachines([aMachine()]));

      const counts = await given.store.write((tx) =>
        tx.rows.putMachines([aMachine({ name: machineName('sv-osk-01') })]),
      );

      const { machines } = await given.store.read((tx) => tx.rollOut());
      assert.deepEqual(counts, { added: 0, changed: 1, same: 0 });
      assert.deepEqual(
        machines.map((machine) => machine.name),
        ['sv-osk-01'],
      );
    });

    it('is the same object until something changes', async () => {
      await given.store.write((tx) => tx.rows.putSites([aSite()]));
      const first = await given.store.read((tx) => tx.rollOut());
      await given.store.write((tx) => tx.settings.set('other', 'x'));
      await given.store.write((tx) => tx.rows.putSites([aSite()]));

      const second = await given.store.read((tx) => tx.rollOut());
      await given.store.write((tx) => tx.rows.putSites([aSite({ region: '近畿' })]));
      const third = await given.store.read((tx) => tx.rollOut());

      assert.equal(second, first);
      assert.equal(third.site('osaka-01')?.region, '近畿');
    });

    it('shows rows inside their own transaction, and never again when it fails', async () => {
      let inside: number | undefined;
      const work = given.store.write(async (tx) => {
        await tx.rows.putSites([aSite()]);
        inside = (await tx.rollOut()).sites.length;
        throw new Error('no');
      });
      await assert.rejects(work, /no/);
      await given.store.write((tx) => tx.rows.putSites([aSite({ name: '別の名前' })]));

      const { sites } = await given.store.read((tx) => tx.rollOut());

      assert.equal(inside, 1);
      assert.deepEqual(
        sites.map((site) => site.name),
        ['別の名前'],
      );
    });

    it('keeps an object id that was learned when the same file comes again', async () => {
      const inoue = aPerson({ key: personKey('inoue'), upn: 'inoue@corp.example' });
      await given.store.write((tx) => tx.rows.putPeople([inoue]));
      await given.store.write((tx) => tx.rows.learnObjectId(inoue.key, ID));

      const counts = await given.store.write((tx) => tx.rows.putPeople([inoue]));
      await given.store.write((tx) => tx.rows.putPeople([{ ...inoue, name: '井上 美咲' }]));

      const { people } = await given.store.read((tx) => tx.rollOut());
      assert.deepEqual(counts, { added: 0, changed: 0, same: 1 });
      assert.equal(people[0]?.aadObjectId, ID);
      assert.equal(people[0]?.name, '井上 美咲');
    });

    it('forgets a learned object id with the mail address it was learned for', async () => {
      const inoue = aPerson({ key: personKey('inoue'), upn: 'inoue@corp.example' });
      await given.store.write((tx) => tx.rows.putPeople([inoue]));
      await given.store.write((tx) => tx.rows.learnObjectId(inoue.key, ID));

      await given.store.write((tx) => tx.rows.putPeople([{ ...inoue, upn: 'mori@corp.example' }]));

      const { people } = await given.store.read((tx) => tx.rollOut());
      assert.equal(people[0]?.aadObjectId, undefined);
    });

    it('drops an object id that the file named and names no more', async () => {
      const inoue = aPerson({ key: personKey('inoue'), upn: 'inoue@corp.example' });
      await given.store.write((tx) => tx.rows.putPeople([{ ...inoue, aadObjectId: ID }]));

      await given.store.write((tx) => tx.rows.putPeople([inoue]));

      const { people } = await given.store.read((tx) => tx.rollOut());
      assert.equal(people[0]?.aadObjectId, undefined);
    });

    it('gives an object id to one person only', async () => {
      await given.store.write((tx) =>
        tx.rows.putPeople([aPerson({ aadObjectId: ID }), aPerson({ key: personKey('inoue') })]),
      );

      const learning = given.store.write((tx) =>
        tx.rows.learnObjectId(personKey('inoue'), ID.toUpperCase()),
      );

      await assert.rejects(
        learning,
        (error) => error instanceof OpsBotError && error.code === 'VALUE_REFUSED',
      );
    });

    it('takes more rows than one statement can carry', async () => {
      const machines = Array.from({ length: 2_345 }, (_, index) =>
        aMachine({ name: machineName(`SV-${index}`) }),
      );

      const counts = await given.store.write((tx) => tx.rows.putMachines(machines));

      const rollOut = await given.store.read((tx) => tx.rollOut());
      assert.equal(counts.added, 2_345);
      assert.deepEqual(rollOut.machines, machines);
    });
  },
  { fresh: 'each' },
);
