import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RollOut } from '../src/core/roll-out.ts';
import { issueToken } from '../src/flows/enrolment-token.ts';
import { openAnswerKeys } from '../src/keys/answer-keys.ts';
import { createRandom } from '../src/keys/random.ts';
import { createVault } from '../src/keys/vault.ts';
import { type SimulatedAzure, startSimulatedAzure } from '../src/sim/azure.ts';
import { type SimulatedConnector, simUser, startSimulatedConnector } from '../src/sim/connector.ts';
import { openStore } from '../src/store/open.ts';

const PROGRAM = fileURLToPath(new URL('bot-process.ts', import.meta.url));

export interface BotChildOptions {
  readonly rollOut: RollOut;
  readonly azureEveryMs?: number;
  /** Where its data folder is made; the system's own temporary folder when not given. */
  readonly folderIn?: string;
  /** Keeps compiled code between starts, where it is not the start that is measured. */
  readonly compileCache?: string;
}

/** A bot in a process of its own, that can be killed and started again, between a simulated Teams and Azure. */
export class BotChild {
  readonly folder: string;
  readonly clock = { now: () => new Date() };
  readonly rollOut: RollOut;
  readonly tenantId: string;
  readonly codeKey = randomBytes(32);
  azure!: SimulatedAzure;
  teams!: SimulatedConnector;
  aud = '';
  answerKeys!: { current(): string };
  /** Enrolment tokens by machine, issued before the bot had the store. */
  readonly tokens = new Map<string, string>();
  readonly #azureEveryMs: number;
  readonly #compileCache: string | undefined;
  #port = 0;
  #child: ChildProcess | undefined;

  private constructor(options: BotChildOptions) {
    this.folder = mkdtempSync(join(options.folderIn ?? tmpdir(), 'bot-child-'));
    this.rollOut = options.rollOut;
    this.tenantId = options.rollOut.profiles[0]?.tenantId ?? '';
    this.#azureEveryMs = options.azureEveryMs ?? 60_000;
    this.#compileCache = options.compileCache;
  }

  /** Lays out the store and what surrounds the bot; the bot itself is started with `start`. */
  static async layOut(options: BotChildOptions): Promise<BotChild> {
    const made = new BotChild(options);
    await made.#layOut();
    return made;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  openStore() {
    const dataDir = join(this.folder, 'data');
    return openStore({ kind: 'sqlite', dataDir, lockWaitMs: 5_000 }, this);
  }

  async #layOut(): Promise<void> {
    const { clock, rollOut } = this;
    const random = createRandom();
    const vault = createVault(this.codeKey);
    const store = await this.openStore();
    this.aud = random.id();
    await store.write(async (tx) => {
      await tx.rows.putProfiles(rollOut.profiles);
      await tx.rows.putSites(rollOut.sites);
      await tx.rows.putMachines(rollOut.machines);
      await tx.rows.putPeople(rollOut.people);
      await tx.settings.set('aud', this.aud);
      for (const { name } of rollOut.machines) {
        this.tokens.set(name, await issueToken(tx, { clock, random, vault }, name));
      }
    });
    this.answerKeys = await openAnswerKeys({ store, vault, now: clock.now() });
    await store.close();
    this.azure = await startSimulatedAzure({ now: clock.now });
    const users = rollOut.people.map(simUser);
    this.teams = await startSimulatedConnector({ tenantId: this.tenantId, users });
    this.#port = await freePort();
    this.teams.connectBot(`${this.url}/api/messages`);
  }

  /** Resolves once it takes requests. */
  async start(): Promise<void> {
    this.#child = fork(PROGRAM, [], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: {
        PATH: process.env.PATH,
        DATA_DIR: join(this.folder, 'data'),
        CODE_KEY: this.codeKey.toString('base64'),
        PUBLIC_URL: 'http://127.0.0.1:3978',
        SIGN_IN: 'device-code',
        SIGN_IN_POLICY: 'CA-Arc-Onboarding',
        ONBOARDING_ACCOUNT: 'arc-onboarding@corp.example',
        REVEAL: 'card',
        LOG_LEVEL: 'error',
        PORT: String(this.#port),
        SIMULATED_AZURE: this.azure.url,
        TENANT: this.tenantId,
        AZURE_EVERY_MS: String(this.#azureEveryMs),
        ...(this.#compileCache && { NODE_COMPILE_CACHE: this.#compileCache }),
      },
    });
    const ended = once(this.#child, 'exit').then(() => {
      throw new Error('the bot ended before it answered');
    });
    ended.catch(() => undefined);
    await Promise.race([once(this.#child, 'message'), ended]);
  }

  /** `kill -9`, and the end of it. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    this.#child = undefined;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** Everyone has the app; the first lead adds it to a team. */
  async install(people: readonly string[]): Promise<void> {
    for (const key of people) await this.teams.installFor(key);
  }

  residentMegabytes(): number {
    const path = `/proc/${this.pid}/status`;
    if (!existsSync(path)) return Number.NaN;
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(path, 'utf8'))?.[1];
    return Number(kilobytes) / 1_024;
  }

  async token({ name }: { readonly name: string }): Promise<string> {
    const token = this.tokens.get(name);
    if (!token) throw new Error(`no token for ${name}`);
    return token;
  }

  post(path: string, body: string): Promise<Response> {
    return fetch(this.url + path, { method: 'POST', body });
  }

  async close(): Promise<void> {
    const child = this.#child;
    if (child) {
      const ended = once(child, 'exit');
      if (child.connected) child.disconnect();
      await Promise.race([ended, pause(5_000, undefined, { ref: false })]);
      await this.kill();
    }
    await Promise.all([this.teams.close(), this.azure.close()]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
