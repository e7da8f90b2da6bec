import type {
  DrawnNotice,
  KeptConversation,
  Log,
  Notifier,
  OpenOutcome,
  SendOutcome,
} from '../core/ports.ts';
import { appIdOf, audienceOf, type BotIdentity } from './authentication.ts';
import { ConnectorFailure } from './connector-failure.ts';
import type { ConnectorHttp } from './connector-http.ts';
import type { OpsAdapter } from './ops-adapter.ts';
import { type FailedOutcome, outcomeOf } from './outcome.ts';
import { mayServe } from './service-url.ts';

export interface NotifierDeps {
  readonly identity: BotIdentity;
  readonly adapter: OpsAdapter;
  readonly http: ConnectorHttp;
  readonly log: Log;
}

const ADAPTIVE_CARD = 'application/vnd.microsoft.card.adaptive';
/** Well under the 100 KB a Teams message may have, in bytes of UTF-8 and UTF-16 alike. */
const MOST_TEXT_CHARS = 8_000;

/** One attempt each, with a typed outcome; knows Teams, not limits and order. */
export function createNotifier(deps: NotifierDeps): Notifier {
  return {
    post: (conversation, drawn) => post(deps, conversation, drawn),
    edit: (conversation, activityId, drawn) => edit(deps, conversation, activityId, drawn),
    open: (aadObjectId, serviceUrl) => open(deps, aadObjectId, serviceUrl),
  };
}

async function post(
  deps: NotifierDeps,
  conversation: KeptConversation,
  drawn: DrawnNotice,
): Promise<SendOutcome> {
  let card = await send(deps, conversation, cardMessage(drawn));
  if (isTooLarge(card)) card = await send(deps, conversation, textMessage(drawn));
  if (card.outcome !== 'done') return card;
  for (const text of drawn.after ?? []) {
    const after = await send(deps, conversation, plainMessage(text));
    // The card stands already, so sending all of it again is a possible repeat, never a loss.
    if (after.outcome === 'retryable') return { ...after, outcome: 'ambiguous' };
    if (after.outcome === 'ambiguous') return after;
    if (after.outcome !== 'done') deps.log.warn('after-message-lost', { reason: after.reason });
  }
  return card;
}

async function edit(
  deps: NotifierDeps,
  conversation: KeptConversation,
  activityId: string,
  drawn: DrawnNotice,
): Promise<SendOutcome> {
  const card = await update(deps, conversation, activityId, cardMessage(drawn));
  return isTooLarge(card) ? update(deps, conversation, activityId, textMessage(drawn)) : card;
}

const TOO_LARGE = 'too-large';

function isTooLarge(outcome: SendOutcome): boolean {
  return outcome.outcome === 'terminal' && outcome.reason === TOO_LARGE;
}

async function send(
  deps: NotifierDeps,
  conversation: KeptConversation,
  message: object,
): Promise<SendOutcome> {
  return attempt(deps, conversation.serviceUrl, 'post', async () => {
    const client = await deps.adapter.connectorFor(conversation.serviceUrl);
    const { conversationId } = conversation;
    const sent = await client.conversations.sendToConversation(conversationId, message);
    return { outcome: 'done', conversationId, activityId: sent.id ?? '' };
  });
}

async function update(
  deps: NotifierDeps,
  conversation: KeptConversation,
  activityId: string,
  message: object,
): Promise<SendOutcome> {
  return attempt(deps, conversation.serviceUrl, 'edit', async () => {
    const client = await deps.adapter.connectorFor(conversation.serviceUrl);
    const { conversationId } = conversation;
    await client.conversations.updateActivity(conversationId, activityId, message);
    return { outcome: 'done', conversationId, activityId };
  });
}

/**
 * A 1:1 for someone who has the app but never wrote. Entra's object id names them, as
 * learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages allows.
 */
async function open(
  deps: NotifierDeps,
  aadObjectId: string,
  serviceUrl: string,
): Promise<OpenOutcome> {
  const appId = appIdOf(deps.identity);
  const { tenantId } = deps.identity;
  return attempt<OpenOutcome>(deps, serviceUrl, 'edit', async () => {
    let conversationId: string | undefined;
    const bot = { id: `28:${appId}`, name: '' };
    await deps.adapter.createConversationAsync(
      appId,
      'msteams',
      serviceUrl,
      audienceOf(deps.identity),
      {
        isGroup: false,
        bot,
        members: [{ id: aadObjectId, name: '', aadObjectId }],
        tenantId,
        channelData: { tenant: { id: tenantId } },
      },
      async (context) => {
        conversationId = context.activity.conversation.id;
      },
    );
    if (!conversationId) return { outcome: 'terminal', reason: 'no-conversation-id' };
    const conversation = { id: conversationId, conversationType: 'personal', tenantId };
    const reference = {
      channelId: 'msteams',
      serviceUrl,
      bot,
      user: { aadObjectId },
      conversation,
    };
    return { outcome: 'opened', conversationId, serviceUrl, reference };
  });
}

async function attempt<T extends { readonly outcome: string }>(
  deps: NotifierDeps,
  serviceUrl: string,
  op: 'post' | 'edit',
  call: () => Promise<T>,
): Promise<T | FailedOutcome> {
  const where = deps.identity.kind === 'demo' ? 'loopback' : 'teams';
  if (!mayServe(serviceUrl, where)) return { outcome: 'terminal', reason: 'service-url-refused' };
  try {
    return await deps.http.attempt(call);
  } catch (failure) {
    if (failure instanceof ConnectorFailure && failure.status === 413) {
      return { outcome: 'terminal', reason: TOO_LARGE };
    }
    return outcomeOf(failure, op);
  }
}

function cardMessage(drawn: DrawnNotice): object {
  const card = { contentType: ADAPTIVE_CARD, content: drawn.card };
  return { type: 'message', summary: drawn.summary, attachments: [drawn.attachment ?? card] };
}

/** The same in words, where the card is too large. */
function textMessage(drawn: DrawnNotice): object {
  const text = drawn.text.slice(0, MOST_TEXT_CHARS);
  return { type: 'message', summary: drawn.summary, textFormat: 'plain', text };
}

function plainMessage(text: string): object {
  return { type: 'message', textFormat: 'markdown', text };
}
