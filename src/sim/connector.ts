import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  activityFrom,
  channelId,
  consentValue,
  fileAttachment,
  mentioning,
  personalId,
  type Where,
} from './connector-activities.ts';
import type {
  BotAnswer,
  SimAction,
  SimulatedConnector,
  SimulatedConnectorOptions,
} from './connector-api.ts';
import { ConnectorLimits } from './connector-limits.ts';
import { answerConnector } from './connector-routes.ts';
import { ConnectorState } from './connector-state.ts';

export { type SimUser, simUser } from './connector-activities.ts';
export type * from './connector-api.ts';
export type { ConnectorFault, SimMessage } from './connector-state.ts';

const BOT = { id: '28:00000000-0000-4000-8000-0000000000b0', name: 'Arc Onboarding Bot' };

export async function startSimulatedConnector(
  options: SimulatedConnectorOptions,
): Promise<SimulatedConnector> {
  const now = options.now ?? (() => new Date());
  const requests: string[] = [];
  let onChange = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    answerConnector(routes, request, response).catch(() => response.destroy());
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
  const { port } = server.address() as AddressInfo;
  const serviceUrl = `http://127.0.0.1:${port}${options.prefix ?? ''}/`;
  const tenant = { tenantId: options.tenantId, serviceUrl, bot: options.bot ?? BOT };
  const state = new ConnectorState(tenant, options.users);
  const routes = {
    state,
    now,
    ...(options.enforceLimits && { limits: new ConnectorLimits() }),
    onMessage: () => {
      onChange.resolve();
      onChange = Promise.withResolvers<void>();
    },
  };
  let botUrl = options.botUrl;

  async function deliver(activity: Readonly<Record<string, unknown>>): Promise<BotAnswer> {
    if (botUrl === undefined) throw new Error('no bot is connected');
    const authorization = await options.authorization?.();
    const response = await fetch(botUrl, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        ...(authorization && { Authorization: authorization }),
      },
      body: JSON.stringify(activity),
    });
    const text = await response.text();
    return { status: response.status, ...(text !== '' && { body: JSON.parse(text) }) };
  }

  function chatOf(key: string): Where {
    return { conversationId: personalId(state.user(key)), type: 'personal' };
  }

  function placeOf(conversationId: string): Where {
    const { type, teamId } = state.conversation(conversationId) ?? {};
    if (!type) throw new Error('no such conversation');
    return { conversationId, type, ...(teamId && { teamId }) };
  }

  function from(key: string, where: Where): Record<string, unknown> {
    const at = now();
    return activityFrom(tenant, state.user(key), where, state.nextId(at), at);
  }

  /** Kept in the chat as what someone wrote, then told to the bot. */
  function write(key: string, where: Where, activity: Record<string, unknown>): Promise<BotAnswer> {
    const { conversationId } = where;
    const id = String(activity.id);
    state.keep({ id, conversationId, from: key, activity, postedAt: now(), edits: 0 });
    return deliver(activity);
  }

  function install(key: string, where: Where, action: 'add' | 'remove'): Promise<BotAnswer> {
    const place = state.conversation(where.conversationId);
    if (place) place.installed = action === 'add';
    return deliver({ ...from(key, where), type: 'installationUpdate', action });
  }

  function invoke(key: string, where: Where, name: string, value: object): Promise<BotAnswer> {
    return deliver({ ...from(key, where), type: 'invoke', name, value });
  }

  return {
    serviceUrl,
    faults: state.faults,
    requests,
    connectBot: (url) => {
      botUrl = url;
    },
    personal: (key) => personalId(state.user(key)),
    messages: (conversationId) => [
      ...(state.conversation(conversationId)?.messages.values() ?? []),
    ],
    changed: () => onChange.promise,

    installFor: (key) => install(key, chatOf(key), 'add'),
    uninstallFor: (key) => install(key, chatOf(key), 'remove'),
    block: (key, blocked) => {
      const place = state.conversation(personalId(state.user(key)));
      if (place) place.blocked = blocked;
    },
    async installInTeam(name, channels, by) {
      const teamId = channelId(name, 'General');
      const all = ['General', ...channels.filter((channel) => channel !== 'General')];
      const ids = all.map((channel) => [channel, channelId(name, channel)] as const);
      for (const [, id] of ids) state.addChannel(id, teamId).installed = true;
      const where: Where = { conversationId: teamId, type: 'channel', teamId };
      await install(by, where, 'add');
      const added = { type: 'conversationUpdate', membersAdded: [{ id: tenant.bot.id }] };
      await deliver({ ...from(by, where), ...added });
      return { teamId, channels: Object.fromEntries(ids) };
    },
    removeFromTeam(team, by) {
      for (const id of Object.values(team.channels)) {
        const place = state.conversation(id);
        if (place) place.installed = false;
      }
      const where: Where = { conversationId: team.teamId, type: 'channel', teamId: team.teamId };
      return install(by, where, 'remove');
    },

    say: (key, text) =>
      write(key, chatOf(key), {
        ...from(key, chatOf(key)),
        type: 'message',
        textFormat: 'plain',
        text,
      }),
    sendPicture: (key, text) =>
      write(key, chatOf(key), {
        ...from(key, chatOf(key)),
        type: 'message',
        ...(text !== undefined && { text }),
        attachments: [
          { contentType: 'image/*', contentUrl: `${serviceUrl}picture` },
          { contentType: 'text/html', content: '<p><img alt="image"></p>' },
        ],
      }),
    sendFile: (key, file, text = '') =>
      write(key, chatOf(key), {
        ...from(key, chatOf(key)),
        type: 'message',
        text,
        attachments: [
          fileAttachment(file),
          { contentType: 'text/html', content: `<p>${text}</p>` },
        ],
      }),
    sendFileInChannel: (key, channel, file) =>
      write(key, placeOf(channel), {
        ...from(key, placeOf(channel)),
        type: 'message',
        attachments: [fileAttachment(file)],
      }),
    sayInChannel(key, channel, text, thread) {
      const where = placeOf(channel);
      const activity = from(key, where);
      const conversationId = `${channel};messageid=${thread ?? String(activity.id)}`;
      const inThread = { ...where, conversationId };
      const at = { ...activity, ...activityPlace(activity, conversationId), type: 'message' };
      return write(key, inThread, mentioning(tenant, at, text));
    },
    submit: (key, activityId, action) =>
      write(key, chatOf(key), {
        ...from(key, chatOf(key)),
        type: 'message',
        replyToId: activityId,
        value: { ...action.data, ...action.inputs },
      }),
    async press(key, activityId, action, { trigger = 'manual', conversationId } = {}) {
      const { verb = '', data, inputs } = action;
      const where = conversationId === undefined ? chatOf(key) : placeOf(conversationId);
      const value = {
        action: { type: 'Action.Execute', verb, data: { ...data, ...inputs } },
        ...(trigger !== 'none' && { trigger }),
      };
      const send = (more: object = {}): Promise<BotAnswer> => {
        const activity = { ...from(key, where), type: 'invoke', replyToId: activityId };
        return deliver({ ...activity, name: 'adaptiveCard/action', value: { ...value, ...more } });
      };
      const answer = await send();
      const asked = tokenAsked(answer);
      const token = asked && (await options.ssoToken?.(state.user(key), asked.uri));
      if (!asked || !token) return answer;
      return send({ authentication: { id: asked.id, connectionName: '', token } });
    },
    openDialog: (key, _activityId, action) =>
      invoke(key, chatOf(key), 'task/fetch', dialogValue(action)),
    answerFile(key, activityId, answer) {
      const message = state.conversation(personalId(state.user(key)))?.messages.get(activityId);
      const value = consentValue(message?.activity, answer);
      const activity = { ...from(key, chatOf(key)), type: 'invoke', replyToId: activityId };
      return deliver({ ...activity, name: 'fileConsent/invoke', value });
    },
    submitDialog: (key, action) => invoke(key, chatOf(key), 'task/submit', dialogValue(action)),
    deliver,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function activityPlace(activity: Record<string, unknown>, id: string): Record<string, unknown> {
  const conversation = activity.conversation as Record<string, unknown>;
  return { conversation: { ...conversation, id } };
}

/**
 * What Teams is told to fetch a token for; the same action then comes once more with it:
 * learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/universal-actions-for-adaptive-cards/sso-adaptive-cards-universal-action
 */
function tokenAsked({
  body,
}: BotAnswer): { readonly id: string; readonly uri: string } | undefined {
  const answer = body as
    | {
        readonly type?: string;
        readonly statusCode?: number;
        readonly value?: { readonly tokenExchangeResource?: { id: string; uri: string } };
      }
    | undefined;
  const isLogin = answer?.type === 'application/vnd.microsoft.activity.loginRequest';
  return isLogin && answer.statusCode === 401 ? answer.value?.tokenExchangeResource : undefined;
}

function dialogValue(action: SimAction): object {
  return { data: { ...action.data, ...action.inputs }, context: { theme: 'default' } };
}
