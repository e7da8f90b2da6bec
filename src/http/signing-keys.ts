import { z } from 'zod';
import type { Clock, Log } from '../core/ports.ts';

const TIMEOUT_MS = 5_000;
const AT_MOST_EVERY_MS = 30_000;
const OLD_AFTER_MS = 24 * 60 * 60 * 1000;
const MAX_BYTES = 1024 * 1024;

const METADATA = z.looseObject({ jwks_uri: z.url() });
/** https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication */
const KEYS = z.looseObject({
  keys: z.array(
    z.looseObject({
      kty: z.literal('RSA'),
      kid: z.string(),
      n: z.string(),
      e: z.string(),
      endorsements: z.array(z.string()).optional(),
    }),
  ),
});
export type SigningKey = z.infer<typeof KEYS>['keys'][number];

export interface SigningKeys {
  /** Undefined: no such key. Throws KeysUnavailable when the keys could not be read at all. */
  find(kid: string): Promise<SigningKey | undefined>;
}

export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

/**
 * The keys that Bot Framework signs with, from its OpenID metadata: kept a day, read again for a kid not
 * among them, at most every 30 s and once at a time. Failing to read leaves the ones there are.
 */
export function createSigningKeys(deps: {
  readonly metadataUrl: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly timeoutMs?: number;
}): SigningKeys {
  const { metadataUrl, clock, log, timeoutMs = TIMEOUT_MS } = deps;
  let known: { readonly keys: readonly SigningKey[]; readonly readAtMs: number } | undefined;
  let triedAtMs: number | undefined;
  let reading: Promise<void> | undefined;

  async function read(): Promise<void> {
    triedAtMs = clock.now().getTime();
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const { jwks_uri } = METADATA.parse(await fetchJson(metadataUrl, signal));
      if (new URL(jwks_uri).origin !== new URL(metadataUrl).origin) {
        throw new KeysUnavailable('jwks_uri leads elsewhere');
      }
      const { keys } = KEYS.parse(await fetchJson(jwks_uri, signal));
      known = { keys, readAtMs: triedAtMs };
    } catch (error) {
      log.warn('signing-keys-unread', { error });
    }
  }

  async function refresh(): Promise<void> {
    const now = clock.now().getTime();
    const mayTry = triedAtMs === undefined || Math.abs(now - triedAtMs) >= AT_MOST_EVERY_MS;
    if (!reading && mayTry) {
      reading = read().finally(() => {
        reading = undefined;
      });
    }
    await reading;
  }

  return {
    async find(kid) {
      const wanted = (): SigningKey | undefined => known?.keys.find((key) => key.kid === kid);
      const isOld = !known || clock.now().getTime() - known.readAtMs >= OLD_AFTER_MS;
      if (isOld || !wanted()) await refresh();
      if (!known) throw new KeysUnavailable('never read');
      return wanted();
    },
  };
}

async function fetchJson(url: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(url, { signal, redirect: 'error' });
  if (!response.ok || !response.body) throw new KeysUnavailable(`status ${response.status}`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new KeysUnavailable('too large');
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
