import type { KeyObject } from 'node:crypto';
import type { Store, Vault } from '../core/ports.ts';
import { type Es256Alg, makeKeyPair, readPrivateKey, signEs256 } from './es256.ts';

const SETTING = 'answer-keys';

interface KeptKey {
  readonly publicKey: string;
  readonly sealed: string;
  readonly madeAt: string;
}

/** The bot's own signing keys; answers are signed with the one the asking kit knows. */
export interface AnswerKeys {
  /** SPKI DER, base64, of the key that new kits get. */
  current(): string;
  /**
   * Whether this public half is one we can sign with, and newer than `held` where that is given; looks into
   * the store for a key made elsewhere.
   */
  knows(publicKey: string, held?: string): Promise<boolean>;
  /** Base64; undefined for a key we cannot sign with. */
  sign(publicKey: string, alg: Es256Alg, data: Buffer): Promise<string | undefined>;
  /** Makes the next key: new kits get it, enrolled ones hear of it with `bot_key=`. */
  rotate(now: Date): Promise<string>;
  /** Reads keys that another replica made. */
  refresh(): Promise<void>;
}

type KeyStore = Pick<Store, 'read' | 'write'>;

/**
 * Opens the answer keys kept in the store, and makes the first one where there is none that this CODE_KEY
 * opens. Keys sealed under another CODE_KEY stay where they are, in case it comes back.
 */
export async function openAnswerKeys(deps: {
  readonly store: KeyStore;
  readonly vault: Vault;
  readonly now: Date;
}): Promise<AnswerKeys> {
  const { store, vault } = deps;
  let opened = openAll(vault, await store.read((tx) => tx.settings.get(SETTING)));

  const refresh = async (): Promise<void> => {
    opened = openAll(vault, await store.read((tx) => tx.settings.get(SETTING)));
  };
  const add = async (now: Date, onlyIfNone: boolean): Promise<void> => {
    const kept = await store.write(async (tx) => {
      const before = await tx.settings.get(SETTING);
      if (onlyIfNone && openAll(vault, before).size > 0) return before;
      const after = JSON.stringify([...readKept(before), makeKept(vault, now)]);
      await tx.settings.set(SETTING, after);
      return after;
    });
    opened = openAll(vault, kept);
  };
  const current = (): string => [...opened.keys()].at(-1) ?? '';
  const find = async (publicKey: string): Promise<KeyObject | undefined> => {
    if (!opened.has(publicKey)) await refresh();
    return opened.get(publicKey);
  };

  if (opened.size === 0) await add(deps.now, true);
  return {
    current,
    refresh,
    knows: async (publicKey, held) => {
      if (!(await find(publicKey))) return false;
      const order = [...opened.keys()];
      return held === undefined || order.indexOf(publicKey) > order.indexOf(held);
    },
    sign: async (publicKey, alg, data) => {
      const key = await find(publicKey);
      return key && signEs256(key, alg, data).toString('base64');
    },
    rotate: async (now) => {
      await add(now, false);
      return current();
    },
  };
}

function makeKept(vault: Vault, now: Date): KeptKey {
  const { publicKey, privateKey } = makeKeyPair();
  const sealed = vault.seal(privateKey, contextOf(publicKey));
  return { publicKey, sealed, madeAt: now.toISOString() };
}

function openAll(vault: Vault, kept: string | undefined): ReadonlyMap<string, KeyObject> {
  const opened = new Map<string, KeyObject>();
  for (const { publicKey, sealed } of readKept(kept)) {
    const privateKey = vault.open(sealed, contextOf(publicKey));
    if (privateKey !== undefined) opened.set(publicKey, readPrivateKey(privateKey));
  }
  return opened;
}

function readKept(kept: string | undefined): readonly KeptKey[] {
  return kept === undefined ? [] : (JSON.parse(kept) as KeptKey[]);
}

function contextOf(publicKey: string): string {
  return `answer-key ${publicKey}`;
}
