import {
  ConfigurationBotFrameworkAuthentication,
  ConfigurationServiceClientCredentialFactory,
} from 'botbuilder';
import type { ConnectorHttp } from './connector-http.ts';

/** Who the bot is to Microsoft; `demo` has no app id and stays on this machine. */
export type BotIdentity =
  | {
      readonly kind: 'SingleTenant';
      readonly appId: string;
      readonly tenantId: string;
      readonly password: string;
      readonly government?: boolean;
    }
  | {
      readonly kind: 'UserAssignedMSI';
      readonly appId: string;
      readonly tenantId: string;
      readonly government?: boolean;
    }
  | { readonly kind: 'demo'; readonly tenantId: string };

/** Whom a token is asked for: learn.microsoft.com/azure/bot-service/how-to-deploy-gov-cloud-high. */
export function audienceOf(identity: BotIdentity): string {
  const government = identity.kind !== 'demo' && identity.government;
  return government ? 'https://api.botframework.us' : 'https://api.botframework.com';
}

export function appIdOf(identity: BotIdentity): string {
  return identity.kind === 'demo' ? '' : identity.appId;
}

type Base = ConfigurationBotFrameworkAuthentication;
type Claims = Parameters<Base['createConnectorFactory']>[0];
type ConnectorFactory = ReturnType<Base['createConnectorFactory']>;
type ConnectorClient = ReturnType<ConnectorFactory['create']>;
type UserTokenClient = ReturnType<Base['createUserTokenClient']>;
type AuthenticateRequest = Base['authenticateRequest'];

/** Service URLs are few: Teams' regions. Beyond this the oldest goes. */
const KEPT_PIPELINES = 32;

/**
 * The SDK's own checks and clients, but its two Azure pipelines are built once per app, audience and
 * service URL and not once per turn.
 */
export class CachedAuthentication extends ConfigurationBotFrameworkAuthentication {
  readonly #connectors = new Map<string, ConnectorClient>();
  readonly #tokens = new Map<string, UserTokenClient>();
  readonly #appId: string;

  constructor(identity: BotIdentity, http: ConnectorHttp) {
    const options = sdkOptions(identity);
    super(options, new ConfigurationServiceClientCredentialFactory(options), undefined, undefined, {
      httpClient: http,
    });
    this.#appId = appIdOf(identity);
  }

  override async authenticateRequest(
    ...[activity, authHeader]: Parameters<AuthenticateRequest>
  ): ReturnType<AuthenticateRequest> {
    const result = await super.authenticateRequest(activity, authHeader);
    return { ...result, connectorFactory: this.createConnectorFactory(result.claimsIdentity) };
  }

  override createConnectorFactory(claims: Claims): ConnectorFactory {
    const factory = super.createConnectorFactory(claims);
    return {
      create: (serviceUrl, audience) =>
        kept(this.#connectors, `${this.#appId} ${audience} ${serviceUrl}`, () =>
          factory.create(serviceUrl, audience),
        ),
    };
  }

  override createUserTokenClient(claims: Claims): UserTokenClient {
    return kept(this.#tokens, this.#appId, () => super.createUserTokenClient(claims));
  }
}

function sdkOptions(identity: BotIdentity): Record<string, string> {
  const government = identity.kind !== 'demo' && identity.government;
  return {
    ...(government && { ChannelService: 'https://botframework.azure.us' }),
    ...credentialOptions(identity),
  };
}

function credentialOptions(identity: BotIdentity): Record<string, string> {
  switch (identity.kind) {
    case 'SingleTenant':
      return {
        MicrosoftAppType: 'SingleTenant',
        MicrosoftAppId: identity.appId,
        MicrosoftAppTenantId: identity.tenantId,
        MicrosoftAppPassword: identity.password,
      };
    case 'UserAssignedMSI':
      return {
        MicrosoftAppType: 'UserAssignedMSI',
        MicrosoftAppId: identity.appId,
        MicrosoftAppTenantId: identity.tenantId,
      };
    case 'demo':
      // The SDK turns authentication off when the app id is empty.
      return { MicrosoftAppType: 'MultiTenant', MicrosoftAppId: '', MicrosoftAppPassword: '' };
  }
}

function kept<T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const [oldest] = cache.keys();
  if (cache.size >= KEPT_PIPELINES && oldest !== undefined) cache.delete(oldest);
  const made = make();
  cache.set(key, made);
  // One that could not be made is not remembered; whoever asked for it sees the error.
  made.catch(() => cache.delete(key));
  return made;
}
