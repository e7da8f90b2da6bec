import { setImmediate } from 'node:timers/promises';
import type { Db } from './engine.ts';

/** Rows that one statement writes or names; below both engines' limits of parameters. */
export const BATCH = 1_000;

export function* batches<T>(items: readonly T[], size = BATCH): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

/** The next number of a sequence; never given twice once the transaction has committed. */
export async function nextNumber(db: Db, name: string): Promise<number> {
  const row = await db
    .insertInto('counters')
    .values({ name, value: 1 })
    .onConflict((on) =>
      on.column('name').doUpdateSet((e) => ({ value: e('counters.value', '+', 1) })),
    )
    .returning('value')
    .executeTakeFirstOrThrow();
  return row.value;
}

export async function currentNumber(db: Db, name: string): Promise<number> {
  const row = await db
    .selectFrom('counters')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst();
  return row?.value ?? 0;
}

/** Names of machines are compared without case. */
export function lower(name: string): string {
  return name.toLowerCase();
}

export function toDate(ms: number): Date {
  return new Date(ms);
}

export function toDateIfSet(ms: number | null): Date | undefined {
  return ms === null ? undefined : new Date(ms);
}

/** Lets other requests go on between two batches: SQLite answers within the same turn of the event loop. */
export async function breathe(): Promise<void> {
  await setImmediate();
}
