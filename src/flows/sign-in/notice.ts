import type { PersonKey } from '../../core/ids.ts';
import type { PersonName, SignInNotice } from '../../core/notice.ts';
import type { RollOut } from '../../core/roll-out.ts';
import { askedButtons, confirmAs, openerButtons } from '../../core/sign-in/buttons.ts';
import { withWhom } from '../../core/sign-in/people.ts';
import { codeOf, roundOf, roundsUsed, silentSince } from '../../core/sign-in/step.ts';
import { isEnded, type SignIn } from '../../core/sign-in.ts';
import { personName, siteName } from '../names.ts';
import type { TxDeps } from './deps.ts';

type NoticeDeps = Pick<TxDeps, 'signIn' | 'explainError'>;
type Part = Partial<SignInNotice>;

/** One side's look at a sign-in. Nothing of the code is in it but until when it lives. */
export function signInNotice(
  deps: NoticeDeps,
  rollOut: RollOut,
  signIn: SignIn,
  view: SignInNotice['view'],
  reader: PersonKey | undefined,
  now: Date,
): SignInNotice {
  const { twoPersons } = deps.signIn;
  const confirms = reader && confirmAs(signIn, reader, twoPersons);
  return {
    kind: 'sign-in',
    view,
    signIn: signIn.id,
    machine: signIn.machine,
    site: siteName(rollOut, signIn.site),
    state: signIn.progress.state,
    round: roundsUsed(signIn),
    openedBy: nameOf(rollOut, signIn.openedBy),
    openedAt: signIn.openedAt,
    ...progressPart(deps, rollOut, signIn, now),
    ...askedPart(rollOut, signIn, reader),
    ...(signIn.held && { held: signIn.held }),
    ...(signIn.afterCheck && { afterCheck: signIn.afterCheck }),
    ...(confirms && view !== 'channel' && { confirmAs: confirms }),
    buttons: buttonsOf(view, signIn, reader, twoPersons, now),
  };
}

function buttonsOf(
  view: SignInNotice['view'],
  signIn: SignIn,
  reader: PersonKey | undefined,
  twoPersons: boolean,
  now: Date,
): SignInNotice['buttons'] {
  switch (view) {
    case 'opener':
      return reader === signIn.openedBy ? openerButtons(signIn, now) : [];
    case 'asked':
      return reader ? askedButtons(signIn, reader, twoPersons, now) : [];
    case 'channel':
      return [];
  }
}

function progressPart(deps: NoticeDeps, rollOut: RollOut, signIn: SignIn, now: Date): Part {
  const { progress } = signIn;
  if (isEnded(progress)) {
    const { settledAt, reason, by, azcmCode, shownTo } = progress;
    const finding = azcmCode === undefined ? undefined : deps.explainError(azcmCode);
    return {
      settledAt,
      reason,
      ...(by && { endedBy: nameOf(rollOut, by) }),
      ...(azcmCode && { azcmCode }),
      ...(finding && { finding }),
      ...(shownTo && { shownTo: nameOf(rollOut, shownTo) }),
    };
  }
  if (progress.state === 'opened') return { untilAt: progress.expiresAt };
  const code = codeOf(progress);
  const silentSinceAt = silentSince(progress, now);
  const confirmation = 'confirmation' in progress ? progress.confirmation : undefined;
  return {
    ...(code && { untilAt: code.expiresAt }),
    ...(code && code.wrongTries > 0 && { wrongTries: code.wrongTries }),
    ...(silentSinceAt && { silentSinceAt }),
    ...(confirmation && {
      confirmedBy: nameOf(rollOut, confirmation.by),
      confirmedHow: confirmation.how,
      confirmedAt: confirmation.confirmedAt,
    }),
    ...(progress.state === 'shown' && {
      shownTo: nameOf(rollOut, progress.shown.to),
      shownAt: progress.shown.shownAt,
    }),
  };
}

function askedPart(rollOut: RollOut, signIn: SignIn, reader: PersonKey | undefined): Part {
  const asked = withWhom(signIn);
  const answering = signIn.asked.findLast((one) => one.answeredAt && !one.handedOverAt);
  const passed = roundOf(signIn.progress)?.over === 'handed-over';
  const passedBy = passed ? signIn.asked.findLast((one) => one.handedOverAt) : undefined;
  const mine = signIn.asked.find((one) => one.person === reader);
  const nobody =
    !isEnded(signIn.progress) && signIn.escalation?.exhausted === true && asked === undefined;
  return {
    ...(asked && { asked: nameOf(rollOut, asked.person), askedAs: asked.as }),
    ...(answering && { acknowledgedBy: nameOf(rollOut, answering.person) }),
    ...(passedBy && { handedOverBy: nameOf(rollOut, passedBy.person) }),
    ...(mine?.handedOverAt && { handedOver: true }),
    ...(nobody && { nobodyReachable: true }),
  };
}

function nameOf(rollOut: RollOut, key: PersonKey): PersonName {
  return personName(rollOut, key) ?? { key, name: key, nameEn: key };
}
