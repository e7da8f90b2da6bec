import type { Readable, Writable } from 'node:stream';
import { type Config, readConfig } from '../config.ts';
import { OpsBotError } from '../core/errors.ts';
import type { Lang } from '../core/ids.ts';
import type { Log } from '../core/ports.ts';
import { createLog } from '../log.ts';
import { SAY } from './words.ts';

export interface CommandLine {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** What to do when the process is asked to end. */
  onSignal(stop: () => void): void;
}

/** What every command can know of where it runs. */
export interface Terminal extends CommandLine {
  readonly language: Lang;
}

export type Options = Record<string, string | boolean | string[] | undefined>;

export interface Settings {
  readonly config: Config;
  readonly log: Log;
  readonly dataDir?: string;
}

/** The settings of the environment, with `--data` beating DATA_DIR. */
export function settingsOf(
  { env, stderr, language }: Terminal,
  options: Options,
  missing?: Parameters<typeof readConfig>[1],
): Settings {
  const data = typeof options.data === 'string' ? options.data : undefined;
  if (data !== undefined && (env.DATABASE_URL || env.DATABASE_URL_FILE)) {
    throw new OpsBotError('CONFIG_REFUSED', SAY.dataAndDatabase[language]().trim());
  }
  const config = readConfig(data === undefined ? env : { ...env, DATA_DIR: data }, missing);
  const log = createLog(config.LOG_LEVEL, stderr);
  return { config, log, ...(data === undefined ? {} : { dataDir: data }) };
}
