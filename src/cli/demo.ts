import { CAST, playJourney } from '../demo/journey.ts';
import { openPlayground, type Playground } from '../demo/playground.ts';
import { makeScratch } from '../demo/scratch.ts';
import { TELL } from '../demo/words.ts';
import { type DemoWorld, startDemoWorld, writeDemoFile } from '../demo/world.ts';
import { createLog } from '../log.ts';
import { runCommand } from './commands.ts';
import { EXIT } from './io.ts';
import { listenLocally } from './local-socket.ts';
import type { Terminal } from './main.ts';

type Options = Readonly<Record<string, unknown>>;

/** The process was asked to end while something was still under way. */
class Stopped extends Error {}

/** Everything on this machine with no cloud; plays one journey by itself and stays up. */
export async function demo(terminal: Terminal, options: Options): Promise<number> {
  const { language } = terminal;
  const tell = (text: string): void => void terminal.stdout.write(`${text}\n`);
  const dataDir = typeof options.data === 'string' ? options.data : undefined;
  const scratch = makeScratch(dataDir);
  const log = createLog('warn', terminal.stderr);
  const { promise: stopping, resolve: stop } = Promise.withResolvers<void>();
  const stopped = stopping.then(() => Promise.reject(new Stopped()));
  stopped.catch(() => undefined);
  terminal.onSignal(stop);
  tell(TELL.starting[language]());

  let world: DemoWorld | undefined;
  let playgrounds: readonly Playground[] = [];
  try {
    const startedAt = performance.now();
    const starting = startDemoWorld({ ...scratch, log });
    starting.then(
      (one) => {
        world = one;
      },
      () => undefined,
    );
    const started = await Promise.race([starting, stopped]);
    const socket = await listenLocally(scratch.dataDir, (call) =>
      runCommand(started.app, call, { mayChange: true }),
    );
    const { bot, azure, entra, connector } = started.addresses;
    writeDemoFile(scratch.dataDir, started.addresses);
    tell(TELL.addresses[language](bot, azure, entra, connector));
    tell(TELL.ready[language]());
    playgrounds = await openPlaygrounds(bot, options);
    for (const [i, { url }] of playgrounds.entries()) {
      tell(TELL.playgroundOpen[language](peopleOf(options)[i] ?? '', url));
    }

    await Promise.race([playJourney(started, CAST, language, tell), stopped]);
    tell(TELL.done[language](((performance.now() - startedAt) / 1000).toFixed(0)));
    if (options.once !== true) {
      tellNext(started, scratch.dataDir, language, tell);
      await stopping;
    }
    await socket.close();
    return EXIT.fine;
  } catch (error) {
    if (error instanceof Stopped) return EXIT.fine;
    tell(TELL.failed[language](error instanceof Error ? error.message : String(error)));
    return EXIT.bad;
  } finally {
    for (const playground of playgrounds) playground.stop();
    await world?.close();
    scratch.remove();
  }
}

function peopleOf({ playground, playgroundAs }: Options): string[] {
  return [
    ...(playground === true ? ['takahashi'] : []),
    ...(typeof playgroundAs === 'string' ? [playgroundAs] : []),
  ];
}

async function openPlaygrounds(bot: string, options: Options): Promise<Playground[]> {
  const opened: Playground[] = [];
  // One after the other: each looks for its own free port.
  for (const person of peopleOf(options)) opened.push(await openPlayground(bot, person));
  return opened;
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
