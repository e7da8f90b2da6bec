import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { BotChild } from '../../bench/bot-child.ts';
import type { CardId, MachineName } from '../../src/core/ids.ts';
import type { ButtonId } from '../../src/core/notice.ts';
import type { AuditRow } from '../../src/core/ports.ts';
import { nonceFor } from '../../src/flows/sign-in/index.ts';
import { createVault } from '../../src/keys/vault.ts';
import { STORE_FILE } from '../../src/store/data-folder.ts';
import { KitClient } from '../support/kit-client.ts';
import { canary } from '../support/made-codes.ts';
import type { Claim } from './claim.ts';
import { type Acknowledged, Journey, type KillWorld, Stopped, Witness } from './kill-journey.ts';
import { machineName, madeRollOut } from './made-roll-out.ts';
import { fastFolder } from './whole-bot.ts';

const KILLS = 200;
const AT_ONCE = 2;
const LANES = 6;
const SITES = 24;
const PER_SITE = 24;
const OPENED_BEFORE = 6;
/** A life ends after so many answers at most, and a moment later: while others are on their way. */
const MOST_ANSWERS = 24;
const MOMENT_MS = 30;
const LONGEST_LIFE_MS = 4_000;
const WHOLE_CHAIN_EVERY = 25;
const ENDS = new Set(
  ['completed', 'declined', 'expired', 'failed', 'burned'].map((end) => `sign-in-${end}`),
);

