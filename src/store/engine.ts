import { AsyncLocalStorage } from 'node:async_hooks';
import type { Kysely, SelectQueryBuilder } from 'kysely';
import type { Schema } from './schema.ts';

/** One connection with a transaction open on it. */
export type Db = Kysely<Schema>;

/** What differs between SQLite and PostgreSQL; nothing outside the two engines asks which one runs. */
export interface Engine {
  /** A consistent snapshot. */
  read<T>(work: (db: Db) => Promise<T>): Promise<T>;
  /** One writer at a time, over all processes that share the store. */
  write<T>(work: (db: Db) => Promise<T>): Promise<T>;
  /** A short transaction beside the writer, for rows that are locked one by one. */
  claim<T>(work: (db: Db) => Promise<T>): Promise<T>;
  /** Locks the selected rows and leaves out those that another transaction has locked. */
  lockRows<DB, T extends keyof DB, O>(
    query: SelectQueryBuilder<DB, T, O>,
  ): SelectQueryBuilder<DB, T, O>;
  close(): Promise<void>;
}

const inside = new AsyncLocalStorage<{ open: boolean }>();

/** Refuses a transaction inside another one: it would wait for itself. */
export async function alone<T>(run: () => Promise<T>): Promise<T> {
  if (inside.getStore()?.open) {
    throw new Error('a transaction is open here already: use its tx instead of the store');
  }
  const mark = { open: true };
  try {
    return await inside.run(mark, run);
  } finally {
    mark.open = false;
  }
}

/** Runs one after the other, in the order of asking. */
export class Queue {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
