import { OpsBotError } from '../core/errors.ts';
import type { CardId, PersonKey } from '../core/ids.ts';
import type { Audience, ButtonId, Card, Notice } from '../core/notice.ts';
import type { CardReads, CardWrites, UsedNonce } from '../core/ports.ts';
import { decode, encode, same } from './codec.ts';
import type { Db } from './engine.ts';
import { enqueue, enqueueIfBehind } from './outbox.ts';
import { nextNumber, toDate } from './rows.ts';
import type { Schema } from './schema.ts';

export class Cards implements CardReads, CardWrites {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async get(id: CardId): Promise<Card | undefined> {
    const row = await this.#row(id);
    return row && toCard(row);
  }

  async list(
    audience: Audience,
    options: { shown?: boolean; limit?: number } = {},
  ): Promise<readonly Card[]> {
    let query = this.#db
      .selectFrom('cards')
      .selectAll()
      .where('audience_key', '=', keyOf(audience));
    if (options.shown)
      query = query.where('posted_at', 'is not', null).orderBy('posted_at', 'desc');
    query = query.orderBy('created_at', 'desc').orderBy('ordinal', 'desc');
    if (options.limit !== undefined) query = query.limit(options.limit);
    return (await query.execute()).map(toCard);
  }

  async action(nonce: string): Promise<UsedNonce | undefined> {
    const row = await this.#db
      .selectFrom('used_nonces')
      .selectAll()
      .where('nonce', '=', nonce)
      .executeTakeFirst();
    return (
      row && {
        nonce: row.nonce,
        card: row.card as CardId,
        button: row.button as ButtonId,
        person: row.person as PersonKey,
        usedAt: toDate(row.used_at),
        ...(row.answer !== null && { answer: decode<Notice>(row.answer) }),
      }
    );
  }

  async post(id: CardId, audience: Audience, notice: Notice, at: Date): Promise<void> {
    if (await this.#row(id)) return this.update(id, notice, at);
    const row = {
      id,
      ordinal: await nextNumber(this.#db, 'card'),
      audience_key: keyOf(audience),
      audience: encode(audience),
      notice: encode(notice),
      revision: 1,
      posted_revision: null,
      conversation_id: null,
      activity_id: null,
      created_at: at.getTime(),
      updated_at: at.getTime(),
      posted_at: null,
      frozen: 0,
      delivery: 'pending',
    };
    await this.#db.insertInto('cards').values(row).execute();
    await enqueue(this.#db, row, 'post', at);
  }

  async update(id: CardId, notice: Notice, at: Date): Promise<void> {
    const row = await this.#known(id);
    if (same(decode<Notice>(row.notice), notice)) return;
    await this.#db
      .updateTable('cards')
      .set({ notice: encode(notice), revision: row.revision + 1, updated_at: at.getTime() })
      .where('id', '=', id)
      .execute();
    await enqueueIfBehind(this.#db, id, at);
  }

  async freeze(id: CardId, frozen: boolean, at: Date): Promise<void> {
    const row = await this.#known(id);
    if ((row.frozen === 1) === frozen) return;
    const value = frozen ? 1 : 0;
    await this.#db.updateTable('cards').set({ frozen: value }).where('id', '=', id).execute();
    await this.#db
      .updateTable('outbox')
      .set({ held: value })
      .where('card', '=', id)
      .where('op', '=', 'edit')
      .execute();
    if (!frozen) await enqueueIfBehind(this.#db, id, at);
  }

  async useNonce(used: UsedNonce): Promise<void> {
    if (await this.action(used.nonce)) {
      throw new OpsBotError('VALUE_REFUSED', 'this nonce has been used already');
    }
    const keepAnswer = used.answer !== undefined && used.button !== 'show-code';
    await this.#db
      .insertInto('used_nonces')
      .values({
        nonce: used.nonce,
        card: used.card,
        button: used.button,
        person: used.person,
        used_at: used.usedAt.getTime(),
        answer: keepAnswer ? encode(used.answer) : null,
      })
      .execute();
  }

  #row(id: CardId): Promise<Schema['cards'] | undefined> {
    return this.#db.selectFrom('cards').selectAll().where('id', '=', id).executeTakeFirst();
  }

  async #known(id: CardId): Promise<Schema['cards']> {
    const row = await this.#row(id);
    if (!row) throw new OpsBotError('CARD_UNKNOWN', id);
    return row;
  }
}

function keyOf(audience: Audience): string {
  switch (audience.kind) {
    case 'person':
      return `person:${audience.person}`;
    case 'channel':
      return 'channel';
    case 'conversation':
      return `conversation:${audience.conversationId}`;
  }
}

function toCard(row: Schema['cards']): Card {
  return {
    id: row.id as CardId,
    audience: decode<Audience>(row.audience),
    notice: decode<Notice>(row.notice),
    revision: row.revision,
    ...(row.posted_revision !== null && { postedRevision: row.posted_revision }),
    ...(row.activity_id !== null && { activityId: row.activity_id }),
    ...(row.conversation_id !== null && { conversationId: row.conversation_id }),
    createdAt: toDate(row.created_at),
    updatedAt: toDate(row.updated_at),
    ...(row.posted_at !== null && { postedAt: toDate(row.posted_at) }),
    frozen: row.frozen === 1,
    delivery: row.delivery as Card['delivery'],
  };
}
