import type { MachineName, PersonKey } from '../../core/ids.ts';
import type { ButtonId, NoticeOf } from '../../core/notice.ts';
import type { Tx } from '../../core/ports.ts';
import type { Person, RollOut } from '../../core/roll-out.ts';
import { after, TAKE_OVER_MS } from '../../core/sign-in/limits.ts';
import { mayContinue } from '../../core/sign-in/open.ts';
import {
  acknowledge,
  answered,
  askedOf,
  decline,
  handOver,
  unexpected,
} from '../../core/sign-in/people.ts';
import { type Step, then, unchanged } from '../../core/sign-in/step.ts';
import type { Asked, SignIn } from '../../core/sign-in.ts';
import { rollOutToday } from '../absence.ts';
import type { SignInAnswer } from '../sign-in-flows.ts';
import { chainOf, maySee } from './asking.ts';
import type { TxDeps } from './deps.ts';
import { cardsOf, keep } from './keep.ts';
import { signInNotice } from './notice.ts';
import { sendNumber } from './number.ts';
import { isRefusal, mayOpen, openNew, refusal } from './open.ts';

/** Buttons of a sign-in's card that change something and show no code. */
export type SignInButton = Extract<
  ButtonId,
  'acknowledge' | 'decline' | 'unexpected' | 'hand-over' | 'continue' | 'confirm-number'
>;

const SIGN_IN_BUTTONS: ReadonlySet<ButtonId> = new Set<SignInButton>([
  'acknowledge',
  'decline',
  'unexpected',
  'hand-over',
  'continue',
  'confirm-number',
]);

export function isSignInButton(button: ButtonId): button is SignInButton {
  return SIGN_IN_BUTTONS.has(button);
}

/** What a press on one's own card does. Who the card belongs to was decided by the caller. */
export async function pressOnSignIn(
  tx: Tx,
  deps: TxDeps,
  rollOut: RollOut,
  person: Person,
  signIn: SignIn,
  button: SignInButton,
  number: string,
): Promise<SignInAnswer> {
  const now = deps.clock.now();
  switch (button) {
    case 'confirm-number':
      return sendNumber(tx, deps, rollOut, person, signIn, number);
    case 'continue':
      return continueSignIn(tx, deps, person, signIn);
    case 'acknowledge':
      return act(tx, deps, rollOut, person, signIn, 'acknowledged', acknowledge);
    case 'decline':
      return act(tx, deps, rollOut, person, signIn, 'declined', decline);
    case 'hand-over':
      return act(tx, deps, rollOut, person, signIn, 'handed-over', handOver);
    case 'unexpected': {
      // Whoever was asked may say so, whatever their role is by now.
      const step = unexpected(signIn, person.key, now);
      await keep(tx, deps, signIn, step);
      return told(step, 'burned', signIn.machine);
    }
  }
}

async function act(
  tx: Tx,
  deps: TxDeps,
  rollOut: RollOut,
  person: Person,
  signIn: SignIn,
  what: NoticeOf<'done'>['what'],
  event: (signIn: SignIn, person: PersonKey, now: Date) => Step,
): Promise<SignInAnswer> {
  const now = deps.clock.now();
  const site = rollOut.site(signIn.site);
  if (!maySee(deps, signIn, site, person)) {
    return refusal('not-allowed', { name: signIn.machine }, site);
  }
  const step = event(signIn, person.key, now);
  // Any press counts as an answer, also one that came too early.
  const pressed = step.refused ? { ...step, signIn: answered(signIn, person.key, now) } : step;
  await keep(tx, deps, signIn, pressed);
  return told(step, what, signIn.machine);
}

function told(step: Step, what: NoticeOf<'done'>['what'], machine: MachineName): SignInAnswer {
  if (step.refused) return refusal(step.refused, { name: machine });
  return { notice: { kind: 'done', what, machine } };
}

