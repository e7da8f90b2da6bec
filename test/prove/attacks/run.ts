import type { Claim, Print } from '../claim.ts';
import { WholeBot } from '../whole-bot.ts';
import { AT_THE_DOOR } from './at-the-door.ts';
import { AT_THE_EDGES } from './at-the-edges.ts';
import type { Attack } from './attack.ts';
import { FROM_SERVERS } from './from-servers.ts';
import { WITH_CARDS } from './with-cards.ts';
import { WITH_NUMBERS } from './with-numbers.ts';

export const ATTACKS: readonly Attack[] = [
  ...FROM_SERVERS,
  ...AT_THE_DOOR,
  ...WITH_NUMBERS,
  ...WITH_CARDS,
  ...AT_THE_EDGES,
];

/** Each attack on a bot of its own; each one that was stopped is named. */
export async function runAttacks(print: Print): Promise<Claim> {
  let held = 0;
  const short: string[] = [];
  for (const attack of ATTACKS) {
    const bot = await WholeBot.start(attack.options);
    try {
      await attack.run(bot);
      held += 1;
      print(`stopped: ${attack.name}`);
    } catch (error) {
      short.push(`not stopped: ${attack.name} (${error instanceof Error ? error.stack : error})`);
    } finally {
      await bot.close();
    }
  }
  return { what: 'attacks stopped', held, of: ATTACKS.length, short };
}
