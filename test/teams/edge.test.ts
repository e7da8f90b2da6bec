import assert from 'node:assert/strict';
import type { CardId } from '../../src/core/ids.ts';
import type { PressAnswer } from '../../src/core/turn.ts';
import type { SimAction } from '../../src/sim/connector.ts';
import { MADE_CODES } from '../support/made-codes.ts';
import {
  HELP,
  INOUE,
  MORGAN,
  startWholeEdge,
  TAKAHASHI,
  TENANT,
  type WholeEdge,
} from './whole-edge.ts';

const CODE = MADE_CODES[0];
const PRESS: SimAction = {
  verb: 'acknowledge',
  data: { card: 'card-1', button: 'acknowledge', nonce: 'nonce-1' },
};
const SHOW_CODE: SimAction = {
  data: { card: 'card-1', button: 'show-code', nonce: 'nonce-1', msteams: { type: 'task/fetch' } },
};
const REVEAL: PressAnswer = {
  notice: { kind: 'done', what: 'acknowledged' },
  refused: false,
  reveal: {
    kind: 'reveal',
    userCode: CODE,
    verificationUri: 'https://microsoft.com/devicelogin',
    expiresAt: new Date('2026-11-25T01:05:00Z'),
    machine: 'SV-OSK-03' as never,
    siteName: '大阪支店',
    siteNameEn: 'Osaka',
    openerName: '山本',
    confirmedAt: new Date('2026-11-25T01:00:00Z'),
    card: 'card-1' as CardId,
    nonce: 'nonce-2',
  },
};

