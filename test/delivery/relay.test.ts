import assert from 'node:assert/strict';
import type { CardId } from '../../src/core/ids.ts';
import type { Audience, Notice } from '../../src/core/notice.ts';
import type { Notifier, OutboxQueue, SendOutcome } from '../../src/core/ports.ts';
import { type Relay, type RelayDeps, startRelay } from '../../src/delivery/relay.ts';
import {
  drawPlainly,
  HELP,
  startWholeEdge,
  TAKAHASHI,
  type WholeEdge,
  YAMAMOTO,
} from '../teams/whole-edge.ts';

const TO_TAKAHASHI: Audience = { kind: 'person', person: TAKAHASHI.key };
const TO_YAMAMOTO: Audience = { kind: 'person', person: YAMAMOTO.key };
const LEASE_MS = 30_000;

describe('the relay', () => {
  let whole: WholeEdge;
  let chat: string;
  beforeEach(async () => {
    whole = await startWholeEdge({ timeoutMs: 150, connector: { enforceLimits: true } });
    chat = whole.teams.personal('takahashi');
    await whole.teams.installFor('takahashi');
    await whole.teams.installFor('yamamoto');
  });
  afterEach(() => whole.stop());

  /** Rounds until nothing is left, the clock moving on between them. */
  async function runFor(ms: number, relay: Relay = whole.relay): Promise<void> {
    const end = whole.clock.now().getTime() + ms;
    for (;;) {
      while ((await relay.runOnce()) > 0);
      const due = await whole.store.outbox.nextDue();
      if (!due || due.getTime() > end) break;
      whole.clock.set(new Date(Math.max(due.getTime(), whole.clock.now().getTime() + 1)));
    }
    whole.clock.set(new Date(end));
  }

  const update = (card: CardId, notice: Notice): Promise<void> =>
    whole.store.write((tx) => tx.cards.update(card, notice, whole.clock.now()));
  const freeze = (card: CardId, frozen: boolean): Promise<void> =>
    whole.store.write((tx) => tx.cards.freeze(card, frozen, whole.clock.now()));
  const lead: Notice = { kind: 'help', role: 'lead' };

  /** A relay like the one under test, with some parts changed. */
  function another(changed: Partial<RelayDeps>): Relay {
    const deps: RelayDeps = {
      store: whole.store,
      notifier: whole.edge.notifier,
      clock: whole.clock,
      log: { debug() {}, info() {}, warn() {}, error() {} },
      jitter: () => 1,
      draw: drawPlainly,
      onUnreachable: async () => undefined,
      ...changed,
    };
    return startRelay(deps, { autostart: false });
  }

  function outboxWith(changed: Partial<OutboxQueue>): RelayDeps['store'] {
    const { outbox } = whole.store;
    const same: OutboxQueue = {
      claim: (...args) => outbox.claim(...args),
      posted: (...args) => outbox.posted(...args),
      retry: (...args) => outbox.retry(...args),
      giveUp: (...args) => outbox.giveUp(...args),
      repost: (...args) => outbox.repost(...args),
      nextDue: () => outbox.nextDue(),
      depth: () => outbox.depth(),
    };
    return {
      read: (work) => whole.store.read(work),
      write: (work) => whole.store.write(work),
      outbox: { ...same, ...changed },
    };
  }

  describe('order and limits', () => {
    it('sends what one person gets in the order it was kept', async () => {
      const roles = ['site-staff', 'engineer', 'lead', 'auditor'] as const;
      const draw: RelayDeps['draw'] = (card, lang) => {
        const role = card.notice.kind === 'help' ? card.notice.role : '';
        const text = role;
        return { ...drawPlainly(card, lang), card: { type: 'AdaptiveCard', body: [{ text }] } };
      };
      for (const role of roles) await whole.post(TO_TAKAHASHI, { kind: 'help', role });

      await runFor(10_000, another({ draw }));

      assert.deepEqual(whole.shown(chat), roles);
    });

    it('delivers a burst of 70 without the connector ever refusing one', async () => {
      for (let count = 0; count < 70; count++) await whole.post(TO_TAKAHASHI);

      await runFor(120_000);

      assert.equal(whole.shown(chat).length, 70);
      assert.ok(whole.ends.includes('limited'));
      assert.deepEqual(
        whole.logged.filter((line) => line.event === 'send-failed'),
        [],
      );
    });

    it('lets others pass while one conversation is slow', async () => {
      whole.teams.faults.push({ on: 'post', conversationId: chat, answer: { hang: true } });
      await whole.post(TO_TAKAHASHI);
      await whole.post(TO_YAMAMOTO);

      await whole.relay.runOnce();

      assert.deepEqual(whole.ends, ['posted', 'ambiguous']);
      assert.equal(whole.shown(whole.teams.personal('yamamoto')).length, 1);
    });

    it('has one request under way in a conversation, whatever it is for', async () => {
      let underWay = 0;
      let most = 0;
      const { notifier } = whole.edge;
      const counting: Notifier = {
        edit: (...args) => notifier.edit(...args),
        async post(...args) {
          underWay++;
          most = Math.max(most, underWay);
          const outcome = await notifier.post(...args);
          underWay--;
          return outcome;
        },
      };
      await whole.post(TO_TAKAHASHI);
      await whole.post({ kind: 'conversation', conversationId: chat });

      await runFor(5_000, another({ notifier: counting }));

      assert.equal(most, 1);
      assert.equal(whole.shown(chat).length, 2);
    });
  });

  describe('trouble', () => {
    it('waits as long as the connector asks, also after a restart', async () => {
      const answer = { status: 429, retryAfterSeconds: 20 };
      whole.teams.faults.push({ on: 'post', answer });
      await whole.post(TO_TAKAHASHI);
      await whole.relay.runOnce();

      const restarted = another({});
      whole.clock.forward(19_000);
      const early = await restarted.runOnce();
      whole.clock.forward(1_000);
      await restarted.runOnce();

      assert.equal(early, 0);
      assert.deepEqual(whole.shown(chat), ['help ja 1']);
    });

    it('tries again with growing pauses while nothing certainly arrived', async () => {
      whole.teams.faults.push({ on: 'post', times: 3, answer: { status: 412 } });
      await whole.post(TO_TAKAHASHI);
      const start = whole.clock.now().getTime();

      const dues: number[] = [];
      for (let attempt = 0; attempt < 3; attempt++) {
        await whole.relay.runOnce();
        const due = await whole.store.outbox.nextDue();
        assert.ok(due);
        dues.push(due.getTime() - start);
        whole.clock.set(due);
      }
      await whole.relay.runOnce();

      assert.deepEqual(dues, [1_000, 3_000, 7_000]);
      assert.deepEqual(whole.shown(chat), ['help ja 1']);
    });

    it('says that it may be a repeat when an answer was lost', async () => {
      whole.teams.faults.push({ on: 'post', kept: true, answer: { reset: true } });
      await whole.post(TO_TAKAHASHI);

      await runFor(5_000);

      const [first, second] = whole.shown(chat);
      assert.equal(first, 'help ja 1');
      assert.match(second ?? '', /^help ja 1 \/ 同じお知らせが前にも届いているかもしれません。/);
    });

    it('says so too after it died between the post and its mark', async () => {
      const card = await whole.post(TO_TAKAHASHI);
      const dying = another({
        store: outboxWith({ posted: () => Promise.reject(new Error('killed')) }),
      });
      await dying.runOnce();

      const tooEarly = await whole.relay.runOnce();
      whole.clock.forward(LEASE_MS);
      await whole.relay.runOnce();

      assert.equal(tooEarly, 0);
      assert.equal(whole.shown(chat).length, 2);
      assert.match(whole.shown(chat)[1] ?? '', /同じお知らせ/);
      assert.equal((await whole.card(card)).delivery, 'posted');
    });

    it('tells of what can never be sent and goes on with the next', async () => {
      whole.teams.faults.push({ on: 'post', answer: { status: 400, code: 'BadSyntax' } });
      const bad = await whole.post(TO_TAKAHASHI);
      await whole.post(TO_TAKAHASHI);

      await runFor(5_000);

      assert.equal((await whole.card(bad)).delivery, 'dead');
      assert.equal(whole.shown(chat).length, 1);
      const told = whole.logged.filter((line) => line.event === 'card-not-delivered');
      assert.deepEqual(told[0]?.facts, { card: bad, op: 'post', why: 'dead', reason: 'BadSyntax' });
    });

    it('tells of a card that cannot be drawn and goes on with the next', async () => {
      const draw: RelayDeps['draw'] = (card, lang) => {
        if (card.notice.kind === 'help' && card.notice.role === 'lead') throw new Error('no card');
        return drawPlainly(card, lang);
      };
      const bad = await whole.post(TO_TAKAHASHI, lead);
      await whole.post(TO_TAKAHASHI);

      await runFor(5_000, another({ draw }));

      assert.equal((await whole.card(bad)).delivery, 'dead');
      assert.deepEqual(whole.shown(chat), ['help ja 1']);
    });

    it('gives up what failed for a day', async () => {
      whole.teams.faults.push({ on: 'post', times: 2, answer: { status: 503 } });
      const card = await whole.post(TO_TAKAHASHI);
      await whole.relay.runOnce();
      whole.clock.forward(25 * 3_600_000);

      await whole.relay.runOnce();

      assert.equal((await whole.card(card)).delivery, 'dead');
      assert.deepEqual(await whole.store.outbox.depth(), { waiting: 0, dead: 1 });
    });

    it('stops for everyone while the connector does not accept the bot', async () => {
      const accepted: boolean[] = [];
      const relay = another({ metrics: { authorized: (yes) => void accepted.push(yes) } });
      whole.teams.faults.push({ on: 'post', answer: { status: 401, code: 'BotNotRegistered' } });
      await whole.post(TO_TAKAHASHI);
      await relay.runOnce();
      await whole.post(TO_YAMAMOTO);

      const meanwhile = await relay.runOnce();
      whole.clock.forward(60_000);
      await runFor(1_000, relay);

      assert.equal(meanwhile, 0);
      assert.deepEqual(accepted, [false, true, true]);
      assert.equal(whole.shown(chat).length, 1);
    });

    it('leaves what the store could not note to the next claim', async () => {
      const card = await whole.post(TO_TAKAHASHI);
      const away = another({
        store: { ...outboxWith({}), read: () => Promise.reject(new Error('the store is away')) },
      });

      await away.runOnce();
      whole.clock.forward(LEASE_MS);
      await whole.relay.runOnce();

      assert.equal((await whole.card(card)).delivery, 'posted');
    });
  });

  describe('people who cannot be reached', () => {
    it('are told of, not written to again, and back after an installation', async () => {
      whole.teams.block('takahashi', true);
      const first = await whole.post(TO_TAKAHASHI);
      const second = await whole.post(TO_TAKAHASHI);
      await runFor(5_000);
      const posts = whole.teams.requests.length;

      whole.teams.block('takahashi', false);
      await whole.teams.installFor('takahashi');
      await whole.post(TO_TAKAHASHI);
      await runFor(5_000);

      assert.deepEqual(whole.unreachable, [TAKAHASHI.key, TAKAHASHI.key]);
      assert.equal((await whole.card(first)).delivery, 'unreachable');
      assert.equal((await whole.card(second)).delivery, 'unreachable');
      assert.equal(posts, 1);
      assert.equal(whole.shown(chat).length, 1);
    });

    it('are written to in a chat opened for them when they have the app', async () => {
      await whole.store.write((tx) => tx.conversations.forget(chat));
      await whole.post(TO_TAKAHASHI);

      await runFor(5_000);

      assert.deepEqual(whole.shown(chat), ['help ja 1']);
      const kept = await whole.store.read((tx) => tx.conversations.personal(TAKAHASHI.key));
      assert.equal(kept?.conversationId, chat);
      assert.deepEqual(whole.unreachable, []);
    });

    it('are told of when they never had it', async () => {
      await whole.teams.uninstallFor('takahashi');
      await whole.post(TO_TAKAHASHI);

      await runFor(5_000);

      assert.deepEqual(whole.unreachable, [TAKAHASHI.key]);
    });

    it('get a new chat when the old one is gone', async () => {
      const answer = { status: 404, code: 'ConversationNotFound' };
      whole.teams.faults.push({ on: 'post', conversationId: chat, answer });
      await whole.post(TO_TAKAHASHI);

      await runFor(10_000);

      assert.deepEqual(whole.shown(chat), ['help ja 1']);
      assert.ok(whole.teams.requests.includes('POST /v3/conversations'));
    });
  });

  describe('the channel', () => {
    it('gets alerts that came before the bot had a team', async () => {
      await whole.post({ kind: 'channel' });
      await runFor(120_000);

      const team = await whole.teams.installInTeam('全国展開', [], 'takahashi');
      await runFor(60_000);

      assert.deepEqual(whole.shown(team.teamId), ['help ja 1']);
    });

    it('is another one when the chosen one put the bot out', async () => {
      const chosen = await whole.teams.installInTeam('全国展開', [], 'takahashi');
      whole.clock.forward(1_000);
      const other = await whole.teams.installInTeam('検証', [], 'takahashi');
      const answer = { status: 403, code: 'BotNotInConversationRoster' };
      whole.teams.faults.push({ on: 'post', conversationId: chosen.teamId, answer });
      await whole.post({ kind: 'channel' });

      await runFor(5_000);

      assert.deepEqual(whole.shown(other.teamId), ['help ja 1']);
    });

    it('shows an alert anew in another one when the first is gone, and blocks nothing', async () => {
      const first = await whole.teams.installInTeam('全国展開', [], 'takahashi');
      whole.clock.forward(1_000);
      const second = await whole.teams.installInTeam('検証', [], 'takahashi');
      const card = await whole.post({ kind: 'channel' });
      await runFor(1_000);
      await whole.teams.removeFromTeam(first, 'takahashi');
      await update(card, lead);
      await whole.post({ kind: 'channel' });

      await runFor(10_000);

      assert.deepEqual(whole.shown(second.teamId), ['help ja 2', 'help ja 1']);
    });

    it('shows it anew too when an edit finds that the bot was put out', async () => {
      const first = await whole.teams.installInTeam('全国展開', [], 'takahashi');
      whole.clock.forward(1_000);
      const second = await whole.teams.installInTeam('検証', [], 'takahashi');
      const card = await whole.post({ kind: 'channel' });
      await runFor(1_000);
      const answer = { status: 403, code: 'BotNotInConversationRoster' };
      whole.teams.faults.push({ on: 'edit', conversationId: first.teamId, answer });
      await update(card, lead);

      await runFor(10_000);

      assert.deepEqual(whole.shown(second.teamId), ['help ja 2']);
    });

    it('stays known when only a thread in it was deleted', async () => {
      const team = await whole.teams.installInTeam('全国展開', [], 'takahashi');
      const conversationId = `${team.teamId};messageid=1`;
      const answer = { status: 404, code: 'ConversationNotFound' };
      whole.teams.faults.push({ on: 'post', conversationId, answer });
      const lost = await whole.post({ kind: 'conversation', conversationId });
      await whole.post({ kind: 'channel' });

      await runFor(5_000);

      assert.equal((await whole.card(lost)).delivery, 'unreachable');
      assert.deepEqual(whole.shown(team.teamId), ['help ja 1']);
    });
  });

  describe('edits', () => {
    it('are one edit however often the card changed', async () => {
      const card = await whole.post(TO_TAKAHASHI);
      await runFor(1_000);
      await update(card, lead);
      await update(card, HELP);
      await update(card, lead);

      await runFor(5_000);

      assert.deepEqual(whole.shown(chat), ['help ja 4']);
      assert.equal(whole.teams.requests.filter((line) => line.startsWith('PUT ')).length, 1);
      assert.deepEqual(await whole.store.outbox.depth(), { waiting: 0, dead: 0 });
    });

    it('are not lost when the card changes while it is being posted', async () => {
      const card = await whole.post(TO_TAKAHASHI);
      const { notifier } = whole.edge;
      const slow: Notifier = {
        edit: (...args) => notifier.edit(...args),
        async post(...args): Promise<SendOutcome> {
          const outcome = await notifier.post(...args);
          await update(card, lead);
          return outcome;
        },
      };

      await runFor(5_000, another({ notifier: slow }));

      assert.deepEqual(whole.shown(chat), ['help ja 2']);
      assert.equal((await whole.card(card)).postedRevision, 2);
    });

    it('leave a frozen card alone until it thaws, and hold nothing up', async () => {
      const card = await whole.post(TO_TAKAHASHI);
      await runFor(1_000);
      await freeze(card, true);
      await update(card, lead);
      await whole.post(TO_TAKAHASHI);
      await runFor(5_000);
      const frozen = whole.shown(chat);

      await freeze(card, false);
      await runFor(5_000);

      assert.deepEqual(frozen, ['help ja 1', 'help ja 1']);
      assert.deepEqual(whole.shown(chat), ['help ja 2', 'help ja 1']);
    });

    it('leave a card alone that froze after its edit was claimed', async () => {
      const card = await whole.post(TO_TAKAHASHI);
      await runFor(1_000);
      await update(card, lead);
      const { outbox } = whole.store;
      const late = another({
        store: outboxWith({
          async claim(...args) {
            const items = await outbox.claim(...args);
            await freeze(card, true);
            return items;
          },
        }),
      });

      await late.runOnce();

      assert.deepEqual(whole.shown(chat), ['help ja 1']);
      assert.equal(await whole.store.outbox.nextDue(), undefined);
    });

    it('are not made again by a relay that lost its lease to another', async () => {
      const card = await whole.post(TO_TAKAHASHI);
      await runFor(1_000);
      await update(card, lead);
      const { outbox } = whole.store;
      const late = another({
        store: outboxWith({
          async claim(...args) {
            const items = await outbox.claim(...args);
            whole.clock.forward(LEASE_MS);
            await whole.relay.runOnce();
            return items;
          },
        }),
      });

      await late.runOnce();

      assert.equal(whole.teams.requests.filter((line) => line.startsWith('PUT ')).length, 1);
      assert.deepEqual(await whole.store.outbox.depth(), { waiting: 0, dead: 0 });
    });

    it('become a new message when the posted one is gone', async () => {
      const card = await whole.post(TO_TAKAHASHI);
      await runFor(1_000);
      const { activityId } = await whole.card(card);
      const answer = { status: 404, code: 'ActivityNotFoundInConversation' };
      whole.teams.faults.push({ on: 'edit', answer });
      await update(card, lead);

      await runFor(5_000);

      assert.deepEqual(whole.shown(chat), ['help ja 1', 'help ja 2']);
      assert.notEqual((await whole.card(card)).activityId, activityId);
    });

    it('go where the card stands when the alert channel has moved', async () => {
      const first = await whole.teams.installInTeam('全国展開', ['運用'], 'takahashi');
      const channel = first.channels.運用 ?? '';
      await whole.teams.sayInChannel('takahashi', channel, 'ここに通知');
      const card = await whole.post({ kind: 'channel' });
      await runFor(1_000);
      await whole.store.write((tx) => tx.conversations.setAlertChannel(channel));
      await update(card, lead);

      await runFor(5_000);

      assert.deepEqual(whole.shown(first.teamId), ['help ja 2']);
    });
  });

  describe('its loop', () => {
    it('sends at once when woken, and stops when told to', async () => {
      const relay = startRelay({
        store: whole.store,
        notifier: whole.edge.notifier,
        clock: whole.clock,
        log: { debug() {}, info() {}, warn() {}, error() {} },
        jitter: () => 1,
        draw: drawPlainly,
        onUnreachable: async () => undefined,
      });
      const changed = whole.teams.changed();

      await whole.post(TO_TAKAHASHI);
      relay.wake();
      await changed;
      await relay.stop();
      await whole.post(TO_TAKAHASHI);

      assert.deepEqual(whole.shown(chat), ['help ja 1']);
      assert.equal((await whole.store.outbox.depth()).waiting, 1);
    });
  });
});
