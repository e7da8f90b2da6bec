import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { runCommandLine } from '../../src/cli/main.ts';

export const SAMPLES = fileURLToPath(new URL('../../samples/', import.meta.url));
export const TABLES = ['profiles', 'sites', 'machines', 'people'].map(
  (table) => `${SAMPLES}rollout/${table}.csv`,
);

export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  readonly onSignal?: (stop: () => void) => void;
  /** Sees all that was written to stderr so far. */
  readonly onError?: (text: string) => void;
}

/** One command line through the real front door, with streams of its own. */
export async function run(args: readonly string[], around: Surroundings = {}): Promise<Ran> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  const exit = await runCommandLine({
    argv: ['node', 'arc-onboarding-bot', ...args],
    env: around.env ?? {},
    stdin: Readable.from([Buffer.from(around.stdin ?? '')]),
    stdout: into(out),
    stderr: into(err, around.onError),
    onSignal: around.onSignal ?? (() => undefined),
  });
  return { exit, out: text(out), err: text(err) };
}

/** Runs with `--json`, and sees to it that stdout holds one document and nothing else. */
export async function runJson<T = Json>(
  args: readonly string[],
  around: Surroundings = {},
): Promise<Ran & { readonly document: T }> {
  const ran = await run([...args, '--json'], around);
  assert.ok(ran.out.endsWith('\n'), ran.err);
  return { ...ran, document: JSON.parse(ran.out) as T };
}

// biome-ignore lint/suspicious/noExplicitAny: documents are looked at from outside, as a script would.
export type Json = any;

/** A data folder of its own; `imported` fills it with the sample roll-out. */
export class Folder {
  readonly root = mkdtempSync(join(tmpdir(), 'cli-'));
  readonly data = join(this.root, 'data');

  static async imported(): Promise<Folder> {
    const folder = new Folder();
    const { exit, err } = await folder.run('import', ...TABLES);
    assert.equal(exit, 0, err);
    return folder;
  }

  path(name: string): string {
    return join(this.root, name);
  }

  run(...args: readonly string[]): Promise<Ran> {
    return run(['--data', this.data, ...args]);
  }

  json(...args: readonly string[]): Promise<Ran & { readonly document: Json }> {
    return runJson(['--data', this.data, ...args]);
  }

  with(around: Surroundings, ...args: readonly string[]): Promise<Ran> {
    return run(['--data', this.data, ...args], around);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

function into(parts: Buffer[], tell?: (text: string) => void): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      parts.push(Buffer.from(chunk));
      tell?.(text(parts));
      done();
    },
  });
}

function text(parts: readonly Buffer[]): string {
  return Buffer.concat(parts).toString('utf8');
}
