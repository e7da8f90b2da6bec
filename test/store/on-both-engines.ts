import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Context } from 'mocha';
import type { Store } from '../../src/core/ports.ts';
import { type OpenOptions, openStore } from '../../src/store/open.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { admin, freshDatabase } from '../support/postgres.ts';

/** A store on a place of its own, and that place as seen from outside the store. */
export interface Given {
  readonly store: Store;
  readonly clock: FixedClock;
  /** Changes a row behind the store's back. */
  sql(statement: string): Promise<void>;
  rows(query: string): Promise<unknown[]>;
  /** Closes the store and opens it once more. */
  reopen(): Promise<void>;
}

interface Place {
  readonly options: OpenOptions;
  query(statement: string): Promise<unknown[]>;
  remove(): void;
}

let sharedDatabase: string | undefined;

const ENGINES = {
  SQLite: async (): Promise<Place> => sqlitePlace(),
  PostgreSQL: async (context: Context, ownDatabase: boolean): Promise<Place> => {
    const url = (ownDatabase ? undefined : sharedDatabase) ?? (await freshDatabase(context));
    if (!ownDatabase) sharedDatabase = url;
    return {
      options: { kind: 'postgres', url },
      query: (statement) => admin(url, statement),
      remove: () => undefined,
    };
  },
};

/**
 * Quicker than a new database. Counters stay and the roll-out's moves on, because the open store remembers
 * the roll-out by it.
 */
const EMPTY_POSTGRES = `do $$ declare name text; begin
  set local session_replication_role = replica;
  for name in select tablename from pg_tables
    where schemaname = 'public' and tablename not in ('schema_version', 'counters')
  loop execute format('delete from %I', name); end loop;
  update counters c set value = value + 1 where c.name = 'roll-out';
end $$`;

/**
 * The same tests on both engines, all on one store, or on an empty one `each`. `ownDatabase`: what they do
 * to the schema would be in the way of others.
 */
export function onBothEngines(
  title: string,
  tests: (given: Given) => void,
  options: { fresh?: 'each'; ownDatabase?: boolean } = {},
): void {
  for (const [engine, makePlace] of Object.entries(ENGINES)) {
    describe(`${title} on ${engine}`, () => {
      let place: Place | undefined;
      let store: Store | undefined;
      const clock = new FixedClock();
      async function open(this: Context): Promise<void> {
        this.timeout(60_000);
        place = await makePlace(this, options.ownDatabase ?? false);
        store = await openStore(place.options, { clock });
      }
      async function close(): Promise<void> {
        await store?.close();
        place?.remove();
        store = undefined;
        place = undefined;
      }
      const fresh = options.fresh === 'each';
      const reuse = engine === 'PostgreSQL';
      before(function () {
        return fresh && !reuse ? undefined : open.call(this);
      });
      beforeEach(function () {
        return fresh && !reuse ? open.call(this) : undefined;
      });
      afterEach(async () => {
        if (fresh && reuse) await place?.query(EMPTY_POSTGRES);
        else if (fresh) await close();
      });
      after(close);
      tests({
        get store() {
          if (!store) throw new Error('no store is open');
          return store;
        },
        clock,
        sql: async (statement) => {
          await place?.query(statement);
        },
        rows: async (query) => (await place?.query(query)) ?? [],
        reopen: async () => {
          await store?.close();
          store = undefined;
          if (place) store = await openStore(place.options, { clock });
        },
      });
    });
  }
}

export function sqlitePlace(): Place & { readonly dataDir: string } {
  const root = mkdtempSync(join(tmpdir(), 'arc-bot-store-'));
  const dataDir = join(root, 'data');
  return {
    dataDir,
    options: { kind: 'sqlite', dataDir },
    query: async (statement) => {
      const database = new DatabaseSync(join(dataDir, 'store.db'));
      try {
        return database
          .prepare(statement)
          .all()
          .map((row) => ({ ...row }));
      } finally {
        database.close();
      }
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
