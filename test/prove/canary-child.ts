import assert from 'node:assert/strict';
import process from 'node:process';
import { runCommand } from '../../src/cli/commands.ts';
import type { MachineName } from '../../src/core/ids.ts';
import type { KitClient } from '../support/kit-client.ts';
import { canary } from '../support/made-codes.ts';
import { Haystack } from './haystack.ts';
import { machineName, madeRollOut } from './made-roll-out.ts';
import { base64Text, codeIn, prompt, WholeBot } from './whole-bot.ts';

/** What a share of the canaries came to. */
export interface CanaryShare {
  readonly passed: number;
  /** Of those meant to be shown, how many were, each to the one who asked. */
  readonly shown: readonly [seen: number, meant: number];
  readonly found: readonly (readonly [place: string, around: string])[];
  readonly bytes: number;
}

const SITES = 12;
const PER_SITE = 4;
/** More than five sign-ins of one machine in an hour are refused. */
const BETWEEN_PASSES_MS = 13 * 60_000;
const LOOK_AT_DISK_EVERY = 25;
const PER_SIGN_IN = 20;

class Canaries {
  readonly hay = new Haystack();
  readonly kits = new Map<string, KitClient>();
  #next: number;
  #last: number;
  seen = 0;
  meant = 0;
  passed = 0;

  readonly bot: WholeBot;

  constructor(bot: WholeBot, first: number, count: number) {
    this.bot = bot;
    this.#next = first;
    this.#last = first + count;
  }

  get left(): number {
    return this.#last - this.#next;
  }

  take(): string {
    const code = canary(this.#next);
    this.#next += 1;
    this.passed += 1;
    return code;
  }

  prompts(count: number): string {
    return Array.from({ length: count }, () => prompt(this.take())).join('\n');
  }

  /** One sign-in and what surrounds it: twenty codes, of which one is shown. */
  async signIn(site: number, machine: MachineName, turn: number): Promise<void> {
    const { bot } = this;
    const kit = this.kits.get(machine) ?? (await bot.kit(machine));
    this.kits.set(machine, kit);
    await bot.say(`rack${site}`, `${machine}を接続したい`);
    await this.#round(kit, 1, this.take());
    const code = this.take();
    const number = await this.#round(kit, 2, code);
    await bot.say(`rack${site}`, `${machine} ${number}`);
    await this.#show(site, machine, code, turn);
    await this.#end(kit, turn);
    await this.#late(kit);
    await this.#inText(site, kit, machine, turn);
  }

  async #round(kit: KitClient, round: number, code: string): Promise<string> {
    assert.equal((await kit.send({ type: 'ready' })).lines.do, 'go');
    const sent = { type: 'device-code', round, text_b64: base64Text(prompt(code)) };
    const { lines } = await kit.send(sent);
    assert.equal(lines.do, 'ok');
    return lines.number ?? '';
  }

  /** Once, or again and again; its answer is the one place where a canary may stand. */
  async #show(site: number, machine: MachineName, code: string, turn: number): Promise<void> {
    const { bot } = this;
    const who = `eng${site}`;
    const card = await bot.until('the engineer’s card', () => bot.card(who));
    const data = {
      card: card.id,
      button: 'show-code',
      nonce: bot.app.nonceFor(card, 'show-code'),
    };
    this.meant += 1;
    const times = turn % 3 === 0 ? 5 : 1;
    for (let time = 1; time <= times; time += 1) {
      const { body } = await bot.teams.press(who, '1', { verb: 'show-code', data });
      const shown = codeIn(body);
      if (time === 1 && shown === code) this.seen += 1;
      const rest = JSON.stringify(body).replaceAll(code, '');
      this.hay.look(`answer to ${who} at ${machine}`, shown === code ? rest : JSON.stringify(body));
    }
    const strangers = await bot.teams.press(`dep${site}`, '1', { verb: 'show-code', data });
    this.hay.look('answer to the deputy', JSON.stringify(strangers.body ?? ''));
  }

  async #end(kit: KitClient, turn: number): Promise<void> {
    const text_b64 = base64Text(`level=error msg="failed"\n${this.prompts(5)}`);
    const result = turn % 2 === 0 ? 'failed' : 'timeout';
    await kit.send({ type: 'outcome', round: 2, result, exit_code: 41, text_b64 });
  }

  /** Codes of a sign-in that is over: dropped. */
  async #late(kit: KitClient): Promise<void> {
    for (let time = 1; time <= 4; time += 1) {
      const text_b64 = base64Text(prompt(this.take()));
      const { lines } = await kit.send({ type: 'device-code', round: 2, text_b64 });
      assert.equal(lines.do, 'stop');
    }
  }

  /** Codes where none belong: in other reports, in the chat, in requests that are refused. */
  async #inText(site: number, kit: KitClient, machine: MachineName, turn: number): Promise<void> {
    const { bot } = this;
    const text_b64 = base64Text(`azcmagent check\n${this.prompts(7)}`);
    await kit.send({ type: turn % 2 === 0 ? 'network-check' : 'heartbeat', text_b64 });
    await bot.say(`rack${site}`, `${machine} ${prompt(this.take())}`);
    const code = this.take();
    const text = prompt(code);
    switch (turn % 5) {
      case 0:
        await kit.send({ type: 'device-code', round: 'one', text_b64: base64Text(text) });
        break;
      case 1:
        await bot.post('/api/v1/reports', JSON.stringify({ v: 1, id: code, payload: text }));
        break;
      case 2:
        await bot.post(`/api/v1/${code}`, text);
        break;
      case 3:
        await kit.send({ type: 'status', mde: code, text_b64: base64Text(text) });
        break;
      default:
        await bot.teams.press(`eng${site}`, code, {
          verb: code,
          data: { card: code, nonce: code },
        });
    }
  }
}

