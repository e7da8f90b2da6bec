import assert from 'node:assert/strict';
import type { BotAnswer } from '../../../src/sim/connector.ts';
import type { KitClient } from '../../support/kit-client.ts';
import { MADE_CODES } from '../../support/made-codes.ts';
import {
  base64Text,
  codeIn,
  M1,
  prompt,
  type WholeBot,
  type WholeBotOptions,
} from '../whole-bot.ts';

/** One scripted attack: it throws when the attack got through, or was not even tried. */
export interface Attack {
  readonly name: string;
  readonly options?: WholeBotOptions;
  run(bot: WholeBot): Promise<void>;
}

export const [CODE, OTHER] = MADE_CODES;

export async function opened(bot: WholeBot, machine: string = M1): Promise<KitClient> {
  const kit = await bot.kit(machine);
  await bot.say('yamamoto', `${machine}を接続したい`);
  assert.equal(await bot.state(machine), 'opened');
  return kit;
}

export function ready(kit: KitClient) {
  return kit.send({ type: 'ready' });
}

export function sendCode(kit: KitClient, code: string, round = 1) {
  return kit.send({ type: 'device-code', round, text_b64: base64Text(prompt(code)) });
}

export interface Held {
  readonly kit: KitClient;
  readonly number: string;
  readonly wrong: string;
}

/** Opened by yamamoto, told `go`, its code held. */
export async function held(
  bot: WholeBot,
  code: string = CODE,
  machine: string = M1,
): Promise<Held> {
  const kit = await opened(bot, machine);
  assert.equal((await ready(kit)).lines.do, 'go');
  const { lines } = await sendCode(kit, code);
  assert.match(lines.number ?? '', /^\d{4}$/);
  const number = lines.number ?? '';
  return { kit, number, wrong: number === '0000' ? '1111' : '0000' };
}

/** As held(), its number sent by yamamoto; takahashi's card has Show code. */
export async function confirmed(bot: WholeBot, machine: string = M1): Promise<Held> {
  const code = await held(bot, CODE, machine);
  await bot.say('yamamoto', `${machine} ${code.number}`);
  assert.equal(await bot.state(machine), 'confirmed');
  await bot.button('takahashi', 'show-code', machine);
  return code;
}

/** Nothing that was answered shows a code. */
export function showsNothing(...answers: readonly BotAnswer[]): void {
  for (const { body } of answers) {
    assert.equal(codeIn(body), undefined);
    assert.doesNotMatch(JSON.stringify(body ?? ''), /MADECODE/);
  }
}

/** What the attack was after still works for whom it was meant: the attack alone was stopped. */
export async function showsToEngineer(bot: WholeBot, code: string = CODE): Promise<void> {
  assert.equal(codeIn((await bot.press('takahashi', 'show-code')).body), code);
}
