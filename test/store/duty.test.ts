import assert from 'node:assert/strict';
import { personKey } from './examples.ts';
import { onBothEngines } from './on-both-engines.ts';

onBothEngines('absences and duties', (given) => {
  it('are one per person or site and day, the last word counts', async () => {
    const [takahashi, suzuki] = [personKey('takahashi'), personKey('suzuki')];
    const day = '2026-12-01';
    const site = 'osaka-01' as never;
    await given.store.write(async (tx) => {
      await tx.duty.putAbsence({ person: takahashi, day, standIn: suzuki });
      await tx.duty.putAbsence({ person: takahashi, day });
      await tx.duty.putAbsence({ person: takahashi, day: '2026-12-02', standIn: suzuki });
      await tx.duty.putAbsence({ person: suzuki, day });
      await tx.duty.dropAbsence(suzuki, day);
      await tx.duty.putLine({ site, day, person: takahashi });
      await tx.duty.putLine({ site, day, person: suzuki });
    });

    const kept = await given.store.read(async (tx) => ({
      absences: await tx.duty.absences([day]),
      both: await tx.duty.absences([day, '2026-12-02']),
      lines: await tx.duty.lines([day]),
      none: [await tx.duty.absences([]), await tx.duty.lines(['2027-01-01'])],
    }));

    assert.deepEqual(kept, {
      absences: [{ person: takahashi, day }],
      both: [
        { person: takahashi, day },
        { person: takahashi, day: '2026-12-02', standIn: suzuki },
      ],
      lines: [{ site, day, person: suzuki }],
      none: [[], []],
    });
  });
});
