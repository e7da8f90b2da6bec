import { request } from 'node:https';
import type { FetchFileOptions } from './fetch-file.ts';
import { mayFetch } from './file-hosts.ts';

export interface UploadedFile {
  /** `refused`: not an address we ask. `failed`: no answer, or not one that says the file is there. */
  readonly outcome: 'done' | 'refused' | 'failed';
  readonly reason: string;
}

/** Puts a file at an address; never throws. */
export type UploadFile = (address: string, bytes: Uint8Array) => Promise<UploadedFile>;

/** Teams waits for the answer to the invoke in which this happens. */
const TIMEOUT_MS = 8_000;

/** One PUT of all bytes to an upload session on the tenant's own SharePoint; no token of ours goes there. */
export function createUploadFile(options: Omit<FetchFileOptions, 'maxBytes'>): UploadFile {
  const { hosts, timeoutMs = TIMEOUT_MS, port, ca, lookup } = options;
  return async (address, bytes) => {
    if (!mayFetch(address, hosts)) return { outcome: 'refused', reason: 'host' };
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const status = await new Promise<number>((resolve, reject) => {
        const put = request(address, {
          method: 'PUT',
          agent: false,
          signal,
          headers: {
            'content-type': 'application/octet-stream',
            'content-length': bytes.length,
            'content-range': `bytes 0-${bytes.length - 1}/${bytes.length}`,
          },
          ...(port !== undefined && { port }),
          ...(ca !== undefined && { ca }),
          ...(lookup && { lookup }),
        });
        put.on('response', (response) => {
          resolve(response.statusCode ?? 0);
          response.destroy();
        });
        put.on('error', reject);
        put.end(bytes);
      });
      // 202 says that more bytes are expected; an address elsewhere is not followed.
      const done = status === 200 || status === 201;
      return { outcome: done ? 'done' : 'failed', reason: `status-${status}` };
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
      return { outcome: 'failed', reason: signal.aborted ? 'timeout' : code };
    }
  };
}
