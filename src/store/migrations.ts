import type { Kysely } from 'kysely';
import { OpsBotError } from '../core/errors.ts';
import type { Clock } from '../core/ports.ts';
import type { Db, Engine } from './engine.ts';
import { first } from './migrations/0001-first.ts';
import { repairs } from './migrations/0002-repairs.ts';
import { absences } from './migrations/0003-absences.ts';
import type { Schema } from './schema.ts';

/** Goes forward only; a migration that was released is never changed again. */
export interface Migration {
  readonly name: string;
  up(db: Kysely<unknown>): Promise<void>;
}

/** Brings the store to the newest schema, each step in its own transaction. */
export async function migrate(
  engine: Engine,
  clock: Clock,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  await engine.write((db) =>
    db.schema
      .createTable('schema_version')
      .ifNotExists()
      .addColumn('version', 'integer', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('applied_at', 'bigint', (c) => c.notNull())
      .execute(),
  );
  let more = true;
  while (more) more = await engine.write((db) => step(db, clock, migrations));
}

async function step(db: Db, clock: Clock, migrations: readonly Migration[]): Promise<boolean> {
  const version = await versionOf(db);
  if (version > migrations.length) {
    throw new OpsBotError(
      'STORE_NEWER',
      `the store has schema ${version}, this program knows ${migrations.length}: use the newer program`,
    );
  }
  const next = migrations[version];
  if (!next) return false;
  await next.up(db as unknown as Kysely<unknown>);
  await db
    .insertInto('schema_version')
    .values({ version: version + 1, name: next.name, applied_at: clock.now().getTime() })
    .execute();
  return version + 1 < migrations.length;
}

/** Whether there is a store at all; asks without making one. */
export async function hasSchema(db: Db): Promise<boolean> {
  const tables = await db.introspection.getTables();
  return tables.some((table) => table.name === 'schema_version');
}

async function versionOf(db: Kysely<Schema>): Promise<number> {
  const row = await db
    .selectFrom('schema_version')
    .select((e) => e.fn.max('version').as('version'))
    .executeTakeFirst();
  return row?.version ?? 0;
}

export const MIGRATIONS: readonly Migration[] = [first, repairs, absences];
