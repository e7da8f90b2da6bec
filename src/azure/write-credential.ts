import type { AccessToken, TokenCredential } from '@azure/identity';
import { decodeJwt } from 'jose';
import { OpsBotError } from '../core/errors.ts';
import type { Cloud, CloudName } from './clouds.ts';
import { object } from './words.ts';

/** Where each cloud's Entra is: learn.microsoft.com/entra/identity-platform/authentication-national-cloud */
export const AUTHORITY = {
  AzureCloud: 'https://login.microsoftonline.com',
  AzureUSGovernment: 'https://login.microsoftonline.us',
  AzureChinaCloud: 'https://login.partner.microsoftonline.cn',
} as const satisfies Record<CloudName, string>;

/** Audience of a managed identity's token that stands in for a client secret. */
const FEDERATION = 'api://AzureADTokenExchange/.default';

export interface OnBehalfOfOptions {
  readonly tenantId: string;
  /** The bot's application, which Teams' token is meant for. */
  readonly clientId: string;
  readonly cloud: Cloud;
  /** Proves the application without a secret. */
  readonly getAssertion: () => Promise<string>;
  /** Where Entra is. */
  readonly authorityHost: string;
  /** PEM of the authority behind an https far end that Microsoft does not know: in tests. */
  readonly ca?: string;
}

export type Exchange =
  | { readonly kind: 'exchanged'; readonly credential: BorrowedCredential }
  /** Entra wants more of the person, such as a second factor. */
  | { readonly kind: 'claims'; readonly claims: string }
  | { readonly kind: 'refused'; readonly cause: unknown }
  | { readonly kind: 'unreachable'; readonly cause: unknown };

/** Someone's rights, lent for one request: given back by `drop`, after which it gives no token. */
export class BorrowedCredential implements TokenCredential {
  #token: AccessToken | undefined;

  constructor(token: AccessToken) {
    this.#token = token;
  }

  async getToken(): Promise<AccessToken> {
    if (!this.#token) {
      throw new OpsBotError('AZURE_UNAVAILABLE', 'the rights that were lent have been given back');
    }
    return this.#token;
  }

  drop(): void {
    this.#token = undefined;
  }
}

/**
 * A Teams token for an ARM token of the same person: OAuth 2.0 on-behalf-of
 * (learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow). One credential object for one
 * exchange; nothing of it is kept.
 */
export async function exchange(
  options: OnBehalfOfOptions,
  userAssertionToken: string,
  signal: AbortSignal,
): Promise<Exchange> {
  const { OnBehalfOfCredential } = await import('@azure/identity');
  const { tenantId, clientId, cloud, getAssertion, authorityHost, ca } = options;
  const credential = new OnBehalfOfCredential({
    tenantId,
    clientId,
    getAssertion,
    userAssertionToken,
    authorityHost,
    ...(ca && { disableInstanceDiscovery: true, tlsOptions: { ca } }),
  });
  try {
    const scope = `${cloud.armEndpoint}/user_impersonation`;
    const token = await ended(credential.getToken(scope, { abortSignal: signal }), signal);
    return { kind: 'exchanged', credential: new BorrowedCredential(token) };
  } catch (error) {
    return whyNot(error);
  }
}

/** The managed identity is asked inside, where no signal reaches. */
function ended<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return Promise.race([work, promise]);
}

/** Entra's own words for a refusal that trying again does not change. */
const REFUSED =
  /interaction_required|invalid_grant|invalid_client|unauthorized_client|access_denied|AADSTS\d+/;

function whyNot(error: unknown): Exchange {
  const { cause, errorResponse, statusCode, message } = object(error);
  const { claims, errorCode } = object(cause);
  if (typeof claims === 'string' && claims !== '') return { kind: 'claims', claims };
  const said = [errorCode, object(errorResponse).error, message].map(String).join(' ');
  const status = Number(statusCode);
  const isRefused = REFUSED.test(said) || (status >= 400 && status < 500);
  return { kind: isRefused ? 'refused' : 'unreachable', cause: error };
}

/** The token by which the bot's managed identity vouches for its application. */
export function managedIdentityAssertion(clientId?: string): () => Promise<string> {
  let made: Promise<TokenCredential> | undefined;
  return async () => {
    made ??= import('@azure/identity').then(({ ManagedIdentityCredential }) =>
      clientId ? new ManagedIdentityCredential({ clientId }) : new ManagedIdentityCredential(),
    );
    const token = await (await made).getToken(FEDERATION);
    if (!token) throw new OpsBotError('AZURE_UNAVAILABLE', 'the managed identity gave no token');
    return token.token;
  };
}

/** The second identity: workload identity where there is one, else a user-assigned managed identity. */
export async function secondIdentity(clientId: string): Promise<TokenCredential> {
  const identity = await import('@azure/identity');
  const managed = new identity.ManagedIdentityCredential({ clientId });
  try {
    const workload = new identity.WorkloadIdentityCredential({ clientId });
    return new identity.ChainedTokenCredential(workload, managed);
  } catch {
    // No workload identity on this machine.
    return managed;
  }
}

/** Gives the writer's tokens only while they are another identity's than the Reader's. */
export function neverTheReader(
  writer: TokenCredential,
  reader: Pick<TokenCredential, 'getToken'>,
  cloud: Cloud,
): TokenCredential {
  return {
    async getToken(scopes, options) {
      const [token, readers] = await Promise.all([
        writer.getToken(scopes, options),
        reader.getToken(cloud.armScope),
      ]);
      if (token && readers && holderOf(token.token) === holderOf(readers.token)) {
        throw new OpsBotError(
          'CONFIG_REFUSED',
          'WRITE_CLIENT_ID names the identity that reads: writing needs one of its own',
        );
      }
      return token;
    },
  };
}

function holderOf(token: string): string {
  const { oid, sub } = decodeJwt(token);
  return String(oid ?? sub);
}
