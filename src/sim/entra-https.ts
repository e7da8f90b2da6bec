import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { bodyOf, send } from './azure-http.ts';

export interface TokenEntraOptions {
  readonly tenantId: string;
  /** The bot's application. */
  readonly appId: string;
  /** What the bot's managed identity says for it. */
  readonly assertion: string;
  readonly now: () => Date;
}

/** A token endpoint with keys, as a listener: whoever tests with it brings https and a made authority. */
export interface TokenEntra {
  readonly listener: RequestListener;
  /** The address it goes by, told once it is known. */
  at(authority: string): void;
  /** A Teams token of this person; `changes` make it a wrong one. */
  ssoToken(oid: string, changes?: JWTPayload): Promise<string>;
  /** The same with a key that Entra never had. */
  forgedToken(oid: string): Promise<string>;
  /** From now on Entra wants this before it exchanges; undefined ends it. */
  demand(claims: string | undefined): void;
  /** Whose ARM token this is. */
  ownerOf(token: string): string | undefined;
  /** What was asked at the token endpoint: grant types, newest last. */
  readonly exchanges: readonly string[];
}

/**
 * Entra's on-behalf-of exchange as documented
 * (learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow): the assertion is verified with
 * its own keys, the client by its federated assertion, and each ARM token belongs to one person.
 */
export async function createTokenEntra(options: TokenEntraOptions): Promise<TokenEntra> {
  const { tenantId, appId, now } = options;
  const kid = 'made-key';
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const strangers = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' };
  const owners = new Map<string, string>();
  const exchanges: string[] = [];
  let authority = 'https://entra.invalid';
  let demanded: string | undefined;
  const issuer = (): string => `${authority}/${tenantId}/v2.0`;
  const seconds = (): number => Math.floor(now().getTime() / 1_000);

  const sign = (key: typeof privateKey, claims: JWTPayload): Promise<string> =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(key);
  const teamsClaims = (oid: string): JWTPayload => ({
    iss: issuer(),
    aud: appId,
    tid: tenantId,
    oid,
    scp: 'access_as_user',
    iat: seconds(),
    nbf: seconds(),
    exp: seconds() + 3_600,
    ver: '2.0',
  });

  async function exchange(form: URLSearchParams, response: ServerResponse): Promise<void> {
    exchanges.push(form.get('grant_type') ?? '');
    const isOurs =
      form.get('client_id') === appId && form.get('client_assertion') === options.assertion;
    if (!isOurs) return refuse(response, 401, 'invalid_client', 'AADSTS700213');
    if (form.get('requested_token_use') !== 'on_behalf_of') {
      return refuse(response, 400, 'unsupported_grant_type', 'AADSTS70003');
    }
    let oid: string;
    try {
      const { payload } = await jwtVerify(form.get('assertion') ?? '', publicKey, {
        issuer: issuer(),
        audience: appId,
        currentDate: now(),
      });
      oid = String(payload.oid);
    } catch {
      return refuse(response, 400, 'invalid_grant', 'AADSTS500133');
    }
    if (demanded) {
      return refuse(response, 400, 'interaction_required', 'AADSTS50076', { claims: demanded });
    }
    const token = await sign(privateKey, {
      iss: issuer(),
      aud: 'https://management.azure.com',
      tid: tenantId,
      oid,
      jti: randomUUID(),
      exp: seconds() + 3_600,
    });
    owners.set(token, oid);
    const scope = form.get('scope') ?? '';
    send(response, 200, { token_type: 'Bearer', scope, expires_in: 3_600, access_token: token });
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', authority);
    if (pathname === `/${tenantId}/discovery/v2.0/keys`)
      return send(response, 200, { keys: [jwk] });
    if (pathname === `/${tenantId}/v2.0/.well-known/openid-configuration`) {
      return send(response, 200, {
        issuer: issuer(),
        authorization_endpoint: `${authority}/${tenantId}/oauth2/v2.0/authorize`,
        token_endpoint: `${authority}/${tenantId}/oauth2/v2.0/token`,
        jwks_uri: `${authority}/${tenantId}/discovery/v2.0/keys`,
      });
    }
    if (request.method === 'POST' && pathname === `/${tenantId}/oauth2/v2.0/token`) {
      return exchange(new URLSearchParams(await bodyOf(request)), response);
    }
    send(response, 404, { error: 'not_found' });
  }

  return {
    listener: (request, response) => {
      answer(request, response).catch(() => send(response, 500, { error: 'server_error' }));
    },
    at(address) {
      authority = address;
    },
    ssoToken: (oid, changes) => sign(privateKey, { ...teamsClaims(oid), ...changes }),
    forgedToken: (oid) => sign(strangers.privateKey, teamsClaims(oid)),
    demand(claims) {
      demanded = claims;
    },
    ownerOf: (token) => owners.get(token),
    exchanges,
  };
}

function refuse(
  response: ServerResponse,
  status: number,
  error: string,
  aadsts: string,
  more: object = {},
): void {
  const error_codes = [Number(aadsts.replace('AADSTS', ''))];
  send(response, status, { error, error_description: `${aadsts}: refused.`, error_codes, ...more });
}
