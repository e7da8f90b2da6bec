import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { type Activity, TeamsInfo, type TurnContext } from 'botbuilder';
import type { Clock, Log, Notifier } from '../core/ports.ts';
import { InboundActivity } from './activity.ts';
import { createBot } from './bot.ts';
import type { BotDeps, LookUpn } from './bot-deps.ts';
import { ConnectorHttp } from './connector-http.ts';
import type { TurnAnswer } from './invoke-answer.ts';
import { troubleAnswer } from './invokes.ts';
import { createNotifier } from './notifier.ts';
import { OpsAdapter } from './ops-adapter.ts';
import { mayServe } from './service-url.ts';

export interface TeamsEdgeDeps extends BotDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** How long one request to the connector may take. */
  readonly timeoutMs?: number;
}

/** A request whose body has been read and parsed, as restify or the tests' own server hand it over. */
export interface ParsedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body?: unknown;
}

export interface TeamsEdge {
  /** One activity, behind the inbound gate; always answers and never throws. */
  process(request: ParsedRequest, response: ServerResponse): Promise<void>;
  readonly notifier: Notifier;
  close(): void;
}

const CONNECTOR_TIMEOUT_MS = 10_000;

export function createTeamsEdge(deps: TeamsEdgeDeps): TeamsEdge {
  const http = new ConnectorHttp(deps.clock, deps.timeoutMs ?? CONNECTOR_TIMEOUT_MS);
  const adapter = new OpsAdapter(deps.identity, http);
  const bot = createBot(deps);
  const where = deps.identity.kind === 'demo' ? 'loopback' : 'teams';

  // Turns catch their own errors below; this is for what the SDK runs beside them.
  adapter.onTurnError = async (_context, error) => deps.log.error('turn-failed', { error });

  async function turn(request: ParsedRequest): Promise<TurnAnswer> {
    const parsed = InboundActivity.safeParse(request.body);
    if (!parsed.success || !mayServe(parsed.data.serviceUrl, where)) return { status: 400 };
    const activity = parsed.data;
    let answer: TurnAnswer = { status: 500 };
    const logic = async (context: TurnContext): Promise<void> => {
      try {
        answer = await bot(activity, upnLooker(deps, http, context, activity));
      } catch (error) {
        deps.log.error('turn-failed', { activity: activity.type, name: activity.name, error });
        answer = troubleAnswer(activity);
      }
    };
    const authorization = request.headers.authorization ?? '';
    await adapter.turn(authorization, request.body as Activity, logic);
    return answer;
  }

  return {
    async process(request, response) {
      try {
        answerWith(response, await turn(request));
      } catch (error) {
        const refused = isRefusedToken(error);
        deps.log[refused ? 'info' : 'error']('turn-refused', { error });
        answerWith(response, { status: refused ? 401 : 503 });
      }
    },
    notifier: createNotifier({ identity: deps.identity, adapter, http, log: deps.log }),
    close: () => http.close(),
  };
}

/** Asks the connector who someone is; a guest, or someone of another tenant, is no one we know. */
function upnLooker(
  deps: TeamsEdgeDeps,
  http: ConnectorHttp,
  context: TurnContext,
  activity: InboundActivity,
): LookUpn {
  return async () => {
    try {
      const member = await http.attempt(() => TeamsInfo.getMember(context, activity.from.id));
      const foreign = member.tenantId && member.tenantId !== deps.identity.tenantId;
      if (foreign || member.userRole === 'guest') return undefined;
      return member.userPrincipalName;
    } catch (error) {
      deps.log.warn('member-not-read', { error });
      return undefined;
    }
  };
}

/** An answer may hold a code, so nothing on the way may keep it. */
function answerWith(response: ServerResponse, answer: TurnAnswer): void {
  response.statusCode = answer.status;
  response.setHeader('Cache-Control', 'no-store');
  if (answer.body === undefined) {
    response.end();
    return;
  }
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.end(JSON.stringify(answer.body));
}

/** The SDK's own error carries a status; those of its token library have only a name. */
function isRefusedToken(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('statusCode' in error) return error.statusCode === 401 || error.statusCode === 403;
  return /^(?:JsonWebTokenError|TokenExpiredError|NotBeforeError|AuthenticationError)$/.test(
    error.name,
  );
}
