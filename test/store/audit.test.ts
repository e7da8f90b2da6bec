import assert from 'node:assert/strict';
import type { AuditEntry } from '../../src/core/ports.ts';
import { at, machineName, siteCode } from './examples.ts';
import { onBothEngines } from './on-both-engines.ts';

onBothEngines(
  'the audit trail',
  (given) => {
    const entry = (over: Partial<AuditEntry> = {}): AuditEntry => ({
      at: at('01:00:00'),
      event: 'sign-in-opened',
      by: 'yamamoto',
      site: siteCode('osaka-01'),
      machine: machineName('SV-OSK-01'),
      facts: { round: 1, byPhone: false, expiresAt: '2026-11-25T01:00:00.000Z' },
      ...over,
    });
    const append = (...entries: AuditEntry[]) =>
      given.store.write(async (tx) => {
        for (const one of entries) await tx.audit.append(one);
      });
    const verify = () => given.store.read((tx) => tx.audit.verify());

    it('gives back its rows oldest first, the newest so many, by site and machine', async () => {
      await append(
        entry(),
        { at: at('01:01:00'), event: 'import', facts: {} },
        entry({ event: 'code-shown' }),
        entry({ event: 'elsewhere', site: siteCode('kobe-01'), machine: machineName('SV-KOB-01') }),
      );

      const { all, newest, site, machine } = await given.store.read(async (tx) => ({
        all: await tx.audit.list(),
        newest: await tx.audit.list({ limit: 2 }),
        site: await tx.audit.list({ site: siteCode('osaka-01') }),
        machine: await tx.audit.list({ machine: machineName('sv-kob-01') }),
      }));

      const { seq, hash, ...first } = all[0] ?? assert.fail('no row');
      assert.equal(seq, 1);
      assert.match(hash, /^[0-9a-f]{64}$/);
      assert.deepEqual(first, entry());
      const seqs = [newest, site, machine].map((rows) => rows.map((row) => row.seq));
      assert.deepEqual(seqs, [[3, 4], [1, 3], [4]]);
    });

    it('holds, and its head changes with every row', async () => {
      const empty = await verify();
      await append(entry());
      const one = await verify();
      await append(entry());
      const two = await verify();

      assert.deepEqual([empty.rows, one.rows, two.rows], [0, 1, 2]);
      assert.equal(new Set([empty.head, one.head, two.head]).size, 3);
      assert.equal(two.brokenAt, undefined);
    });

    for (const [what, statement] of [
      ['a fact that was changed', `update audit set facts = '{"round":2}' where seq = 2`],
      ['a time that was changed', 'update audit set at = at + 1 where seq = 2'],
      ['a row that was moved to another machine', `update audit set machine = 'x' where seq = 2`],
      ['a row that is missing', 'delete from audit where seq = 2'],
    ] as const) {
      it(`names ${what}`, async () => {
        await append(entry(), entry(), entry());

        await given.sql(statement);

        assert.equal((await verify()).brokenAt, 2);
      });
    }

    it('is walked to its end however long it is', async () => {
      await append(...Array.from({ length: 1_001 }, () => entry()));

      assert.equal((await verify()).rows, 1_001);
    });
  },
  { fresh: 'each' },
);
