import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Lang } from '../core/ids.ts';
import type { Log } from '../core/ports.ts';
import type { Machine } from '../core/roll-out.ts';
import {
  type FileToWrite,
  type KitOverrides,
  layOutServer,
  type ServerFolder,
  type SimulatedServer,
} from './server-folder.ts';
import { type SiteProxy, startSiteProxy } from './site-proxy.ts';

export interface SiteServersOptions {
  readonly servers: readonly SimulatedServer[];
  readonly azureUrl: string;
  readonly entraUrl: string;
  /** The files of a machine's kit, its enrolment token among them. */
  readonly kitFilesFor: (machine: Machine) => Promise<readonly FileToWrite[]>;
  /** A temporary folder, not the bot's data folder. */
  readonly workDir: string;
  readonly consolesDir: string;
  readonly language: Lang;
  readonly log: Log;
  /** Between `prepare` and `check`: the demo marks the machine arrived here. */
  readonly onPrepared?: (machine: Machine) => Promise<void>;
  /** After a check that found something, before it is repaired and run again. */
  readonly onCheckFailed?: (machine: Machine) => Promise<void>;
  readonly overrides?: KitOverrides;
}

export type ServerStep =
  | 'preparing'
  | 'prepared'
  | 'checked'
  | 'connecting'
  | 'connected'
  | 'stuck';

export interface RunningServer {
  readonly name: string;
  readonly folder: ServerFolder;
  readonly step: ServerStep;
  /** What its screen shows so far. */
  screen(): Promise<string>;
  /** Resolves once it stands in `connect` or is connected; rejects when it got stuck on the way. */
  readonly ready: Promise<void>;
}

export interface SiteServers {
  server(name: string): RunningServer | undefined;
  /** All of them are waiting in `connect`. */
  readonly ready: Promise<void>;
  stop(): Promise<void>;
}

const STOP_GRACE_MS = 3_000;
/** As someone at the rack would: read the screen, then run `connect` again. */
const BEFORE_NEXT_TRY_MS = 5_000;
/** The kit's exit codes after which `connect` is worth another try: gave up, azcmagent failed, told to stop. */
const TRY_AGAIN = new Set([5, 6, 8, 9]);

/** Starts the simulated servers of several sites: each runs the real kit against the stand-in azcmagent. */
export async function startSiteServers(options: SiteServersOptions): Promise<SiteServers> {
  await mkdir(options.workDir, { recursive: true, mode: 0o700 });
  await mkdir(options.consolesDir, { recursive: true, mode: 0o700 });
  const kits = new Map<string, readonly FileToWrite[]>();
  for (const { machine } of options.servers) {
    kits.set(machine.name, await options.kitFilesFor(machine));
  }
  const proxy = await startSiteProxy({
    hosts: probedHosts([...kits.values()]),
    workDir: options.workDir,
  });
  const servers = new Map<string, SiteServer>();
  for (const server of options.servers) {
    const kit = kits.get(server.machine.name) ?? [];
    servers.set(server.machine.name, await SiteServer.layOut(options, server, kit, proxy));
  }
  for (const server of servers.values()) server.start();
  const ready = Promise.all([...servers.values()].map((server) => server.ready)).then(() => {});
  ready.catch(() => {});
  return {
    ready,
    server: (name) => servers.get(name),
    async stop() {
      await Promise.all([...servers.values()].map((server) => server.stop()));
      await proxy.close();
    },
  };
}

class SiteServer implements RunningServer {
  readonly folder: ServerFolder;
  readonly ready: Promise<void>;
  step: ServerStep = 'preparing';
  readonly #options: SiteServersOptions;
  readonly #server: SimulatedServer;
  readonly #console: FileHandle;
  readonly #consolePath: string;
  #child: ChildProcess | undefined;
  readonly #stopping = new AbortController();
  #life: Promise<void> = Promise.resolve();
  #isReady: () => void = () => {};
  #isStuck: (why: Error) => void = () => {};

  static async layOut(
    options: SiteServersOptions,
    server: SimulatedServer,
    kit: readonly FileToWrite[],
    proxy: SiteProxy,
  ): Promise<SiteServer> {
    const folder = await layOutServer({
      folder: join(options.workDir, server.machine.name),
      server,
      kit,
      azureUrl: options.azureUrl,
      entraUrl: options.entraUrl,
      overrides: { probeProxy: proxy.url, caFile: proxy.caFile, ...options.overrides },
    });
    const path = join(options.consolesDir, `${server.machine.name}.log`);
    return new SiteServer(options, server, folder, await open(path, 'a', 0o600), path);
  }

