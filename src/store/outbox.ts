import { sql } from 'kysely';
import type { CardId } from '../core/ids.ts';
import type { Audience } from '../core/notice.ts';
import type { OutboxItem, OutboxQueue } from '../core/ports.ts';
import { scrub } from '../core/scrub.ts';
import { decode } from './codec.ts';
import type { Db, Engine } from './engine.ts';
import { BATCH, nextNumber, toDate } from './rows.ts';

/** Puts work for the relay into the transaction that makes it necessary. */
export async function enqueue(
  db: Db,
  card: { id: string; audience_key: string },
  op: OutboxItem['op'],
  at: Date,
): Promise<number> {
  const id = await nextNumber(db, 'outbox');
  await db
    .insertInto('outbox')
    .values({
      id,
      card: card.id,
      audience_key: card.audience_key,
      op,
      attempts: 0,
      enqueued_at: at.getTime(),
      due_at: at.getTime(),
      lease_until: null,
      held: 0,
      ambiguous: 0,
    })
    .execute();
  return id;
}

export class Outbox implements OutboxQueue {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * Only the first item of an audience can be taken: two relays that look at the same moment want the same
   * row, and the row's lock gives it to one of them.
   */
  claim(now: Date, leaseUntil: Date, limit: number): Promise<readonly OutboxItem[]> {
    const at = now.getTime();
    return this.#engine.claim(async (db) => {
      const due = heads(db)
        .select('i.id')
        .where('i.due_at', '<=', at)
        .where((e) => e.or([e('i.lease_until', 'is', null), e('i.lease_until', '<=', at)]))
        .where((e) =>
          e.not(
            e.exists(
              e
                .selectFrom('outbox as leased')
                .select('leased.id')
                .whereRef('leased.audience_key', '=', 'i.audience_key')
                .where('leased.lease_until', '>', at),
            ),
          ),
        )
        .orderBy('i.due_at')
        .orderBy('i.id')
        .limit(Math.min(limit, BATCH));
      const ids = (await this.#engine.lockRows(due).execute()).map((row) => row.id);
      if (ids.length === 0) return [];
      await db
        .updateTable('outbox')
        .set((e) => ({
          lease_until: leaseUntil.getTime(),
          attempts: e('attempts', '+', 1),
          // Whoever held the lease before may have sent it and died.
          ambiguous: e
            .case()
            .when('lease_until', 'is', null)
            .then(e.ref('ambiguous'))
            .else(1)
            .end(),
        }))
        .where('id', 'in', ids)
        .execute();
      const rows = await db
        .selectFrom('outbox')
        .innerJoin('cards', 'cards.id', 'outbox.card')
        .select(['outbox.id', 'card', 'audience', 'op', 'attempts', 'enqueued_at', 'ambiguous'])
        .where('outbox.id', 'in', ids)
        .orderBy('outbox.id')
        .execute();
      return rows.map((row) => ({
        id: row.id,
        card: row.card as CardId,
        audience: decode<Audience>(row.audience),
        op: row.op as OutboxItem['op'],
        attempts: row.attempts - 1,
        enqueuedAt: toDate(row.enqueued_at),
        ambiguous: row.ambiguous === 1,
      }));
    });
  }

  posted(
    item: OutboxItem,
    at: Date,
    where: { conversationId: string; activityId: string; revision: number },
  ): Promise<void> {
    return this.#engine.write(async (db) => {
      await db
        .updateTable('cards')
        .set((e) => ({
          posted_revision: where.revision,
          conversation_id: where.conversationId,
          activity_id: where.activityId,
          posted_at:
            item.op === 'post' ? at.getTime() : e.fn.coalesce('posted_at', e.val(at.getTime())),
          delivery: 'posted',
        }))
        .where('id', '=', item.card)
        .execute();
      await db.deleteFrom('outbox').where('id', '=', item.id).execute();
      await enqueueIfBehind(db, item.card, at);
    });
  }

  retry(item: OutboxItem, dueAt: Date, ambiguous: boolean): Promise<void> {
    return this.#engine.write(async (db) => {
      await held(db, item)
        .set((e) => ({
          lease_until: null,
          due_at: dueAt.getTime(),
          ambiguous: ambiguous ? 1 : e.ref('ambiguous'),
        }))
        .execute();
    });
  }

  giveUp(item: OutboxItem, at: Date, why: 'dead' | 'unreachable', reason: string): Promise<void> {
    return this.#engine.write(async (db) => {
      const result = await db
        .deleteFrom('outbox')
        .where('id', '=', item.id)
        .where('attempts', '=', item.attempts + 1)
        .executeTakeFirst();
      if (result.numDeletedRows === 0n) return;
      await db
        .insertInto('dead_letters')
        .values({
          id: item.id,
          card: item.card,
          op: item.op,
          attempts: item.attempts + 1,
          enqueued_at: item.enqueuedAt.getTime(),
          given_up_at: at.getTime(),
          why,
          reason: scrub(reason),
        })
        .execute();
      await db.updateTable('cards').set({ delivery: why }).where('id', '=', item.card).execute();
    });
  }

  repost(item: OutboxItem, at: Date): Promise<void> {
    return this.#engine.write(async (db) => {
      const result = await held(db, item)
        .set({ op: 'post', lease_until: null, due_at: at.getTime(), held: 0, ambiguous: 0 })
        .executeTakeFirst();
      if (result.numUpdatedRows === 0n) return;
      await db
        .updateTable('cards')
        .set({
          posted_revision: null,
          activity_id: null,
          conversation_id: null,
          delivery: 'pending',
        })
        .where('id', '=', item.card)
        .execute();
    });
  }

  nextDue(): Promise<Date | undefined> {
    return this.#engine.read(async (db) => {
      const row = await db
        .selectFrom(
          heads(db)
            .select(['i.due_at'])
            .select((e) =>
              e
                .selectFrom('outbox as leased')
                .select((f) => f.fn.max('leased.lease_until').as('until'))
                .whereRef('leased.audience_key', '=', 'i.audience_key')
                .as('free_at'),
            )
            .as('head'),
        )
        .select(
          sql<number | null>`min(case when free_at > due_at then free_at else due_at end)`.as('at'),
        )
        .executeTakeFirst();
      return row?.at === null || row?.at === undefined ? undefined : toDate(row.at);
    });
  }

  depth(): Promise<{ waiting: number; dead: number }> {
    return this.#engine.read(async (db) => {
      const waiting = await db
        .selectFrom('outbox')
        .select((e) => e.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      const dead = await db
        .selectFrom('dead_letters')
        .select((e) => e.fn.countAll<number>().as('count'))
        .where('why', '=', 'dead')
        .executeTakeFirstOrThrow();
      return { waiting: waiting.count, dead: dead.count };
    });
  }
}

