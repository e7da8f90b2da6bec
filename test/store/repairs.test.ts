import assert from 'node:assert/strict';
import type { RepairId } from '../../src/core/ids.ts';
import type { Repair } from '../../src/core/repair.ts';
import { at, cardId, machineName, personKey, siteCode } from './examples.ts';
import { onBothEngines } from './on-both-engines.ts';

const repair: Repair = {
  id: 'r-1' as RepairId,
  extension: 'AMA',
  site: siteCode('osaka-01'),
  state: 'asked',
  requestedBy: personKey('takahashi'),
  requestedAt: at('01:00:00'),
  changedAt: at('01:00:00'),
  machines: [
    {
      machine: machineName('SV-OSK-01'),
      plan: 'reinstall',
      step: 'waiting',
      sinceAt: at('01:00:00'),
    },
  ],
  cards: [{ person: personKey('takahashi'), card: cardId('c-1') }],
};

onBothEngines(
  'repairs',
  (given) => {
    it('come back as they were kept, also after a restart', async () => {
      await given.store.write((tx) => tx.repairs.put(repair));

      await given.reopen();

      const kept = await given.store.read((tx) => tx.repairs.get(repair.id));
      assert.deepEqual(kept, repair);
    });

    it('are listed while they are open, oldest first', async () => {
      const later = { ...repair, id: 'r-0' as RepairId, requestedAt: at('02:00:00') };
      const over = { ...repair, id: 'r-2' as RepairId, state: 'ended' as const };

      const open = await given.store.write(async (tx) => {
        for (const one of [later, repair, over]) await tx.repairs.put(one);
        return tx.repairs.listOpen();
      });
      const left = await given.store.write(async (tx) => {
        await tx.repairs.put({ ...later, state: 'declined' });
        return tx.repairs.listOpen();
      });

      assert.deepEqual(
        open.map(({ id }) => id),
        ['r-1', 'r-0'],
      );
      assert.deepEqual(
        left.map(({ id }) => id),
        ['r-1'],
      );
    });
  },
  { fresh: 'each' },
);
