import assert from 'node:assert/strict';
import { OpsBotError } from '../../src/core/errors.ts';
import type { Audience } from '../../src/core/notice.ts';
import type { OutboxItem } from '../../src/core/ports.ts';
import { aNotice, at, cardId, personKey } from './examples.ts';
import { onBothEngines } from './on-both-engines.ts';

const code = (expected: string) => (error: unknown) =>
  error instanceof OpsBotError && error.code === expected;

onBothEngines(
  'cards',
  (given) => {
    const card = cardId('c-1');
    const sato: Audience = { kind: 'person', person: personKey('sato') };
    const channel: Audience = { kind: 'channel' };
    const get = () => given.store.read((tx) => tx.cards.get(card));
    const post = () =>
      given.store.write((tx) => tx.cards.post(card, sato, aNotice('1'), at('01:00:00')));
    const update = (text: string) =>
      given.store.write((tx) => tx.cards.update(card, aNotice(text), at('01:10:00')));
    const freeze = (frozen: boolean) =>
      given.store.write((tx) => tx.cards.freeze(card, frozen, at('01:11:00')));
    const claim = (time = '01:20:00', until = '01:21:00') =>
      given.store.outbox.claim(at(time), at(until), 10);
    const ops = (items: readonly OutboxItem[]) => items.map((item) => `${item.op} ${item.card}`);
    const waiting = async () => (await given.store.outbox.depth()).waiting;

    async function delivered(revision: number): Promise<void> {
      const [item] = await claim();
      assert.ok(item);
      const where = { conversationId: 'a:1', activityId: 'act-1', revision };
      await given.store.outbox.posted(item, at('01:20:30'), where);
    }

    it('are kept together with their post', async () => {
      await post();

      assert.deepEqual(await get(), {
        id: card,
        audience: sato,
        notice: aNotice('1'),
        revision: 1,
        createdAt: at('01:00:00'),
        updatedAt: at('01:00:00'),
        frozen: false,
        delivery: 'pending',
      });
      assert.deepEqual(ops(await claim()), ['post c-1']);
    });

    it('leave nothing in the outbox when the transaction fails', async () => {
      const work = given.store.write(async (tx) => {
        await tx.cards.post(card, sato, aNotice('1'), at('01:00:00'));
        throw new Error('no');
      });

      await assert.rejects(work, /no/);
      assert.equal(await waiting(), 0);
    });

    it('need no edit while their post still waits', async () => {
      await post();

      await update('2');

      assert.equal((await get())?.revision, 2);
      assert.deepEqual(ops(await claim()), ['post c-1']);
    });

    it('get one edit for any number of changes', async () => {
      await post();
      await delivered(1);
      await update('2');
      await update('3');

      assert.equal((await get())?.revision, 3);
      assert.deepEqual(ops(await claim()), ['edit c-1']);
    });

    it('get no edit for a notice that says the same', async () => {
      await post();
      await delivered(1);

      await update('1');

      assert.equal((await get())?.revision, 1);
      assert.equal(await waiting(), 0);
    });

    it('get one more edit when they changed while one was under way', async () => {
      await post();
      const [item] = await claim();
      assert.ok(item);
      await update('2');

      const where = { conversationId: 'a:1', activityId: 'act-1', revision: 1 };
      await given.store.outbox.posted(item, at('01:20:30'), where);

      assert.deepEqual(ops(await claim('01:20:30')), ['edit c-1']);
    });

    it('tell where they were posted', async () => {
      await post();

      await delivered(1);

      const kept = await get();
      assert.equal(kept?.activityId, 'act-1');
      assert.equal(kept?.conversationId, 'a:1');
      assert.equal(kept?.postedRevision, 1);
      assert.deepEqual(kept?.postedAt, at('01:20:30'));
      assert.equal(kept?.delivery, 'posted');
    });

    it('are not edited while frozen, and followed up once thawed', async () => {
      await post();
      await delivered(1);
      await freeze(true);
      await update('2');
      const frozen = await claim();
      await freeze(false);

      assert.deepEqual(frozen, []);
      assert.deepEqual(ops(await claim()), ['edit c-1']);
    });

    it('hold back an edit that waited when they froze, and nothing else of that audience', async () => {
      await post();
      await delivered(1);
      await update('2');
      await freeze(true);
      await given.store.write((tx) =>
        tx.cards.post(cardId('c-2'), sato, aNotice('x'), at('01:12:00')),
      );

      const whileFrozen = await claim();
      const due = await given.store.outbox.nextDue();
      await freeze(false);
      const thawed = await claim('01:22:00', '01:23:00');

      assert.deepEqual(ops(whileFrozen), ['post c-2']);
      assert.deepEqual(due, at('01:21:00'));
      assert.deepEqual(ops(thawed), ['edit c-1']);
    });

    it('need nothing when they thaw unchanged', async () => {
      await post();
      await delivered(1);
      await freeze(true);
      await freeze(false);

      assert.equal(await waiting(), 0);
    });

    it('are listed newest first, for one audience, and only the posted ones when asked', async () => {
      await given.store.write(async (tx) => {
        for (const id of ['c-1', 'c-2', 'c-3']) {
          await tx.cards.post(cardId(id), sato, aNotice(id), at('01:00:00'));
        }
        await tx.cards.post(cardId('c-4'), channel, aNotice('4'), at('01:00:00'));
      });
      await delivered(1);
      const ids = async (options: { shown?: boolean; limit?: number }, audience: Audience = sato) =>
        (await given.store.read((tx) => tx.cards.list(audience, options))).map((one) => one.id);

      assert.deepEqual(await ids({}), ['c-3', 'c-2', 'c-1']);
      assert.deepEqual(await ids({ limit: 1 }), ['c-3']);
      assert.deepEqual(await ids({ shown: true }), ['c-1']);
      assert.deepEqual(await ids({}, channel), ['c-4']);
    });

    it('posted twice under one id are one card', async () => {
      await post();
      await post();

      assert.equal(await waiting(), 1);
      assert.equal((await get())?.revision, 1);
    });

    it('that nobody posted cannot change', async () => {
      await assert.rejects(update('2'), code('CARD_UNKNOWN'));
      await assert.rejects(freeze(true), code('CARD_UNKNOWN'));
    });

    it('remember what a nonce was answered, and never an answer to show-code', async () => {
      const used = {
        card,
        person: personKey('sato'),
        usedAt: at('01:00:00'),
        answer: aNotice('a'),
      };
      await given.store.write(async (tx) => {
        await tx.cards.useNonce({ ...used, nonce: 'n-1', button: 'acknowledge' });
        await tx.cards.useNonce({ ...used, nonce: 'n-2', button: 'show-code' });
      });

      const found = await given.store.read(async (tx) => [
        await tx.cards.action('n-1'),
        (await tx.cards.action('n-2'))?.answer,
        await tx.cards.action('n-3'),
      ]);

      assert.deepEqual(found, [
        { ...used, nonce: 'n-1', button: 'acknowledge' },
        undefined,
        undefined,
      ]);
      await assert.rejects(
        given.store.write((tx) => tx.cards.useNonce({ ...used, nonce: 'n-1', button: 'decline' })),
        code('VALUE_REFUSED'),
      );
    });
  },
  { fresh: 'each' },
);
