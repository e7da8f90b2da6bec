import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MachineName, PersonKey, ProfileName, SiteCode } from '../../src/core/ids.ts';
import type { Verdict } from '../../src/core/network-check.ts';
import type { KitAnswer, Log, Store, Vault } from '../../src/core/ports.ts';
import type { Machine, Person, Profile, Site } from '../../src/core/roll-out.ts';
import { type EnrolDeps, enrolMachine, isTokenKnown } from '../../src/flows/enrol-machine.ts';
import { issueToken } from '../../src/flows/enrolment-token.ts';
import type { KitHandlers } from '../../src/flows/kit-handlers.ts';
import { type KitRequestDeps, receiveKitRequest } from '../../src/flows/receive-kit-request.ts';
import type { Diagnose } from '../../src/flows/receive-network-check.ts';
import type { ReplaceDeps } from '../../src/flows/replace.ts';
import { createClientAddress } from '../../src/http/client-address.ts';
import { createDoor } from '../../src/http/door.ts';
import type { Gate } from '../../src/http/gate.ts';
import { createDoorLimits } from '../../src/http/rate-limits.ts';
import { type BotServer, createServer, type ServerDeps } from '../../src/http/server.ts';
import { type AnswerKeys, openAnswerKeys } from '../../src/keys/answer-keys.ts';
import { readPublicKey, strangersKey, verifyEs256 } from '../../src/keys/es256.ts';
import { createRandom } from '../../src/keys/random.ts';
import { createVault } from '../../src/keys/vault.ts';
import { openStore } from '../../src/store/open.ts';
import { FixedClock } from './fixed-clock.ts';

export const PROFILE: Profile = {
  name: 'main' as ProfileName,
  tenantId: '11111111-1111-4111-8111-111111111111',
  subscriptionId: '22222222-2222-4222-8222-222222222222',
  resourceGroup: 'rg-arc',
  location: 'japaneast',
  cloud: 'AzureCloud',
  proxyBypass: ['Arc'],
  tags: {},
  connectAt: 'site',
  timeZone: 'Asia/Tokyo',
  extensions: ['MDE', 'AMA'],
  deployedBy: { MDE: 'defender', AMA: 'policy' },
};

export const OSAKA: Site = {
  code: 'osaka-01' as SiteCode,
  name: '大阪支店',
  nameKana: 'オオサカシテン',
  nameEn: 'Osaka',
  aliases: [],
  kind: 'site',
  prefecture: 'Osaka',
  region: '関西',
  profile: PROFILE.name,
  engineer: 'takahashi' as PersonKey,
};

export const SV1: Machine = {
  name: 'SV-OSK-01' as MachineName,
  site: OSAKA.code,
  os: 'Ubuntu 22.04',
  serial: 'VMware-56 4D 01',
  role: 'file',
};
export const SV2: Machine = { ...SV1, name: 'SV-OSK-02' as MachineName, serial: 'SER-2' };

export const ENGINEER: Person = {
  key: 'takahashi' as PersonKey,
  name: '高橋 未来',
  nameEn: 'Mirai Takahashi',
  role: 'engineer',
  sites: [],
  language: 'ja',
  aadObjectId: '33333333-3333-4333-8333-333333333333',
};
export const STAFF: Person = {
  key: 'yamamoto' as PersonKey,
  name: '山本 健',
  nameEn: 'Ken Yamamoto',
  role: 'site-staff',
  sites: [OSAKA.code],
  language: 'ja',
};

/** Sign-in flows that remember what reached them and answer in a way a test can tell apart. */
export class RememberingHandlers implements KitHandlers {
  readonly calls: { type: string; machine: string; payload: unknown }[] = [];
  readonly stopped: string[] = [];
  codesInText = 0;
  /** When set, the next call throws it. */
  failure: Error | undefined;

  readonly ready: KitHandlers['ready'] = (_tx, context) =>
    this.#answer(context, { status: 202, do: 'go', round: 1 });
  readonly watch: KitHandlers['watch'] = (_tx, context) =>
    this.#answer(context, { status: 202, do: 'ok', state: 'waiting' });
  readonly deviceCode: KitHandlers['deviceCode'] = (_tx, context) =>
    this.#answer(context, { status: 202, do: 'ok', round: 1, number: '4821' });
  readonly outcome: KitHandlers['outcome'] = (_tx, context) =>
    this.#answer(context, { status: 202, do: 'ok' });