async function run(first: number, count: number): Promise<CanaryShare> {
  const bot = await WholeBot.start({
    rollOut: madeRollOut({ sites: SITES, machinesPerSite: PER_SITE }),
  });
  const canaries = new Canaries(bot, first, count);
  const { hay } = canaries;
  let turn = 0;
  for (let pass = 0; canaries.left >= PER_SIGN_IN; pass += 1) {
    for (let site = 1; site <= SITES && canaries.left >= PER_SIGN_IN; site += 1) {
      if (turn % 10 === 0) giveTrouble(bot);
      await canaries.signIn(site, machineName(site, 1 + (pass % PER_SITE)), turn);
      turn += 1;
      // Teams' limits and the door's go by this clock.
      bot.clock.forward(20_000);
      if (turn % LOOK_AT_DISK_EVERY === 0) hay.lookOnDisk(bot.folder);
    }
    bot.clock.forward(BETWEEN_PASSES_MS / PER_SITE);
  }
  await lookEverywhere(bot, hay);
  await bot.close();
  const { passed, seen, meant } = canaries;
  return { passed, shown: [seen, meant], found: [...hay.found], bytes: hay.bytes };
}

/** Some cards cannot be delivered: dead letters and error texts are looked through as well. */
function giveTrouble(bot: WholeBot): void {
  bot.teams.faults.push({ on: 'post', answer: { status: 400, code: 'BadSyntax' } });
  bot.teams.faults.push({ on: 'edit', answer: { status: 500 } });
}

async function lookEverywhere(bot: WholeBot, hay: Haystack): Promise<void> {
  hay.lookOnDisk(bot.folder);
  hay.look('log', bot.log.join('\n'));
  hay.look('answers of the door', bot.answers.join('\n'));
  const people = bot.rollOut.people.map((person) => bot.teams.personal(person.key));
  for (const id of [...people, ...Object.values(bot.team.channels)]) {
    const said = bot.teams.messages(id).filter((message) => message.from === 'bot');
    hay.look('messages', JSON.stringify(said));
  }
  const metrics = await fetch(`http://127.0.0.1:${bot.bot.metricsPort}/metrics`);
  hay.look('metrics', await metrics.text());
  const depth = await bot.store.outbox.depth();
  assert.ok(depth.dead > 0, 'there are dead letters to look through');
  for (const [command, options] of [
    ['audit', { format: 'json' }],
    ['audit', { format: 'csv' }],
    ['export', { format: 'json' }],
    ['export', { format: 'csv' }],
    ['inbox', { channel: true, json: true }],
    ['inbox', { as: 'eng1', json: true }],
    ['inbox', { as: 'rack1', json: true }],
    ['doctor', { json: true }],
  ] as const) {
    const call = { command, args: [], options, language: 'ja' as const };
    const printed = await runCommand(bot.app, call, { mayChange: false });
    assert.ok((printed.out ?? '').length > 0 || printed.files, `${command} printed nothing`);
    hay.look(command, JSON.stringify(printed));
  }
}

const [first = '0', count = '0'] = process.argv.slice(2);
const share = await run(Number(first), Number(count));
process.send?.(share);
process.disconnect?.();
