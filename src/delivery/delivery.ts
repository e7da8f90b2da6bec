import { channelOf } from '../core/conversation.ts';
import type { Lang } from '../core/ids.ts';
import type { Card } from '../core/notice.ts';
import type {
  DrawnNotice,
  KeptConversation,
  OpenOutcome,
  OutboxItem,
  SendOutcome,
} from '../core/ports.ts';
import { type Address, addressOf, languageOf, placeOf } from './address.ts';
import { backoffMs } from './backoff.ts';
import { markRepeat } from './mark-repeat.ts';
import type { AttemptEnd, RelayDeps } from './relay.ts';
import { SendLimits } from './send-limits.ts';

const UNAUTHORIZED_PAUSE_MS = 60_000;
const NO_CHANNEL_WAIT_MS = 30_000;
const BUSY_WAIT_MS = 200;
/** What could not be delivered for a day is told of as a dead letter instead. */
const MOST_AGE_MS = 24 * 3_600_000;

type Failed = Exclude<SendOutcome, { readonly outcome: 'done' }>;

/** Brings one posted card up to its newest revision, or says why not; the store remembers what is next. */
export class Delivery {
  readonly #deps: RelayDeps;
  readonly #limits = new SendLimits();
  /** Conversations with a request under way: two at once would end in 412. */
  readonly #busy = new Set<string>();
  #pausedUntil = new Date(0);

  constructor(deps: RelayDeps) {
    this.#deps = deps;
  }

  /** Until then nothing is claimed: the connector does not accept the bot itself. */
  get pausedUntil(): Date {
    return this.#pausedUntil;
  }

  /** Never throws: what the store could not note now is claimed again when the lease is over. */
  async deliver(item: OutboxItem): Promise<void> {
    try {
      const end = await this.#attempt(item);
      const since = this.#now().getTime() - item.enqueuedAt.getTime();
      this.#deps.metrics?.attempted?.(item, end, since);
    } catch (error) {
      this.#deps.log.error('delivery-failed', { card: item.card, op: item.op, error });
    }
  }

  async #attempt(item: OutboxItem): Promise<AttemptEnd> {
    const { store } = this.#deps;
    const found = await store.read(async (tx) => {
      const card = await tx.cards.get(item.card);
      if (!card) return undefined;
      const address = await (item.op === 'edit' ? placeOf(tx, card) : addressOf(tx, item.audience));
      const lang = await languageOf(tx, item.audience, this.#deps.channelLang ?? 'ja');
      return { card, address, lang };
    });
    if (!found) return this.#giveUp(item, 'dead', 'card-gone');
    const { card, address, lang } = found;
    if (item.op === 'edit' && card.frozen) return this.#retry(item, BUSY_WAIT_MS, false);
    if (item.op === 'edit' && isCurrent(card)) return this.#alreadyCurrent(item, card);
    switch (address.kind) {
      case 'open':
        return this.#exchange(item, card, address.conversation, lang);
      case 'suspended':
        return this.#unreachable(item, `suspended-${address.conversation.suspended}`);
      case 'unknown':
        return this.#unknown(item, address);
    }
  }

