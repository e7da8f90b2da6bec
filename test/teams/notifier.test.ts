import assert from 'node:assert/strict';
import type { Notifier, SendOutcome } from '../../src/core/ports.ts';
import type { ConnectorFault } from '../../src/sim/connector.ts';
import { adaptiveCard, startWholeEdge, TAKAHASHI, type WholeEdge } from './whole-edge.ts';

const DRAWN = { card: adaptiveCard('card'), text: 'words', summary: 'summary' };

describe('the notifier', () => {
  let whole: WholeEdge;
  let notifier: Notifier;
  before(async () => {
    whole = await startWholeEdge({ timeoutMs: 150 });
    notifier = whole.edge.notifier;
    await whole.teams.installFor('takahashi');
  });
  afterEach(() => whole.teams.faults.splice(0));
  after(() => whole.stop());

  async function chat() {
    const kept = await whole.store.read((tx) => tx.conversations.personal(TAKAHASHI.key));
    assert.ok(kept);
    return kept;
  }
  const postCount = (): number =>
    whole.teams.requests.filter((line) => /^POST .*activities$/.test(line)).length;

  const TABLE: readonly {
    readonly answer: ConnectorFault['answer'];
    readonly post: SendOutcome;
    readonly edit: SendOutcome;
  }[] = [
    same({ status: 400, code: 'BadSyntax' }, { outcome: 'terminal', reason: 'BadSyntax' }),
    same(
      { status: 401, code: 'BotNotRegistered' },
      { outcome: 'unauthorized', reason: 'BotNotRegistered' },
    ),
    same(
      { status: 403, code: 'BotNotInConversationRoster' },
      { outcome: 'unreachable', why: 'not-in-roster', reason: 'BotNotInConversationRoster' },
    ),
    same(
      { status: 403, code: 'ConversationBlockedByUser' },
      { outcome: 'unreachable', why: 'blocked', reason: 'ConversationBlockedByUser' },
    ),
    same(
      { status: 403, code: 'BotDisabledByAdmin' },
      { outcome: 'unreachable', why: 'blocked', reason: 'BotDisabledByAdmin' },
    ),
    same(
      { status: 404, code: 'ConversationNotFound' },
      { outcome: 'gone', reason: 'ConversationNotFound' },
    ),
    same(
      { status: 412, code: 'PreconditionFailed' },
      { outcome: 'retryable', reason: 'PreconditionFailed' },
    ),
    same(
      { status: 429, code: 'TooManyRequests', retryAfterSeconds: 7 },
      { outcome: 'retryable', retryAfterMs: 7_000, reason: 'TooManyRequests' },
    ),
    same({ status: 302, code: 'Moved' }, { outcome: 'terminal', reason: 'Moved' }),
    mayBePosted({ status: 408, code: 'Timeout' }, 'Timeout'),
    mayBePosted({ status: 500, code: 'ServiceError' }, 'ServiceError'),
    mayBePosted({ status: 502, code: 'BadGateway' }, 'BadGateway'),
    mayBePosted({ status: 503, code: 'ServiceUnavailable' }, 'ServiceUnavailable'),
    mayBePosted({ status: 504, code: 'GatewayTimeout' }, 'GatewayTimeout'),
    mayBePosted({ reset: true }, 'ECONNRESET'),
    mayBePosted({ hang: true }, 'timeout'),
  ];

  for (const { answer, post, edit } of TABLE) {
    it(`makes one attempt and says what ${JSON.stringify(answer)} means`, async () => {
      const conversation = await chat();
      const before = postCount();
      whole.teams.faults.push({ on: 'post', answer }, { on: 'edit', answer });

      const posted = await notifier.post(conversation, DRAWN);
      const edited = await notifier.edit(conversation, '1', DRAWN);

      assert.deepEqual(posted, post);
      assert.deepEqual(edited, edit);
      assert.equal(postCount() - before, 1);
      assert.deepEqual(whole.teams.faults, []);
    });
  }

  it('posts a card, edits it where it stands and tells where that is', async () => {
    const conversation = await chat();

    const posted = await notifier.post(conversation, DRAWN);
    assert.equal(posted.outcome, 'done');
    const edit = { ...DRAWN, card: adaptiveCard('newer') };
    const edited = await notifier.edit(conversation, posted.activityId, edit);

    assert.deepEqual(edited, posted);
    const shown = whole.teams.messages(conversation.conversationId).at(-1);
    assert.equal(shown?.id, posted.activityId);
    assert.equal(shown?.edits, 1);
    assert.equal(shown?.activity.summary, 'summary');
    assert.deepEqual(shown?.activity.attachments, [
      { contentType: 'application/vnd.microsoft.card.adaptive', content: adaptiveCard('newer') },
    ]);
  });

  it('sends the words once when the card is too large', async () => {
    const conversation = await chat();
    const before = postCount();
    const tooLarge = { ...DRAWN, card: adaptiveCard('あ'.repeat(50_000)) };

    const posted = await notifier.post(conversation, tooLarge);

    assert.equal(posted.outcome, 'done');
    assert.equal(postCount() - before, 2);
    assert.equal(whole.teams.messages(conversation.conversationId).at(-1)?.activity.text, 'words');
  });

  it('sends plain messages after the card', async () => {
    const conversation = await chat();
    const drawn = { ...DRAWN, after: ['```\nazcmagent check\n```'] };

    const posted = await notifier.post(conversation, drawn);

    assert.equal(posted.outcome, 'done');
    const last = whole.teams.messages(conversation.conversationId).slice(-2);
    const texts = last.map((sent) => sent.activity.text);
    assert.deepEqual(texts, [undefined, '```\nazcmagent check\n```']);
  });

  it('would rather repeat the card than lose a message after it', async () => {
    const conversation = await chat();
    const drawn = { ...DRAWN, after: ['azcmagent check'] };
    const tooMany = { status: 429, code: 'TooManyRequests', retryAfterSeconds: 2 };
    whole.teams.faults.push({ on: 'post', skip: 1, answer: tooMany });

    const posted = await notifier.post(conversation, drawn);

    assert.deepEqual(posted, {
      outcome: 'ambiguous',
      retryAfterMs: 2_000,
      reason: 'TooManyRequests',
    });
  });

  it('knows that nothing left when no connection came about', async () => {
    const conversation = { ...(await chat()), serviceUrl: 'http://127.0.0.1:1/' };

    const posted = await notifier.post(conversation, DRAWN);

    assert.deepEqual(posted, { outcome: 'retryable', reason: 'ECONNREFUSED' });
  });

  it('sends nothing to an address that is not its connector', async () => {
    const conversation = { ...(await chat()), serviceUrl: 'https://example.com/' };

    const posted = await notifier.post(conversation, DRAWN);

    assert.deepEqual(posted, { outcome: 'terminal', reason: 'service-url-refused' });
  });

  it('opens a 1:1 by object id only where the app is installed', async () => {
    const { serviceUrl } = await chat();
    const [takahashi, yamamoto] = ['000000000104', '000000000107'];

    const opened = await notifier.open?.(`00000000-0000-4000-8000-${takahashi}`, serviceUrl);
    const refused = await notifier.open?.(`00000000-0000-4000-8000-${yamamoto}`, serviceUrl);

    assert.equal(opened?.outcome, 'opened');
    assert.equal(
      opened?.outcome === 'opened' && opened.conversationId,
      whole.teams.personal('takahashi'),
    );
    assert.deepEqual(refused, {
      outcome: 'unreachable',
      why: 'not-in-roster',
      reason: 'BotNotInConversationRoster',
    });
  });
});

function same(answer: ConnectorFault['answer'], outcome: SendOutcome) {
  return { answer, post: outcome, edit: outcome };
}

/** A post may stand already; an edit can simply be made again. */
function mayBePosted(answer: ConnectorFault['answer'], reason: string) {
  const post = { outcome: 'ambiguous', reason } as const;
  const edit = { outcome: 'retryable', reason } as const;
  return { answer, post, edit };
}
