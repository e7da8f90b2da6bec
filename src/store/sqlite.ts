import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Kysely, type SqliteDatabase, SqliteDialect, sql } from 'kysely';
import { OpsBotError } from '../core/errors.ts';
import { LOCK_FILE, prepareFolder, STORE_FILE } from './data-folder.ts';
import { alone, type Db, type Engine, Queue } from './engine.ts';
import type { Schema } from './schema.ts';

const READERS = 4;
const BUSY_TIMEOUT_MS = 5_000;
const LOCK_POLL_MS = 100;

export interface SqliteOptions {
  readonly dataDir: string;
  /** How long to wait for another process to let go of the folder. */
  readonly lockWaitMs: number;
  readonly wait: (ms: number) => Promise<void>;
}

/** The embedded engine: one process, one connection that writes, a few that read. */
export async function openSqlite(options: SqliteOptions): Promise<Engine> {
  prepareFolder(options.dataDir);
  const lock = await lockFolder(options);
  try {
    return sqliteEngine(join(options.dataDir, STORE_FILE), lock);
  } catch (error) {
    lock.close();
    throw error;
  }
}

function sqliteEngine(path: string, lock: DatabaseSync): Engine {
  const writer = open(path, '');
  const writes = new Queue();
  const readers = Array.from({ length: READERS }, () => ({
    db: open(path, 'PRAGMA query_only = ON'),
    queue: new Queue(),
    waiting: 0,
  }));

  const write = <T>(work: (db: Db) => Promise<T>): Promise<T> =>
    alone(() => writes.run(() => transaction(writer, 'begin immediate', work)));

  return {
    write,
    claim: write,
    async read(work) {
      const reader = readers.reduce((best, one) => (one.waiting < best.waiting ? one : best));
      reader.waiting += 1;
      try {
        return await alone(() => reader.queue.run(() => transaction(reader.db, 'begin', work)));
      } finally {
        reader.waiting -= 1;
      }
    },
    lockRows: (query) => query,
    async close() {
      await Promise.all(readers.map((reader) => reader.queue.run(() => reader.db.destroy())));
      await writes.run(() => writer.destroy());
      lock.close();
    },
  };
}

async function transaction<T>(
  db: Kysely<Schema>,
  begin: 'begin' | 'begin immediate',
  work: (db: Db) => Promise<T>,
): Promise<T> {
  await sql.raw(begin).execute(db);
  try {
    const result = await work(db);
    await sql`commit`.execute(db);
    return result;
  } catch (error) {
    // SQLite has rolled back by itself after some errors, such as a full disk.
    await sql`rollback`.execute(db).catch(() => undefined);
    throw error;
  }
}

function open(path: string, pragma: string): Kysely<Schema> {
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
  // What is wiped (sealed codes) is overwritten in the file as well.
  database.exec(`PRAGMA secure_delete = ON; ${pragma}`);
  return new Kysely<Schema>({ dialect: new SqliteDialect({ database: forKysely(database) }) });
}

/** node:sqlite in the shape Kysely knows (that of better-sqlite3). */
function forKysely(database: DatabaseSync): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare(text) {
      const statement = database.prepare(text);
      const values = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[];
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...values(parameters)),
        run: (parameters) => statement.run(...values(parameters)),
        iterate: (parameters) => statement.iterate(...values(parameters)),
      };
    },
  };
}

/**
 * Holds the folder for this process: an exclusive transaction, never written, on a file of its own. The
 * operating system lets go of it when the process ends, however it ends.
 */
async function lockFolder({ dataDir, lockWaitMs, wait }: SqliteOptions): Promise<DatabaseSync> {
  for (let waited = 0; ; waited += LOCK_POLL_MS) {
    const lock = tryLock(join(dataDir, LOCK_FILE));
    if (lock) return lock;
    if (waited >= lockWaitMs) {
      throw new OpsBotError('STORE_BUSY', `another process uses the data folder ${dataDir}`);
    }
    await wait(LOCK_POLL_MS);
  }
}

function tryLock(path: string): DatabaseSync | undefined {
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return (error as { errcode?: number }).errcode === SQLITE_BUSY;
}