/**
 * Where one process owns the store, whoever holds a lease as it opens is dead: nobody waits for its end. The
 * item may be out already.
 */
export async function releaseLeases(db: Db): Promise<void> {
  await db
    .updateTable('outbox')
    .set({ lease_until: null, ambiguous: 1 })
    .where('lease_until', 'is not', null)
    .execute();
}

/** A card that changed while its last version was under way needs one more edit. */
export async function enqueueIfBehind(db: Db, card: string, at: Date): Promise<void> {
  const row = await db.selectFrom('cards').selectAll().where('id', '=', card).executeTakeFirst();
  if (!row || row.frozen === 1 || row.activity_id === null) return;
  if (row.revision <= (row.posted_revision ?? 0)) return;
  const waiting = await db
    .selectFrom('outbox')
    .select('id')
    .where('card', '=', card)
    .limit(1)
    .executeTakeFirst();
  if (!waiting) await enqueue(db, row, 'edit', at);
}

/** The first item of each audience that nothing holds back. */
function heads(db: Db) {
  return db
    .selectFrom('outbox as i')
    .where('i.held', '=', 0)
    .where((e) =>
      e.not(
        e.exists(
          e
            .selectFrom('outbox as earlier')
            .select('earlier.id')
            .whereRef('earlier.audience_key', '=', 'i.audience_key')
            .whereRef('earlier.id', '<', 'i.id')
            .where('earlier.held', '=', 0),
        ),
      ),
    );
}

/** The item while this claim still has it: a lease that ran out may have passed it on. */
function held(db: Db, item: OutboxItem) {
  return db
    .updateTable('outbox')
    .where('id', '=', item.id)
    .where('attempts', '=', item.attempts + 1);
}
