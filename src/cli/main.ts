import { Command as Program } from 'commander';
import { failureOf } from './failure.ts';
import { EXIT, terminalLanguage } from './io.ts';
import { finish, runDiagnose, runOnStore } from './on-store.ts';
import { type CommandLine, type Options, settingsOf, type Terminal } from './terminal.ts';

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
  program
    .command('start')
    .description('the bot, with the settings of the environment')
    .action(async (_, command: Program) => {
      const { start } = await import('./start.ts');
      await done(start(terminal, command.optsWithGlobals<Options>()));
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
      const outcome = manifest(settingsOf(terminal, options).config, options);
      await done(Promise.resolve(finish(terminal, outcome, '.')));
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
  onStore('replace <machine>', 'a new server under the old name: closes its keys, new kit', (one) =>
    one
      .requiredOption('--serial <serial>', 'the serial number of the new server')
      .option('--out <dir>', 'where to write the kit', '.'),
  );
  onStore('commands <machine>', 'the exact command lines of one server', (one) =>
    one.option('--auth <way>', 'device-code or certificate'),
  );
  onStore('dns <site>', 'names and addresses of the private link scope, as DNS lines', (one) =>
    one.option('--addresses <file>', 'lines "name address" instead of Azure (- for stdin)'),
  );
  onStore('requirements [site]', 'the addresses to open, as a request form', (one) =>
    one
      .option('--missing', 'only what the last failed check showed to be closed')
      .option('--format <format>', 'text or csv'),
  );
  onStore('doctor [what]', 'check settings, store, Azure rights, people, clock', (one) =>
    one.addHelpText('after', '\ndoctor people: who can be reached 1:1, and why not'),
  );
  onStore('audit', 'the audit trail and whether its chain holds', (one) =>
    one.option('--site <code>', 'of one site').option('--format <format>', 'json or csv'),
  );
  return program;
}

function failed({ stderr, language }: Terminal, error: unknown): number {
  const outcome = failureOf(error, language);
  if (outcome) {
    stderr.write(outcome.err);
    return outcome.exit;
  }
  // Commander has written what it had to say.
  if (error instanceof Error && 'code' in error && String(error.code).startsWith('commander.')) {
    return 'exitCode' in error && error.exitCode === 0 ? EXIT.fine : EXIT.usage;
  }
  throw error;
}
