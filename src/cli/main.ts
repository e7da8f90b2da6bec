import type { Readable, Writable } from 'node:stream';
import { Command as Program } from 'commander';
import type { App } from '../app.ts';
import { type Config, readConfig } from '../config.ts';
import { OpsBotError } from '../core/errors.ts';
import type { Lang } from '../core/ids.ts';
import type { Log } from '../core/ports.ts';
import { createLog } from '../log.ts';
import { dataDirOf, openApp } from '../open-app.ts';
import { type Call, EXIT, type Outcome, readFiles, terminalLanguage, writeFiles } from './io.ts';
import { askRunningBot } from './local-socket.ts';
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

/** How long a command waits for another one that has the data folder. */
const LOCK_WAIT_MS = 10_000;

/** What every command can know of where it runs. */
export interface Terminal extends CommandLine {
  readonly language: Lang;
}

type Options = Record<string, string | boolean | string[] | undefined>;

/** Reads the command line, runs the command here or in the running bot, and tells its exit code. */
export async function runCommandLine(line: CommandLine): Promise<number> {
  const terminal: Terminal = { ...line, language: terminalLanguage(line.env) };
  let exit: number = EXIT.fine;
  const program = buildProgram(terminal, async (outcome) => {
    exit = await outcome;
  });
  try {
    await program.parseAsync([...line.argv]);
    return exit;
  } catch (error) {
    return failed(terminal, error);
  }
}

function buildProgram(terminal: Terminal, done: (exit: Promise<number>) => Promise<void>): Program {
  const program = new Program('arc-onboarding-bot');
  program
    .description('Azure Arc onboarding bot for Microsoft Teams')
    .option('--data <dir>', 'data folder (beats DATA_DIR; default ./data)')
    .option('--json', 'one JSON document on stdout and nothing else')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    });

  const onStore = (name: string, about: string, more: (command: Program) => Program): void => {
    const command = more(program.command(name).description(about));
    command.action(async () => {
      const options = command.optsWithGlobals<Options>();
      await done(runOnStore(terminal, command.name(), command.args, options));
    });
  };
  const plain = (command: Program): Program => command;

  program
    .command('start')
    .description('the bot, with the settings of the environment')
    .action(async (_, command: Program) => {
      const { start } = await import('./start.ts');
      await done(start(terminal, settingsOf(terminal, command.optsWithGlobals<Options>())));
    });
  program
    .command('demo')
    .description('everything on this machine with no cloud: plays one journey and stays up')
    .option('--once', 'end with 0 after the journey')
    .option('--playground', 'open the chat as takahashi in Microsoft 365 Agents Playground')
    .option('--playground-as <key>', 'a second person, on another port')
    .action(async (_, command: Program) => {
      const { demo } = await import('./demo.ts');
      await done(demo(terminal, command.optsWithGlobals<Options>()));
    });
  program
    .command('diagnose <file>')
    .description('read any azcmagent output (- for stdin)')
    .option('--site <code>', 'judge by this site’s profile')
    .option('--route <route>', 'private or public')
    .action(async (file: string, _: Options, command: Program) => {
      await done(runDiagnose(terminal, file, command.optsWithGlobals<Options>()));
    });
  program
    .command('manifest')
    .description('the Teams app package')
    .option('--out <file>', 'where to write it', 'arc-onboarding-bot.zip')
    .action(async (_, command: Program) => {
      const { manifest } = await import('./manifest.ts');
      const options = command.optsWithGlobals<Options>();
      await done(finish(terminal, manifest(settingsOf(terminal, options).config, options), '.'));
    });

  onStore('ask <text>', 'one chat turn (- for one question a line)', (one) =>
    one.option('--as <key>', 'a key of people.csv'),
  );
  onStore('inbox', 'the cards a person or the channel sees now', (one) =>
    one.option('--as <key>', 'a key of people.csv').option('--channel', 'the team channel'),
  );
  onStore('press <card> <button>', 'press a button of a card (demo only)', (one) =>
    one
      .option('--as <key>', 'a key of people.csv')
      .option('--input <name=value...>', 'what is typed into the card'),
  );
  onStore('import <file...>', 'profiles, sites, machines, people', (one) =>
    one.option('--dry-run', 'read and check, keep nothing'),
  );
  onStore('export', 'the roll-out’s data', (one) =>
    one.option('--format <format>', 'csv or json').option('--out <dir>', 'one file a table'),
  );
  onStore('kit <machine>', 'the kit of one server: a folder and a zip', (one) =>
    one.option('--out <dir>', 'where to write it', '.').option('--with-token', 'with its token'),
  );
  onStore('commands <machine>', 'the exact command lines of one server', (one) =>
    one.option('--auth <way>', 'device-code or certificate'),
  );
  onStore('doctor', 'check settings, store, Azure rights, people, clock', plain);
  onStore('audit', 'the audit trail and whether its chain holds', (one) =>
    one.option('--site <code>', 'of one site').option('--format <format>', 'json or csv'),
  );
  return program;
}

