import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { BotChild } from '../../bench/bot-child.ts';
import { drawNotice } from '../../src/cards/draw.ts';
import type { MachineName } from '../../src/core/ids.ts';
import type { ButtonId } from '../../src/core/notice.ts';
import type { BotAnswer } from '../../src/sim/connector.ts';
import type { Answered, KitClient } from '../support/kit-client.ts';
import { base64Text, codeIn, prompt } from './whole-bot.ts';

/** Something the bot has acknowledged: it must never be gone. */
export interface Acknowledged {
  readonly machine: string;
  readonly event: string;
  readonly by?: string;
}
/** A code that stood in an answer to someone. */
export interface SeenCode {
  readonly code: string;
  readonly by: string;
  /** The sign-in's end was acknowledged before it was asked for. */
  readonly afterEnd: boolean;
}

/** What must be true whatever happens, as far as people and kits have seen it. */
export class Witness {
  /** Not yet compared with the store. */
  readonly acknowledged: Acknowledged[] = [];
  readonly seen: SeenCode[] = [];
  /** What the bot has answered so far, whatever it was. */
  answers = 0;
}

export interface KillWorld {
  readonly child: BotChild;
  readonly witness: Witness;
  /** Resolves while the bot is up. */
  up(): Promise<void>;
  stopping(): boolean;
  /** As the button stands on the person's newest card; undefined while there is none. */
  button(who: string, button: ButtonId, machine: string): Record<string, string> | undefined;
}

export class Stopped extends Error {}

/** One machine's sign-in, told by people and a kit that never give up while the bot is killed under them. */
export class Journey {
  readonly #world: KillWorld;
  readonly #site: number;
  readonly #machine: string;
  readonly #kit: KitClient;
  readonly #handedOver: string;
  #ended = false;

  constructor(world: KillWorld, site: number, machine: string, kit: KitClient) {
    this.#world = world;
    this.#site = site;
    this.#machine = machine;
    this.#kit = kit;
    const done = { kind: 'done', what: 'handed-over', machine: machine as MachineName } as const;
    const reader = { lang: 'ja', now: new Date(), timeZone: 'Asia/Tokyo', reveal: 'card' } as const;
    this.#handedOver = drawNotice(done, reader).text;
  }

  /** Handed over, it shows a second code to the deputy; then it ends, one way or another. */
  async play(codes: readonly [string, string], handsOver: boolean): Promise<void> {
    const [engineer, deputy, opener] = [
      `eng${this.#site}`,
      `dep${this.#site}`,
      `rack${this.#site}`,
    ];
    await this.#say(opener, `${this.#machine}を接続したい`);
    this.#ack('sign-in-opened', opener);
    await this.#round(1, codes[0], opener);
    await this.#look(engineer, 1);
    await this.#mustNotSee(deputy, engineer);
    let round = 1;
    if (handsOver) {
      if (await this.#press(engineer, 'hand-over')) this.#ack('sign-in-handed-over', engineer);
      round = 2;
      await this.#round(2, codes[1], opener);
      await this.#look(deputy, 2);
      await this.#mustNotSee(engineer, engineer);
    }
    const last = handsOver ? deputy : engineer;
    if (this.#site % 2 === 0) {
      await this.#press(last, 'decline', true);
    }
    await this.#kitSays({ type: 'outcome', round, result: 'failed', exit_code: 41 });
    this.#ended = true;
    this.#ack('sign-in-ended');
    await this.#mustNotSee(engineer, engineer);
    await this.#mustNotSee(deputy, handsOver ? deputy : engineer);
  }

  async #round(round: number, code: string, opener: string): Promise<void> {
    let told = await this.#kitSays({ type: 'ready' });
    for (let asked = 1; told.lines.do === 'wait' && asked < 20; asked += 1) {
      told = await this.#kitSays({ type: 'ready' });
    }
    assert.equal(told.lines.do, 'go', `${this.#machine} round ${round}: ${told.text}`);
    this.#ack('sign-in-go');
    const text_b64 = base64Text(prompt(code));
    const { lines } = await this.#kitSays({ type: 'device-code', round, text_b64 });
    assert.match(lines.number ?? '', /^\d{4}$/);
    this.#ack('sign-in-code-held');
    await this.#say(opener, `${this.#machine} ${lines.number}`);
    this.#ack('sign-in-confirmed', opener);
  }

  /** The server is heard first: a silent one shows nothing. What was not shown was not acknowledged. */
  async #look(who: string, round: number): Promise<void> {
    await this.#kitSays({ type: 'watch', round });
    if (await this.#press(who, 'show-code')) this.#ack('sign-in-shown', who);
  }

  #ack(event: string, by?: string): void {
    this.#world.witness.acknowledged.push({ machine: this.#machine, event, ...(by && { by }) });
  }

  #say(who: string, text: string): Promise<BotAnswer> {
    return this.#untilAnswered(() => this.#world.child.teams.say(who, text));
  }

  /** The same message until it is answered: a new seq and signature each time, the id stays. */
  #kitSays(payload: Record<string, unknown>): Promise<Answered> {
    const raw = this.#kit.payload(payload);
    const id = this.#kit.newId();
    return this.#untilAnswered(() => this.#kit.sendRaw(raw, { id }));
  }

  /** Whether it did what it says. */
  async #press(who: string, button: ButtonId, mayBeGone = false): Promise<boolean> {
    const data = await this.#button(who, button, mayBeGone);
    return data !== undefined && (await this.#pressWith(who, button, data));
  }

  /** Presses Show code of someone's card as someone else, or once more when it is over. */
  async #mustNotSee(who: string, cardOf: string): Promise<void> {
    const data = this.#world.button(cardOf, 'show-code', this.#machine);
    if (data) await this.#pressWith(who, 'show-code', data);
  }

  async #pressWith(who: string, button: ButtonId, data: Record<string, string>): Promise<boolean> {
    const { body } = await this.#untilAnswered(() =>
      this.#world.child.teams.press(who, '1', { verb: button, data }),
    );
    const code = codeIn(body);
    if (code) this.#world.witness.seen.push({ code, by: who, afterEnd: this.#ended });
    return code !== undefined || wordsIn(body) === this.#handedOver;
  }

  async #button(who: string, button: ButtonId, mayBeGone: boolean) {
    for (;;) {
      if (this.#world.stopping()) throw new Stopped();
      const data = this.#world.button(who, button, this.#machine);
      if (data || mayBeGone) return data;
      await pause(5);
    }
  }

  /** Only an answer counts: what was sent when the bot died may have been done or not. */
  async #untilAnswered<T extends { readonly status: number }>(send: () => Promise<T>): Promise<T> {
    for (;;) {
      if (this.#world.stopping()) throw new Stopped();
      await this.#world.up();
      try {
        const answer = await send();
        if (answer.status < 500 && answer.status !== 429) {
          this.#world.witness.answers += 1;
          return answer;
        }
      } catch {
        // The bot is gone: asked again once it is back.
      }
      await pause(20);
    }
  }
}

/** The words beside a card that an Execute was answered with. */
function wordsIn(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'value' in body ? body.value : undefined;
}
