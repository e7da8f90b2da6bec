import type { RefusalReason } from '../../core/notice.ts';
import type { Tx } from '../../core/ports.ts';
import type { Person, RollOut } from '../../core/roll-out.ts';
import { burn } from '../../core/sign-in/ends.ts';
import { SHOWINGS } from '../../core/sign-in/limits.ts';
import { askedOf, reveal } from '../../core/sign-in/people.ts';
import type { RevealAnswer, SignIn } from '../../core/sign-in.ts';
import { siteName } from '../names.ts';
import { maySee } from './asking.ts';
import type { TxDeps } from './deps.ts';
import { keep } from './keep.ts';
import { revealNonce } from './nonces.ts';
import { whyOff } from './switch.ts';

/** What a code is sealed for: no other sign-in or round opens it. */
export function sealContext(signIn: Pick<SignIn, 'id'>, round: number): string {
  return `code.${signIn.id}.${round}`;
}

/** Why this person would not be shown the code now; nothing changes, nothing is unsealed. */
export async function whyNotShown(
  tx: Tx,
  deps: TxDeps,
  rollOut: RollOut,
  person: Person,
  signIn: SignIn,
): Promise<RefusalReason | undefined> {
  const off = await whyOff(tx, deps.signIn);
  if (off) return off;
  if (!maySee(deps, signIn, rollOut.site(signIn.site), person)) {
    return person.key === signIn.openedBy && deps.signIn.twoPersons ? 'two-persons' : 'not-allowed';
  }
  return reveal(signIn, person.key, deps.clock.now()).refused;
}

/** Unseals the code for one answer to one person; nothing that holds it is kept. */
export async function revealCode(
  tx: Tx,
  deps: TxDeps,
  rollOut: RollOut,
  person: Person,
  signIn: SignIn,
): Promise<RevealAnswer | RefusalReason> {
  const refused = await whyNotShown(tx, deps, rollOut, person, signIn);
  if (refused) return refused;
  const now = deps.clock.now();
  const account = accountOf(deps, person);
  const step = reveal(signIn, person.key, now, account);
  const { progress } = step.signIn;
  const asked = askedOf(step.signIn, person.key);
  if (progress.state !== 'shown' || !progress.code || !asked) return 'code-over';
  const { code, round, confirmation, shown } = progress;
  const userCode = deps.vault.open(code.sealed, sealContext(signIn, round.number));
  if (userCode === undefined) {
    await keep(tx, deps, signIn, burn(signIn, 'settings-changed', now));
    return 'code-over';
  }
  await keep(tx, deps, signIn, step);
  const site = siteName(rollOut, signIn.site);
  const { application } = deps.signIn;
  const opener = rollOut.person(signIn.openedBy);
  return {
    kind: 'reveal',
    userCode,
    verificationUri: code.verificationUri,
    expiresAt: code.expiresAt,
    machine: signIn.machine,
    siteName: site.name,
    siteNameEn: site.nameEn,
    ...(account && { onboardingAccount: account }),
    ...(application && { application }),
    openerName: opener?.name ?? signIn.openedBy,
    ...(opener && { openerNameEn: opener.nameEn }),
    confirmedAt: confirmation.confirmedAt,
    confirmedHow: confirmation.how,
    again: shown.times < SHOWINGS,
    card: asked.card,
    nonce: revealNonce(deps.vault, asked.card, signIn.id, round.number, shown.times),
  };
}

/** The account a code is entered with: the person's own onboarding account, else the roll-out's. */
function accountOf(deps: Pick<TxDeps, 'signIn'>, person: Person): string | undefined {
  return person.onboardingUpn ?? deps.signIn.onboardingAccount;
}
