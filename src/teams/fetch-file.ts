import { Buffer } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { LookupFunction } from 'node:net';
import { mayFetch } from './file-hosts.ts';

export type FetchedFile =
  | { readonly outcome: 'read'; readonly bytes: Uint8Array }
  /** `refused`: not an address we ask. `too-large`: more than the limit. `failed`: no answer, or no file. */
  | { readonly outcome: 'refused' | 'too-large' | 'failed'; readonly reason: string };

/** Fetches a file by its address; never throws. */
export type FetchFile = (address: string) => Promise<FetchedFile>;

export interface FetchFileOptions {
  /** The tenant's SharePoint hosts; none: nothing is fetched. */
  readonly hosts: readonly string[];
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  /** For tests: another port and authority. The rule for hosts stays. */
  readonly port?: number;
  readonly ca?: string;
  readonly lookup?: LookupFunction;
}

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 1_048_576;
const MOST_REDIRECTS = 2;

/** The address carries its own right to be read: no token of ours goes there. */
export function createFetchFile(options: FetchFileOptions): FetchFile {
  const { timeoutMs = TIMEOUT_MS } = options;
  return async (address) => {
    const signal = AbortSignal.timeout(timeoutMs);
    let next = address;
    for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
      if (!mayFetch(next, options.hosts)) return { outcome: 'refused', reason: 'host' };
      try {
        const answer = await ask(next, options, signal);
        if (typeof answer !== 'string') return answer;
        next = answer;
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
        return { outcome: 'failed', reason: signal.aborted ? 'timeout' : code };
      }
    }
    return { outcome: 'failed', reason: 'redirects' };
  };
}

/** The file, or where it is said to be instead. */
async function ask(
  address: string,
  { port, ca, lookup, maxBytes = MAX_BYTES }: FetchFileOptions,
  signal: AbortSignal,
): Promise<FetchedFile | string> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = request(address, {
      agent: false,
      signal,
      headers: { accept: '*/*', 'accept-encoding': 'identity' },
      ...(port !== undefined && { port }),
      ...(ca !== undefined && { ca }),
      ...(lookup && { lookup }),
    });
    asked.on('response', resolve);
    asked.on('error', reject);
    asked.end();
  });
  try {
    const { statusCode = 0, headers } = response;
    if (statusCode >= 300 && statusCode < 400 && headers.location) {
      return URL.parse(headers.location, address)?.href ?? '';
    }
    if (statusCode !== 200) return { outcome: 'failed', reason: `status-${statusCode}` };
    if (headers['content-encoding'] !== undefined) return { outcome: 'failed', reason: 'encoding' };
    if (Number(headers['content-length'] ?? 0) > maxBytes) {
      return { outcome: 'too-large', reason: 'content-length' };
    }
    const parts: Buffer[] = [];
    let length = 0;
    for await (const part of response) {
      length += (part as Buffer).length;
      if (length > maxBytes) return { outcome: 'too-large', reason: 'body' };
      parts.push(part as Buffer);
    }
    if (!response.complete) return { outcome: 'failed', reason: 'cut' };
    return { outcome: 'read', bytes: Buffer.concat(parts) };
  } finally {
    response.destroy();
  }
}
