import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Lang } from '../core/ids.ts';

/** Exit codes of every command (docs/commands.md). */
export const EXIT = { fine: 0, bad: 1, usage: 2, config: 78 } as const;

/** How long whoever wants the data folder waits for another command, or for a bot that is starting. */
export const LOCK_WAIT_MS = 10_000;

/** A file that a command hands to whoever called it: written on the caller's side. */
export interface OutFile {
  readonly path: string;
  readonly base64: string;
  readonly mode: number;
}

/** What a command comes to: the same whether it ran here or in the running bot. */
export interface Outcome {
  readonly exit: number;
  readonly out?: string;
  readonly err?: string;
  readonly files?: readonly OutFile[];
}

/** A command line as it travels to the running bot: files and stdin are read on the caller's side. */
export interface Call {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly files?: readonly { readonly name: string; readonly base64: string }[];
  readonly stdin?: string;
  readonly language: Lang;
}

export function fine(out: string, files?: readonly OutFile[]): Outcome {
  return { exit: EXIT.fine, out, ...(files ? { files } : {}) };
}

export function bad(out: string): Outcome {
  return { exit: EXIT.bad, out };
}

export function usage(err: string): Outcome {
  return { exit: EXIT.usage, err };
}

/** One JSON document and nothing else. */
export function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** The language of a terminal, from LC_ALL, LC_MESSAGES or LANG. */
export function terminalLanguage(env: Readonly<Record<string, string | undefined>>): Lang {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return locale.toLowerCase().startsWith('ja') ? 'ja' : 'en';
}

/** Japanese is answered in Japanese, whoever asks from a terminal. */
export function languageOf(text: string, otherwise: Lang): Lang {
  if (/[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]/u.test(text)) return 'ja';
  return /[a-z]/i.test(text) ? 'en' : otherwise;
}

export function readFiles(paths: readonly string[]): { name: string; base64: string }[] {
  return paths.map((path) => ({ name: path, base64: readFileSync(path).toString('base64') }));
}

export function writeFiles(files: readonly OutFile[], folder: string): void {
  for (const file of files) {
    const path = resolve(folder, file.path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, Buffer.from(file.base64, 'base64'), { mode: file.mode });
  }
}
