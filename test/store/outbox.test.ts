import assert from 'node:assert/strict';
import type { Audience } from '../../src/core/notice.ts';
import type { OutboxItem } from '../../src/core/ports.ts';
import { aNotice, at, cardId, personKey } from './examples.ts';
import { onBothEngines } from './on-both-engines.ts';

onBothEngines(
  'the outbox',
  (given) => {
    const sato: Audience = { kind: 'person', person: personKey('sato') };
    const group: Audience = { kind: 'conversation', conversationId: '19:group' };
    const post = (id: string, audience: Audience) =>
      given.store.write((tx) => tx.cards.post(cardId(id), audience, aNotice(id), at('01:00:00')));
    const claim = (time: string, until: string, limit = 10) =>
      given.store.outbox.claim(at(time), at(until), limit);
    const cardsOf = (items: readonly OutboxItem[]) => items.map((item) => item.card);
    const where = { conversationId: 'a:1', activityId: 'act-1', revision: 1 };

    async function claimOne(time = '01:01:00', until = '01:02:00'): Promise<OutboxItem> {
      const [item] = await claim(time, until, 1);
      return item ?? assert.fail('nothing to claim');
    }

    it('gives one item per audience at a time, in their order', async () => {
      await post('c-1', sato);
      await post('c-2', sato);
      await post('c-3', group);
      await post('c-4', { kind: 'channel' });

      const first = await claim('01:01:00', '01:02:00');
      const meanwhile = await claim('01:01:30', '01:02:30');
      for (const item of first) await given.store.outbox.posted(item, at('01:01:40'), where);
      const next = await claim('01:01:50', '01:02:50');

      assert.deepEqual(cardsOf(first), ['c-1', 'c-3', 'c-4']);
      assert.deepEqual(first[1]?.audience, group);
      assert.deepEqual(meanwhile, []);
      assert.deepEqual(cardsOf(next), ['c-2']);
    });

    it('gives no more than asked for', async () => {
      await post('c-1', sato);
      await post('c-2', group);

      assert.deepEqual(cardsOf(await claim('01:01:00', '01:02:00', 1)), ['c-1']);
    });

    it('passes an item on when the lease of a dead relay is over, and says that it may be out', async () => {
      await post('c-1', sato);
      const first = await claimOne();

      const again = await claimOne('01:02:00', '01:03:00');

      assert.deepEqual([first.attempts, first.ambiguous], [0, false]);
      assert.deepEqual([again.id, again.attempts, again.ambiguous], [first.id, 1, true]);
    });

    it('waits as long as it was told, and keeps the order meanwhile', async () => {
      await post('c-1', sato);
      await post('c-2', sato);
      await given.store.outbox.retry(await claimOne(), at('01:10:00'), false);

      const early = await claim('01:09:59', '01:10:30');
      const due = await claim('01:10:00', '01:10:30');

      assert.deepEqual(early, []);
      assert.deepEqual(cardsOf(due), ['c-1']);
      assert.deepEqual([due[0]?.attempts, due[0]?.ambiguous], [1, false]);
    });

    it('remembers that an attempt may have arrived', async () => {
      await post('c-1', sato);
      await given.store.outbox.retry(await claimOne(), at('01:10:00'), true);
      await given.store.outbox.retry(await claimOne('01:10:00'), at('01:11:00'), false);

      assert.equal((await claimOne('01:11:00')).ambiguous, true);
    });

    it('tells when something is due next', async () => {
      const nothing = await given.store.outbox.nextDue();
      await post('c-1', sato);
      await post('c-2', sato);
      const now = await given.store.outbox.nextDue();
      const item = await claimOne('01:01:00', '01:02:00');
      const leased = await given.store.outbox.nextDue();
      await given.store.outbox.retry(item, at('01:10:00'), false);
      const later = await given.store.outbox.nextDue();

      assert.deepEqual(
        [nothing, now, leased, later],
        [undefined, at('01:00:00'), at('01:02:00'), at('01:10:00')],
      );
    });

    it('keeps what it gives up as a dead letter without its body, codes taken out', async () => {
      await post('c-1', sato);
      const reason = '403 Bearer abcdefghijklmnopqrstuvwxyz0123456789';

      await given.store.outbox.giveUp(await claimOne(), at('01:01:30'), 'dead', reason);

      const card = await given.store.read((tx) => tx.cards.get(cardId('c-1')));
      assert.equal(card?.delivery, 'dead');
      assert.deepEqual(await given.store.outbox.depth(), { waiting: 0, dead: 1 });
      assert.deepEqual(await given.rows('select reason, op from dead_letters'), [
        { reason: '403 Bearer [token removed]', op: 'post' },
      ]);
    });

    it('counts an audience out of reach as unreachable, not as dead', async () => {
      await post('c-1', sato);

      await given.store.outbox.giveUp(await claimOne(), at('01:01:30'), 'unreachable', 'blocked');

      const card = await given.store.read((tx) => tx.cards.get(cardId('c-1')));
      assert.equal(card?.delivery, 'unreachable');
      assert.deepEqual(await given.store.outbox.depth(), { waiting: 0, dead: 0 });
    });

    it('posts anew what is gone from Teams', async () => {
      await post('c-1', sato);
      await given.store.outbox.posted(await claimOne(), at('01:01:30'), where);
      await given.store.write((tx) => tx.cards.update(cardId('c-1'), aNotice('2'), at('01:05:00')));
      await given.store.outbox.repost(await claimOne('01:05:00', '01:06:00'), at('01:05:10'));

      const card = await given.store.read((tx) => tx.cards.get(cardId('c-1')));
      const again = await claimOne('01:05:10', '01:06:10');

      assert.equal(card?.activityId, undefined);
      assert.deepEqual([again.card, again.op], ['c-1', 'post']);
    });

    it('listens to nobody whose lease has passed on, except to where a card is', async () => {
      await post('c-1', sato);
      const slow = await claimOne('01:01:00', '01:02:00');
      const quick = await claimOne('01:02:00', '01:03:00');

      await given.store.outbox.retry(slow, at('01:30:00'), false);
      await given.store.outbox.giveUp(slow, at('01:02:10'), 'dead', 'late');
      await given.store.outbox.repost(slow, at('01:02:10'));
      const stillLeased = await claim('01:02:30', '01:04:00');
      await given.store.outbox.posted(quick, at('01:02:40'), where);

      const card = await given.store.read((tx) => tx.cards.get(cardId('c-1')));
      assert.deepEqual(stillLeased, []);
      assert.equal(card?.delivery, 'posted');
      assert.deepEqual(await given.store.outbox.depth(), { waiting: 0, dead: 0 });
    });
  },
  { fresh: 'each' },
);
