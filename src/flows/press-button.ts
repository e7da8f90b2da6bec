import type { Card, Notice } from '../core/notice.ts';
import type { ReadTx, Tx } from '../core/ports.ts';
import type { Person, RollOut } from '../core/roll-out.ts';
import { answered } from '../core/sign-in/people.ts';
import { changed } from '../core/sign-in/step.ts';
import type { SignIn } from '../core/sign-in.ts';
import type { Press, PressAnswer } from '../core/turn.ts';
import { rollOutToday } from './absence.ts';
import { acknowledgeAlert, alertOfCard, assignAlert, resolveAlert, snoozeAlert } from './alerts.ts';
import { isTokenDialogNonce, showToken } from './kit-in-chat.ts';
import type { SignInDeps } from './sign-in/deps.ts';
import { keep } from './sign-in/keep.ts';
import { dialogNonce, isDialogNonce, isNonceOf, isRevealNonce } from './sign-in/nonces.ts';
import { open, refusal } from './sign-in/open.ts';
import { isSignInButton, pressOnSignIn } from './sign-in/presses.ts';
import { revealCode, whyNotShown } from './sign-in/reveal.ts';

export interface PressDeps extends SignInDeps {
  /** Buttons of other rooms (`confirm`, `approve`, …), in a transaction of their own; undefined: not theirs. */
  readonly pressElsewhere: (press: Press, card: Card) => Promise<Notice | undefined>;
}

/**
 * The one door for every button. A card of a person obeys only its addressee, the channel's only for
 * alerts; who presses and what they may is decided anew from the store; a nonce acts once, and its repeat
 * by the same person is answered the same.
 */
export async function pressButton(deps: PressDeps, press: Press): Promise<PressAnswer> {
  const first = await deps.store.write(async (tx) => {
    const gate = await pass(tx, deps, press);
    if ('notice' in gate) return gate;
    return pressHere(tx, deps, gate, press);
  });
  return first === 'elsewhere' ? pressInOwnTransaction(deps, press) : first;
}

/** A press that may be acted on. */
interface Passed {
  readonly card: Card;
  readonly person: Person;
  readonly rollOut: RollOut;
  readonly signIn?: SignIn;
  /** Pressed before by the same person, with this answer. */
  readonly before?: { readonly answer?: Notice };
}

async function pass(tx: ReadTx, deps: PressDeps, press: Press): Promise<Passed | PressAnswer> {
  const rollOut = await rollOutToday(tx, deps.clock);
  const person = rollOut.person(press.person.key);
  if (!person) return refused('not-known');
  const card = await tx.cards.get(press.card);
  if (!card) return refused('card-gone');
  const notHere = whyNotHere(card, person, press);
  if (notHere) return refused(notHere);
  const { notice } = card;
  const signIn =
    notice.kind === 'sign-in' && card.audience.kind === 'person'
      ? await tx.signIns.get(notice.signIn)
      : undefined;
  if (!isOurs(deps, card, person, signIn, press)) return refused('card-changed');
  const used = await tx.cards.action(usedKey(deps, press));
  if (used && (used.person !== person.key || used.button !== press.button)) {
    return refused('already-done');
  }
  return {
    card,
    person,
    rollOut,
    ...(signIn && { signIn }),
    ...(used && { before: { ...(used.answer && { answer: used.answer }) } }),
  };
}

const CHANNEL_BUTTONS: ReadonlySet<Press['button']> = new Set([
  'acknowledge',
  'snooze',
  'resolve',
  'assign',
]);

function whyNotHere(card: Card, person: Person, { button, scope }: Press) {
  const { audience, notice } = card;
  switch (audience.kind) {
    case 'person':
      if (audience.person !== person.key) return 'not-your-card';
      return scope === 'personal' || scope === 'terminal' ? undefined : 'only-in-personal-chat';
    case 'channel':
      return CHANNEL_BUTTONS.has(button) && notice.kind !== 'sign-in' ? undefined : 'not-your-card';
    case 'conversation':
      return notice.kind === 'sign-in' ? 'not-your-card' : undefined;
  }
}

