import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPrompt } from '../../../src/core/azcmagent/prompt.ts';
import type {
  CardId,
  Kid,
  MachineName,
  PersonKey,
  ProfileName,
  SiteCode,
} from '../../../src/core/ids.ts';
import type { KitReport } from '../../../src/core/kit-request.ts';
import type { Audience, ButtonId, Card, SignInNotice } from '../../../src/core/notice.ts';
import type { KitAnswer, Log, Store } from '../../../src/core/ports.ts';
import type { Machine, Person, Role, Site } from '../../../src/core/roll-out.ts';
import type { OpeningProblem, SignIn } from '../../../src/core/sign-in.ts';
import type { Press, PressAnswer } from '../../../src/core/turn.ts';
import { type PressDeps, pressButton } from '../../../src/flows/press-button.ts';
import { receiveKitRequest } from '../../../src/flows/receive-kit-request.ts';
import {
  type AfterCheckAnswer,
  type AfterCheckPlan,
  burnForeignCodes,
  createKitHandlers,
  createSignInFlows,
  createSignInHooks,
  hasPersonalChat,
  nonceFor,
  type SignInSettings,
} from '../../../src/flows/sign-in/index.ts';
import { sweep } from '../../../src/flows/sweep.ts';
import { createRandom } from '../../../src/keys/random.ts';
import { createVault } from '../../../src/keys/vault.ts';
import { openStore } from '../../../src/store/open.ts';
import { PROFILE } from '../../support/door-world.ts';
import { FixedClock } from '../../support/fixed-clock.ts';

export const M1 = 'SV-OSK-01' as MachineName;
export const M2 = 'SV-OSK-02' as MachineName;

const OSAKA: Site = {
  code: 'osaka-01' as SiteCode,
  name: '大阪支店',
  nameKana: 'おおさかしてん',
  nameEn: 'Osaka Branch',
  aliases: [],
  kind: 'site',
  prefecture: '大阪府',
  region: '関西',
  profile: PROFILE.name as ProfileName,
  engineer: 'takahashi' as PersonKey,
  deputy: 'tanaka' as PersonKey,
};

function someone(key: string, role: Role, sites: readonly string[] = []): Person {
  return {
    key: key as PersonKey,
    name: key,
    nameEn: key,
    role,
    sites: sites as readonly SiteCode[],
    language: 'ja',
  };
}

export const PEOPLE = {
  takahashi: someone('takahashi', 'engineer'),
  tanaka: someone('tanaka', 'engineer'),
  suzuki: someone('suzuki', 'engineer'),
  ito: someone('ito', 'lead'),
  yamamoto: someone('yamamoto', 'site-staff', ['osaka-01']),
  inoue: someone('inoue', 'site-staff', ['nagoya-01']),
  morgan: someone('morgan', 'auditor'),
};
export type Who = keyof typeof PEOPLE;

export function prompt(code: string, page = 'https://microsoft.com/devicelogin'): string {
  return `To sign in, use a web browser to open the page ${page} and enter the code ${code} to authenticate.`;
}

/** The relay on a real store: people, kits, timers; only Azure and Teams are beside it. */
export class RelayWorld {
  readonly clock = new FixedClock('2026-11-25T01:00:00Z');
  readonly folder = mkdtempSync(join(tmpdir(), 'relay-world-'));
  readonly lines: string[] = [];
  azure: AfterCheckAnswer = { result: 'right', caller: 'onboard@corp.example' };
  readonly plans: AfterCheckPlan[] = [];
  problems: readonly OpeningProblem[] = [];
  store!: Store;
  deps!: PressDeps;

  static async start(settings: Partial<SignInSettings> = {}): Promise<RelayWorld> {
    const world = new RelayWorld();
    await world.#start(settings);
    return world;
  }

