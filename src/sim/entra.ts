import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock, Log, Random } from '../core/ports.ts';
import { PAGES, pageOf, refusedMain } from './entra-pages.ts';

/** Microsoft's page for codes: a constant. The simulated page stands at `/devicelogin` of this server. */
const VERIFICATION_URI = 'https://microsoft.com/devicelogin';
const DEFAULT_ACCOUNT = 'arc-onboarding@corp.example';
const MAX_BODY_BYTES = 16_384;

/** Entra refusals that a tenant's policies cause, however valid the code is. */
export type EntraRefusal = 'AADSTS53003' | 'AADSTS530033' | 'AADSTS530036';

export interface EntraOptions {
  readonly port: number;
  readonly log: Log;
  readonly random: Random;
  readonly clock: Clock;
  /** How often a client may ask for its token; Entra says 5. */
  readonly intervalSeconds?: number;
  /** Entra's codes live 15 minutes, longer than azcmagent waits. */
  readonly expiresInSeconds?: number;
  /** Who signs in when the form names nobody. */
  readonly account?: string;
}

export interface Entra {
  readonly url: string;
  close(): Promise<void>;
  /** From now on every sign-in ends with this refusal, as a Conditional Access policy would do. */
  refuseWith(refusal: EntraRefusal | undefined): void;
  /** Who signed in for this token; undefined for a token that was not made here. */
  accountOf(token: string): string | undefined;
}

type Answer =
  | { readonly state: 'pending' }
  | { readonly state: 'declined' }
  | { readonly state: 'signed-in'; readonly account: string }
  | { readonly state: 'refused'; readonly refusal: EntraRefusal };

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

interface Grant {
  readonly tenant: string;
  readonly userCode: string;
  readonly expiresAtMs: number;
  answer: Answer;
  askedAtMs: number;
}

/**
 * The device code endpoints of Microsoft Entra ID (RFC 8628) and the page where a code is typed, on
 * loopback. No code is ever logged.
 */
