import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../support/bot-process.ts', import.meta.url));

export interface KillableBotOptions {
  readonly dataDir: string;
  readonly codeKey: string;
  readonly port: number;
  readonly azureUrl: string;
  readonly entraUrl: string;
  readonly tenantId: string;
}

/** The bot as a child process that is killed in the middle of its work and starts again on the same folder. */
export class KillableBot {
  kills = 0;
  log = '';
  readonly url: string;
  readonly #options: KillableBotOptions;
  #child: ChildProcess | undefined;

  constructor(options: KillableBotOptions) {
    this.#options = options;
    this.url = `http://127.0.0.1:${options.port}`;
  }

  async start(): Promise<void> {
    const { dataDir, codeKey, port, azureUrl, entraUrl, tenantId } = this.#options;
    const child = spawn(process.execPath, [SCRIPT, azureUrl, entraUrl, tenantId], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        DATA_DIR: dataDir,
        TMPDIR: dirname(dataDir),
        CODE_KEY: codeKey,
        PORT: String(port),
        PUBLIC_URL: this.url,
        SIGN_IN: 'device-code',
        SIGN_IN_POLICY: 'CA-Arc-Onboarding',
        ONBOARDING_ACCOUNT: 'arc-onboarding@corp.example',
        REVEAL: 'card',
        LOG_LEVEL: 'debug',
      },
    });
    this.#child = child;
    child.stderr?.on('data', (part) => {
      this.log += part;
    });
    const listening = once(child.stdout ?? assert.fail(), 'data');
    await Promise.race([
      listening,
      once(child, 'exit').then(() =>
        assert.fail(`the bot did not start: ${this.log.slice(-2_000)}`),
      ),
    ]);
  }

  /** SIGKILL: no handler runs, nothing is flushed, no lock is given back by hand. */
  async kill(): Promise<void> {
    const child = this.#child ?? assert.fail('not running');
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    const [, signal] = await exited;
    assert.equal(signal, 'SIGKILL');
    this.kills += 1;
  }

  async killAndStart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  /**
   * Does something twice over if need be: the bot is killed while it does it, and again as soon as it has
   * said that it is done. Whoever got no answer asks again, as kits and people do.
   */
  async survives<T>(killAfterMs: number, act: () => Promise<T>): Promise<T> {
    const first = act().then(
      (value) => ({ value }),
      () => undefined,
    );
    await pause(killAfterMs);
    await this.killAndStart();
    const answered = (await first) ?? { value: await act() };
    await this.killAndStart();
    return answered.value;
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }
}
