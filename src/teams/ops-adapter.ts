import { type Activity, CloudAdapter, type InvokeResponse, type TurnContext } from 'botbuilder';
import { appIdOf, audienceOf, type BotIdentity, CachedAuthentication } from './authentication.ts';
import type { ConnectorHttp } from './connector-http.ts';

type ConnectorClient = Awaited<
  ReturnType<ReturnType<CachedAuthentication['createConnectorFactory']>['create']>
>;

/**
 * The SDK's adapter. Its own `process` prints to the console and answers with error texts, so turns enter
 * here instead and whoever calls answers.
 */
export class OpsAdapter extends CloudAdapter {
  readonly #identity: BotIdentity;

  constructor(identity: BotIdentity, http: ConnectorHttp) {
    super(new CachedAuthentication(identity, http));
    this.#identity = identity;
  }

  /** Checks the token the SDK's way, then runs the turn; what it answers to an invoke comes back. */
  turn(
    authHeader: string,
    activity: Activity,
    logic: (context: TurnContext) => Promise<void>,
  ): Promise<InvokeResponse | undefined> {
    return this.processActivity(authHeader, activity, logic);
  }

  connectorFor(serviceUrl: string): Promise<ConnectorClient> {
    const claims = this.createClaimsIdentity(appIdOf(this.#identity));
    return this.botFrameworkAuthentication
      .createConnectorFactory(claims)
      .create(serviceUrl, audienceOf(this.#identity));
  }
}