  async #start(settings: Partial<SignInSettings>): Promise<void> {
    const { clock } = this;
    this.store = await openStore({ kind: 'sqlite', dataDir: join(this.folder, 'data') }, { clock });
    const note = (event: string, facts: object = {}) => {
      this.lines.push(`${event} ${JSON.stringify(facts)}`);
    };
    const log: Log = { debug: note, info: note, warn: note, error: note };
    this.deps = {
      store: this.store,
      clock,
      log,
      random: createRandom(),
      vault: createVault(Buffer.alloc(32, 7)),
      readPrompt,
      explainError: () => undefined,
      canReach: hasPersonalChat,
      signIn: {
        mode: 'device-code',
        onboardingAccount: 'onboard@corp.example',
        application: 'Azure Connected Machine Agent',
        twoPersons: false,
        reveal: 'card',
        ...settings,
      },
      checkOpening: async () => this.problems,
      afterCheck: async (plan) => {
        this.plans.push(plan);
        return this.azure;
      },
      pressElsewhere: async () => undefined,
    };
    const machine = (name: MachineName): Machine => {
      return { name, site: OSAKA.code, os: 'Ubuntu 24.04', serial: `S-${name}`, role: 'file' };
    };
    await this.store.write(async (tx) => {
      await tx.rows.putProfiles([PROFILE]);
      await tx.rows.putSites([
        OSAKA,
        { ...OSAKA, code: 'nagoya-01' as SiteCode, engineer: 'suzuki' as PersonKey },
      ]);
      await tx.rows.putMachines([machine(M1), machine(M2)]);
      await tx.rows.putPeople(Object.values(PEOPLE));
      for (const name of [M1, M2]) {
        await tx.kits.putKey({
          kid: `kid-${name}` as Kid,
          machine: name,
          publicKey: `spki-${name}`,
          alg: 'es256-der',
          serial: `S-${name}`,
          vmUuid: '00000000-0000-4000-8000-0000000000aa',
          state: 'active',
          enrolledAt: clock.now(),
          ack: 0,
          botKey: 'bot-key',
          strayCodes: 0,
        });
      }
      for (const who of Object.keys(PEOPLE)) await tx.conversations.learn(personalChat(who, clock));
    });
  }

  async stop(): Promise<void> {
    await this.store.close();
    rmSync(this.folder, { recursive: true });
  }

  get flows() {
    return createSignInFlows(this.deps);
  }

  // ------------------------------------------------------------ kits

  #seq = 0;

  async kit(machine: MachineName, report: WithoutAt, kid = `kid-${machine}`): Promise<KitAnswer> {
    this.#seq += 1;
    const payload = { at: this.clock.now(), ...report } as KitReport;
    return receiveKitRequest(
      {
        ...this.deps,
        handlers: createKitHandlers(this.deps),
        signIns: createSignInHooks(this.deps),
        diagnose: () => {
          throw new Error('no check is sent here');
        },
      },
      {
        kid: kid as Kid,
        id: `request-${this.#seq}`,
        seq: this.#seq,
        payload: `${JSON.stringify(payload)}`,
        receivedAt: this.clock.now(),
        report: payload,
      },
    );
  }

  ready(machine = M1): Promise<KitAnswer> {
    return this.kit(machine, { type: 'ready' });
  }

  watch(round = 1, machine = M1): Promise<KitAnswer> {
    return this.kit(machine, { type: 'watch', round });
  }

  code(code: string, round = 1, machine = M1): Promise<KitAnswer> {
    return this.text(prompt(code), round, machine);
  }

  text(text: string, round = 1, machine = M1): Promise<KitAnswer> {
    return this.kit(machine, { type: 'device-code', round, text: { text, decodedAs: 'utf-8' } });
  }

  outcome(
    result: 'connected' | 'failed' | 'stopped' | 'timeout',
    over: { round?: number; text?: string; exitCode?: number; at?: Date } = {},
    machine = M1,
  ): Promise<KitAnswer> {
    const { round = 1, exitCode = result === 'connected' ? 0 : 41, text, at } = over;
    return this.kit(machine, {
      type: 'outcome',
      round,
      result,
      exitCode,
      ...(text && { text: { text, decodedAs: 'utf-8' } }),
      ...(at && { at }),
    });
  }

  /** Time passes with the server alive: a `watch` every 10 s, the sweep every second or so. */
  async pass(seconds: number, round: number | undefined = 1, machine = M1): Promise<void> {
    for (let left = seconds; left > 0; left -= 10) {
      this.clock.forward(Math.min(left, 10) * 1000);
      if (round !== undefined) await this.watch(round, machine);
      await sweep(this.deps);
    }
  }

  /** Time passes and the server says nothing. */
  async silence(seconds: number): Promise<void> {
    this.clock.forward(seconds * 1000);
    await sweep(this.deps);
  }

  // ------------------------------------------------------------ people

  /** Opened by yamamoto, `go`, one code held. Answers with the console's number. */
  async held(code: string, machine = M1): Promise<string> {
    await this.flows.open(PEOPLE.yamamoto, machine);
    await this.ready(machine);
    const answer = await this.code(code, 1, machine);
    if (!answer.number) throw new Error('no number was answered');
    return answer.number;
  }

  /** As held(), the number sent by yamamoto. */
  async confirmed(code: string): Promise<string> {
    const number = await this.held(code);
    await this.flows.confirmNumber(PEOPLE.yamamoto, number, undefined, 'personal');
    return number;
  }

  signIn(machine = M1): Promise<SignIn> {
    return this.store.read(async (tx) => {
      const found = await tx.signIns.latestFor(machine);
      if (!found) throw new Error('no sign-in');
      return found;
    });
  }

  async state(machine = M1): Promise<string> {
    return (await this.signIn(machine)).progress.state;
  }

  cards(audience: Who | 'channel'): Promise<readonly Card[]> {
    return this.store.read((tx) => tx.cards.list(audienceOf(audience)));
  }

  async card(audience: Who | 'channel'): Promise<Card & { notice: SignInNotice }> {
    const found = (await this.cards(audience)).find((card) => card.notice.kind === 'sign-in');
    if (!found) throw new Error(`${audience} has no card`);
    return found as Card & { notice: SignInNotice };
  }

  async press(
    who: Who,
    button: ButtonId,
    over: Partial<Press> & { on?: Card } = {},
  ): Promise<PressAnswer> {
    const { on = await this.card(who), ...rest } = over;
    return pressButton(this.deps, {
      person: PEOPLE[who],
      card: on.id as CardId,
      button,
      nonce: nonceFor(this.deps.vault, on, button),
      inputs: {},
      via: 'execute',
      scope: 'personal',
      ...rest,
    });
  }

  async alerts(): Promise<readonly string[]> {
    const open = await this.store.read((tx) => tx.alerts.listOpen());
    return open.map((alert) => alert.what).sort();
  }

  async events(): Promise<readonly string[]> {
    const rows = await this.store.read((tx) => tx.audit.list());
    return rows.map((row) => row.event);
  }

  sweep(): Promise<number> {
    return sweep(this.deps);
  }

  burnForeignCodes(): Promise<number> {
    return burnForeignCodes(this.deps);
  }

  /** Every byte the store has on disk, WAL and all. */
  onDisk(): Buffer {
    const files = readdirSync(this.folder, { recursive: true, encoding: 'utf8' })
      .map((name) => join(this.folder, name))
      .filter((path) => statSync(path).isFile());
    return Buffer.concat(files.map((path) => readFileSync(path)));
  }
}

type WithoutAt = KitReport extends infer R
  ? R extends KitReport
    ? Omit<R, 'at'> & { at?: Date }
    : never
  : never;

function audienceOf(audience: Who | 'channel'): Audience {
  return audience === 'channel'
    ? { kind: 'channel' }
    : { kind: 'person', person: audience as PersonKey };
}

function personalChat(who: string, clock: FixedClock) {
  return {
    conversationId: `a:${who}`,
    kind: 'personal' as const,
    person: who as PersonKey,
    serviceUrl: 'https://smba.trafficmanager.net/jp/',
    reference: {},
    learnedAt: clock.now(),
  };
}
