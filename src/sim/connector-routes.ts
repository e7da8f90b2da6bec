import type { IncomingMessage, ServerResponse } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { personalId, type SimUser, teamsUserId } from './connector-activities.ts';
import type { ConnectorLimits } from './connector-limits.ts';
import type { ConnectorCall, ConnectorState, SimConversation } from './connector-state.ts';

export interface RouteDeps {
  readonly state: ConnectorState;
  readonly now: () => Date;
  readonly limits?: ConnectorLimits;
  /** Called after a message was posted or edited. */
  readonly onMessage?: () => void;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly retryAfterSeconds?: number;
}

interface Route {
  readonly call: ConnectorCall;
  readonly conversationId: string;
  run(): Answer;
}

const MOST_BYTES = 100 * 1024;

/**
 * The connector's REST calls, as learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
 * describes them. A path before `/v3/` is accepted, as real service URLs have one.
 */
export async function answerConnector(
  deps: RouteDeps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readText(request);
  const route = routeOf(deps, request, body);
  if (!route) return send(response, notFound('NotFound'));
  const fault = deps.state.takeFault(route.call, route.conversationId);
  if (!fault) return send(response, guarded(deps, route, body));
  if (fault.kept) route.run();
  if ('reset' in fault.answer) {
    request.socket.resetAndDestroy();
    return;
  }
  if ('hang' in fault.answer) return;
  const { status, code = `Fault${status}`, retryAfterSeconds } = fault.answer;
  const answer = failure(status, code);
  send(response, retryAfterSeconds === undefined ? answer : { ...answer, retryAfterSeconds });
}

function guarded(deps: RouteDeps, route: Route, body: string): Answer {
  if (Buffer.byteLength(body) > MOST_BYTES) return failure(413, 'RequestEntityTooLarge');
  const counted = route.call === 'post' || route.call === 'edit' || route.call === 'create';
  const channel = route.conversationId.split(';', 1)[0] ?? '';
  const wait = counted ? deps.limits?.check(channel, deps.now().getTime()) : undefined;
  if (wait !== undefined) return { ...failure(429, 'TooManyRequests'), retryAfterSeconds: wait };
  return route.run();
}

function routeOf(deps: RouteDeps, request: IncomingMessage, body: string): Route | undefined {
  const { pathname } = new URL(request.url ?? '/', 'http://connector.invalid');
  const found =
    /\/v3\/conversations(?:\/([^/]+)(?:\/(activities|members|pagedmembers)(?:\/([^/]+))?)?)?$/.exec(
      pathname,
    );
  if (!found) return undefined;
  const conversationId = decodeURIComponent(found[1] ?? '');
  const what = found[2];
  const id = found[3] === undefined ? undefined : decodeURIComponent(found[3]);
  const route = (call: ConnectorCall, run: () => Answer): Route => ({ call, conversationId, run });

  switch (`${request.method} ${what ?? 'conversations'}`) {
    case 'POST conversations':
      return route('create', () => create(deps, parse(body)));
    case 'POST activities':
      return route('post', () => post(deps, conversationId, parse(body)));
    case 'PUT activities':
      return route('edit', () => edit(deps, conversationId, id ?? '', parse(body)));
    case 'DELETE activities':
      return route('delete', () => remove(deps, conversationId, id ?? ''));
    case 'GET members':
    case 'GET pagedmembers':
      return route('members', () => members(deps, conversationId, id, what === 'pagedmembers'));
    default:
      return undefined;
  }
}

function post(deps: RouteDeps, conversationId: string, activity: Fields | undefined): Answer {
  const place = writable(deps.state.conversation(conversationId));
  if ('status' in place) return place;
  if (typeof activity?.type !== 'string') return failure(400, 'BadSyntax');
  const postedAt = deps.now();
  const id = deps.state.nextId(postedAt);
  deps.state.keep({ id, conversationId, from: 'bot', activity, postedAt, edits: 0 });
  deps.onMessage?.();
  return { status: 201, body: { id } };
}

function edit(
  deps: RouteDeps,
  conversationId: string,
  id: string,
  activity: Fields | undefined,
): Answer {
  const place = writable(deps.state.conversation(conversationId));
  if ('status' in place) return place;
  const known = place.messages.get(id);
  if (!known) return notFound('ActivityNotFoundInConversation');
  if (typeof activity?.type !== 'string') return failure(400, 'BadSyntax');
  deps.state.keep({ ...known, activity, edits: known.edits + 1 });
  deps.onMessage?.();
  return { status: 200, body: { id } };
}

function remove(deps: RouteDeps, conversationId: string, id: string): Answer {
  const deleted = deps.state.conversation(conversationId)?.messages.delete(id);
  return deleted ? { status: 200 } : notFound('ActivityNotFoundInConversation');
}

/** A 1:1 chat: the same one each time, and only with someone who has the app. */
function create(deps: RouteDeps, parameters: Fields | undefined): Answer {
  const [member] = Array.isArray(parameters?.members) ? parameters.members : [];
  const user = deps.state.userByAnyId(String(member?.id ?? ''));
  if (!user) return failure(400, 'BadArgument');
  const id = personalId(user);
  const place = writable(deps.state.conversation(id));
  return 'status' in place ? place : { status: 201, body: { id } };
}

function members(
  deps: RouteDeps,
  conversationId: string,
  id: string | undefined,
  paged: boolean,
): Answer {
  const place = deps.state.conversation(conversationId);
  if (!place) return notFound('ConversationNotFound');
  const accounts = place.members.map((user) => account(user, deps.state.tenant.tenantId));
  if (id === undefined) return { status: 200, body: paged ? { members: accounts } : accounts };
  const user = deps.state.userByAnyId(id);
  return user && place.members.includes(user)
    ? { status: 200, body: account(user, deps.state.tenant.tenantId) }
    : notFound('MemberNotFoundInConversation');
}

function account(user: SimUser, tenantId: string): object {
  const { name, upn, aadObjectId } = user;
  const id = teamsUserId(user);
  return {
    id,
    name,
    objectId: aadObjectId,
    aadObjectId,
    userPrincipalName: upn,
    email: upn,
    tenantId,
    userRole: user.guest ? 'guest' : 'user',
  };
}

function writable(place: SimConversation | undefined): SimConversation | Answer {
  if (!place) return notFound('ConversationNotFound');
  if (!place.installed) return failure(403, 'BotNotInConversationRoster');
  return place.blocked ? failure(403, 'ConversationBlockedByUser') : place;
}

type Fields = Readonly<Record<string, unknown>>;

function parse(body: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

function failure(status: number, code: string): Answer {
  return { status, body: { error: { code, message: code } } };
}

function notFound(code: string): Answer {
  return failure(404, code);
}

function send(response: ServerResponse, answer: Answer): void {
  const headers: Record<string, string> = { 'Content-Type': 'application/json; charset=utf-8' };
  if (answer.retryAfterSeconds !== undefined) {
    headers['Retry-After'] = String(answer.retryAfterSeconds);
  }
  response.writeHead(answer.status, headers);
  response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
}
