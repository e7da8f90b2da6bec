import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.ts';
import { JsonRefused, parseStrictJson } from './strict-json.ts';

const MAX_DEPTH = 32;

/** Thrown when the other side went away before its body was complete: there is no one to answer. */
export class BodyAborted extends Error {
  override readonly name = 'BodyAborted';
}

/**
 * Reads a body as it is, counting before keeping. Never restify's bodyParser: it inflates first, and a
 * broken gzip body ends the process.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (request.headers['content-encoding'] !== undefined) {
    throw new Refusal('ENCODING_REFUSED', 'content-encoding');
  }
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
    throw new Refusal('TOO_LARGE', 'content-length');
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = (act: () => void): void => {
      request.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
      act();
    };
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes <= maxBytes) {
        chunks.push(chunk);
        return;
      }
      settle(() => reject(new Refusal('TOO_LARGE', 'body')));
    };
    const onEnd = (): void => settle(() => resolve(Buffer.concat(chunks)));
    const onGone = (): void => settle(() => reject(new BodyAborted('closed before its end')));
    if (request.destroyed) {
      onGone();
      return;
    }
    request.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
  });
}

/** The JSON value in UTF-8 bytes, read strictly. */
export function parseBody(bytes: Buffer): unknown {
  return parseStrictJson(decodeUtf8(bytes), MAX_DEPTH);
}

export function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new JsonRefused('not UTF-8');
  }
}