/** A new code after the last one ran out or failed: same opener, same engineer, same cards. */
async function continueSignIn(
  tx: Tx,
  deps: TxDeps,
  person: Person,
  signIn: SignIn,
): Promise<SignInAnswer> {
  const machine = { name: signIn.machine };
  if (signIn.openedBy !== person.key) return refusal('not-your-card', machine);
  const latest = await tx.signIns.latestFor(signIn.machine);
  const done: SignInAnswer = {
    notice: { kind: 'done', what: 'continued', machine: signIn.machine },
  };
  if (latest?.continues === signIn.id) return done;
  if (!mayContinue(signIn, deps.clock.now())) return refusal('code-over', machine);
  const opening = await mayOpen(tx, deps, person, signIn.machine);
  if ('notice' in opening) return opening;
  if (opening.joins) return done;
  const opened = await openNew(tx, deps, opening, signIn);
  return isRefusal(opened.notice) ? opened : done;
}

/** A button said as a sentence: on the person's own card of the machine's latest sign-in. */
export async function pressAs(
  tx: Tx,
  deps: TxDeps,
  given: Person,
  machine: MachineName,
  button: ButtonId,
): Promise<SignInAnswer> {
  const rollOut = await rollOutToday(tx, deps.clock);
  const person = rollOut.person(given.key);
  if (!person) return refusal('not-known');
  const signIn = (await tx.signIns.openFor(machine)) ?? (await tx.signIns.latestFor(machine));
  if (!signIn) return refusal('no-sign-in', { name: machine });
  const taking = button === 'hand-over' ? await asTaker(tx, deps, rollOut, person, signIn) : signIn;
  const asked = askedOf(taking, person.key);
  const opener = taking.openedBy === person.key;
  if (!asked && !opener) return refusal('not-your-card', { name: machine });
  if (button === 'show-code') {
    // Never by sentence: the answer to one is a message. The card has the button.
    const view = asked ? 'asked' : 'opener';
    const notice = signInNotice(deps, rollOut, signIn, view, person.key, deps.clock.now());
    const card = asked?.card ?? signIn.openerCard;
    return { notice, ...(card && { card }) };
  }
  if (!isSignInButton(button) || button === 'confirm-number') {
    return refusal('card-changed', { name: machine });
  }
  if (button === 'hand-over' && taking !== signIn) {
    return takeOver(tx, deps, rollOut, person, signIn, taking);
  }
  return pressOnSignIn(tx, deps, rollOut, person, signIn, button, '');
}

/** The deputy or a lead who has no card of it yet may take over by sentence, 90 s after showing. */
async function asTaker(
  tx: Tx,
  deps: TxDeps,
  rollOut: RollOut,
  person: Person,
  signIn: SignIn,
): Promise<SignIn> {
  const { progress } = signIn;
  const now = deps.clock.now();
  if (progress.state !== 'shown' || now < after(progress.shown.shownAt, TAKE_OVER_MS))
    return signIn;
  if (askedOf(signIn, person.key)) return signIn;
  const chain = await chainOf(tx, deps, rollOut, signIn);
  const candidate = chain.flat().find((one) => one.person === person.key);
  if (!candidate) return signIn;
  const card = cardsOf(deps, signIn)(person.key);
  const asked: Asked = { person: person.key, as: candidate.as, card, askedAt: now };
  return { ...signIn, asked: [...signIn.asked, asked] };
}

async function takeOver(
  tx: Tx,
  deps: TxDeps,
  rollOut: RollOut,
  person: Person,
  signIn: SignIn,
  taking: SignIn,
): Promise<SignInAnswer> {
  if (!maySee(deps, signIn, rollOut.site(signIn.site), person)) {
    return refusal('not-allowed', { name: signIn.machine });
  }
  const step = then(unchanged(taking), handOver(taking, person.key, deps.clock.now()));
  if (!step.refused) await keep(tx, deps, signIn, step);
  return told(step, 'handed-over', signIn.machine);
}
