import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import type { Registry } from 'prom-client';
import type { Server } from 'restify';
import type { Clock, Log } from '../core/ports.ts';
import { parseBody, readBody } from './body.ts';
import { type ClientAddress, countedAs } from './client-address.ts';
import type { Door } from './door.ts';
import { answerFailure, answerUnrouted, sameSentenceFor5xx } from './failures.ts';
import type { Gate } from './gate.ts';
import type { Bucket, DoorLimits } from './rate-limits.ts';
import { Refusal, type RefusalCode } from './refusal.ts';
import { createRefusalLog } from './refusal-log.ts';
import { refusalBody, reply } from './replies.ts';
import { createRequestMetrics } from './request-metrics.ts';
import { restify } from './restify.ts';
import { JsonRefused } from './strict-json.ts';

export interface ServerDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** Absent where the bot has no door for kits. */
  readonly door?: Door;
  readonly limits: DoorLimits;
  readonly gate: Gate;
  /** An activity that passed the gate; writes its own answer. */
  readonly onActivity: (
    request: { readonly headers: IncomingHttpHeaders; readonly body: unknown },
    response: ServerResponse,
    requestId: string,
  ) => Promise<void>;
  readonly isReady: () => Promise<boolean>;
  readonly clientAddress: ClientAddress;
  readonly newRequestId: () => string;
  readonly registry?: Registry;
}

export interface BotServer {
  listen(port: number, host: string): Promise<void>;
  /** The port in use, also when 0 was asked for. */
  readonly port: number;
  close(): Promise<void>;
}

const KIB = 1024;
const LIMITS = { activity: 256 * KIB, report: 64 * KIB, enrolment: 4 * KIB };
const SERVER_SETTINGS = {
  maxHeaderSize: 16 * KIB,
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 20_000,
  timeout: 60_000,
  maxConnections: 2_000,
  // An upgrade is answered like the request it came with: restify would leave its socket hanging.
  shouldUpgradeCallback: () => false,
};
const CLOSING_GRACE_MS = 5_000;

const METHODS = {
  '/api/messages': 'POST',
  '/api/v1/enroll': 'POST',
  '/api/v1/reports': 'POST',
  '/livez': 'GET',
  '/readyz': 'GET',
} as const;
type Route = keyof typeof METHODS;

type Handle = (
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
) => Promise<void>;

/** The bot's routes. Whatever a request holds, it is answered or its connection ends; the process goes on. */
export function createServer(deps: ServerDeps): BotServer {
  const server = restify.createServer({ name: '', log: pino({ level: 'silent' }) as never });
  Object.assign(server.server, SERVER_SETTINGS);
  const logRefused = createRefusalLog(deps);
  const count = deps.registry && createRequestMetrics(deps.registry);

  server.pre((request, response, next) => {
    // Without a listener a client that goes away at the wrong moment would end the process.
    request.on('error', ignore);
    response.on('error', ignore);
    next();
  });
  server.on('restifyError', (request: IncomingMessage, response: ServerResponse, error: Error) => {
    const status = 'statusCode' in error ? Number(error.statusCode) : 500;
    const path = (request.url ?? '').split('?')[0] ?? '';
    void answerUnrouted(request, response, status, METHODS[path as Route]);
  });

  function mount(route: Route, handle: Handle): void {
    const handler = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const requestId = deps.newRequestId();
      const startedAt = performance.now();
      response.once('close', () => {
        const took = performance.now() - startedAt;
        count?.(route, response.statusCode, took / 1000);
        const { statusCode: status } = response;
        deps.log.debug('http-request', { requestId, route, status, tookMs: Math.round(took) });
      });
      try {
        await handle(request, response, requestId);
      } catch (error) {
        const address = addressOf(deps, request);
        const failure = { route, requestId, address, error };
        await answerFailure({ log: deps.log, logRefused }, request, response, failure);
      }
    };
    switch (METHODS[route]) {
      case 'POST':
        server.post(route, handler);
        break;
      case 'GET':
        server.get(route, handler);
        break;
    }
  }

  mount('/livez', (request, response) => reply(request, response, OK));
  mount('/readyz', async (request, response) => {
    const isReady = await deps.isReady();
    await reply(request, response, isReady ? OK : refusalBody('UNAVAILABLE'));
  });
  mount('/api/messages', (request, response, requestId) =>
    takeActivity(deps, request, response, requestId),
  );
  const { door, limits } = deps;
  if (door) {
    mount('/api/v1/reports', (request, response) =>
      takeFromKit(request, response, {
        failures: [[limits.failedReports, addressOf(deps, request)]],
        maxBytes: LIMITS.report,
        take: (body) => door.report(body),
      }),
    );
    mount('/api/v1/enroll', (request, response) =>
      takeFromKit(request, response, {
        failures: [
          [limits.failedEnrolments, addressOf(deps, request)],
          [limits.failedEnrolmentsOverAll, 'all'],
        ],
        maxBytes: LIMITS.enrolment,
        take: (body) => door.enrol(body),
      }),
    );
  }
  server.on('error', (error: Error) => deps.log.error('server-failed', { error }));
  return lifecycleOf(server);
}

async function takeActivity(
  deps: ServerDeps,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<void> {
  const admitted = await deps.gate.admit(request);
  const body = parsed(await readBody(request, LIMITS.activity));
  admitted.check(body);
  sameSentenceFor5xx(response);
  await deps.onActivity({ headers: request.headers, body }, response, requestId);
  if (!response.headersSent) throw new Error('an activity was left without an answer');
}

interface KitRoute {
  /** Where this request counts if it fails, and who has failed too often already. */
  readonly failures: readonly (readonly [Bucket, string])[];
  readonly maxBytes: number;
  readonly take: Door['report'];
}

async function takeFromKit(
  request: IncomingMessage,
  response: ServerResponse,
  { failures, maxBytes, take }: KitRoute,
): Promise<void> {
  for (const [bucket, name] of failures) {
    const allowed = bucket.look(name);
    if (!allowed.ok) throw new Refusal('TOO_MANY', 'failures', allowed.waitSeconds);
  }
  try {
    await reply(request, response, await take(await readBody(request, maxBytes)));
  } catch (error) {
    if (error instanceof Refusal && isStrangersFault(error.code)) {
      for (const [bucket, name] of failures) bucket.take(name);
    }
    throw error;
  }
}

function isStrangersFault(code: RefusalCode): boolean {
  return code !== 'TOO_MANY' && code !== 'UNAVAILABLE';
}

function parsed(body: Buffer): unknown {
  try {
    return parseBody(body);
  } catch (error) {
    if (error instanceof JsonRefused) throw new Refusal('FORM_REFUSED', error.message);
    throw error;
  }
}

function addressOf(deps: ServerDeps, request: IncomingMessage): string {
  return countedAs(deps.clientAddress(request));
}

function lifecycleOf(server: Server): BotServer {
  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve();
        });
      }),
    get port() {
      return (server.server.address() as AddressInfo).port;
    },
    close: () =>
      new Promise((resolve) => {
        const force = setTimeout(() => server.server.closeAllConnections(), CLOSING_GRACE_MS);
        server.close(() => {
          clearTimeout(force);
          resolve();
        });
        server.server.closeIdleConnections();
      }),
  };
}

const OK = { status: 200, type: 'text/plain; charset=utf-8', body: 'ok\n' };

function ignore(): void {
  // Said by 'close', which whoever waits listens to.
}
