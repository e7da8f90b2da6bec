import type { PersonKey } from '../ids.ts';
import type { ButtonId } from '../notice.ts';
import { isEnded, type SignIn } from '../sign-in.ts';
import { SHOWINGS } from './limits.ts';
import { mayContinue } from './open.ts';
import { askedOf, mayTakeOver } from './people.ts';
import { liveCode, silentSince } from './step.ts';

export type ConfirmAs = 'number' | 'phone' | 'self';

/**
 * In what part someone would send the console's number: the opener, the opener who will see the code, or
 * who was asked and calls the console. Undefined: it is not theirs to send.
 */
export function confirmAs(
  signIn: SignIn,
  person: PersonKey,
  twoPersons: boolean,
): ConfirmAs | undefined {
  const asked = askedOf(signIn, person) !== undefined;
  if (person === signIn.openedBy) return asked ? 'self' : 'number';
  return asked && !twoPersons ? 'phone' : undefined;
}

/** What the opener's card offers. */
export function openerButtons(signIn: SignIn, now: Date): readonly ButtonId[] {
  if (mayContinue(signIn, now)) return ['continue'];
  const open = signIn.progress.state === 'waiting' && liveCode(signIn.progress, now);
  return open ? ['confirm-number'] : [];
}

/** What the card of someone who was asked offers. */
export function askedButtons(
  signIn: SignIn,
  person: PersonKey,
  twoPersons: boolean,
  now: Date,
): readonly ButtonId[] {
  const { progress } = signIn;
  const asked = askedOf(signIn, person);
  if (isEnded(progress)) {
    if (person === signIn.openedBy && mayContinue(signIn, now)) return ['continue'];
    return progress.shownTo === person && progress.reason !== 'unexpected' ? ['unexpected'] : [];
  }
  if (!asked) return [];
  if (asked.handedOverAt) return ['acknowledge', 'unexpected'];
  if (progress.state === 'shown') return shownButtons(signIn, person, now);
  const buttons: ButtonId[] = [];
  const live = liveCode(progress, now) !== undefined;
  const mayLook = live && progress.state === 'confirmed' && signIn.held === undefined;
  if (mayLook && !silentSince(progress, now)) buttons.push('show-code');
  if (!asked.answeredAt || signIn.held) buttons.push('acknowledge');
  const confirms = confirmAs(signIn, person, twoPersons) !== undefined;
  if (live && progress.state === 'waiting' && confirms) buttons.push('confirm-number');
  return [...buttons, 'unexpected', 'decline'];
}

function shownButtons(signIn: SignIn, person: PersonKey, now: Date): readonly ButtonId[] {
  const { progress } = signIn;
  if (progress.state !== 'shown') return [];
  const { shown } = progress;
  if (shown.to !== person) {
    return mayTakeOver(shown, now) ? ['hand-over', 'unexpected'] : ['unexpected'];
  }
  const again = liveCode(progress, now) && shown.times < SHOWINGS;
  return again ? ['show-code', 'hand-over', 'unexpected'] : ['hand-over', 'unexpected'];
}
