import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import type { CardId, Lang, PersonKey } from '../../src/core/ids.ts';
import type { Audience, Card, Notice } from '../../src/core/notice.ts';
import type { DrawnNotice, Log, Store } from '../../src/core/ports.ts';
import type { Person } from '../../src/core/roll-out.ts';
import type { Message, Press, PressAnswer, Reply, Turns } from '../../src/core/turn.ts';
import { type AttemptEnd, type Relay, startRelay } from '../../src/delivery/relay.ts';
import { identify, UpnMemory } from '../../src/flows/identify.ts';
import { forgetConversation, learnConversation } from '../../src/flows/learn-conversation.ts';
import {
  type SimUser,
  type SimulatedConnector,
  type SimulatedConnectorOptions,
  simUser,
  startSimulatedConnector,
} from '../../src/sim/connector.ts';
import { openStore } from '../../src/store/open.ts';
import { createTeamsEdge, type TeamsEdge } from '../../src/teams/adapter.ts';
import type { BotIdentity } from '../../src/teams/authentication.ts';
import type { FetchFile } from '../../src/teams/fetch-file.ts';
import { FixedClock } from '../support/fixed-clock.ts';

export const TENANT = '00000000-0000-4000-8000-0000000000aa';

export const TAKAHASHI = person('takahashi', 'engineer', { aadObjectId: objectId(4) });
export const YAMAMOTO = person('yamamoto', 'site-staff', { aadObjectId: objectId(7) });
/** Known by upn alone. */
export const INOUE = person('inoue', 'site-staff', { upn: 'inoue@corp.example' });
export const MORGAN = person('morgan', 'auditor', { aadObjectId: objectId(10), language: 'en' });
export const PEOPLE: readonly Person[] = [TAKAHASHI, YAMAMOTO, INOUE, MORGAN];

export const HELP: Notice = { kind: 'help', role: 'engineer' };

/** The Teams edge between a real store, a real relay and the simulated Teams, over real HTTP. */
export interface WholeEdge {
  readonly store: Store;
  readonly clock: FixedClock;
  readonly teams: SimulatedConnector;
  readonly edge: TeamsEdge;
  readonly relay: Relay;
  readonly turns: ScriptedTurns;
  readonly logged: { readonly event: string; readonly facts: Record<string, unknown> }[];
  readonly unreachable: PersonKey[];
  readonly ends: AttemptEnd[];
  post(audience: Audience, notice?: Notice): Promise<CardId>;
  card(id: CardId): Promise<Card>;
  /** What a chat shows of the bot: the card's text, or the message's. */
  shown(conversationId: string): string[];
  stop(): Promise<void>;
}

/** Answers from a script and remembers what it was asked. */
export class ScriptedTurns implements Turns {
  readonly messages: Message[] = [];
  readonly presses: Press[] = [];
  reply: (message: Message) => Reply | Promise<Reply> = () => ({
    intent: { intent: 'help', slots: {}, confidence: 1 },
    notice: HELP,
  });
  onPress: (press: Press) => PressAnswer | Promise<PressAnswer> = () => ({
    notice: { kind: 'done', what: 'acknowledged' },
    refused: false,
  });

  async answer(message: Message): Promise<Reply> {
    this.messages.push(message);
    return this.reply(message);
  }

  async press(press: Press): Promise<PressAnswer> {
    this.presses.push(press);
    return this.onPress(press);
  }
}

export interface WholeEdgeOptions {
  readonly identity?: BotIdentity;
  readonly connector?: Partial<SimulatedConnectorOptions>;
  readonly timeoutMs?: number;
  readonly draw?: (card: Card, lang: Lang) => DrawnNotice;
  readonly fetchFile?: FetchFile;
}

