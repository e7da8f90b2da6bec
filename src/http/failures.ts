import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../core/ports.ts';
import { BodyAborted } from './body.ts';
import { Refusal } from './refusal.ts';
import type { RefusalLog } from './refusal-log.ts';
import { refusalBody, reply } from './replies.ts';

interface Failure {
  readonly route: string;
  readonly requestId: string;
  readonly address: string;
  readonly error: unknown;
}

/** Ends a request that did not end well: refusals with their own words, everything else with the fixed ones. */
export async function answerFailure(
  { log, logRefused }: { readonly log: Log; readonly logRefused: RefusalLog },
  request: IncomingMessage,
  response: ServerResponse,
  { route, requestId, address, error }: Failure,
): Promise<void> {
  if (error instanceof BodyAborted) return;
  if (error instanceof Refusal) {
    logRefused('request-refused', error.message, { route, requestId, address, code: error.code });
    await reply(request, response, refusalBody(error.code, error.retryAfterSeconds));
    return;
  }
  log.error('request-failed', { route, requestId, error });
  await reply(request, response, refusalBody('UNAVAILABLE'));
}

/** What restify's router could not place: an unknown path, another method, a path that is none. */
export async function answerUnrouted(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  allowed: string | undefined,
): Promise<void> {
  if (status === 404) return reply(request, response, refusalBody('NOT_FOUND'));
  if (status === 405) {
    if (allowed !== undefined) response.setHeader('Allow', allowed);
    return reply(request, response, refusalBody('METHOD_REFUSED'));
  }
  return reply(request, response, refusalBody(status < 500 ? 'FORM_REFUSED' : 'UNAVAILABLE'));
}

/** Whoever writes this answer, one with 5xx carries the fixed sentence and nothing else. */
export function sameSentenceFor5xx(response: ServerResponse): void {
  const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse;
  response.end = ((...args: unknown[]) => {
    if (response.statusCode < 500 || response.headersSent) return end(...args);
    const { type, body } = refusalBody('UNAVAILABLE');
    response.setHeader('Content-Type', type);
    return end(body);
  }) as typeof response.end;
}