/** The nonce was made by us for this button of this card, as it is or lately was. */
function isOurs(
  deps: PressDeps,
  card: Card,
  person: Person,
  signIn: SignIn | undefined,
  { button, nonce, via }: Press,
): boolean {
  const { vault } = deps;
  if ((button === 'show-code' || button === 'unexpected') && via === 'dialog-submit') {
    if (!signIn) return false;
    return (
      isDialogNonce(vault, card.id, person.key, signIn, nonce) ||
      isRevealNonce(vault, card.id, signIn, nonce)
    );
  }
  if (button === 'show-token' && via === 'dialog-submit') {
    return isTokenDialogNonce(vault, card.id, person.key, nonce);
  }
  if (isNonceOf(vault, card, button, nonce)) return true;
  const besideCode = button === 'show-code' || button === 'hand-over' || button === 'unexpected';
  return besideCode && signIn !== undefined && isRevealNonce(vault, card.id, signIn, nonce);
}

/**
 * The buttons beside a shown code share one nonce; each of them acts once. A number that was corrected is
 * another press, the same number again is a repeat and not another try.
 */
function usedKey({ vault }: Pick<PressDeps, 'vault'>, { nonce, button, inputs }: Press): string {
  const { number } = inputs;
  if (button !== 'confirm-number' || number === undefined) return `${nonce}.${button}`;
  return `${nonce}.${button}.${vault.mac(`number.${number}`)}`;
}

async function pressHere(
  tx: Tx,
  deps: PressDeps,
  passed: Passed,
  press: Press,
): Promise<PressAnswer | 'elsewhere'> {
  const { signIn } = passed;
  if (press.button === 'show-code') {
    return signIn ? showCode(tx, deps, passed, signIn, press) : refused('card-changed');
  }
  if (press.button === 'show-token') {
    const shown = await showToken(tx, deps, passed, press);
    if (shown.token && !passed.before) await use(tx, deps, passed, press);
    return shown;
  }
  if (passed.before?.answer) return told(passed.before.answer);
  const notice = await act(tx, deps, passed, press);
  if (!notice) return 'elsewhere';
  await use(tx, deps, passed, press, notice);
  return told(notice);
}

/** Undefined: the button belongs to another room. */
async function act(
  tx: Tx,
  deps: PressDeps,
  { card, person, rollOut, signIn }: Passed,
  press: Press,
): Promise<Notice | undefined> {
  const { button, inputs } = press;
  if (signIn) {
    // Said once more on its own card: joins the open sign-in.
    if (button === 'open-sign-in' || button === 'confirm') return undefined;
    if (!isSignInButton(button)) return refusal('card-changed').notice;
    const number = inputs.number ?? '';
    return (await pressOnSignIn(tx, deps, rollOut, person, signIn, button, number)).notice;
  }
  const alert = CHANNEL_BUTTONS.has(button) ? await alertOfCard(tx, card) : undefined;
  if (!alert) return undefined;
  switch (button) {
    case 'acknowledge':
      return acknowledgeAlert(tx, deps, alert.id, person);
    case 'snooze':
      return snoozeAlert(tx, deps, alert.id, person);
    case 'resolve':
      return resolveAlert(tx, deps, alert.id, person);
    case 'assign': {
      const site = alert.site === undefined ? undefined : rollOut.site(alert.site);
      const to = rollOut.person(inputs.person ?? site?.engineer ?? person.key);
      return to ? assignAlert(tx, deps, alert.id, person, to) : refusal('not-known').notice;
    }
    case 'open-sign-in':
    case 'confirm-number':
    case 'show-code':
    case 'unexpected':
    case 'decline':
    case 'hand-over':
    case 'continue':
    case 'approve':
    case 'confirm':
    case 'show-token':
      return undefined;
  }
}

/**
 * The only way to a code. As a message never: its answer would be stored. In a dialog the fetch brings a
 * nonce and only the submit the code; directly only where the settings say so.
 */
