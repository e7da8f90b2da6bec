import assert from 'node:assert/strict';
import type { SeenRequest } from '../../src/core/ports.ts';
import { aKey, at, kid, machineName } from './examples.ts';
import { onBothEngines } from './on-both-engines.ts';

onBothEngines(
  'kits',
  (given) => {
    const machine = machineName('SV-OSK-01');
    const request = (over: Partial<SeenRequest> = {}): SeenRequest => ({
      kid: kid('k-1'),
      id: 'r-1',
      mac: 'mac',
      seq: 1,
      answer: { status: 202, do: 'go', round: 1, untilAt: at('01:05:00') },
      forgetAt: at('02:00:00'),
      ...over,
    });

    it('keep keys, and find them by machine and public half', async () => {
      const old = aKey({ state: 'closed', publicKey: 'old' });
      const now = aKey({ kid: kid('k-2'), publicKey: 'now', enrolledAt: at('01:00:00'), ack: 7 });
      await given.store.write(async (tx) => {
        await tx.kits.putKey(old);
        await tx.kits.putKey(now);
        await tx.kits.putKey({ ...now, ack: 8 });
      });

      const found = await given.store.read(async (tx) => ({
        one: await tx.kits.key(old.kid),
        active: await tx.kits.activeKeyOf(machineName('sv-osk-01')),
        all: await tx.kits.keysOf(machine),
        byPublic: await tx.kits.keyByPublicKey('now'),
        none: await tx.kits.keyByPublicKey('other'),
      }));

      assert.deepEqual(found.one, old);
      assert.deepEqual(found.active, { ...now, ack: 8 });
      assert.deepEqual(found.all, [old, { ...now, ack: 8 }]);
      assert.equal(found.byPublic?.kid, 'k-2');
      assert.equal(found.none, undefined);
    });

    it('keep a token and who spent it', async () => {
      const token = { sha256: 'ab', machine, expiresAt: at('05:00:00') };
      await given.store.write(async (tx) => {
        await tx.kits.putToken(token);
        await tx.kits.putToken({ ...token, spentBy: kid('k-1') });
      });

      assert.deepEqual(await given.store.read((tx) => tx.kits.token('ab')), {
        ...token,
        spentBy: 'k-1',
      });
    });

    it('remember a request, and every seq that its repeats used', async () => {
      await given.store.write(async (tx) => {
        await tx.kits.putRequest(request());
        await tx.kits.putRequest(request({ seq: 2 }));
      });

      const found = await given.store.read(async (tx) => ({
        request: await tx.kits.request(kid('k-1'), 'r-1'),
        ids: [await tx.kits.idOfSeq(kid('k-1'), 1), await tx.kits.idOfSeq(kid('k-1'), 2)],
        other: await tx.kits.request(kid('k-2'), 'r-1'),
      }));

      assert.deepEqual(found.request, request({ seq: 2 }));
      assert.deepEqual(found.ids, ['r-1', 'r-1']);
      assert.equal(found.other, undefined);
    });

    it('forget requests whose time is over', async () => {
      await given.store.write(async (tx) => {
        await tx.kits.putRequest(request());
        await tx.kits.putRequest(request({ id: 'r-2', seq: 2, forgetAt: at('03:00:00') }));
      });

      const forgotten = await given.store.write((tx) => tx.kits.forgetRequests(at('02:00:00')));

      const left = await given.store.read(async (tx) => [
        await tx.kits.request(kid('k-1'), 'r-1'),
        (await tx.kits.request(kid('k-1'), 'r-2'))?.id,
      ]);
      assert.equal(forgotten, 1);
      assert.deepEqual(left, [undefined, 'r-2']);
    });
  },
  { fresh: 'each' },
);
