import assert from 'node:assert/strict';
import { OpsBotError } from '../../src/core/errors.ts';
import type { SignIn } from '../../src/core/sign-in.ts';
import { aSignIn, at, ENDED, kid, machineName, personKey, signInId } from './examples.ts';
import { onBothEngines } from './on-both-engines.ts';

const refused = (error: unknown) => error instanceof OpsBotError && error.code === 'VALUE_REFUSED';

onBothEngines(
  'sign-ins',
  (given) => {
    const osaka = machineName('SV-OSK-01');
    const put = (signIn: SignIn) => given.store.write((tx) => tx.signIns.put(signIn));

    it('come back as they were put', async () => {
      const signIn = aSignIn({
        asked: [
          {
            person: personKey('sato'),
            as: 'engineer',
            card: 'c-1' as never,
            askedAt: at('01:00:05'),
          },
        ],
        progress: {
          state: 'waiting',
          round: { number: 1, goAt: at('01:00:01'), kid: kid('k-1'), heardAt: at('01:00:04') },
          code: {
            sealed: 'sealed',
            verificationUri: 'https://microsoft.com/devicelogin',
            readAt: at('01:00:03'),
            expiresAt: at('01:05:03'),
            matchNumber: '4821',
            wrongTries: 0,
          },
        },
      });

      await put(signIn);

      assert.deepEqual(await given.store.read((tx) => tx.signIns.get(signIn.id)), signIn);
    });

    it('are open one at a time for a machine, whatever the case of its name', async () => {
      await put(aSignIn());

      const second = put(aSignIn({ id: signInId('s-2'), machine: machineName('sv-osk-01') }));

      await assert.rejects(second, refused);
      const open = await given.store.read((tx) => tx.signIns.openFor(machineName('sv-osk-01')));
      assert.equal(open?.id, 's-1');
    });

    it('may follow one another once the first has ended', async () => {
      await put(aSignIn());
      await put(aSignIn({ progress: ENDED }));
      await put(aSignIn({ id: signInId('s-2'), openedAt: at('01:11:00') }));

      const { open, latest, all, count } = await given.store.read(async (tx) => ({
        open: await tx.signIns.openFor(osaka),
        latest: await tx.signIns.latestFor(osaka),
        all: await tx.signIns.listOpen(),
        count: await tx.signIns.countSince(osaka, at('01:00:00')),
      }));

      assert.equal(open?.id, 's-2');
      assert.equal(latest?.id, 's-2');
      assert.deepEqual(
        all.map((signIn) => signIn.id),
        ['s-2'],
      );
      assert.equal(count, 2);
    });

    it('keep their first end', async () => {
      await put(aSignIn({ progress: ENDED }));

      await assert.rejects(put(aSignIn()), refused);
      await assert.rejects(
        put(aSignIn({ progress: { ...ENDED, state: 'burned', reason: 'unexpected' } as never })),
        refused,
      );
      await put(aSignIn({ progress: ENDED, afterCheck: 'right' }));
      const kept = await given.store.read((tx) => tx.signIns.get(signInId('s-1')));
      assert.equal(kept?.afterCheck, 'right');
    });

    it('count those opened since', async () => {
      await put(aSignIn({ progress: ENDED }));

      const count = await given.store.read((tx) => tx.signIns.countSince(osaka, at('01:00:01')));

      assert.equal(count, 0);
    });

    it('name the other machine that had a code within the hour', async () => {
      const kobe = machineName('SV-KOB-01');
      const seen = (machine: typeof kobe, time: string) =>
        given.store.write((tx) => tx.signIns.codeSeen('mac', machine, at(time)));

      const answers = [
        await seen(osaka, '01:00:00'),
        await seen(osaka, '01:00:10'),
        await seen(kobe, '01:30:00'),
        await seen(osaka, '03:00:00'),
      ];

      assert.deepEqual(answers, [undefined, undefined, osaka, undefined]);
    });
  },
  { fresh: 'each' },
);
