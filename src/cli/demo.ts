import { CAST, playJourney } from '../demo/journey.ts';
import { openPlayground } from '../demo/playground.ts';
import { makeScratch } from '../demo/scratch.ts';
import { TELL } from '../demo/words.ts';
import { type DemoWorld, startDemoWorld, writeDemoFile } from '../demo/world.ts';
import { createLog } from '../log.ts';
import { runCommand } from './commands.ts';
import { EXIT } from './io.ts';
import { listenLocally } from './local-socket.ts';
import type { Terminal } from './terminal.ts';

type Options = Readonly<Record<string, unknown>>;

/** The process was asked to end while something was still under way. */
class Stopped extends Error {}

/** Everything on this machine with no cloud; plays one journey by itself and stays up. */
export async function demo(terminal: Terminal, options: Options): Promise<number> {
  const { language } = terminal;
  const tell = (text: string): void => void terminal.stdout.write(`${text}\n`);
  const dataDir = typeof options.data === 'string' ? options.data : undefined;
  const scratch = await makeScratch(dataDir);
  const log = createLog('warn', terminal.stderr);
  const ending = new AbortController();
  const { signal } = ending;
  const { promise: stopped, reject: stop } = Promise.withResolvers<never>();
  stopped.catch(() => undefined);
  signal.addEventListener('abort', () => stop(signal.reason), { once: true });
  terminal.onSignal(() => ending.abort(new Stopped()));
  tell(TELL.starting[language]());

  const closing: (() => Promise<void> | void)[] = [scratch.remove];
  try {
    const startedAt = performance.now();
    const world = await startDemoWorld({ ...scratch, log, signal });
    closing.push(() => world.close());
    const socket = await listenLocally(
      scratch.dataDir,
      (call) => runCommand(world.app, call, { mayChange: true }),
      log,
    );
    closing.push(() => socket.close());
    const { bot, azure, entra, connector } = world.addresses;
    writeDemoFile(scratch.dataDir, world.addresses);
    tell(TELL.addresses[language](bot, azure, entra, connector));
    tell(TELL.ready[language]());
    for (const [nth, person] of peopleOf(options).entries()) {
      const playground = await openPlayground(bot, person, nth);
      closing.push(() => playground.stop());
      tell(TELL.playgroundOpen[language](person, playground.url));
    }

    await Promise.race([playJourney(world, CAST, language, tell), stopped]);
    tell(TELL.done[language](((performance.now() - startedAt) / 1000).toFixed(0)));
    if (options.once === true) return EXIT.fine;
    tellNext(world, scratch.dataDir, language, tell);
    return await stopped;
  } catch (error) {
    if (error instanceof Stopped) return EXIT.fine;
    tell(TELL.failed[language](error instanceof Error ? error.message : String(error)));
    return EXIT.bad;
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

function peopleOf({ playground, playgroundAs }: Options): string[] {
  return [
    ...(playground === true ? ['takahashi'] : []),
    ...(typeof playgroundAs === 'string' ? [playgroundAs] : []),
  ];
}

/** Lines to paste, in their order; `<…>` is what the line before printed. */
function tellNext(
  { addresses, consolesDir }: DemoWorld,
  dataDir: string,
  language: Terminal['language'],
  tell: (text: string) => void,
): void {
  const bot = `npm run --silent bot -- --data ${dataDir}`;
  tell('');
  tell(TELL.next[language]());
  for (const line of [
    `${bot} ask "大阪支店の状況は?"`,
    `${bot} inbox --channel`,
    `${bot} ask "SV-OSK-03を接続したい" --as yamamoto`,
    `grep 照合番号 ${consolesDir}/SV-OSK-03.log | tail -1`,
    `${bot} ask "<照合番号 / match number>" --as yamamoto`,
    `${bot} inbox --as takahashi`,
    `${bot} press <card> show-code --as takahashi`,
    `curl -s -d code=<code> ${addresses.entra}/devicelogin`,
    `${bot} ask "大阪支店の状況は?" --as yamamoto`,
  ]) {
    tell(`  ${line}`);
  }
  tell(TELL.nextCode[language](addresses.entra));
  tell(TELL.playgroundHow[language]());
}
