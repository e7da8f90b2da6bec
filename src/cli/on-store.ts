import { Buffer } from 'node:buffer';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { App } from '../app.ts';
import { OpsBotError } from '../core/errors.ts';
import { dataDirOf, openApp } from '../open-app.ts';
import { type Call, EXIT, LOCK_WAIT_MS, type Outcome, readFiles, writeFiles } from './io.ts';
import { askRunningBot } from './local-socket.ts';
import { type Options, type Settings, settingsOf, type Terminal } from './terminal.ts';
import { SAY } from './words.ts';

const LOOK_AGAIN_MS = 100;

/** A command on the data: in the bot that runs there, else here. */
export async function runOnStore(
  terminal: Terminal,
  command: string,
  args: readonly string[],
  options: Options,
): Promise<number> {
  const settings = settingsOf(terminal, options);
  const call = await callOf(terminal, command, args, options);
  const outcome = await inBotOrHere(settings, call, true, async (app) => {
    const { runCommand } = await import('./commands.ts');
    const done = await runCommand(app, call, { mayChange: false });
    const isEmpty = command !== 'import' && (await isRollOutEmpty(app));
    return isEmpty ? hinted(terminal, settings, done) : done;
  });
  return finish(terminal, outcome, String(options.out ?? '.'));
}

/** Only `--site` needs a store; without it none is looked for and none is made. */
export async function runDiagnose(
  terminal: Terminal,
  file: string,
  options: Options,
): Promise<number> {
  const call = await callOf(terminal, 'diagnose', [file], options);
  const { diagnose } = await import('./diagnose.ts');
  if (options.site === undefined) return finish(terminal, await diagnose(call), '.');
  const settings = settingsOf(terminal, options);
  try {
    const outcome = await inBotOrHere(settings, call, false, (app) => diagnose(call, app));
    return finish(terminal, outcome, '.');
  } catch (error) {
    if (!(error instanceof OpsBotError && error.code === 'STORE_REFUSED')) throw error;
    const err = SAY.noStore[terminal.language](placeOf(settings));
    return finish(terminal, { exit: EXIT.usage, err }, '.');
  }
}

async function inBotOrHere(
  settings: Settings,
  call: Call,
  makes: boolean,
  work: (app: App) => Promise<Outcome>,
): Promise<Outcome> {
  for (let waited = 0; ; waited += LOOK_AGAIN_MS) {
    if (settings.config.DATABASE_URL === undefined) {
      const remote = await askRunningBot(dataDirOf(settings), call);
      if (remote) return remote;
    }
    const app = await openUnlessBusy(settings, !makes, waited >= LOCK_WAIT_MS);
    if (app) {
      try {
        return await work(app);
      } finally {
        await app.store.close();
      }
    }
    await pause(LOOK_AGAIN_MS);
  }
}

async function openUnlessBusy(
  settings: Settings,
  mustExist: boolean,
  isLast: boolean,
): Promise<App | undefined> {
  try {
    return await openApp({ ...settings, mustExist });
  } catch (error) {
    if (error instanceof OpsBotError && error.code === 'STORE_BUSY' && !isLast) return undefined;
    throw error;
  }
}

async function isRollOutEmpty(app: App): Promise<boolean> {
  const { profiles, sites, machines, people } = await app.store.read((tx) => tx.rollOut());
  return profiles.length + sites.length + machines.length + people.length === 0;
}

/** Any folder will do, a mistyped one too: whoever finds it empty is told. */
function hinted(terminal: Terminal, settings: Settings, outcome: Outcome): Outcome {
  const hint = SAY.noStore[terminal.language](placeOf(settings));
  return { ...outcome, err: `${outcome.err ?? ''}${hint}` };
}

function placeOf(settings: Settings): string {
  return settings.config.DATABASE_URL === undefined ? dataDirOf(settings) : 'DATABASE_URL';
}

async function callOf(
  terminal: Terminal,
  command: string,
  args: readonly string[],
  options: Options,
): Promise<Call> {
  const reads = command === 'import' || command === 'diagnose' || command === 'dns';
  const isStdin = (command === 'dns' ? options.addresses : args[0]) === '-';
  const stdin = isStdin ? await readAll(terminal.stdin) : undefined;
  const call = { command, args, options, language: terminal.language };
  if (!reads) return { ...call, ...(stdin ? { stdin: stdin.toString('utf8') } : {}) };
  if (stdin) return { ...call, files: [{ name: '-', base64: stdin.toString('base64') }] };
  // Only `dns` is given its file beside what it is about.
  if (command === 'dns') return { ...call, files: readFiles(addressesOf(options)) };
  return { ...call, files: readFiles(args) };
}

function addressesOf({ addresses }: Options): string[] {
  return typeof addresses === 'string' ? [addresses] : [];
}

async function readAll(stream: Readable): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(Buffer.from(part as Buffer));
  return Buffer.concat(parts);
}

/** Writes an outcome where it belongs, on the caller's side. */
export function finish(terminal: Terminal, outcome: Outcome, folder: string): number {
  if (outcome.files) writeFiles(outcome.files, folder);
  if (outcome.err) terminal.stderr.write(outcome.err);
  if (outcome.out) terminal.stdout.write(outcome.out);
  return outcome.exit;
}