/** The bot is killed again and again under people and kits who go on where they were. */
export async function kills(): Promise<Claim> {
  const cache = mkdtempSync(join(fastFolder(), 'prove-cache-'));
  try {
    const each = KILLS / AT_ONCE;
    const worlds = Array.from({ length: AT_ONCE }, (_, index) =>
      new Killing(index, cache).run(each),
    );
    const ends = await Promise.all(worlds);
    return {
      what: 'kill -9 with nothing acknowledged lost, no code shown to two people or after its end',
      held: ends.reduce((sum, { held }) => sum + held, 0),
      of: KILLS,
      short: ends.flatMap(({ short }) => short).slice(0, 20),
    };
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

class Killing implements KillWorld {
  readonly witness = new Witness();
  readonly #index: number;
  readonly #cache: string;
  child!: BotChild;
  #peek: DatabaseSync | undefined;
  #up = Promise.withResolvers<void>();
  #isDown = false;
  #stopping = false;
  /** How often each thing was acknowledged so far. */
  readonly #acknowledged = new Map<string, number>();
  readonly #kits = new Map<string, KitClient>();
  readonly #codes = new Map<string, string>();
  #made = 0;
  #played = 0;

  constructor(index: number, cache: string) {
    this.#index = index;
    this.#cache = cache;
  }

  up(): Promise<void> {
    return this.#up.promise;
  }

  stopping(): boolean {
    return this.#stopping;
  }

  async run(times: number): Promise<{ held: number; short: readonly string[] }> {
    const rollOut = madeRollOut({ sites: SITES, machinesPerSite: PER_SITE });
    this.child = await BotChild.layOut({
      rollOut,
      folderIn: fastFolder(),
      compileCache: this.#cache,
    });
    const short: string[] = [];
    let held = 0;
    try {
      await this.child.start();
      await this.child.install(rollOut.people.map((person) => person.key));
      await this.#openSome();
      this.#up.resolve();
      const lanes = Array.from({ length: LANES }, (_, lane) => this.#lane(lane));
      const failed = Promise.all(lanes);
      failed.catch(() => undefined);
      for (let time = 1; time <= times; time += 1) {
        await Promise.race([this.#live(), failed]);
        this.#up = Promise.withResolvers();
        this.#closePeek();
        await this.child.kill();
        const wrong = await this.#whatIsWrong(time % WHOLE_CHAIN_EVERY === 0 || time === times);
        if (wrong.length === 0) held += 1;
        short.push(...wrong);
        await this.child.start();
        this.#isDown = false;
        this.#up.resolve();
      }
      this.#stopping = true;
      await failed;
    } finally {
      this.#stopping = true;
      this.#closePeek();
      await this.child.close();
    }
    if (this.#played < times / 4) {
      // A bot that did nothing has lost nothing: that proves nothing.
      held = 0;
      short.push(`only ${this.#played} sign-ins were played to their end`);
    }
    return { held, short };
  }

  async #live(): Promise<void> {
    const last = this.witness.answers + Math.ceil(Math.random() * MOST_ANSWERS);
    const end = Date.now() + LONGEST_LIFE_MS;
    while (this.witness.answers < last && Date.now() < end) await pause(2);
    await pause(Math.random() * MOMENT_MS);
  }

  /** A bot that has just started takes its time for the first opening: some lie ready. */
  async #openSome(): Promise<void> {
    const sites = Array.from({ length: SITES }, (_, index) => index + 1).values();
    const work = async (): Promise<void> => {
      for (const site of sites) {
        for (let index = 1; index <= OPENED_BEFORE; index += 1) {
          await this.child.teams.say(`rack${site}`, `${machineName(site, index)}を接続したい`);
        }
      }
    };
    await Promise.all(Array.from({ length: LANES }, work));
  }

  /** One sign-in after the other, each on its own machine, at the lane's own sites. */
  async #lane(lane: number): Promise<void> {
    for (let turn = 0; !this.#stopping; turn += 1) {
      const sites = SITES / LANES;
      const site = 1 + lane * sites + (turn % sites);
      const machine = machineName(site, 1 + (Math.floor(turn / sites) % PER_SITE));
      try {
        const kit = this.#kits.get(machine) ?? (await this.#enrol(machine));
        const codes = [this.#code(), this.#code()] as const;
        await new Journey(this, site, machine, kit).play(codes, turn % 3 === 2);
        this.#played += 1;
      } catch (error) {
        if (error instanceof Stopped) return;
        throw error;
      }
    }
  }

  #code(): string {
    this.#made += 1;
    return canary(this.#index * 100_000 + this.#made);
  }

  /** Asks again with the same key until it is answered, as kits do. */
  async #enrol(machine: string): Promise<KitClient> {
    const kit = new KitClient(this.child);
    const serial = this.child.rollOut.machine(machine)?.serial ?? '';
    const token = await this.child.token({ name: machine });
    const id = kit.newId();
    while (kit.kid === '') {
      if (this.#stopping) throw new Stopped();
      await this.up();
      await kit.enrol(token, { name: machine, serial }, { id }).catch(() => undefined);
      if (kit.kid === '') await pause(20);
    }
    this.#kits.set(machine, kit);
    return kit;
  }

  /** Beside the bot: the card as it would be drawn now, in a connection that only reads. */
  button(who: string, button: ButtonId, machine: string): Record<string, string> | undefined {
    if (this.#isDown) return undefined;
    const path = join(this.child.folder, 'data', STORE_FILE);
    this.#peek ??= new DatabaseSync(path, { readOnly: true, timeout: 1_000 });
    const rows = this.#peek
      .prepare(
        'select id, revision from cards where audience_key = ? and notice like ? order by ordinal desc',
      )
      .all(`person:${who}`, `%"${machine}"%`);
    const [row] = rows;
    if (!row) return undefined;
    const card = { id: String(row.id) as CardId, revision: Number(row.revision) };
    const nonce = nonceFor(createVault(this.child.codeKey), card, button);
    return { card: card.id, button, nonce };
  }

  /** What the dead bot left is opened as after a crash: no one else may hold it. */
  #closePeek(): void {
    this.#isDown = true;
    this.#peek?.close();
    this.#peek = undefined;
  }

  /** Compares what was acknowledged with what the dead bot left behind. */
  async #whatIsWrong(wholeChain: boolean): Promise<readonly string[]> {
    const acknowledged = this.witness.acknowledged.splice(0);
    const machines = [...new Set(acknowledged.map(({ machine }) => machine as MachineName))];
    const store = await this.child.openStore();
    const wrong: string[] = [];
    try {
      await store.read(async (tx) => {
        for (const machine of machines) {
          const rows = await tx.audit.list({ machine });
          const here = acknowledged.filter((one) => one.machine === machine);
          wrong.push(...this.#lost(here, rows));
          wrong.push(...endedTwice(rows));
        }
        if (wholeChain && (await tx.audit.verify()).brokenAt !== undefined) {
          wrong.push('the audit chain is broken');
        }
      });
    } finally {
      await store.close();
    }
    return [...wrong, ...this.#wronglySeen()];
  }

  /** The audit has each thing as often as it was acknowledged, or more often. */
  #lost(acknowledged: readonly Acknowledged[], rows: readonly AuditRow[]): string[] {
    return acknowledged.flatMap(({ machine, event, by }) => {
      const key = `${machine} ${event} ${by ?? ''}`;
      const times = (this.#acknowledged.get(key) ?? 0) + 1;
      this.#acknowledged.set(key, times);
      const kept = rows.filter((row) =>
        event === 'sign-in-ended'
          ? ENDS.has(row.event)
          : row.event === event && (by === undefined || row.by === by),
      );
      return kept.length >= times ? [] : [`lost at ${machine}: ${event}`];
    });
  }

  #wronglySeen(): string[] {
    const wrong: string[] = [];
    for (const { code, by, afterEnd } of this.witness.seen.splice(0)) {
      const before = this.#codes.get(code) ?? by;
      this.#codes.set(code, before);
      if (before !== by) wrong.push(`a code was shown to ${before} and ${by}`);
      if (afterEnd) wrong.push(`a code was shown to ${by} after its end`);
    }
    return wrong;
  }
}

function endedTwice(rows: readonly AuditRow[]): string[] {
  const ends = rows.filter((row) => ENDS.has(row.event)).map((row) => row.facts.signIn);
  return new Set(ends).size === ends.length ? [] : ['one sign-in ended twice'];
}
