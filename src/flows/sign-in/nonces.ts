import type { CardId, PersonKey, SignInId } from '../../core/ids.ts';
import type { ButtonId, Card } from '../../core/notice.ts';
import type { Vault } from '../../core/ports.ts';
import { SHOWINGS } from '../../core/sign-in/limits.ts';
import { roundOf } from '../../core/sign-in/step.ts';
import type { SignIn } from '../../core/sign-in.ts';

/**
 * Nonces are derived, so that drawing a card writes nothing. Each belongs to one button of one card as it
 * was drawn; the action data of a button is `{ card, button, nonce }`.
 */
export function nonceFor(
  vault: Pick<Vault, 'mac'>,
  card: Pick<Card, 'id' | 'revision'>,
  button: ButtonId,
): string {
  return vault.mac(`press.${card.id}.${card.revision}.${button}`);
}

/** Someone may press what they saw a while ago: a card that was edited since, or was frozen. */
const REVISIONS_BACK = 100;

export function isNonceOf(
  vault: Pick<Vault, 'mac'>,
  card: Pick<Card, 'id' | 'revision'>,
  button: ButtonId,
  nonce: string,
): boolean {
  const oldest = Math.max(1, card.revision - REVISIONS_BACK);
  for (let revision = card.revision; revision >= oldest; revision--) {
    if (same(nonceFor(vault, { id: card.id, revision }, button), nonce)) return true;
  }
  return false;
}

/** The buttons beside a shown code: `show-code` again, `hand-over`, `unexpected`. */
export function revealNonce(
  vault: Pick<Vault, 'mac'>,
  card: CardId,
  signIn: SignInId,
  round: number,
  times: number,
): string {
  return vault.mac(`reveal.${card}.${signIn}.${round}.${times}`);
}

export function isRevealNonce(
  vault: Pick<Vault, 'mac'>,
  card: CardId,
  signIn: SignIn,
  nonce: string,
): boolean {
  const rounds = signIn.lastShown?.round ?? 0;
  for (let round = rounds; round >= 1; round--) {
    for (let times = 1; times <= SHOWINGS; times++) {
      if (same(revealNonce(vault, card, signIn.id, round, times), nonce)) return true;
    }
  }
  return false;
}

/** What a dialog must bring back: fresh for every fetch, for this person, card and round alone. */
export function dialogNonce(
  vault: Pick<Vault, 'mac'>,
  card: CardId,
  person: PersonKey,
  signIn: SignIn,
  salt: string,
): string {
  const round = roundOf(signIn.progress)?.number ?? 0;
  return `${salt}.${vault.mac(`dialog.${card}.${person}.${signIn.id}.${round}.${salt}`)}`;
}

export function isDialogNonce(
  vault: Pick<Vault, 'mac'>,
  card: CardId,
  person: PersonKey,
  signIn: SignIn,
  nonce: string,
): boolean {
  const [salt = ''] = nonce.split('.');
  return same(dialogNonce(vault, card, person, signIn, salt), nonce);
}

/** Compares without telling by its time where the first difference is. */
export function same(expected: string, given: string): boolean {
  if (expected.length !== given.length) return false;
  let difference = 0;
  for (let i = 0; i < expected.length; i++) {
    difference |= expected.charCodeAt(i) ^ given.charCodeAt(i);
  }
  return difference === 0;
}