  async #answer(
    context: { machine: Machine; payload: { type: string } },
    answer: KitAnswer,
  ): Promise<KitAnswer> {
    const { machine, payload } = context;
    if (this.failure) throw this.failure;
    this.calls.push({ type: payload.type, machine: machine.name, payload });
    return answer;
  }
}

/** The first word of the text is the verdict; `CODE` in it counts as a device code. */
export const diagnoseFirstWord: Diagnose = (text) => {
  const codeRemoved = text.includes('CODE');
  const verdict = (text.split(/\s/)[0] ?? 'unknown') as Verdict;
  const diagnosis = { kind: 'check' as const, verdict, endpoints: [], findings: [], errors: [] };
  return { diagnosis: { ...diagnosis, facts: {} }, codeRemoved, cleaned: text };
};

export interface LogLine {
  readonly level: string;
  readonly event: string;
  readonly facts: Record<string, unknown>;
}

/** The whole door on a real store and a real port. */
export class DoorWorld {
  readonly clock = new FixedClock();
  readonly random = createRandom();
  readonly vault: Vault = createVault(Buffer.alloc(32, 5));
  readonly handlers = new RememberingHandlers();
  readonly lines: LogLine[] = [];
  readonly aud = 'aud-of-this-bot';
  readonly #folder = mkdtempSync(join(tmpdir(), 'door-world-'));
  store!: Store;
  answerKeys!: AnswerKeys;
  server!: BotServer;
  deps!: KitRequestDeps & EnrolDeps & ReplaceDeps;

  readonly log: Log = {
    debug: () => undefined,
    info: (event, facts = {}) => this.lines.push({ level: 'info', event, facts }),
    warn: (event, facts = {}) => this.lines.push({ level: 'warn', event, facts }),
    error: (event, facts = {}) => this.lines.push({ level: 'error', event, facts }),
  };

  static async start(changes: Partial<ServerDeps> = {}): Promise<DoorWorld> {
    const world = new DoorWorld();
    await world.#start(changes);
    return world;
  }

  async #start(changes: Partial<ServerDeps>): Promise<void> {
    const { clock, vault, random, handlers, log } = this;
    const dataDir = join(this.#folder, 'data');
    const store = await openStore({ kind: 'sqlite', dataDir }, { clock });
    this.store = store;
    await store.write(async (tx) => {
      await tx.rows.putProfiles([PROFILE]);
      await tx.rows.putSites([OSAKA]);
      await tx.rows.putMachines([SV1, SV2]);
      await tx.rows.putPeople([ENGINEER, STAFF]);
    });
    const answerKeys = await openAnswerKeys({ store, vault, now: clock.now() });
    this.answerKeys = answerKeys;
    const signIns = {
      codeInText: async () => {
        handlers.codesInText += 1;
      },
      keyStopped: async (_tx: unknown, key: { machine: string }) => {
        handlers.stopped.push(key.machine);
      },
      machineClosed: async (_tx: unknown, machine: string) => {
        handlers.stopped.push(machine);
      },
    };
    const diagnose = diagnoseFirstWord;
    this.deps = { store, clock, random, vault, handlers, signIns, diagnose };
    const limits = createDoorLimits(clock);
    const door = createDoor({
      clock,
      log,
      limits,
      answerKeys,
      aud: this.aud,
      crypto: { verify: verifyEs256, isPublicKey: (spki) => !!readPublicKey(spki), strangersKey },
      findKey: (kid) => store.read((tx) => tx.kits.key(kid)),
      receive: (request) => receiveKitRequest(this.deps, request),
      isTokenKnown: (token) => isTokenKnown(this.deps, token),
      enrol: (asked) => enrolMachine(this.deps, asked),
    });
    this.server = createServer({
      clock,
      log,
      door,
      limits,
      gate: CLOSED_GATE,
      onActivity: async (_request, response) => {
        response.statusCode = 200;
        response.end();
      },
      isReady: async () => true,
      clientAddress: createClientAddress(''),
      newRequestId: () => random.id(),
      ...changes,
    });
    await this.server.listen(0, '127.0.0.1');
  }

  get url(): string {
    return `http://127.0.0.1:${this.server.port}`;
  }

  token(machine: Machine = SV1): Promise<string> {
    return this.store.write((tx) => issueToken(tx, this.deps, machine.name));
  }

  post(path: string, body: string | Buffer, headers: Record<string, string> = {}) {
    return fetch(`${this.url}${path}`, { method: 'POST', body, headers });
  }

  async stop(): Promise<void> {
    await this.server.close();
    await this.store.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const CLOSED_GATE: Gate = {
  admit: async () => {
    throw new Error('these tests send no activities');
  },
};