export async function startEntra(options: EntraOptions): Promise<Entra> {
  const interval = options.intervalSeconds ?? 5;
  const expiresIn = options.expiresInSeconds ?? 900;
  const grants = new Map<string, Grant>();
  const accounts = new Map<string, string>();
  let refusal: EntraRefusal | undefined;
  const now = (): number => options.clock.now().getTime();

  const server = createServer((request, response) => {
    handle(request).then(
      (reply) => send(response, reply),
      (error: unknown) => {
        options.log.warn('entra-sim-failed', { error });
        send(response, json(500, { error: 'server_error' }));
      },
    );
  });

  async function handle(request: IncomingMessage): Promise<Reply> {
    const { pathname } = new URL(request.url ?? '/', 'http://sim.invalid');
    if (pathname === '/devicelogin' && request.method === 'GET') return page(200, PAGES.form);
    if (request.method !== 'POST') return json(404, { error: 'not_found' });
    const form = await readForm(request);
    if (!form) return json(413, { error: 'invalid_request' });
    if (pathname === '/devicelogin') return enterCode(form);
    const route = /^\/([A-Za-z0-9.-]{1,64})\/oauth2\/v2\.0\/(devicecode|token)$/.exec(pathname);
    if (!route?.[1]) return json(404, { error: 'not_found' });
    return route[2] === 'devicecode' ? giveCode(route[1]) : poll(route[1], form);
  }

  function giveCode(tenant: string): Reply {
    for (const [deviceCode, grant] of grants) {
      if (grant.expiresAtMs + 60_000 < now()) grants.delete(deviceCode);
    }
    const deviceCode = options.random.id() + options.random.id();
    const userCode = newUserCode(options.random);
    const expiresAtMs = now() + expiresIn * 1000;
    grants.set(deviceCode, {
      tenant,
      userCode,
      expiresAtMs,
      answer: { state: 'pending' },
      askedAtMs: 0,
    });
    options.log.info('entra-code-given', { tenant });
    return json(200, {
      user_code: userCode,
      device_code: deviceCode,
      verification_uri: VERIFICATION_URI,
      expires_in: expiresIn,
      interval,
      message: `To sign in, use a web browser to open the page ${VERIFICATION_URI} and enter the code ${userCode} to authenticate.`,
    });
  }

  function poll(tenant: string, form: URLSearchParams): Reply {
    const deviceCode = form.get('device_code') ?? form.get('code') ?? '';
    const grant = grants.get(deviceCode);
    if (!grant || grant.tenant !== tenant) {
      return refuse('bad_verification_code', 'AADSTS70018');
    }
    if (grant.expiresAtMs <= now()) return refuse('expired_token', 'AADSTS70019');
    const tooSoon = now() - grant.askedAtMs < interval * 500;
    grant.askedAtMs = now();
    switch (grant.answer.state) {
      case 'pending':
        return tooSoon
          ? refuse('slow_down', 'AADSTS70016')
          : refuse('authorization_pending', 'AADSTS70016');
      case 'declined':
        grants.delete(deviceCode);
        return refuse('authorization_declined', 'AADSTS65004');
      case 'refused':
        grants.delete(deviceCode);
        return refuse('access_denied', grant.answer.refusal);
      case 'signed-in': {
        grants.delete(deviceCode);
        const token = madeToken(tenant, grant.answer.account, now(), options.random);
        accounts.set(token, grant.answer.account);
        return json(200, { token_type: 'Bearer', expires_in: 3600, access_token: token });
      }
    }
  }

  function enterCode(form: URLSearchParams): Reply {
    const typed = (form.get('code') ?? '').trim().toUpperCase();
    const grant = [...grants.values()].find(
      ({ userCode, answer, expiresAtMs }) =>
        userCode === typed && answer.state === 'pending' && expiresAtMs > now(),
    );
    if (!grant) {
      options.log.info('entra-code-unknown');
      return page(404, PAGES.wrongCode);
    }
    if (form.get('answer') === 'cancel') {
      grant.answer = { state: 'declined' };
      options.log.info('entra-sign-in-cancelled', { tenant: grant.tenant });
      return page(200, PAGES.cancelled);
    }
    if (refusal) {
      grant.answer = { state: 'refused', refusal };
      options.log.info('entra-sign-in-refused', { tenant: grant.tenant, refusal });
      return page(403, refusedMain(refusal));
    }
    const account = form.get('account') || options.account || DEFAULT_ACCOUNT;
    grant.answer = { state: 'signed-in', account };
    options.log.info('entra-signed-in', { tenant: grant.tenant });
    return page(200, PAGES.accepted);
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    refuseWith(next) {
      refusal = next;
    },
    accountOf: (token) => accounts.get(token),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** Nine upper-case letters or digits, as every azcmagent prompt seen so far has. */
function newUserCode(random: Random): string {
  let characters = '';
  while (characters.length < 9) {
    characters += random
      .id()
      .toUpperCase()
      .replace(/[^A-Z0-9]/g, '');
  }
  return characters.slice(0, 9);
}

/** Looks like Entra's; only this process knows which ones it made. */
function madeToken(tenant: string, account: string, nowMs: number, random: Random): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { tid: tenant, upn: account, exp: Math.floor(nowMs / 1000) + 3600 };
  return `${part({ typ: 'JWT', alg: 'none' })}.${part(claims)}.${random.id()}`;
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

function page(status: number, main: string): Reply {
  return { status, type: 'text/html; charset=utf-8', body: pageOf(main) };
}

function send(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, { 'content-type': reply.type, 'cache-control': 'no-store' });
  response.end(reply.body);
}

function json(status: number, body: unknown): Reply {
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify(body) };
}

function refuse(error: string, aadsts: string): Reply {
  return json(400, {
    error,
    error_description: `${aadsts}: ${DESCRIPTIONS[error] ?? 'Access has been blocked.'}`,
    error_codes: [Number(aadsts.replace('AADSTS', ''))],
  });
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  authorization_pending: 'OAuth 2.0 device flow error. Authorization is pending. Continue polling.',
  slow_down: 'OAuth 2.0 device flow error. Polling too often.',
  authorization_declined: 'User declined to consent to access the app.',
  bad_verification_code: 'The verification code is not valid.',
  expired_token: 'The verification code has expired.',
  access_denied: 'Access has been blocked by Conditional Access policies.',
};
