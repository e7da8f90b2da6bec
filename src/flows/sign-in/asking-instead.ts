import type { Tx } from '../../core/ports.ts';
import { askNextNow, isAnswered } from '../../core/sign-in/escalation.ts';
import { changed } from '../../core/sign-in/step.ts';
import { rollOutToday } from '../absence.ts';
import type { TxDeps } from './deps.ts';
import { keep } from './keep.ts';

/** What waits for someone who has just said that they are away goes to the next person at once. */
export async function askInstead(tx: Tx, deps: TxDeps): Promise<void> {
  const rollOut = await rollOutToday(tx, deps.clock);
  for (const signIn of await tx.signIns.listOpen()) {
    const away = rollOut.site(signIn.site)?.away ?? [];
    const waits = signIn.asked.filter((asked) => !asked.handedOverAt);
    if (waits.length === 0 || isAnswered(signIn)) continue;
    if (!waits.every(({ person }) => away.includes(person))) continue;
    await keep(tx, deps, signIn, changed(askNextNow(signIn, deps.clock.now())));
  }
}