  private constructor(
    options: SiteServersOptions,
    server: SimulatedServer,
    folder: ServerFolder,
    consoleFile: FileHandle,
    consolePath: string,
  ) {
    this.#options = options;
    this.#server = server;
    this.folder = folder;
    this.#console = consoleFile;
    this.#consolePath = consolePath;
    this.ready = new Promise((resolve, reject) => {
      this.#isReady = resolve;
      this.#isStuck = reject;
    });
    this.ready.catch(() => {});
  }

  get name(): string {
    return this.#server.machine.name;
  }

  screen(): Promise<string> {
    return readFile(this.#consolePath, 'utf8');
  }

  start(): void {
    this.#life = this.#live().catch((error: unknown) => {
      this.step = 'stuck';
      const why = error instanceof Error ? error : new Error(String(error));
      if (!this.#stopping.signal.aborted)
        this.#options.log.warn('site-server-stuck', { machine: this.name, error });
      this.#isStuck(why);
    });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    const { pid } = this.#child ?? {};
    if (pid !== undefined) {
      this.#child?.kill('SIGTERM');
      const killer = setTimeout(() => signalGroup(pid, 'SIGKILL'), STOP_GRACE_MS);
      await this.#life;
      clearTimeout(killer);
    }
    await this.#life;
    await this.#console.close();
  }

  async #live(): Promise<void> {
    const { machine, behaviour } = this.#server;
    const { onPrepared, onCheckFailed } = this.#options;
    this.#mustBe(await this.#run('prepare'), [0], 'prepare');
    this.step = 'prepared';
    await onPrepared?.(machine);
    if (behaviour.bypassLost) await this.#agent('config', 'set', 'proxy.bypass', '');
    let checked = await this.#run('check');
    if (checked === 7 && behaviour.bypassLost) {
      await onCheckFailed?.(machine);
      await this.#agent(
        'config',
        'set',
        'proxy.bypass',
        this.#server.profile.proxyBypass.join(','),
      );
      checked = await this.#run('check');
    }
    this.#mustBe(checked, [0, 5, 7], 'check');
    this.step = 'checked';
    while (!this.#stopping.signal.aborted) {
      const connecting = this.#run('connect');
      this.step = 'connecting';
      this.#isReady();
      const code = await connecting;
      if (code === 0) {
        this.step = 'connected';
        return;
      }
      this.#mustBe(code, [...TRY_AGAIN], 'connect');
      await delay(BEFORE_NEXT_TRY_MS, undefined, { signal: this.#stopping.signal });
    }
  }

  #mustBe(code: number | null, allowed: readonly number[], verb: string): void {
    if (this.#stopping.signal.aborted) throw new Error('stopped');
    if (code === null || !allowed.includes(code)) throw new Error(`${verb} ended with ${code}`);
  }

  /** The verb's process leads a group of its own, so that stop() reaches all that it started and no more. */
  #run(verb: string): Promise<number | null> {
    if (this.#stopping.signal.aborted) return Promise.reject(new Error('stopped'));
    const child = spawn('bash', [join(this.folder.kit, 'onboard.sh'), verb], {
      stdio: ['ignore', this.#console.fd, this.#console.fd],
      detached: true,
      env: { PATH: PATH_OF_SERVERS, LANG: this.#options.language === 'ja' ? 'ja_JP.UTF-8' : 'C' },
    });
    this.#child = child;
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code) => {
        this.#child = undefined;
        resolve(code);
      });
    });
  }

  async #agent(...words: readonly string[]): Promise<void> {
    await promisify(execFile)(this.folder.azcmagent, words);
  }
}

const PATH_OF_SERVERS = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It ended by itself.
  }
}

/** The hosts that kits try, so that the simulated proxy can answer for them. */
function probedHosts(kits: readonly (readonly FileToWrite[])[]): string[] {
  const settings = kits.flatMap((files) => files.filter(({ path }) => path === 'settings.conf'));
  const hosts = settings.flatMap(({ bytes }) =>
    [
      ...Buffer.from(bytes)
        .toString('utf8')
        .matchAll(/^probe=\S+ (\S+) /gm),
    ].map(([, host]) => host ?? ''),
  );
  return [...new Set(hosts)];
}