describe('the Teams edge', () => {
  let whole: WholeEdge;
  beforeEach(async () => {
    whole = await startWholeEdge();
  });
  afterEach(() => whole.stop());

  describe('messages', () => {
    it('answers a sentence through the outbox, kept before Teams gets its 200', async () => {
      await whole.teams.installFor('takahashi');

      const answer = await whole.teams.say('takahashi', '大阪支店の状況は?');
      const kept = await whole.store.read((tx) =>
        tx.cards.list({ kind: 'person', person: TAKAHASHI.key }),
      );
      await whole.relay.runOnce();

      assert.equal(answer.status, 200);
      assert.deepEqual(whole.turns.messages[0]?.asker, { kind: 'person', person: TAKAHASHI });
      assert.equal(whole.turns.messages[0]?.text, '大阪支店の状況は?');
      assert.equal(whole.turns.messages[0]?.scope, 'personal');
      assert.deepEqual(
        kept.map((card) => card.notice),
        [HELP],
      );
      assert.deepEqual(whole.shown(whole.teams.personal('takahashi')), ['help ja 1']);
    });

    it('does not answer twice what Teams delivers twice', async () => {
      await whole.teams.say('takahashi', 'ヘルプ');
      const [said] = whole.teams.messages(whole.teams.personal('takahashi'));

      const again = await whole.teams.deliver(said?.activity ?? {});

      assert.equal(again.status, 200);
      assert.equal(whole.turns.messages.length, 1);
    });

    it('answers 500 when nothing could be kept, and answers the repeat', async () => {
      whole.turns.reply = () => {
        throw new Error('the store is away');
      };
      const failed = await whole.teams.say('takahashi', 'ヘルプ');
      whole.turns.reply = () => ({
        intent: { intent: 'help', slots: {}, confidence: 1 },
        notice: HELP,
      });
      const [said] = whole.teams.messages(whole.teams.personal('takahashi'));

      const again = await whole.teams.deliver(said?.activity ?? {});

      assert.deepEqual(failed, { status: 500 });
      assert.equal(again.status, 200);
      assert.deepEqual(
        whole.logged.find((line) => line.event === 'turn-failed')?.facts.activity,
        'message',
      );
    });

    it('keeps the reply under the card that its confirm button names', async () => {
      whole.turns.reply = () => ({
        intent: { intent: 'mark-arrived', slots: {}, confidence: 1 },
        notice: HELP,
        confirm: { card: 'asked-1' as CardId, button: 'confirm' },
      });

      await whole.teams.say('takahashi', 'SV-OSK-03が届きました');

      assert.deepEqual((await whole.card('asked-1' as CardId)).notice, HELP);
    });

    it('sends nothing more when the reply already goes out as a card of its own', async () => {
      whole.turns.reply = () => ({
        intent: { intent: 'start-sign-in', slots: {}, confidence: 1 },
        notice: HELP,
        card: 'opener-1' as CardId,
      });

      await whole.teams.say('yamamoto', 'SV-OSK-03を接続したい');

      assert.deepEqual(await whole.store.outbox.depth(), { waiting: 0, dead: 0 });
    });

    it('takes a button that types a sentence for that sentence', async () => {
      await whole.teams.submit('takahashi', '1', { data: { say: '大阪支店の状況' } });

      assert.equal(whole.turns.messages[0]?.text, '大阪支店の状況');
    });

    it('presses a button that came as a message, and never shows what it could reveal', async () => {
      await whole.teams.installFor('takahashi');
      whole.turns.onPress = () => REVEAL;

      await whole.teams.submit('takahashi', '1', { ...SHOW_CODE, inputs: { number: '1234' } });
      await whole.relay.runOnce();

      assert.equal(whole.turns.presses[0]?.via, 'message');
      assert.equal(whole.turns.presses[0]?.button, 'show-code');
      assert.deepEqual(whole.turns.presses[0]?.inputs, { number: '1234' });
      assert.deepEqual(whole.shown(whole.teams.personal('takahashi')), ['done ja 1']);
    });

    it('asks for text when only a picture came', async () => {
      await whole.teams.installFor('yamamoto');

      await whole.teams.sendPicture('yamamoto');
      await whole.relay.runOnce();

      assert.equal(whole.turns.messages.length, 0);
      assert.deepEqual(whole.shown(whole.teams.personal('yamamoto')), ['paste-please ja 1']);
    });
  });

  describe('who is who', () => {
    it('tells a stranger their object id, in their language, whatever their name is', async () => {
      await whole.teams.installFor('stranger');

      await whole.teams.say('stranger', 'status of Osaka');
      await whole.relay.runOnce();

      assert.equal(whole.turns.messages.length, 0);
      assert.deepEqual(whole.shown(whole.teams.personal('stranger')), ['who-are-you en 1']);
    });

    it('meets someone known by principal name by asking the connector once', async () => {
      await whole.teams.say('inoue', 'ヘルプ');
      await whole.teams.say('inoue', 'もう一度');

      assert.equal(whole.turns.messages.length, 2);
      assert.equal(whole.teams.requests.filter((line) => line.includes('members')).length, 1);
    });

    it('does not take a guest for the person whose name the guest bears', async () => {
      await whole.teams.say('guest', 'ヘルプ');
      await whole.teams.say('namesake', 'ヘルプ');

      assert.equal(whole.turns.messages.length, 0);
      const rollOut = await whole.store.read((tx) => tx.rollOut());
      assert.equal(rollOut.person(INOUE.key)?.aadObjectId, undefined);
    });

    it('ignores an activity that names no one', async () => {
      const [said] = await saidBy(whole, 'takahashi', 'ヘルプ');
      const from = { id: '29:1nobody', name: 'Ren Tanaka' };

      const answer = await whole.teams.deliver({ ...said?.activity, id: '7', from });

      assert.equal(answer.status, 200);
      assert.equal(whole.turns.messages.length, 1);
    });

    it('lets no stranger press', async () => {
      const answer = await whole.teams.press('stranger', '1', PRESS);

      assert.equal(whole.turns.presses.length, 0);
      assert.deepEqual(answer.body, message('who-are-you en'));
    });
  });

  describe('channels', () => {
    it('answers in the thread that was written in, the mention taken off', async () => {
      const team = await whole.teams.installInTeam('全国展開', ['運用'], 'takahashi');
      const channel = team.channels.運用 ?? '';

      await whole.teams.sayInChannel('morgan', channel, 'status of Osaka', '1700000000000');
      await whole.relay.runOnce();

      const asked = whole.turns.messages[0];
      assert.equal(asked?.text, 'status of Osaka');
      assert.equal(asked?.scope, 'channel');
      assert.equal(asked?.conversationId, channel);
      const posted = whole.teams.messages(channel).filter((sent) => sent.from === 'bot');
      assert.deepEqual(
        posted.map((sent) => sent.conversationId),
        [`${channel};messageid=1700000000000`],
      );
      assert.deepEqual(whole.shown(channel), [`help ${MORGAN.language} 1`]);
    });

    it('sends alerts to General of the first team', async () => {
      const first = await whole.teams.installInTeam('全国展開', ['運用'], 'takahashi');
      whole.clock.forward(1000);
      await whole.teams.installInTeam('検証', [], 'takahashi');
      await whole.teams.sayInChannel('takahashi', first.channels.運用 ?? '', 'ヘルプ');

      await whole.post({ kind: 'channel' });
      await whole.relay.runOnce();

      assert.deepEqual(whole.shown(first.teamId), ['help ja 1']);
    });

    it('learns of a team also where only the new member is told', async () => {
      await whole.teams.installInTeam('全国展開', [], 'takahashi');
      const kept = await whole.store.read((tx) => tx.conversations.list());
      const [general] = kept;
      await whole.store.write((tx) => tx.conversations.forget(general?.conversationId ?? ''));
      const update = {
        type: 'conversationUpdate',
        channelId: 'msteams',
        serviceUrl: whole.teams.serviceUrl,
        from: { id: '29:1takahashi', aadObjectId: TAKAHASHI.aadObjectId },
        recipient: { id: '28:bot' },
        conversation: { id: general?.teamId, conversationType: 'channel', isGroup: true },
        channelData: { team: { id: general?.teamId } },
      };

      await whole.teams.deliver({ ...update, membersAdded: [{ id: '29:1someone' }] });
      const after = await whole.store.read((tx) => tx.conversations.list());
      await whole.teams.deliver({ ...update, membersAdded: [{ id: '28:bot' }] });

      assert.deepEqual(after, []);
      assert.equal((await whole.store.read((tx) => tx.conversations.list())).length, 1);
    });

    it('sends them to another team once the first has removed the bot', async () => {
      const first = await whole.teams.installInTeam('全国展開', [], 'takahashi');
      whole.clock.forward(1000);
      const second = await whole.teams.installInTeam('検証', [], 'takahashi');
      await whole.teams.removeFromTeam(first, 'takahashi');

      await whole.post({ kind: 'channel' });
      await whole.relay.runOnce();

      assert.deepEqual(whole.shown(first.teamId), []);
      assert.deepEqual(whole.shown(second.teamId), ['help ja 1']);
    });
  });

  describe('Action.Execute', () => {
    it('acts for the presser and says so beside the card', async () => {
      const answer = await whole.teams.press('takahashi', '1', PRESS);

      assert.deepEqual(whole.turns.presses[0], {
        person: TAKAHASHI,
        card: 'card-1',
        button: 'acknowledge',
        nonce: 'nonce-1',
        inputs: {},
        via: 'execute',
        scope: 'personal',
      });
      assert.deepEqual(answer, { status: 200, body: message('done ja') });
    });

    it('shows a reveal as a card to the one who pressed, and nowhere else', async () => {
      whole.turns.onPress = () => REVEAL;

      const answer = await whole.teams.press('takahashi', '1', SHOW_CODE);

      const { type, value } = answer.body as { type: string; value: unknown };
      assert.equal(type, 'application/vnd.microsoft.card.adaptive');
      assert.match(JSON.stringify(value), new RegExp(CODE));
      assert.deepEqual(await whole.store.outbox.depth(), { waiting: 0, dead: 0 });
      assert.doesNotMatch(JSON.stringify(whole.logged), new RegExp(CODE));
    });

    it('does nothing when the client refreshed by itself', async () => {
      const answer = await whole.teams.press('takahashi', '1', SHOW_CODE, { trigger: 'automatic' });

      assert.equal(whole.turns.presses.length, 0);
      assert.equal((answer.body as { statusCode: number }).statusCode, 400);
    });

    it('takes a press of the Playground, which does not say what triggered it', async () => {
      await whole.teams.press('takahashi', '1', PRESS, { trigger: 'none' });

      assert.equal(whole.turns.presses.length, 1);
    });

    it('is answered with a sentence, not a status, when the turn fails', async () => {
      whole.turns.onPress = () => {
        throw new Error('the store is away');
      };

      const answer = await whole.teams.press('takahashi', '1', PRESS);

      assert.equal(answer.status, 200);
      assert.deepEqual(answer.body, {
        statusCode: 500,
        type: 'application/vnd.microsoft.error',
        value: {
          code: 'InternalServerError',
          message: '処理できませんでした。少し待ってから、もう一度お試しください。',
        },
      });
    });

    it('asks for words when the button carries nothing it knows', async () => {
      const odd = { verb: 'erase', data: { card: 'card-1', button: 'erase', nonce: 'n' } };

      const answer = await whole.teams.press('morgan', '1', odd);

      assert.equal(whole.turns.presses.length, 0);
      assert.match(JSON.stringify(answer.body), /could not be read/);
    });

    it('asks neither Azure nor the connector', async () => {
      await whole.teams.press('stranger', '1', PRESS);
      await whole.teams.press('takahashi', '1', PRESS);

      assert.deepEqual(whole.teams.requests, []);
    });
  });

  describe('dialogs', () => {
    it('open without the code and show it only to the submit', async () => {
      whole.turns.onPress = (press) =>
        press.via === 'dialog-submit'
          ? REVEAL
          : { notice: HELP, refused: false, dialogNonce: 'nonce-2' };

      const opened = await whole.teams.openDialog('takahashi', '1', SHOW_CODE);
      const shown = await whole.teams.submitDialog('takahashi', {
        data: { ...SHOW_CODE.data, nonce: 'nonce-2' },
      });

      assert.deepEqual(
        whole.turns.presses.map((press) => `${press.via} ${press.nonce}`),
        ['dialog-fetch nonce-1', 'dialog-submit nonce-2'],
      );
      assert.match(dialogCard(opened.body), /nonce-2/);
      assert.doesNotMatch(JSON.stringify(opened.body), new RegExp(CODE));
      assert.match(dialogCard(shown.body), new RegExp(CODE));
    });

    it('close with a sentence when refused', async () => {
      whole.turns.onPress = () => ({
        notice: { kind: 'refusal', reason: 'not-confirmed' },
        refused: true,
      });

      const opened = await whole.teams.openDialog('takahashi', '1', SHOW_CODE);

      assert.deepEqual(opened.body, { task: { type: 'message', value: 'refusal ja' } });
    });
  });

  describe('everything else', () => {
    for (const type of ['messageReaction', 'messageUpdate', 'typing', 'event', 'somethingNew']) {
      it(`is taken quietly: ${type}`, async () => {
        const [said] = await saidBy(whole, 'takahashi', 'ヘルプ');

        const answer = await whole.teams.deliver({ ...said?.activity, id: '9', type });

        assert.deepEqual(answer, { status: 200 });
        assert.equal(whole.turns.messages.length, 1);
      });
    }

    it('is refused when it is no activity, or answers would leave this machine', async () => {
      const [said] = await saidBy(whole, 'takahashi', 'ヘルプ');
      const serviceUrl = 'https://evil.trafficmanager.net/';

      const nothing = await whole.teams.deliver({ type: 'message' });
      const elsewhere = await whole.teams.deliver({ ...said?.activity, id: '9', serviceUrl });

      assert.equal(nothing.status, 400);
      assert.equal(elsewhere.status, 400);
      assert.equal(whole.turns.messages.length, 1);
    });
  });

  it('serves a client whose service URL has a path, as Microsoft 365 Agents Playground', async () => {
    const playground = await startWholeEdge({ connector: { prefix: '/_connector' } });
    try {
      await playground.teams.installFor('yamamoto');

      await playground.teams.say('yamamoto', 'ヘルプ');
      await playground.relay.runOnce();

      assert.deepEqual(playground.shown(playground.teams.personal('yamamoto')), ['help ja 1']);
      const posts = playground.teams.requests.filter((line) => line.startsWith('POST '));
      assert.match(posts[0] ?? '', /^POST \/_connector\/v3\/conversations\//);
    } finally {
      await playground.stop();
    }
  });

  it('refuses a turn without a token once it has an app id', async () => {
    const identity = {
      kind: 'SingleTenant',
      appId: '00000000-0000-4000-8000-0000000000b1',
      tenantId: TENANT,
      password: 'not-a-password',
    } as const;
    const real = await startWholeEdge({ identity });
    try {
      const [said] = await saidBy(whole, 'yamamoto', 'ヘルプ');
      const serviceUrl = 'https://smba.trafficmanager.net/jp/';

      const answer = await real.teams.deliver({ ...said?.activity, serviceUrl });

      assert.deepEqual(answer, { status: 401 });
      assert.equal(real.turns.messages.length, 0);
    } finally {
      await real.stop();
    }
  });
});

async function saidBy(whole: WholeEdge, user: string, text: string) {
  await whole.teams.say(user, text);
  return whole.teams.messages(whole.teams.personal(user));
}

function message(value: string): object {
  return { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value };
}

function dialogCard(body: unknown): string {
  const { task } = body as { task: { type: string; value: { card: unknown } } };
  assert.equal(task.type, 'continue');
  return JSON.stringify(task.value.card);
}
