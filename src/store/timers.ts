import type { Timer, TimerKind, Timers } from '../core/ports.ts';
import type { Db } from './engine.ts';
import { toDate } from './rows.ts';

export class TimerTable implements Timers {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async set({ kind, subject, dueAt }: Timer): Promise<void> {
    const due_at = dueAt.getTime();
    await this.#db
      .insertInto('timers')
      .values({ kind, subject, due_at })
      .onConflict((on) => on.columns(['kind', 'subject']).doUpdateSet({ due_at }))
      .execute();
  }

  async clear(kind: TimerKind, subject: string): Promise<void> {
    await this.#db
      .deleteFrom('timers')
      .where('kind', '=', kind)
      .where('subject', '=', subject)
      .execute();
  }

  async takeDue(now: Date, limit: number): Promise<readonly Timer[]> {
    const due = await this.#db
      .selectFrom('timers')
      .selectAll()
      .where('due_at', '<=', now.getTime())
      .orderBy('due_at')
      .orderBy('kind')
      .orderBy('subject')
      .limit(limit)
      .execute();
    for (const { kind, subject } of due) await this.clear(kind as TimerKind, subject);
    return due.map((row) => ({
      kind: row.kind as TimerKind,
      subject: row.subject,
      dueAt: toDate(row.due_at),
    }));
  }
}