export async function startWholeEdge(options: WholeEdgeOptions = {}): Promise<WholeEdge> {
  const clock = new FixedClock();
  const dataDir = await mkdtemp(join(tmpdir(), 'teams-edge-'));
  const store = await openStore({ kind: 'sqlite', dataDir }, { clock });
  await store.write((tx) => tx.rows.putPeople(PEOPLE));
  const teams = await startSimulatedConnector({
    tenantId: TENANT,
    users: [...PEOPLE.map(simUser), GUEST, NAMESAKE, STRANGER],
    now: () => clock.now(),
    ...options.connector,
  });
  const turns = new ScriptedTurns();
  const logged: WholeEdge['logged'] = [];
  const log = remembering(logged);
  const upns = new UpnMemory();
  const post = async (audience: Audience, notice: Notice, card?: CardId): Promise<CardId> => {
    const id = card ?? (randomUUID() as CardId);
    await store.write((tx) => tx.cards.post(id, audience, notice, clock.now()));
    return id;
  };
  const edge = createTeamsEdge({
    identity: options.identity ?? { kind: 'demo', tenantId: TENANT },
    turns,
    clock,
    log,
    ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
    ...(options.fetchFile && { fetchFile: options.fetchFile }),
    identify: ({ aadObjectId, lookUpn }) =>
      identify({ store, clock, upns }, { aadObjectId, lookUpn }),
    reply: async (to, notice, card) => void (await post(to, notice, card)),
    learn: (seen) => learnConversation({ store, clock }, seen),
    forget: (gone) => forgetConversation({ store }, gone),
    drawAnswer: drawAnswerPlainly,
  });
  const server = createServer(async (request, response) => {
    const body = await json(request);
    await edge.process({ headers: request.headers, body }, response);
  });
  const botUrl = await listen(server);
  teams.connectBot(`${botUrl}/api/messages`);
  const unreachable: PersonKey[] = [];
  const ends: AttemptEnd[] = [];
  const relayDeps = {
    store,
    notifier: edge.notifier,
    clock,
    log,
    jitter: () => 1,
    draw: options.draw ?? drawPlainly,
    onUnreachable: async (key: PersonKey) => void unreachable.push(key),
    metrics: { attempted: (_: unknown, end: AttemptEnd) => void ends.push(end) },
  };
  const relay = startRelay(relayDeps, { autostart: false });

  return {
    store,
    clock,
    teams,
    edge,
    relay,
    turns,
    logged,
    unreachable,
    ends,
    post: (audience, notice = HELP) => post(audience, notice),
    async card(id) {
      const card = await store.read((tx) => tx.cards.get(id));
      if (!card) throw new Error('no such card');
      return card;
    },
    shown: (conversationId) =>
      teams
        .messages(conversationId)
        .filter((message) => message.from === 'bot')
        .map((message) => textIn(message.activity)),
    async stop() {
      await relay.stop();
      edge.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await teams.close();
      await store.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

/** Two guests: one as Entra names guests, one whose name could be a colleague's. */
export const GUEST: SimUser = {
  ...simUser({ key: 'guest', name: 'Guest', language: 'en' }),
  upn: 'inoue_corp.example#EXT#@other.example',
};
export const NAMESAKE: SimUser = {
  ...simUser({ key: 'namesake', name: 'Guest', language: 'en' }),
  upn: 'inoue@corp.example',
  guest: true,
};
export const STRANGER = simUser({ key: 'stranger', name: '田中 蓮', language: 'en' });

/** Its words are the notice's kind, the language and the revision: enough to see which was drawn. */
export function drawPlainly(card: Card, lang: Lang): DrawnNotice {
  const what = card.notice.kind === 'refusal' ? card.notice.reason : card.notice.kind;
  const text = `${what} ${lang} ${card.revision}`;
  return { card: adaptiveCard(text), text, summary: text };
}

function drawAnswerPlainly(answer: PressAnswer, lang: Lang): DrawnNotice {
  const text = answer.reveal
    ? `code ${answer.reveal.userCode}`
    : `${answer.dialogNonce ?? answer.notice.kind} ${lang}`;
  return { card: adaptiveCard(text), text, summary: 'summary' };
}

export function adaptiveCard(text: string): Record<string, unknown> {
  return { type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text }] };
}

interface SomeCard {
  readonly body?: readonly { readonly text?: string }[];
}

function textIn(activity: Readonly<Record<string, unknown>>): string {
  const [attachment] = (activity.attachments ?? []) as { content?: SomeCard }[];
  const lines = attachment?.content?.body?.map((line) => line.text ?? '') ?? [];
  return attachment ? lines.join(' / ') : String(activity.text);
}

function remembering(logged: WholeEdge['logged']): Log {
  const keep =
    () =>
    (event: string, facts: Record<string, unknown> = {}): void =>
      void logged.push({ event, facts });
  return { debug: keep(), info: keep(), warn: keep(), error: keep() };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function person(key: string, role: Person['role'], more: Partial<Person>): Person {
  const names = { key: key as PersonKey, name: key, nameEn: key };
  return { ...names, role, sites: [], language: 'ja', ...more };
}

function objectId(number: number): string {
  return `00000000-0000-4000-8000-${String(100 + number).padStart(12, '0')}`;
}