async function showCode(
  tx: Tx,
  deps: PressDeps,
  passed: Passed,
  signIn: SignIn,
  press: Press,
): Promise<PressAnswer> {
  const { rollOut, person, card } = passed;
  switch (press.via) {
    case 'message':
      return refused('card-changed');
    case 'dialog-fetch': {
      if (deps.signIn.reveal !== 'dialog') return refused('card-changed');
      const why = await whyNotShown(tx, deps, rollOut, person, signIn);
      await countAnswer(tx, deps, person, signIn);
      if (why) return refusedFor(signIn, why);
      const salt = deps.random.id();
      return {
        ...told(card.notice),
        dialogNonce: dialogNonce(deps.vault, card.id, person.key, signIn, salt),
        dialogCard: card.id,
      };
    }
    case 'dialog-submit':
      if (deps.signIn.reveal !== 'dialog') return refused('card-changed');
      break;
    case 'execute':
    case 'terminal':
      if (deps.signIn.reveal !== 'card') return refused('card-changed');
      break;
  }
  const reveal = await revealCode(tx, deps, rollOut, person, signIn);
  if (typeof reveal === 'string') {
    await countAnswer(tx, deps, person, signIn);
    return refusedFor(signIn, reveal);
  }
  if (!passed.before) await use(tx, deps, passed, press);
  const kept = await tx.cards.get(card.id);
  return { ...told(kept?.notice ?? card.notice), reveal };
}

/** A press that came too early still says that someone is there. */
async function countAnswer(tx: Tx, deps: PressDeps, person: Person, signIn: SignIn): Promise<void> {
  const kept = (await tx.signIns.get(signIn.id)) ?? signIn;
  const next = answered(kept, person.key, deps.clock.now());
  if (next !== kept) await keep(tx, deps, kept, changed(next));
}

/** Opening asks Azure first, and other rooms have their own transactions: the nonce is used up afterwards. */
async function pressInOwnTransaction(deps: PressDeps, press: Press): Promise<PressAnswer> {
  const gate = await deps.store.read((tx) => pass(tx, deps, press));
  if ('notice' in gate) return gate;
  const notice =
    press.button === 'open-sign-in' || gate.signIn
      ? await openFromCard(deps, gate, press)
      : await deps.pressElsewhere({ ...press, person: gate.person }, gate.card);
  const answer = notice ?? refusal('card-changed').notice;
  await deps.store.write(async (tx) => {
    if (!(await tx.cards.action(usedKey(deps, press)))) await use(tx, deps, gate, press, answer);
  });
  return told(answer);
}

async function openFromCard(
  deps: PressDeps,
  { card, person, rollOut }: Passed,
  press: Press,
): Promise<Notice> {
  const names = machinesOf(card.notice);
  const wanted = press.inputs.machine ?? (names.length === 1 ? names[0] : undefined);
  if (wanted === undefined) return refusal('machine-needed').notice;
  const machine = rollOut.machine(wanted);
  if (!machine || !names.includes(machine.name)) return refusal('machine-unknown').notice;
  return (await open(deps, person, machine.name)).notice;
}

/** The machines a card speaks of: a press on it opens a sign-in for one of these only. */
function machinesOf(notice: Notice): readonly string[] {
  if (notice.kind === 'sign-in') return [notice.machine];
  if (notice.kind === 'next-step') return notice.steps.map((step) => step.machine);
  if (notice.kind === 'machine-status') return notice.machines.map((one) => one.machine);
  if (notice.kind === 'site-status') {
    return notice.sites.flatMap((site) => site.machines.map((one) => one.machine));
  }
  if (notice.kind === 'confirm') return notice.machines;
  return 'machine' in notice && notice.machine ? [notice.machine] : [];
}

async function use(
  tx: Tx,
  deps: PressDeps,
  { card, person }: Passed,
  press: Press,
  answer?: Notice,
): Promise<void> {
  // A refusal changes nothing, so the same button may be pressed again; a wrong number was counted.
  if (answer?.kind === 'refusal' && answer.reason !== 'wrong-number') return;
  await tx.cards.useNonce({
    nonce: usedKey(deps, press),
    card: card.id,
    button: press.button,
    person: person.key,
    usedAt: deps.clock.now(),
    ...(answer && { answer }),
  });
}

function told(notice: Notice): PressAnswer {
  return { notice, refused: notice.kind === 'refusal' };
}

function refused(reason: Parameters<typeof refusal>[0]): PressAnswer {
  return told(refusal(reason).notice);
}

function refusedFor(signIn: SignIn, reason: Parameters<typeof refusal>[0]): PressAnswer {
  return told(refusal(reason, { name: signIn.machine }).notice);
}