  /** One request, or as many as the card has messages, within Teams' limits. */
  async #exchange(
    item: OutboxItem,
    card: Card,
    conversation: KeptConversation,
    lang: Lang,
  ): Promise<AttemptEnd> {
    const key = channelOf(conversation.conversationId);
    if (this.#busy.has(key)) return this.#later(item, BUSY_WAIT_MS);
    this.#busy.add(key);
    try {
      const plain = this.#deps.draw(card, lang);
      const posting = item.op === 'post';
      const drawn = posting && item.ambiguous ? markRepeat(plain, lang) : plain;
      const requests = posting ? 1 + (drawn.after?.length ?? 0) : 1;
      const free = this.#limits.take(key, requests, this.#now());
      if (free) return this.#later(item, free.getTime() - this.#now().getTime());
      const outcome = await this.#send(item, card, conversation, drawn);
      return outcome.outcome === 'done'
        ? this.#done(item, card, outcome)
        : this.#failed(item, conversation, outcome);
    } finally {
      this.#busy.delete(key);
    }
  }

  #send(
    item: OutboxItem,
    card: Card,
    conversation: KeptConversation,
    drawn: DrawnNotice,
  ): Promise<SendOutcome> {
    const { notifier } = this.#deps;
    return item.op === 'edit' && card.activityId !== undefined
      ? notifier.edit(conversation, card.activityId, drawn)
      : notifier.post(conversation, drawn);
  }

  async #done(
    item: OutboxItem,
    card: Card,
    { conversationId, activityId }: { conversationId: string; activityId: string },
  ): Promise<AttemptEnd> {
    this.#deps.metrics?.authorized?.(true);
    const where = { conversationId, activityId, revision: card.revision };
    await this.#deps.store.outbox.posted(item, this.#now(), where);
    return item.op === 'post' ? 'posted' : 'edited';
  }

  async #failed(
    item: OutboxItem,
    conversation: KeptConversation | undefined,
    failed: Failed,
  ): Promise<AttemptEnd> {
    const { log, metrics } = this.#deps;
    const { reason } = failed;
    log.info('send-failed', { card: item.card, op: item.op, outcome: failed.outcome, reason });
    switch (failed.outcome) {
      case 'retryable':
      case 'ambiguous': {
        if (this.#isTooOld(item))
          return this.#giveUp(item, 'dead', `gave-up-after-a-day-${reason}`);
        const wait = failed.retryAfterMs ?? backoffMs(item.attempts, this.#deps.jitter());
        if (failed.retryAfterMs !== undefined && conversation) {
          const key = channelOf(conversation.conversationId);
          this.#limits.pause(key, new Date(this.#now().getTime() + wait));
        }
        return this.#retry(item, wait, failed.outcome === 'ambiguous');
      }
      case 'unauthorized':
        log.error('bot-not-accepted', { reason });
        metrics?.authorized?.(false);
        this.#pausedUntil = new Date(this.#now().getTime() + UNAUTHORIZED_PAUSE_MS);
        return this.#retry(item, UNAUTHORIZED_PAUSE_MS, false);
      case 'gone':
        return this.#gone(item, conversation, reason);
      case 'unreachable':
        if (conversation) await this.#suspend(conversation, failed.why);
        if (item.audience.kind === 'channel' && item.op === 'post')
          return this.#retry(item, 0, false);
        return this.#unreachable(item, reason);
      case 'terminal':
        return this.#giveUp(item, 'dead', reason);
    }
  }

  /** An edit whose message is gone becomes a new message; a conversation that is gone is forgotten. */
  async #gone(
    item: OutboxItem,
    conversation: KeptConversation | undefined,
    reason: string,
  ): Promise<AttemptEnd> {
    if (item.op === 'edit') {
      await this.#deps.store.outbox.repost(item, this.#now());
      return 'retry';
    }
    const conversationId = conversation?.conversationId;
    const isThread = conversationId !== undefined && conversationId !== channelOf(conversationId);
    if (conversationId === undefined || isThread) return this.#unreachable(item, reason);
    await this.#deps.store.write((tx) => tx.conversations.forget(conversationId));
    return this.#retry(item, backoffMs(item.attempts, this.#deps.jitter()), false);
  }

  async #unknown(
    item: OutboxItem,
    address: Extract<Address, { kind: 'unknown' }>,
  ): Promise<AttemptEnd> {
    const { audience } = item;
    switch (audience.kind) {
      case 'channel':
        // Alerts wait for the bot's first team, however long that takes.
        this.#deps.log.debug('no-alert-channel', { card: item.card });
        return this.#later(item, NO_CHANNEL_WAIT_MS);
      case 'conversation':
        return this.#unreachable(item, 'conversation-unknown');
      case 'person': {
        const { notifier, store } = this.#deps;
        const { aadObjectId, serviceUrl } = address;
        if (!aadObjectId || !serviceUrl || !notifier.open) {
          return this.#unreachable(item, 'never-wrote');
        }
        const opened: OpenOutcome = await notifier.open(aadObjectId, serviceUrl);
        if (opened.outcome !== 'opened') return this.#failed(item, undefined, opened);
        const { conversationId, reference } = opened;
        await store.write((tx) =>
          tx.conversations.learn({
            conversationId,
            kind: 'personal',
            person: audience.person,
            serviceUrl: opened.serviceUrl,
            reference,
            learnedAt: this.#now(),
          }),
        );
        return this.#retry(item, 0, false);
      }
    }
  }

  async #unreachable(item: OutboxItem, reason: string): Promise<AttemptEnd> {
    // Told before it is noted: a process that dies between the two tells it again.
    if (item.audience.kind === 'person') await this.#deps.onUnreachable(item.audience.person);
    return this.#giveUp(item, 'unreachable', reason);
  }

  async #suspend(conversation: KeptConversation, why: 'blocked' | 'not-in-roster'): Promise<void> {
    const id = channelOf(conversation.conversationId);
    await this.#deps.store.write((tx) => tx.conversations.suspend(id, why));
  }

  async #giveUp(
    item: OutboxItem,
    why: 'dead' | 'unreachable',
    reason: string,
  ): Promise<AttemptEnd> {
    const level = why === 'dead' ? 'error' : 'warn';
    this.#deps.log[level]('card-not-delivered', { card: item.card, op: item.op, why, reason });
    await this.#deps.store.outbox.giveUp(item, this.#now(), why, reason);
    return why;
  }

  async #retry(item: OutboxItem, waitMs: number, ambiguous: boolean): Promise<AttemptEnd> {
    const due = new Date(this.#now().getTime() + waitMs);
    await this.#deps.store.outbox.retry(item, due, ambiguous);
    return ambiguous ? 'ambiguous' : 'retry';
  }

  /** Nothing was tried. */
  async #later(item: OutboxItem, waitMs: number): Promise<AttemptEnd> {
    await this.#retry(item, waitMs, false);
    return 'limited';
  }

  /** Several changes, one edit: the first already showed the newest. */
  async #alreadyCurrent(item: OutboxItem, card: Card): Promise<AttemptEnd> {
    const { conversationId = '', activityId = '', postedRevision = 0 } = card;
    const where = { conversationId, activityId, revision: postedRevision };
    await this.#deps.store.outbox.posted(item, this.#now(), where);
    return 'current';
  }

  #isTooOld(item: OutboxItem): boolean {
    return this.#now().getTime() - item.enqueuedAt.getTime() > MOST_AGE_MS;
  }

  #now(): Date {
    return this.#deps.clock.now();
  }
}

function isCurrent(card: Card): boolean {
  return card.activityId !== undefined && card.postedRevision === card.revision;
}
