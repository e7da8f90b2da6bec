import { channelOf } from '../core/conversation.ts';
import type { Card } from '../core/notice.ts';
import type { KeptConversation, OutboxItem, SendOutcome } from '../core/ports.ts';
import type { AttemptEnd, RelayDeps } from './relay.ts';

type Done = Extract<SendOutcome, { readonly outcome: 'done' }>;

/** What is noted in the store after an attempt: each way an item can go on, or end. */
export class FollowUp {
  readonly #deps: RelayDeps;

  constructor(deps: RelayDeps) {
    this.#deps = deps;
  }

  async done(item: OutboxItem, card: Card, done: Done): Promise<AttemptEnd> {
    const { conversationId, activityId } = done;
    const where = { conversationId, activityId, revision: card.revision };
    await this.#deps.store.outbox.posted(item, this.#now(), where);
    return item.op === 'post' ? 'posted' : 'edited';
  }

  /** Someone else's edit showed the newest already. */
  async alreadyCurrent(item: OutboxItem, card: Card): Promise<AttemptEnd> {
    const { conversationId = '', activityId = '', postedRevision = 0 } = card;
    const where = { conversationId, activityId, revision: postedRevision };
    await this.#deps.store.outbox.posted(item, this.#now(), where);
    return 'current';
  }

  async retry(item: OutboxItem, waitMs: number, ambiguous: boolean): Promise<AttemptEnd> {
    const due = new Date(this.#now().getTime() + waitMs);
    await this.#deps.store.outbox.retry(item, due, ambiguous);
    return ambiguous ? 'ambiguous' : 'retry';
  }

  /** Nothing was tried. */
  async later(item: OutboxItem, waitMs: number): Promise<AttemptEnd> {
    await this.retry(item, waitMs, false);
    return 'limited';
  }

  /** The posted message is no more: the card becomes a new one. */
  async repost(item: OutboxItem): Promise<AttemptEnd> {
    await this.#deps.store.outbox.repost(item, this.#now());
    return 'retry';
  }

  async giveUp(item: OutboxItem, why: 'dead' | 'unreachable', reason: string): Promise<AttemptEnd> {
    const level = why === 'dead' ? 'error' : 'warn';
    this.#deps.log[level]('card-not-delivered', { card: item.card, op: item.op, why, reason });
    await this.#deps.store.outbox.giveUp(item, this.#now(), why, reason);
    return why;
  }

  async unreachable(item: OutboxItem, reason: string): Promise<AttemptEnd> {
    // Told before it is noted: a process that dies between the two tells it again.
    if (item.audience.kind === 'person') await this.#deps.onUnreachable(item.audience.person);
    return this.giveUp(item, 'unreachable', reason);
  }

  /** A channel that shut the bot out is replaced by another; a person is not. */
  async elsewhere(item: OutboxItem, reason: string): Promise<AttemptEnd> {
    if (item.audience.kind !== 'channel') return this.unreachable(item, reason);
    return item.op === 'edit' ? this.repost(item) : this.retry(item, 0, false);
  }

  async suspend(conversation: KeptConversation, why: 'blocked' | 'not-in-roster'): Promise<void> {
    const id = channelOf(conversation.conversationId);
    await this.#deps.store.write((tx) => tx.conversations.suspend(id, why));
  }

  #now(): Date {
    return this.#deps.clock.now();
  }
}
