import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { type App, createApp } from './app.ts';
import { CODE_KEY_NEEDED, type Config, DEFAULT_DATA_DIR } from './config.ts';
import { OpsBotError } from './core/errors.ts';
import type { Clock, Log, Random, Vault } from './core/ports.ts';
import { type AnswerKeys, openAnswerKeys } from './keys/answer-keys.ts';
import { createRandom } from './keys/random.ts';
import { createVault } from './keys/vault.ts';
import { openStore } from './store/open.ts';
import { type WakingStore, wakingStore } from './waking-store.ts';

export const systemClock: Clock = { now: () => new Date() };

export interface OpenAppOptions {
  readonly config: Config;
  readonly log: Log;
  /** `--data`, which beats DATA_DIR. */
  readonly dataDir?: string;
  readonly lockWaitMs?: number;
  readonly mustExist?: boolean;
  readonly simulated?: { readonly azure: string; readonly entra: string };
}

/** Opens the store that the settings name and builds the bot on it. */
export async function openApp(options: OpenAppOptions): Promise<App> {
  const { config, log, simulated } = options;
  const clock = systemClock;
  const random = createRandom();
  const where =
    config.DATABASE_URL === undefined
      ? {
          kind: 'sqlite' as const,
          dataDir: dataDirOf(options),
          lockWaitMs: options.lockWaitMs ?? 0,
        }
      : { kind: 'postgres' as const, url: config.DATABASE_URL };
  const mustExist = options.mustExist ?? false;
  const store = wakingStore(await openStore({ ...where, mustExist }, { clock }));
  // Without CODE_KEY nothing is sealed and nothing can be pressed: a passing key serves for the rest.
  const codeKey = config.CODE_KEY ? Buffer.from(config.CODE_KEY, 'base64') : randomBytes(32);
  const vault = createVault(codeKey);
  return createApp({
    config,
    store,
    clock,
    random,
    vault,
    log,
    aud: () => botId(store, random),
    answerKeys: answerKeysOf(config, store, vault, clock),
    ...(simulated ? { simulated } : {}),
  });
}

export function dataDirOf(options: Pick<OpenAppOptions, 'config' | 'dataDir'>): string {
  return options.dataDir ?? options.config.DATA_DIR ?? DEFAULT_DATA_DIR;
}

/** The bot's id, made at first start. */
async function botId(store: WakingStore, random: Random): Promise<string> {
  const known = await store.read((tx) => tx.settings.get('aud'));
  if (known !== undefined) return known;
  return store.write(async (tx) => {
    const already = await tx.settings.get('aud');
    if (already !== undefined) return already;
    const made = random.id();
    await tx.settings.set('aud', made);
    return made;
  });
}

function answerKeysOf(
  config: Config,
  store: WakingStore,
  vault: Vault,
  clock: Clock,
): () => Promise<AnswerKeys> {
  let opened: Promise<AnswerKeys> | undefined;
  return () => {
    if (config.CODE_KEY === undefined) {
      return Promise.reject(new OpsBotError('CONFIG_REFUSED', CODE_KEY_NEEDED));
    }
    opened ??= openAnswerKeys({ store, vault, now: clock.now() });
    return opened;
  };
}
