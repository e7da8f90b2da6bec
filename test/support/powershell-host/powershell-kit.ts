import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { KitServer, type Ran } from '../kit-world.ts';
import type { PowerShell } from './powershell.ts';

interface RunOptions {
  readonly args?: readonly string[];
  readonly onScreen?: (screen: string, stop: (signal: NodeJS.Signals) => void) => void;
  readonly env?: Record<string, string>;
  readonly stdin?: string;
}

/** One simulated server whose kit is the Windows one; runs the real Onboard.ps1. */
export class PowerShellKit {
  readonly server: KitServer;
  readonly #powerShell: Exclude<PowerShell, { kind: 'none' }>;
  readonly #running = new Set<ReturnType<typeof spawn>>();

  private constructor(server: KitServer, powerShell: PowerShell) {
    if (powerShell.kind === 'none') throw new Error(powerShell.reason);
    this.server = server;
    this.#powerShell = powerShell;
  }

  static async layOut(
    powerShell: PowerShell,
    options: Parameters<typeof KitServer.layOut>[0],
  ): Promise<PowerShellKit> {
    const machine = { ...options.machine, os: 'Windows Server 2022' };
    return new PowerShellKit(await KitServer.layOut({ ...options, machine }), powerShell);
  }

  /** Starts a verb; `onScreen` sees everything printed so far whenever there is more. */
  run(verb: string, options: RunOptions = {}): Promise<Ran> {
    const [program, ...before] = this.#powerShell.command;
    const script = join(this.server.folder.kit, 'Onboard.ps1');
    const child = spawn(program, [...before, script, verb, ...(options.args ?? [])], {
      stdio: [options.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH ?? '',
        HOME: process.env.HOME ?? '',
        DOTNET_TieredPGO: '0',
        ...options.env,
      },
      detached: true,
    });
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

  remove(): void {
    for (const child of this.#running) {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }
    this.server.remove();
  }
}
