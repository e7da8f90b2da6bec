import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { type App, createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import type { MachineName, PersonKey } from '../../src/core/ids.ts';
import type { ButtonId, Card } from '../../src/core/notice.ts';
import type { Clock } from '../../src/core/ports.ts';
import { type Machine, RollOut } from '../../src/core/roll-out.ts';
import type { SignIn } from '../../src/core/sign-in.ts';
import { issueToken } from '../../src/flows/enrolment-token.ts';
import { openAnswerKeys } from '../../src/keys/answer-keys.ts';
import { createRandom } from '../../src/keys/random.ts';
import { createVault } from '../../src/keys/vault.ts';
import { createLog } from '../../src/log.ts';
import { type RunningBot, type ServeOptions, serve } from '../../src/serve.ts';
import { type SimulatedAzure, startSimulatedAzure } from '../../src/sim/azure.ts';
import {
  type BotAnswer,
  type SimAction,
  type SimMessage,
  type SimTeam,
  type SimulatedConnector,
  simUser,
  startSimulatedConnector,
} from '../../src/sim/connector.ts';
import { openStore } from '../../src/store/open.ts';
import { type WakingStore, wakingStore } from '../../src/waking-store.ts';
import { dotnetHolder, KitClient, type KitDoor, type KitHolder } from '../support/kit-client.ts';
import { sampleRows } from '../support/sample-roll-out.ts';

export const M1 = 'SV-OSK-03' as MachineName;
export const M2 = 'SV-OSK-01' as MachineName;
export const ACCOUNT = 'arc-onboarding@corp.example';
export const TENANT = sampleRows.profiles[0]?.tenantId ?? '';

/** In memory where there is such a folder: what is looked at is what was written, not how long a disk takes. */
export function fastFolder(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
}

/** Runs like the real one, and can be moved ahead. */
export class MovableClock implements Clock {
  #aheadMs = 0;
  now(): Date {
    return new Date(Date.now() + this.#aheadMs);
  }
  forward(ms: number): void {
    this.#aheadMs += ms;
  }
}

export interface WholeBotOptions {
  readonly reveal?: 'card' | 'dialog';
  readonly twoPersons?: boolean;
  readonly rollOut?: RollOut;
  /** All people have the app unless this says otherwise. */
  readonly installed?: readonly string[];
  /** Settings beside the usual ones, as the environment gives them. */
  readonly env?: Readonly<Record<string, string>>;
  /** The tenant's SharePoint: its hosts, and where they are found instead. */
  readonly sharePoint?: { readonly hosts: string } & NonNullable<ServeOptions['sharePoint']>;
}

/** The bot as `serve` runs it, with a simulated Teams and Azure around it, over real HTTP on loopback. */
export class WholeBot implements KitDoor {
  readonly clock = new MovableClock();
  readonly folder = mkdtempSync(join(fastFolder(), 'prove-'));
  /** Everything the bot logged. */
  readonly log: string[] = [];
  /** Everything the door answered. */
  readonly answers: string[] = [];
  rollOut!: RollOut;
  app!: App;
  bot!: RunningBot;
  store!: WakingStore;
  azure!: SimulatedAzure;
  teams!: SimulatedConnector;
  team!: SimTeam;
  aud!: string;
  answerKeys!: KitDoor['answerKeys'];

  static async start(options: WholeBotOptions = {}): Promise<WholeBot> {
    const whole = new WholeBot();
    await whole.#start(options);
    return whole;
  }

  get dataDir(): string {
    return join(this.folder, 'data');
  }

  async #start(options: WholeBotOptions): Promise<void> {
    const { clock, dataDir } = this;
    this.rollOut = options.rollOut ?? new RollOut(sampleRows);
    const { profiles, sites, machines, people } = this.rollOut;
    const random = createRandom();
    const codeKey = randomBytes(32);
    const vault = createVault(codeKey);
    const store = wakingStore(await openStore({ kind: 'sqlite', dataDir }, { clock }));
    this.store = store;
    await store.write(async (tx) => {
      await tx.rows.putProfiles(profiles);
      await tx.rows.putSites(sites);
      await tx.rows.putMachines(machines);
      await tx.rows.putPeople(people);
    });
    const answerKeys = await openAnswerKeys({ store, vault, now: clock.now() });
    this.answerKeys = answerKeys;
    this.aud = random.id();
    this.azure = await startSimulatedAzure({ now: () => clock.now() });
    this.teams = await startSimulatedConnector({
      tenantId: TENANT,
      users: [...people.map(simUser), GUEST, STRANGER],
      now: () => clock.now(),
    });
    this.app = createApp({
      config: readConfig({
        DATA_DIR: dataDir,
        CODE_KEY: codeKey.toString('base64'),
        PUBLIC_URL: 'http://127.0.0.1:3978',
        SIGN_IN: 'device-code',
        SIGN_IN_POLICY: 'CA-Arc-Onboarding',
        SIGN_IN_APPLICATION: 'Azure Connected Machine Agent',
        ONBOARDING_ACCOUNT: ACCOUNT,
        REVEAL: options.reveal ?? 'card',
        TWO_PERSONS: options.twoPersons ? 'on' : 'off',
        LOG_LEVEL: 'debug',
        ...(options.sharePoint && { SHAREPOINT_HOSTS: options.sharePoint.hosts }),
        ...options.env,
      }),
      store,
      clock,
      random,
      vault,
      log: createLog('debug', this.#lines()),
      aud: async () => this.aud,
      answerKeys: async () => answerKeys,
      simulated: { azure: this.azure.url, entra: 'http://127.0.0.1:9' },
    });
    this.bot = await serve(this.app, {
      port: 0,
      metricsPort: 0,
      host: '127.0.0.1',
      identity: { kind: 'demo', tenantId: TENANT },
      azureEveryMs: 3_600_000,
      ...(options.sharePoint && { sharePoint: options.sharePoint }),
    });
    this.teams.connectBot(`${this.url}/api/messages`);
    const installed = options.installed ?? people.map((person) => person.key);
    for (const key of installed) await this.teams.installFor(key);
    this.team = await this.teams.installInTeam('Arc', ['General'], 'ito');
  }

  get url(): string {
    return `http://127.0.0.1:${this.bot.port}`;
  }

  #lines(): Writable {
    const { log } = this;
    return new Writable({
      decodeStrings: false,
      write(chunk, _encoding, done) {
        log.push(String(chunk));
        done();
      },
    });
  }

  async close(): Promise<void> {
    await this.bot.close();
    await this.store.close();
    await Promise.all([this.teams.close(), this.azure.close()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  // ------------------------------------------------------------ servers

  machine(name: string): Machine {
    const machine = this.rollOut.machine(name);
    if (!machine) throw new Error(`no ${name} in the roll-out`);
    return machine;
  }

  token(machine: Machine): Promise<string> {
    return this.store.write((tx) => issueToken(tx, this.app, machine.name));
  }

  async post(path: string, body: string): Promise<Response> {
    const response = await fetch(this.url + path, { method: 'POST', body });
    const text = await response.text();
    this.answers.push(text);
    return new Response(text, response);
  }

  kit(name: string = M1, holder: KitHolder = dotnetHolder()): Promise<KitClient> {
    return KitClient.enrolled(this, holder, this.machine(name));
  }

  // ------------------------------------------------------------ people

  async say(who: string, text: string): Promise<BotAnswer> {
    const answer = await this.teams.say(who, text);
    if (answer.status !== 200) throw new Error(`${who} got ${answer.status} for ${text}`);
    return answer;
  }

  /** The button on the newest card in someone's own chat that has it. */
  async button(who: string, button: ButtonId, machine: string = M1): Promise<Button> {
    return this.until(`${button} for ${who}`, () => this.buttonNow(who, button, machine));
  }

  buttonNow(who: string, button: ButtonId, machine: string = M1): Button | undefined {
    const messages = this.teams.messages(this.teams.personal(who)).toReversed();
    for (const message of messages) {
      if (!JSON.stringify(message.activity).includes(machine)) continue;
      const action = actionsIn(message.activity).find(({ data }) => data.button === button);
      if (action) return { activityId: message.id, action };
    }
    return undefined;
  }

  async press(
    who: string,
    button: ButtonId,
    { machine = M1, inputs }: { machine?: string; inputs?: Record<string, string> } = {},
  ): Promise<BotAnswer> {
    const { activityId, action } = await this.button(who, button, machine);
    return this.teams.press(who, activityId, { ...action, ...(inputs && { inputs }) });
  }

  /** A button that was there when someone looked, pressed by whoever. */
  pressSeen(who: string, { activityId, action }: Button): Promise<BotAnswer> {
    return this.teams.press(who, activityId, action);
  }

  /** What someone's chat shows of the bot now. */
  shownTo(who: string): readonly SimMessage[] {
    return this.teams.messages(this.teams.personal(who)).filter((one) => one.from === 'bot');
  }

  // ------------------------------------------------------------ what is kept

  async signIn(machine: string = M1): Promise<SignIn> {
    const found = await this.store.read((tx) => tx.signIns.latestFor(machine as MachineName));
    if (!found) throw new Error(`no sign-in at ${machine}`);
    return found;
  }

  async state(machine: string = M1): Promise<string> {
    return (await this.signIn(machine)).progress.state;
  }

  async alerts(): Promise<readonly string[]> {
    const open = await this.store.read((tx) => tx.alerts.listOpen());
    return open.map((alert) => alert.what).sort();
  }

  async events(): Promise<readonly string[]> {
    const rows = await this.store.read((tx) => tx.audit.list());
    return rows.map((row) => row.event);
  }

  async keyState(kid: string): Promise<string | undefined> {
    return (await this.store.read((tx) => tx.kits.key(kid as never)))?.state;
  }

  card(who: string): Promise<Card | undefined> {
    const audience = { kind: 'person', person: who as PersonKey } as const;
    return this.store.read(async (tx) => (await tx.cards.list(audience))[0]);
  }

  /** Looks again until it is there; what the relay sends takes a moment. */
  async until<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
    const end = Date.now() + 5_000;
    for (;;) {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
      if (Date.now() > end) throw new Error(`never seen: ${what}`);
      await pause(5);
    }
  }
}

export interface Button {
  readonly activityId: string;
  readonly action: SimAction & { readonly data: Readonly<Record<string, unknown>> };
}

/** A guest of the tenant, and a member whom people.csv does not know. */
export const GUEST = {
  ...simUser({ key: 'guest', name: 'Guest', language: 'en' as const }),
  upn: 'inoue_corp.example#EXT#@other.example',
  guest: true,
};
export const STRANGER = simUser({ key: 'stranger', name: '高橋 結衣', language: 'ja' });

/** Every action anywhere in what was sent or answered. */
export function actionsIn(value: unknown): Button['action'][] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(actionsIn);
  const own = value as Record<string, unknown>;
  const inside = Object.values(own).flatMap(actionsIn);
  return typeof own.data === 'object' && own.data !== null && 'title' in own
    ? [own as unknown as Button['action'], ...inside]
    : inside;
}

/** The code in an answer, if there is one. */
export function codeIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const own = value as Record<string, unknown>;
  if (own.id === 'user-code') return String(own.text);
  for (const inside of Object.values(own)) {
    const code = codeIn(inside);
    if (code !== undefined) return code;
  }
  return undefined;
}

/** What azcmagent prints when it wants to be signed in. */
export function prompt(code: string, page = 'https://microsoft.com/devicelogin'): string {
  return `To sign in, use a web browser to open the page ${page} and enter the code ${code} to authenticate.`;
}

export function base64Text(text: string): string {
  return Buffer.from(text).toString('base64');
}
