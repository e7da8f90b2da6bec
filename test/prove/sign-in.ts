import { runAttacks } from './attacks/run.ts';
import { canaries } from './canaries.ts';
import { type Print, printClaim } from './claim.ts';
import { kills } from './kills.ts';
import { races } from './races.ts';

/** What docs/sign-in.md promises, each counted: exit 0 only when all of it held. */
export async function prove(print: Print): Promise<boolean> {
  const claims = [() => runAttacks(print), canaries, races, kills];
  let fine = true;
  for (const claim of claims) fine = printClaim(print, await claim()) && fine;
  return fine;
}
