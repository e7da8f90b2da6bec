import type { IncomingMessage, ServerResponse } from 'node:http';
import { bodyOf, type RefusalCode, statusOf } from './refusal.ts';

/** How much of an unwanted body is thrown away so that its sender still gets to read the answer. */
const DRAIN_BYTES = 2 * 1024 * 1024;

export interface ReplyBody {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Writes the whole answer, then, where the request has not arrived in full, throws the rest of it away
 * before closing: closing at once would reset the connection and take the answer with it.
 */
export async function reply(
  request: IncomingMessage,
  response: ServerResponse,
  { status, type, body, headers = {} }: ReplyBody,
): Promise<void> {
  if (response.headersSent || response.destroyed) return;
  const bytes = Buffer.from(body, 'utf8');
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': bytes.length,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(request.complete ? {} : { Connection: 'close' }),
    ...headers,
  });
  response.write(bytes);
  if (!request.complete) await drain(request);
  response.end();
}

export function refusalBody(code: RefusalCode, retryAfterSeconds?: number): ReplyBody {
  return {
    status: statusOf(code),
    type: 'application/json; charset=utf-8',
    body: JSON.stringify(bodyOf(code)),
    ...(retryAfterSeconds !== undefined && {
      headers: { 'Retry-After': String(retryAfterSeconds) },
    }),
  };
}

/** Ends with the body, with its sender, or with the server's requestTimeout. */
function drain(request: IncomingMessage): Promise<void> {
  if (request.destroyed || request.readableEnded) return Promise.resolve();
  return new Promise((resolve) => {
    let bytes = 0;
    const done = (): void => {
      request.off('data', count).off('end', done).off('close', done);
      resolve();
    };
    const count = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > DRAIN_BYTES) done();
    };
    request.on('data', count).on('end', done).on('close', done);
  });
}
