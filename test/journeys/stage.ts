import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { runCommand } from '../../src/cli/commands.ts';
import { type LocalSocket, listenLocally } from '../../src/cli/local-socket.ts';
import { type DemoWorld, startDemoWorld } from '../../src/demo/world.ts';
import { createLog } from '../../src/log.ts';
import { type Json, run } from '../cli/command-line.ts';

const LOOK_EVERY_MS = 50;
const PATIENCE_MS = 20_000;

export interface InboxCard {
  readonly card: string;
  readonly at: string;
  readonly text: string;
  readonly buttons: readonly { readonly id: string; readonly label: string }[];
  readonly content: Json;
}

export interface Pressed {
  readonly exit: number;
  readonly text: string;
  readonly content?: Json;
}

/** A demo with some of its servers, played from the terminal as the demo's own lines tell people to. */
export class Stage {
  readonly world: DemoWorld;
  readonly root: string;
  readonly data: string;
  readonly codes = new Set<string>();
  readonly #socket: LocalSocket;
  readonly #log: string[];

  static async open(simulated: readonly string[]): Promise<Stage> {
    const root = mkdtempSync(join(tmpdir(), 'journeys-'));
    const data = join(root, 'data');
    const log: string[] = [];
    const botLog = createLog('debug', linesInto(log));
    const world = await startDemoWorld({
      dataDir: data,
      workDir: join(root, 'servers'),
      log: botLog,
      simulated,
      kit: { readyEvery: 0.5, watchEvery: 1 },
    });
    const socket = await listenLocally(
      data,
      (call) => runCommand(world.app, call, { mayChange: true }),
      botLog,
    );
    return new Stage(world, root, data, socket, log);
  }

  private constructor(
    world: DemoWorld,
    root: string,
    data: string,
    socket: LocalSocket,
    log: string[],
  ) {
    this.world = world;
    this.root = root;
    this.data = data;
    this.#socket = socket;
    this.#log = log;
  }

  async close(): Promise<void> {
    await this.#socket.close();
    await this.world.close();
    rmSync(this.root, { recursive: true, force: true });
  }

  async ask(person: string, text: string): Promise<Json> {
    const { exit, out, err } = await this.#run('ask', text, '--as', person);
    assert.equal(exit, 0, err);
    return JSON.parse(out);
  }

  async inbox(...whose: readonly string[]): Promise<readonly InboxCard[]> {
    const { exit, out, err } = await this.#run('inbox', ...whose);
    assert.equal(exit, 0, err);
    return JSON.parse(out);
  }

  async press(person: string, card: string, button: string, number?: string): Promise<Pressed> {
    const input = number === undefined ? [] : ['--input', `number=${number}`];
    const { exit, out, err } = await this.#run('press', card, button, '--as', person, ...input);
    assert.notEqual(out, '', err);
    return { exit, ...JSON.parse(out) };
  }

  /** A person's card of a machine, once it has the button. */
  cardWith(person: string, machine: string, button: string): Promise<InboxCard> {
    return until(`${button} of ${machine} for ${person}`, async () =>
      (await this.inbox('--as', person)).find(
        ({ text, buttons }) => text.includes(machine) && buttons.some(({ id }) => id === button),
      ),
    );
  }

  /** A person's card of a machine, once its text says so. */
  cardSaying(person: string, machine: string, words: RegExp): Promise<InboxCard> {
    return until(`${words} about ${machine} for ${person}`, async () =>
      (await this.inbox('--as', person)).find(
        ({ text }) => text.includes(machine) && words.test(text),
      ),
    );
  }

  /** The match number of a console, other than those seen before. */
  number(machine: string, ...before: readonly string[]): Promise<string> {
    return until(`a number on ${machine}`, () =>
      [...this.screen(machine).matchAll(/照合番号: (\d{4})/g)]
        .map(([, number]) => number)
        .findLast((number) => number !== undefined && !before.includes(number)),
    );
  }

  screen(machine: string): string {
    return readFileSync(join(this.world.consolesDir, `${machine}.log`), 'utf8');
  }

  /** Show code, as the person whose card it is. */
  async code(person: string, machine: string): Promise<string> {
    const { card } = await this.cardWith(person, machine, 'show-code');
    const { exit, text, content } = await this.press(person, card, 'show-code');
    assert.equal(exit, 0, text);
    const code = textOf(content, 'user-code') ?? '';
    assert.match(code, /^[A-Z0-9]{9}$/);
    assert.ok(!text.includes(code), 'the words of the answer hold no code');
    this.codes.add(code);
    return code;
  }

  /** Everything that was kept, logged, posted or shown on a screen, by what it is. */
  async *traces(): AsyncGenerator<readonly [string, string]> {
    for (const entry of readdirSync(this.root, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      // Kits that still run make and remove files of their own.
      if (entry.isFile() && existsSync(path)) yield [path, readFileSync(path, 'latin1')];
    }
    yield ['log', this.#log.join('')];
    for (const { key } of this.world.rollOut.people) {
      yield [`inbox of ${key}`, JSON.stringify(await this.inbox('--as', key))];
      const chat = this.world.connector.personal(key);
      yield [`chat of ${key}`, JSON.stringify(this.world.connector.messages(chat))];
    }
    yield ['channel', JSON.stringify(await this.inbox('--channel'))];
    for (const command of ['audit', 'export', 'doctor']) {
      yield [command, (await this.#run(command)).out];
    }
  }

  #run(...args: readonly string[]) {
    return run(['--data', this.data, ...args, '--json']);
  }
}

export async function until<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`never came: ${what}`);
    await pause(LOOK_EVERY_MS);
  }
}

function linesInto(lines: string[]): Writable {
  return new Writable({
    write(line, _encoding, done) {
      lines.push(String(line));
      done();
    },
  });
}

function textOf(card: Json, id: string): string | undefined {
  if (typeof card !== 'object' || card === null) return undefined;
  if (card.id === id) return card.text;
  for (const part of Object.values(card)) {
    const found = textOf(part, id);
    if (found !== undefined) return found;
  }
  return undefined;
}
