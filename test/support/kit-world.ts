import { spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Machine, Profile, Site } from '../../src/core/roll-out.ts';
import type { BotAddress } from '../../src/kit/settings.ts';
import { kitFiles } from '../../src/kit/write-kit.ts';
import {
  type KitOverrides,
  layOutServer,
  type ServerBehaviour,
  type ServerFolder,
} from '../../src/sim/server-folder.ts';

export interface Ran {
  readonly code: number | null;
  readonly screen: string;
}

/** One simulated server with its kit in a folder of its own; runs the real onboard.sh. */
export class KitServer {
  readonly root = mkdtempSync(join(tmpdir(), 'kit-server-'));
  folder!: ServerFolder;
  readonly #running = new Set<ReturnType<typeof spawn>>();

  static async layOut(options: {
    readonly machine: Machine;
    readonly site: Site;
    readonly profile: Profile;
    readonly bot: BotAddress;
    readonly base?: Site;
    readonly token?: string;
    readonly behaviour?: ServerBehaviour;
    readonly entraUrl?: string;
    readonly azureUrl?: string;
    readonly language?: 'ja' | 'en';
    readonly overrides?: KitOverrides;
    /** More lines for settings.conf; the last one of a name counts. */
    readonly settings?: string;
  }): Promise<KitServer> {
    const server = new KitServer();
    const { machine, site, profile, bot, base, token } = options;
    const files = kitFiles({
      ...{ machine, site, profile, bot, language: options.language ?? 'ja' },
      ...(base && { base }),
      ...(token && { withToken: token }),
    });
    server.folder = await layOutServer({
      folder: server.root,
      server: { machine, site, profile, behaviour: options.behaviour ?? {} },
      kit: files,
      azureUrl: options.azureUrl ?? 'http://127.0.0.1:9',
      entraUrl: options.entraUrl ?? 'http://127.0.0.1:9',
      overrides: { readyEvery: 0.5, readyMinutes: 1, watchEvery: 1, ...options.overrides },
    });
    // Probes name hosts of the internet, which tests never ask.
    const settings = readFileSync(join(server.folder.kit, 'settings.conf'), 'utf8');
    server.write(
      'settings.conf',
      settings.replaceAll(/^probe=.*\n/gm, '') + (options.settings ?? ''),
    );
    return server;
  }

  write(name: string, text: string): void {
    rmSync(join(this.folder.kit, name), { force: true });
    appendFileSync(join(this.folder.kit, name), text);
  }

  setting(line: string): void {
    appendFileSync(join(this.folder.kit, 'settings.conf'), `${line}\n`);
  }

  /** Starts a verb; `onScreen` sees everything printed so far whenever there is more. */
  run(
    verb: string,
    options: {
      readonly args?: readonly string[];
      readonly onScreen?: (screen: string, stop: (signal: NodeJS.Signals) => void) => void;
      readonly env?: Record<string, string>;
      readonly stdin?: string;
    } = {},
  ): Promise<Ran> {
    const child = spawn(
      'bash',
      [join(this.folder.kit, 'onboard.sh'), verb, ...(options.args ?? [])],
      {
        stdio: [options.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
        env: { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', ...options.env },
        detached: true,
      },
    );
    this.#running.add(child);
    let screen = '';
    const see = (chunk: Buffer): void => {
      screen += chunk.toString('utf8');
      options.onScreen?.(screen, (signal) => child.kill(signal));
    };
    child.stdout?.on('data', see);
    child.stderr?.on('data', see);
    if (options.stdin !== undefined) child.stdin?.end(options.stdin);
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => {
        this.#running.delete(child);
        resolve({ code, screen });
      });
    });
  }

  agentState(name: 'config' | 'connected'): string {
    const path = join(this.root, 'agent', name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  state(name: string): string {
    const path = join(this.folder.state, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  spooled(): string[] {
    return readdirSync(join(this.folder.state, 'spool')).sort();
  }

  /** Every file of the server, by path, with what it holds. */
  files(): Map<string, string> {
    const names = readdirSync(this.root, { recursive: true, withFileTypes: true });
    return new Map(
      names
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path) => [path, readFileSync(path, 'latin1')]),
    );
  }

  remove(): void {
    for (const child of this.#running) {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** How wide a line is on a terminal: Japanese characters take two columns. */
export function columns(line: string): number {
  return [...line].reduce(
    (sum, character) =>
      sum +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
        character,
      )
        ? 2
        : 1),
    0,
  );
}
