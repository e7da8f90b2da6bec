import { runAttacks } from './attacks/run.ts';
import { canaries } from './canaries.ts';
import { type Print, printClaim } from './claim.ts';
import { races } from './races.ts';

/** What docs/sign-in.md promises, each counted: exit 0 only when all of it held. */
export async function run(print: Print): Promise<boolean> {
  const claims = [() => runAttacks(print), canaries, races];
  let fine = true;
  for (const claim of claims) fine = printClaim(print, await claim()) && fine;
  return fine;
}