/** A command on the data: in the bot that runs there, else here. */
async function runOnStore(
  terminal: Terminal,
  command: string,
  args: readonly string[],
  options: Options,
): Promise<number> {
  const settings = settingsOf(terminal, options);
  const call = await callOf(terminal, command, args, options);
  return finish(terminal, answer(), String(options.out ?? '.'));

  async function answer(): Promise<Outcome> {
    if (settings.config.DATABASE_URL === undefined) {
      const remote = await askRunningBot(dataDirOf(settings), call);
      if (remote) return remote;
    }
    return withApp(terminal, settings, command === 'import', async (app) => {
      const { runCommand } = await import('./commands.ts');
      return runCommand(app, call, { mayChange: false });
    });
  }
}

async function runDiagnose(terminal: Terminal, file: string, options: Options): Promise<number> {
  const call = await callOf(terminal, 'diagnose', [file], options);
  const { diagnose } = await import('./diagnose.ts');
  if (options.site === undefined) return finish(terminal, diagnose(call), '.');
  return runOnStoreWith(call, options);

  function runOnStoreWith(asked: Call, given: Options): Promise<number> {
    const settings = settingsOf(terminal, given);
    const here = async (): Promise<Outcome> =>
      (await askRunningBot(dataDirOf(settings), asked)) ??
      withApp(terminal, settings, false, (app) => diagnose(asked, app));
    return finish(terminal, here(), '.');
  }
}

async function withApp(
  terminal: Terminal,
  settings: Settings,
  makes: boolean,
  work: (app: App) => Promise<Outcome>,
): Promise<Outcome> {
  let app: App;
  try {
    app = await openApp({ ...settings, lockWaitMs: LOCK_WAIT_MS, mustExist: !makes });
  } catch (error) {
    if (error instanceof OpsBotError && error.code === 'STORE_REFUSED' && !makes) {
      const where = settings.config.DATABASE_URL ? 'DATABASE_URL' : dataDirOf(settings);
      return { exit: EXIT.usage, err: SAY.noStore[terminal.language](where) };
    }
    throw error;
  }
  try {
    return await work(app);
  } finally {
    await app.store.close();
  }
}

export interface Settings {
  readonly config: Config;
  readonly log: Log;
  readonly dataDir?: string;
}

/** The settings of the environment, with `--data` beating DATA_DIR. */
function settingsOf(terminal: Terminal, options: Options): Settings {
  const { env } = terminal;
  const data = typeof options.data === 'string' ? options.data : undefined;
  if (data !== undefined && env.DATABASE_URL) {
    throw new OpsBotError('CONFIG_REFUSED', SAY.dataAndDatabase[terminal.language]().trim());
  }
  const config = readConfig(data === undefined ? env : { ...env, DATA_DIR: data });
  const log = createLog(config.LOG_LEVEL, terminal.stderr);
  return { config, log, ...(data === undefined ? {} : { dataDir: data }) };
}

async function callOf(
  terminal: Terminal,
  command: string,
  args: readonly string[],
  options: Options,
): Promise<Call> {
  const reads = command === 'import' || command === 'diagnose';
  const isStdin = args[0] === '-';
  const stdin = isStdin ? await readAll(terminal.stdin) : undefined;
  const call = { command, args, options, language: terminal.language };
  if (!reads) return { ...call, ...(stdin ? { stdin: stdin.toString('utf8') } : {}) };
  if (stdin) return { ...call, files: [{ name: '-', base64: stdin.toString('base64') }] };
  return { ...call, files: readFiles(args) };
}

async function readAll(stream: Readable): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(Buffer.from(part as Buffer));
  return Buffer.concat(parts);
}

/** Writes an outcome where it belongs, on the caller's side. */
async function finish(
  terminal: Terminal,
  coming: Promise<Outcome> | Outcome,
  folder: string,
): Promise<number> {
  const outcome = await coming;
  if (outcome.files) writeFiles(outcome.files, folder);
  if (outcome.err) terminal.stderr.write(outcome.err);
  if (outcome.out) terminal.stdout.write(outcome.out);
  return outcome.exit;
}

const EXITS: Partial<Record<OpsBotError['code'], number>> = {
  CONFIG_REFUSED: EXIT.config,
  STORE_REFUSED: EXIT.config,
  STORE_NEWER: EXIT.config,
  STORE_BUSY: EXIT.bad,
  VALUE_REFUSED: EXIT.bad,
};

function failed({ stderr, language }: Terminal, error: unknown): number {
  if (error instanceof OpsBotError) {
    const text = error.code === 'STORE_BUSY' ? SAY.storeBusy[language]() : `${error.message}\n`;
    stderr.write(text);
    return EXITS[error.code] ?? EXIT.usage;
  }
  if (error instanceof Error && 'code' in error) {
    const code = String(error.code);
    if (code.startsWith('commander.'))
      return 'exitCode' in error && error.exitCode === 0 ? EXIT.fine : EXIT.usage;
    if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR') {
      const path = 'path' in error ? String(error.path) : '';
      stderr.write(SAY.fileUnreadable[language](path));
      return EXIT.usage;
    }
  }
  throw error;
}
