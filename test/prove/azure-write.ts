import { SsoWorld, WRONG_TOKENS } from '../flows/repair/sso-world.ts';
import { type Print, printClaim } from './claim.ts';

/** Tokens that must change nothing, each brought by Teams to a repair that is to be approved; and the right one. */
export async function proveWrite(print: Print): Promise<boolean> {
  const short: string[] = [];
  for (const [what, bring] of Object.entries(WRONG_TOKENS)) {
    const world = await SsoWorld.start();
    try {
      world.bring = bring(world);
      const { body } = await world.approve();
      await world.assertNothingChanged(body);
    } catch {
      short.push(what);
    } finally {
      await world.close();
    }
  }
  const of = Object.keys(WRONG_TOKENS).length;
  const what = 'wrong sign-in tokens that changed nothing';
  const refused = printClaim(print, { what, held: of - short.length, of, short });

  const world = await SsoWorld.start();
  try {
    await world.approve();
    const held = world.repairs.writes().length;
    const right = 'right token that began its one step';
    return printClaim(print, { what: right, held, of: 1 }) && refused;
  } finally {
    await world.close();
  }
}
