import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { OpsBotError } from '../core/errors.ts';
import { alone, type Db, type Engine } from './engine.ts';
import type { Schema } from './schema.ts';

const MAX_CONNECTIONS = 10;
const CONNECT_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 60_000;
const LOCK_TIMEOUT_MS = 20_000;
/** A replica that hangs inside its transaction would keep all others from writing. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;
const TRIES = 5;
const FIRST_PAUSE_MS = 50;

/** Any number, as long as it never changes: every replica's writer queues for it. */
const WRITER_LOCK = 4_702_111_235;

export interface PostgresOptions {
  readonly url: string;
  readonly wait: (ms: number) => Promise<void>;
}

/** The shared engine: several replicas on one PostgreSQL. Why it writes as it does: docs/decisions/0011. */
export function openPostgres({ url, wait }: PostgresOptions): Engine {
  const pool = new pg.Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    keepAlive: true,
    types: { getTypeParser },
  });
  // A connection that breaks fails the query on it, or has left the pool; its event must not end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });

  const again = <T>(run: () => Promise<T>): Promise<T> => withTries(run, wait);
  return {
    read: (work) => alone(() => again(() => readOnce(db, work))),
    write: (work) => alone(() => again(() => writeOnce(db, work, WRITER_LOCK, wait))),
    claim: (work) => alone(() => again(() => writeOnce(db, work, undefined, wait))),
    lockRows: (query) => query.forUpdate().skipLocked(),
    close: () => db.destroy(),
  };
}

/** bigint and count() arrive as text otherwise. */
const getTypeParser = ((oid: number, format?: 'text' | 'binary') =>
  oid === pg.types.builtins.INT8
    ? toSafeInteger
    : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser;

function toSafeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`not a safe integer: ${text}`);
  return value;
}

function readOnce<T>(db: Kysely<Schema>, work: (db: Db) => Promise<T>): Promise<T> {
  return db.connection().execute(async (connection) => {
    await sql`begin isolation level repeatable read read only`.execute(connection);
    return finish(connection, work, (on) => sql`commit`.execute(on));
  });
}

/** READ COMMITTED: each statement after the lock sees what the writers before have committed. */
async function writeOnce<T>(
  db: Kysely<Schema>,
  work: (db: Db) => Promise<T>,
  lock: number | undefined,
  wait: (ms: number) => Promise<void>,
): Promise<T> {
  let xid: string | undefined;
  let result: { value: T } | undefined;
  try {
    await db.connection().execute(async (connection) => {
      await sql`begin isolation level read committed`.execute(connection);
      await finish(
        connection,
        async (on) => {
          if (lock !== undefined) await sql`select pg_advisory_xact_lock(${lock})`.execute(on);
          const { rows } = await sql<{
            xid: string;
          }>`select pg_current_xact_id()::text as xid`.execute(on);
          const value = await work(on);
          xid = rows[0]?.xid;
          result = { value };
        },
        (on) => sql`commit`.execute(on),
      );
    });
  } catch (error) {
    // Only a connection lost during commit leaves open whether it took place: the server knows.
    const committed =
      result !== undefined && xid !== undefined && isConnectionError(error)
        ? await isCommitted(db, xid, wait)
        : false;
    if (!committed) throw error;
  }
  return (result as { value: T }).value;
}

async function finish<T>(
  connection: Db,
  work: (db: Db) => Promise<T>,
  commit: (db: Db) => Promise<unknown>,
): Promise<T> {
  try {
    const result = await work(connection);
    await commit(connection);
    return result;
  } catch (error) {
    await sql`rollback`.execute(connection).catch(() => undefined);
    throw error;
  }
}

async function isCommitted(
  db: Kysely<Schema>,
  xid: string,
  wait: (ms: number) => Promise<void>,
): Promise<boolean> {
  return withTries(async () => {
    const { rows } = await sql<{ status: string | null }>`
      select pg_xact_status(${xid}::xid8) as status`.execute(db);
    const status = rows[0]?.status;
    if (status === 'in progress') throw Object.assign(new Error(status), { code: '40001' });
    return status === 'committed';
  }, wait);
}

async function withTries<T>(
  run: () => Promise<T>,
  wait: (ms: number) => Promise<void>,
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await run();
    } catch (error) {
      if (sqlState(error) === LOCK_NOT_AVAILABLE) {
        throw new OpsBotError('STORE_BUSY', 'another writer held the store for too long', {
          cause: error,
        });
      }
      const passing = isConflict(error) || isConnectionError(error);
      if (!passing || tried === TRIES) throw error;
      await wait(FIRST_PAUSE_MS * 2 ** (tried - 1));
    }
  }
}

const LOCK_NOT_AVAILABLE = '55P03';

function sqlState(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' ? code : '';
}

/** serialization_failure and deadlock_detected. */
function isConflict(error: unknown): boolean {
  return ['40001', '40P01'].includes(sqlState(error));
}

/** SQLSTATE classes 08 and 57P0x, the sockets' own codes, and pg's words where it gives no code. */
function isConnectionError(error: unknown): boolean {
  const code = sqlState(error);
  if (code.startsWith('08') || code.startsWith('57P0') || code === '25P03') return true;
  if (['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT'].includes(code)) return true;
  return (
    error instanceof Error &&
    /^(Connection terminated|timeout exceeded when)|Client (has encountered a connection error|was closed)/.test(
      error.message,
    )
  );
}
