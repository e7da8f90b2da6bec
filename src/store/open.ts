import { setTimeout as pause } from 'node:timers/promises';
import { OpsBotError } from '../core/errors.ts';
import type { Clock, Store } from '../core/ports.ts';
import { storeExists } from './data-folder.ts';
import type { Engine } from './engine.ts';
import { hasSchema, migrate } from './migrations.ts';
import { releaseLeases } from './outbox.ts';
import { createStore } from './store.ts';

export { storeExists } from './data-folder.ts';

export type OpenOptions = { readonly mustExist?: boolean } & (
  | {
      readonly kind: 'sqlite';
      readonly dataDir: string;
      /** How long to wait for another process to let go of the folder; 0 when not given. */
      readonly lockWaitMs?: number;
      readonly wait?: (ms: number) => Promise<void>;
    }
  | {
      readonly kind: 'postgres';
      readonly url: string;
      readonly wait?: (ms: number) => Promise<void>;
    }
);

/**
 * Opens the store and brings its schema up to date. With `mustExist` nothing is made where no store is:
 * STORE_REFUSED.
 */
export async function openStore(options: OpenOptions, deps: { clock: Clock }): Promise<Store> {
  const { mustExist = false } = options;
  const engine = await openEngine(options);
  try {
    if (mustExist && !(await engine.read(hasSchema))) {
      throw new OpsBotError('STORE_REFUSED', 'there is no store yet');
    }
    await migrate(engine, deps.clock);
    if (options.kind === 'sqlite') await engine.write(releaseLeases);
  } catch (error) {
    await engine.close();
    throw error;
  }
  return createStore(engine);
}

/** Loads only the engine that is wanted: `pg` costs time that SQLite does not need. */
async function openEngine(options: OpenOptions): Promise<Engine> {
  const wait = options.wait ?? ((ms: number) => pause(ms));
  switch (options.kind) {
    case 'sqlite': {
      if (options.mustExist && !storeExists(options.dataDir)) {
        throw new OpsBotError('STORE_REFUSED', `there is no store in ${options.dataDir}`);
      }
      const { openSqlite } = await import('./sqlite.ts');
      return openSqlite({ dataDir: options.dataDir, lockWaitMs: options.lockWaitMs ?? 0, wait });
    }
    case 'postgres': {
      const { openPostgres } = await import('./postgres.ts');
      return openPostgres({ url: options.url, wait });
    }
  }
}
