import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Bilingual, Lang } from '../core/ids.ts';
import type { Clock, Log } from '../core/ports.ts';
import type { TurnAnswer } from './invoke-answer.ts';

export interface SsoOptions {
  readonly tenantId: string;
  /** The bot's application: its token's audience. */
  readonly appId: string;
  /** Where Entra is, such as `https://login.microsoftonline.com`. */
  readonly authority: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => string;
  /** The rights that a sign-in is asked for, such as `https://management.azure.com/user_impersonation`. */
  readonly scope: string;
}

export type SsoVerdict = 'right' | 'refused' | 'unreachable';

/** The bot's side of Teams single sign-on. No token is kept, and none is told to anyone. */
export interface SsoDoor {
  /** Whether this is the token of this person, of our tenant, made for this bot, and still good. */
  check(token: string, aadObjectId: string): Promise<SsoVerdict>;
  /** The answer that makes Teams send the same action again with a token, or show a sign-in card. */
  askForToken(lang: Lang, claims?: string): TurnAnswer;
}

const KEYS_TIMEOUT_MS = 2_000;
const CLOCK_TOLERANCE_SECONDS = 30;

export function createSso(options: SsoOptions): SsoDoor {
  const { tenantId, appId, authority, clock, log } = options;
  const resource = resourceOf(appId);
  const keysUrl = new URL(`${authority}/${tenantId}/discovery/v2.0/keys`);
  const keys = createRemoteJWKSet(keysUrl, { timeoutDuration: KEYS_TIMEOUT_MS });
  // Which of the two an application gets is its own setting (accessTokenAcceptedVersion):
  // learn.microsoft.com/entra/identity-platform/access-tokens#token-formats
  const issuer = [`${authority}/${tenantId}/v2.0`, `https://sts.windows.net/${tenantId}/`];
  const audience = [appId, resource];

  return {
    async check(token, aadObjectId) {
      const why = await whyNot({ token, keys, issuer, audience, tenantId, aadObjectId, clock });
      if (why === undefined) return 'right';
      log.info('sso-refused', { why });
      return why === 'keys-unreachable' ? 'unreachable' : 'refused';
    },
    askForToken(lang, claims) {
      const button = {
        type: 'signin',
        title: SIGN_IN[lang],
        text: SIGN_IN[lang],
        value: signInUrl(options, claims),
      };
      // A token that Entra found too weak would only come again: then a person signs in.
      const exchange = claims
        ? {}
        : { tokenExchangeResource: { id: options.newId(), uri: resource, providerId: '' } };
      const value = { text: PLEASE[lang], connectionName: '', ...exchange, buttons: [button] };
      const type = 'application/vnd.microsoft.activity.loginRequest';
      return { status: 200, body: { statusCode: 401, type, value } };
    },
  };
}

/** The application ID URI, as the manifest's `webApplicationInfo` says it. */
export function resourceOf(appId: string): string {
  return `api://botid-${appId}`;
}

const SIGN_IN: Bilingual = { ja: 'サインイン', en: 'Sign in' };
const PLEASE: Bilingual = {
  ja: 'Azureでの権限を確かめます。サインインしてから、もう一度承認を押してください。',
  en: 'Your rights in Azure are to be confirmed. Sign in, then press Approve again.',
};

type Why =
  | 'forged'
  | 'expired'
  | 'other-audience'
  | 'other-tenant'
  | 'other-person'
  | 'no-scope'
  | 'incomplete'
  | 'keys-unreachable';

interface Given {
  readonly token: string;
  readonly keys: JWTVerifyGetKey;
  readonly issuer: string[];
  readonly audience: string[];
  readonly tenantId: string;
  readonly aadObjectId: string;
  readonly clock: Clock;
}

async function whyNot(given: Given): Promise<Why | undefined> {
  const { token, keys, issuer, audience, clock, tenantId, aadObjectId } = given;
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: ['RS256'],
      requiredClaims: ['exp', 'oid', 'tid', 'scp'],
      currentDate: clock.now(),
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    });
    if (payload.tid !== tenantId) return 'other-tenant';
    if (!same(payload.oid, aadObjectId)) return 'other-person';
    const scopes = typeof payload.scp === 'string' ? payload.scp.split(' ') : [];
    return scopes.includes('access_as_user') ? undefined : 'no-scope';
  } catch (error) {
    return whyOf(error);
  }
}

/** Object ids are GUIDs: written in either case. */
function same(oid: unknown, aadObjectId: string): boolean {
  return typeof oid === 'string' && oid.toLowerCase() === aadObjectId.toLowerCase();
}

function whyOf(error: unknown): Why {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud') return 'other-audience';
    return error.claim === 'iss' ? 'other-tenant' : 'incomplete';
  }
  if (error instanceof errors.JWKSTimeout) return 'keys-unreachable';
  // What is not the library's own word is the network's; its plain JOSEError says that no keys came.
  const isPlain = error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC';
  return error instanceof errors.JOSEError && !isPlain ? 'forged' : 'keys-unreachable';
}

/**
 * Microsoft's own blank page ends it: nothing comes back but the person's stronger session, so the bot keeps
 * no secret and no code (learn.microsoft.com/entra/identity-platform/reply-url).
 */
function signInUrl(options: SsoOptions, claims: string | undefined): string {
  const { authority, tenantId, appId, scope } = options;
  const url = new URL(`${authority}/${tenantId}/oauth2/v2.0/authorize`);
  url.search = new URLSearchParams({
    client_id: appId,
    response_type: 'code',
    redirect_uri: `${authority}/common/oauth2/nativeclient`,
    scope: `openid ${scope}`,
    ...(claims && { claims }),
  }).toString();
  return url.href;
}
