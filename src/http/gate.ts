import type { IncomingMessage } from 'node:http';
import { decodeProtectedHeader, importJWK, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Clock } from '../core/ports.ts';
import { isLoopback } from './client-address.ts';
import { Refusal } from './refusal.ts';
import { KeysUnavailable, type SigningKeys } from './signing-keys.ts';

/** What the sender of an activity proved before its body was read. */
export interface Admitted {
  /** Refuses (throws Refusal) an activity that this sender may not bring. */
  check(activity: unknown): void;
}

export interface Gate {
  /** Decides on the request's head alone. */
  admit(request: IncomingMessage): Promise<Admitted>;
}

/** Issuer of Bot Framework's channel tokens, and the only one taken unless a live check shows another. */
export const BOT_FRAMEWORK_ISSUER = 'https://api.botframework.com';
export const BOT_FRAMEWORK_METADATA =
  'https://login.botframework.com/v1/.well-known/openidconfiguration';

/** Bot Framework's documents ask for five minutes of clock skew. */
const CLOCK_SKEW_SECONDS = 300;
const ALGORITHMS = ['RS256', 'RS384', 'RS512'];
const CHANNEL = 'msteams';

/**
 * Where a bot's token may go, whole hosts only: `*.trafficmanager.net` can be registered by anyone
 * (learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages).
 */
const SERVICE_HOSTS: ReadonlySet<string> = new Set([
  'smba.trafficmanager.net',
  'smba.infra.gcc.teams.microsoft.com',
  'smba.infra.gov.teams.microsoft.us',
]);

const ACTIVITY = z.looseObject({
  type: z.string().min(1),
  channelId: z.string(),
  serviceUrl: z.string(),
  from: z.looseObject({ id: z.string(), tenantId: z.string().optional() }).optional(),
  conversation: z.looseObject({ id: z.string().min(1), tenantId: z.string().optional() }),
  channelData: z
    .looseObject({ tenant: z.looseObject({ id: z.string().optional() }).optional() })
    .nullish(),
});
type GatedActivity = z.infer<typeof ACTIVITY>;

/**
 * The door for Teams: a channel's token for this bot, then an activity of this tenant, from Teams, that asks
 * to be answered where the token says. Everything not shown to be right is refused.
 */
export function createTeamsGate(deps: {
  readonly appId: string;
  readonly tenantId: string;
  readonly keys: SigningKeys;
  readonly clock: Clock;
  readonly issuers?: readonly string[];
}): Gate {
  const { appId, tenantId, keys, clock, issuers = [BOT_FRAMEWORK_ISSUER] } = deps;
  const audience = [appId, `api://${appId}`, `api://botid-${appId}`];

  async function verified(token: string): Promise<{ claims: JWTPayload; endorsed: boolean }> {
    const { alg, kid } = readHeader(token);
    const key = await keys.find(kid);
    if (!key) throw refuse('key-unknown');
    const publicKey = await importJWK({ kty: 'RSA', n: key.n, e: key.e }, alg);
    const { payload: claims } = await jwtVerify(token, publicKey, {
      algorithms: ALGORITHMS,
      issuer: [...issuers],
      audience,
      requiredClaims: ['exp', 'serviceurl'],
      clockTolerance: CLOCK_SKEW_SECONDS,
      currentDate: clock.now(),
    });
    return { claims, endorsed: key.endorsements?.includes(CHANNEL) === true };
  }

  return {
    async admit(request) {
      const token = bearerOf(request);
      const { claims, endorsed } = await verified(token).catch((error: unknown) => {
        if (error instanceof Refusal) throw error;
        if (error instanceof KeysUnavailable) throw new Refusal('UNAVAILABLE', 'keys-unavailable');
        throw refuse(reasonOf(error));
      });
      if (!endorsed) throw refuse('key-not-endorsed');
      // A person's token: people talk to the bot through Teams, never directly.
      if ('scp' in claims) throw refuse('user-token');
      const served = readServiceUrl(claims.serviceurl);
      if (served === undefined) throw refuse('serviceurl-claim');
      return {
        check(value) {
          const activity = readActivity(value);
          if (activity.channelId !== CHANNEL) throw notHere('channel');
          if (!isOfTenant(activity, tenantId)) throw notHere('tenant');
          const url = readServiceUrl(activity.serviceUrl);
          if (url === undefined || !mayServe(url)) throw notHere('service-host');
          if (url.href !== served.href) throw notHere('service-url');
        },
      };
    },
  };
}

/** For `demo` alone: no token, both ends on this machine. */
export function createDemoGate(): Gate {
  return {
    async admit(request) {
      if (!isLoopback(request.socket.remoteAddress ?? '')) throw refuse('not-loopback');
      // A proxy on this machine would make everyone loopback; a browser page could reach in.
      if (request.headers['x-forwarded-for'] !== undefined) throw refuse('forwarded');
      if (request.headers.origin !== undefined && !isLoopbackUrl(request.headers.origin)) {
        throw refuse('foreign-origin');
      }
      return {
        check(value) {
          const activity = readActivity(value);
          if (activity.channelId !== CHANNEL) throw notHere('channel');
          if (!isLoopbackUrl(activity.serviceUrl)) throw notHere('service-host');
        },
      };
    },
  };
}

function bearerOf(request: IncomingMessage): string {
  const match = /^Bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/i.exec(
    request.headers.authorization ?? '',
  );
  if (!match?.[1]) throw refuse('no-token');
  return match[1];
}

function readHeader(token: string): { alg: string; kid: string } {
  try {
    const { alg, kid } = decodeProtectedHeader(token);
    if (alg !== undefined && ALGORITHMS.includes(alg) && kid !== undefined) return { alg, kid };
  } catch {
    throw refuse('token-form');
  }
  throw refuse('token-algorithm');
}

function readActivity(value: unknown): GatedActivity {
  const parsed = ACTIVITY.safeParse(value);
  if (!parsed.success) throw new Refusal('FORM_REFUSED', 'activity');
  return parsed.data;
}

/** Ours in all three places; a sender's own tenant is not always said, but never another. */
function isOfTenant(activity: GatedActivity, tenantId: string): boolean {
  const ours = tenantId.toLowerCase();
  const isOurs = (id: string | undefined): boolean => id?.toLowerCase() === ours;
  const sender = activity.from?.tenantId;
  return (
    ours !== '' &&
    isOurs(activity.conversation.tenantId) &&
    isOurs(activity.channelData?.tenant?.id) &&
    (sender === undefined || isOurs(sender))
  );
}

function readServiceUrl(value: unknown): URL | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  const url = URL.parse(value);
  if (!url || url.username + url.password + url.search + url.hash !== '') return undefined;
  url.pathname = url.pathname.replace(/\/+$/, '');
  return url;
}

function mayServe(url: URL): boolean {
  return url.protocol === 'https:' && url.port === '' && SERVICE_HOSTS.has(url.hostname);
}

function isLoopbackUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url?.protocol !== 'http:') return false;
  return url.hostname === 'localhost' || isLoopback(url.hostname.replace(/^\[|\]$/g, ''));
}

/** jose's error codes are a closed list and hold nothing of the token. */
function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'token';
}

function refuse(reason: string): Refusal {
  return new Refusal('TOKEN_OF_TEAMS_REFUSED', reason);
}

function notHere(reason: string): Refusal {
  return new Refusal('ACTIVITY_REFUSED', reason);
}
