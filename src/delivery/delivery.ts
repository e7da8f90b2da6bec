import { channelOf } from '../core/conversation.ts';
import type { Lang } from '../core/ids.ts';
import type { Card } from '../core/notice.ts';
import type { DrawnNotice, KeptConversation, OutboxItem, SendOutcome } from '../core/ports.ts';
import { type Address, addressOf, languageOf, placeOf } from './address.ts';
import { backoffMs } from './backoff.ts';
import { FollowUp } from './follow-up.ts';
import { markRepeat } from './mark-repeat.ts';
import type { AttemptEnd, RelayDeps } from './relay.ts';
import { SendLimits } from './send-limits.ts';

const UNAUTHORIZED_PAUSE_MS = 60_000;
const NO_CHANNEL_WAIT_MS = 30_000;
const BUSY_WAIT_MS = 200;
/** What could not be delivered for a day is told of as a dead letter instead. */
const MOST_AGE_MS = 24 * 3_600_000;

type Failed = Exclude<SendOutcome, { readonly outcome: 'done' }>;

/** Brings one posted card up to its newest revision, or finds out why that cannot be now. */
export class Delivery {
  readonly #deps: RelayDeps;
  readonly #then: FollowUp;
  readonly #limits = new SendLimits();
  /** Conversations with a request under way: two at once would end in 412. */
  readonly #busy = new Set<string>();
  #pausedUntil = new Date(0);

  constructor(deps: RelayDeps) {
    this.#deps = deps;
    this.#then = new FollowUp(deps);
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
    const found = await this.#deps.store.read(async (tx) => {
      const card = await tx.cards.get(item.card);
      if (!card) return undefined;
      const address = await (item.op === 'edit' ? placeOf(tx, card) : addressOf(tx, item.audience));
      const lang = await languageOf(tx, item.audience, this.#deps.channelLang ?? 'ja');
      return { card, address, lang };
    });
    if (!found) return this.#then.giveUp(item, 'dead', 'card-gone');
    const { card, address, lang } = found;
    if (item.op === 'edit' && card.frozen) return this.#then.later(item, BUSY_WAIT_MS);
    if (item.op === 'edit' && isCurrent(card)) return this.#then.alreadyCurrent(item, card);
    switch (address.kind) {
      case 'open':
        return this.#exchange(item, card, address.conversation, lang);
      case 'suspended':
        return this.#then.elsewhere(item, `suspended-${address.conversation.suspended}`);
      case 'unknown':
        return item.op === 'edit' ? this.#then.repost(item) : this.#unknown(item, address);
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
    if (this.#busy.has(key)) return this.#then.later(item, BUSY_WAIT_MS);
    this.#busy.add(key);
    try {
      const drawn = this.#draw(item, card, lang);
      if (!drawn) return await this.#then.giveUp(item, 'dead', 'not-drawn');
      const requests = item.op === 'post' ? 1 + (drawn.after?.length ?? 0) : 1;
      const now = this.#now();
      const free = this.#limits.take(key, requests, now);
      if (free) return await this.#then.later(item, free.getTime() - now.getTime());
      const outcome = await this.#send(item, card, conversation, drawn);
      if (outcome.outcome !== 'done') return await this.#failed(item, conversation, outcome);
      this.#deps.metrics?.authorized?.(true);
      return await this.#then.done(item, card, outcome);
    } finally {
      this.#busy.delete(key);
    }
  }

  /** A card that cannot be drawn now cannot be drawn later either, and must not hold up the others. */
  #draw(item: OutboxItem, card: Card, lang: Lang): DrawnNotice | undefined {
    try {
      const drawn = this.#deps.draw(card, lang);
      return item.op === 'post' && item.ambiguous ? markRepeat(drawn, lang) : drawn;
    } catch (error) {
      this.#deps.log.error('card-not-drawn', { card: card.id, kind: card.notice.kind, error });
      return undefined;
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

  async #failed(
    item: OutboxItem,
    conversation: KeptConversation | undefined,
    failed: Failed,
  ): Promise<AttemptEnd> {
    const { log, metrics } = this.#deps;
    const { outcome, reason } = failed;
    log.info('send-failed', { card: item.card, op: item.op, outcome, reason });
    switch (failed.outcome) {
      case 'retryable':
      case 'ambiguous': {
        if (this.#isTooOld(item)) return this.#then.giveUp(item, 'dead', `a-day-of-${reason}`);
        const wait = failed.retryAfterMs ?? backoffMs(item.attempts, this.#deps.jitter());
        if (failed.retryAfterMs !== undefined && conversation) {
          const until = new Date(this.#now().getTime() + wait);
          this.#limits.pause(channelOf(conversation.conversationId), until);
        }
        return this.#then.retry(item, wait, failed.outcome === 'ambiguous');
      }
      case 'unauthorized':
        log.error('bot-not-accepted', { reason });
        metrics?.authorized?.(false);
        this.#pausedUntil = new Date(this.#now().getTime() + UNAUTHORIZED_PAUSE_MS);
        return this.#then.retry(item, UNAUTHORIZED_PAUSE_MS, false);
      case 'gone':
        return this.#gone(item, conversation, reason);
      case 'unreachable':
        if (conversation) await this.#then.suspend(conversation, failed.why);
        return this.#then.elsewhere(item, reason);
      case 'terminal':
        return this.#then.giveUp(item, 'dead', reason);
    }
  }

  /** An edit whose message is gone becomes a new message; a conversation that is gone is forgotten. */
  async #gone(
    item: OutboxItem,
    conversation: KeptConversation | undefined,
    reason: string,
  ): Promise<AttemptEnd> {
    if (item.op === 'edit') return this.#then.repost(item);
    const conversationId = conversation?.conversationId;
    const isThread = conversationId !== undefined && conversationId !== channelOf(conversationId);
    if (conversationId === undefined || isThread) return this.#then.unreachable(item, reason);
    await this.#deps.store.write((tx) => tx.conversations.forget(conversationId));
    return this.#then.retry(item, backoffMs(item.attempts, this.#deps.jitter()), false);
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
        return this.#then.later(item, NO_CHANNEL_WAIT_MS);
      case 'conversation':
        return this.#then.unreachable(item, 'conversation-unknown');
      case 'person': {
        const { notifier, store } = this.#deps;
        const { aadObjectId, serviceUrl } = address;
        if (!aadObjectId || !serviceUrl || !notifier.open) {
          return this.#then.unreachable(item, 'never-wrote');
        }
        const opened = await notifier.open(aadObjectId, serviceUrl);
        if (opened.outcome !== 'opened') return this.#failed(item, undefined, opened);
        const { outcome: _, ...known } = opened;
        const { person } = audience;
        const learnedAt = this.#now();
        await store.write((tx) =>
          tx.conversations.learn({ ...known, kind: 'personal', person, learnedAt }),
        );
        return this.#then.retry(item, 0, false);
      }
    }
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
