import type { PersonKey } from '../ids.ts';
import {
  type Asked,
  type Confirmation,
  type HeldCode,
  isEnded,
  type Shown,
  type SignIn,
} from '../sign-in.ts';
import { askNextNow, isAnswered, stopClockForNumber } from './escalation.ts';
import { after, ROUNDS, SHOWINGS, TAKE_OVER_MS, WRONG_TRIES } from './limits.ts';
import { nobodyAnswered, supersede } from './rounds.ts';
import {
  changed,
  liveCode,
  refuse,
  roundsUsed,
  type Step,
  settle,
  silentSince,
  then,
  unchanged,
} from './step.ts';

export interface Try {
  readonly by: PersonKey;
  readonly how: Confirmation['how'];
  readonly number: string;
}

/** The console's number: right confirms the code, the third wrong one burns it. */
export function confirm(signIn: SignIn, tried: Try, now: Date): Step {
  const { progress } = signIn;
  const code = liveCode(progress, now);
  if (isEnded(progress)) return refuse(signIn, 'code-over');
  if (!code) return refuse(signIn, progress.state === 'shown' ? 'code-over' : 'no-sign-in');
  const right = tried.number === code.matchNumber;
  if (progress.state !== 'waiting') {
    return right ? unchanged(signIn) : refuse(signIn, 'already-done');
  }
  if (!right) return wrongTry(signIn, code, tried, now);
  const confirmation: Confirmation = { by: tried.by, how: tried.how, confirmedAt: now };
  const paused = tried.by === signIn.openedBy ? stopClockForNumber(signIn, now) : signIn;
  return changed(
    { ...paused, progress: { ...progress, state: 'confirmed', confirmation } },
    {
      event: 'sign-in-confirmed',
      by: tried.by,
      facts: { how: tried.how, round: progress.round.number },
    },
  );
}

function wrongTry(signIn: SignIn, code: HeldCode, tried: Try, now: Date): Step {
  const { progress } = signIn;
  if (progress.state !== 'waiting') return unchanged(signIn);
  const wrongTries = code.wrongTries + 1;
  const counted = changed(
    { ...signIn, progress: { ...progress, code: { ...code, wrongTries } } },
    {
      event: 'sign-in-number-wrong',
      by: tried.by,
      facts: { how: tried.how, tries: wrongTries, round: progress.round.number },
    },
  );
  if (wrongTries < WRONG_TRIES) return { ...counted, refused: 'wrong-number' };
  const burned = settle(counted.signIn, { state: 'burned', reason: 'wrong-number' }, now);
  return { ...then(counted, burned), alerts: ['wrong-number'], refused: 'wrong-number' };
}

/** Shows the code to one person, the first time or again; the caller unseals it for this one answer. */
export function reveal(signIn: SignIn, person: PersonKey, now: Date, account?: string): Step {
  const { progress } = signIn;
  const asked = askedOf(signIn, person);
  if (isEnded(progress)) return refuse(signIn, 'code-over');
  if (!asked) return refuse(signIn, 'not-your-card');
  if (progress.state === 'shown' && progress.shown.to !== person) {
    return refuse(signIn, 'shown-to-other');
  }
  if (asked.handedOverAt) return refuse(signIn, 'card-changed');
  if (progress.state !== 'confirmed' && progress.state !== 'shown') {
    return refuse(signIn, signIn.lastShown && isOver(signIn) ? 'code-over' : 'not-confirmed');
  }
  const { code } = progress;
  if (!code || now >= code.expiresAt) return refuse(signIn, 'code-over');
  if (signIn.held === 'same-code') return refuse(signIn, 'held-for-person');
  if (silentSince(progress, now)) return refuse(signIn, 'server-silent');
  const before = progress.state === 'shown' ? progress.shown : undefined;
  if (before && before.times >= SHOWINGS) return refuse(signIn, 'shown-enough');
  const shown: Shown = {
    to: person,
    shownAt: before?.shownAt ?? now,
    times: (before?.times ?? 0) + 1,
  };
  const { round, confirmation } = progress;
  return changed(
    {
      ...answered(signIn, person, now),
      progress: { state: 'shown', round, code, confirmation, shown },
      lastShown: { ...shown, round: round.number, ...(account && { account }) },
    },
    {
      event: before ? 'sign-in-shown-again' : 'sign-in-shown',
      by: person,
      facts: { round: round.number, times: shown.times, ...(account && { account }) },
    },
  );
}

/** Any press by the addressee stops the escalation. */
export function answered(signIn: SignIn, person: PersonKey, now: Date): SignIn {
  const asked = askedOf(signIn, person);
  if (!asked || asked.answeredAt || isEnded(signIn.progress)) return signIn;
  return withAsked(signIn, { ...asked, answeredAt: now });
}

/**
 * 「対応します」. Where another machine sent the same code, also the decision to go on; by who had passed it
 * on, taking it back.
 */
export function acknowledge(signIn: SignIn, person: PersonKey, now: Date): Step {
  const asked = askedOf(signIn, person);
  if (isEnded(signIn.progress)) return refuse(signIn, 'already-done');
  if (!asked) return refuse(signIn, 'not-your-card');
  const next = asked.handedOverAt
    ? withAsked(signIn, taking(asked, now))
    : answered(signIn, person, now);
  if (next.held !== 'same-code') {
    return next === signIn
      ? unchanged(signIn)
      : changed(next, { event: 'sign-in-acknowledged', by: person });
  }
  const { held: _, ...rest } = next;
  return changed(rest, { event: 'sign-in-hold-lifted', by: person });
}

export function decline(signIn: SignIn, person: PersonKey, now: Date): Step {
  const { progress } = signIn;
  if (isEnded(progress)) {
    const again = progress.state === 'declined' && progress.by === person;
    return again ? unchanged(signIn) : refuse(signIn, 'already-done');
  }
  if (!askedOf(signIn, person)) return refuse(signIn, 'not-your-card');
  return settle(signIn, { state: 'declined', reason: 'declined', by: person }, now);
}

/** "I did not expect this": also counts after the end, for who was asked. */
export function unexpected(signIn: SignIn, person: PersonKey, now: Date): Step {
  const { progress } = signIn;
  if (!askedOf(signIn, person)) return refuse(signIn, 'not-your-card');
  if (isEnded(progress)) {
    if (progress.reason === 'unexpected') return unchanged(signIn);
    const late = changed(signIn, { event: 'sign-in-unexpected-late', by: person });
    return { ...late, alerts: ['unexpected'], quarantine: true };
  }
  const burned = settle(signIn, { state: 'burned', reason: 'unexpected', by: person }, now);
  return { ...burned, alerts: ['unexpected'], quarantine: true };
}

/**
 * Passes the sign-in on, by who saw the code or, 90 s after showing, by someone else who was asked and
 * takes it over. The code dies, azcmagent is stopped, the next round gets a new one.
 */
export function handOver(signIn: SignIn, person: PersonKey, now: Date): Step {
  const { progress } = signIn;
  const asked = askedOf(signIn, person);
  if (isEnded(progress)) return refuse(signIn, 'already-done');
  if (!asked) return refuse(signIn, 'not-your-card');
  if (progress.state !== 'shown') {
    return asked.handedOverAt ? unchanged(signIn) : refuse(signIn, 'not-confirmed');
  }
  const { shown } = progress;
  const takesOver = shown.to !== person;
  if (takesOver && !mayTakeOver(shown, now)) return refuse(signIn, 'shown-to-other');
  const said = {
    event: takesOver ? 'sign-in-taken-over' : 'sign-in-handed-over',
    by: person,
    facts: { from: shown.to },
  };
  if (roundsUsed(signIn) >= ROUNDS) return then(changed(signIn, said), nobodyAnswered(signIn, now));
  const superseded = supersede(signIn, 'handed-over').signIn;
  const before = askedOf(superseded, shown.to);
  const passed = before ? withAsked(superseded, { ...before, handedOverAt: now }) : superseded;
  if (!takesOver) return changed(askNextNow(passed, now), said);
  const taker = askedOf(passed, person) ?? asked;
  return changed(withAsked(passed, taking(taker, now)), said);
}

function taking(asked: Asked, now: Date): Asked {
  const { handedOverAt: _, ...rest } = asked;
  return { ...rest, answeredAt: now };
}

export function mayTakeOver(shown: Shown, now: Date): boolean {
  return now >= after(shown.shownAt, TAKE_OVER_MS);
}

export function askedOf(signIn: SignIn, person: PersonKey): Asked | undefined {
  return signIn.asked.find((asked) => asked.person === person);
}

/** Who it is with now: who answered last, else who was asked last. */
export function withWhom(signIn: SignIn): Asked | undefined {
  const still = signIn.asked.filter((asked) => !asked.handedOverAt);
  const answering = isAnswered(signIn) ? still.filter((asked) => asked.answeredAt) : still;
  return answering.at(-1);
}

function isOver(signIn: SignIn): boolean {
  return 'round' in signIn.progress && signIn.progress.round.over !== undefined;
}

function withAsked(signIn: SignIn, asked: Asked): SignIn {
  return {
    ...signIn,
    asked: signIn.asked.map((one) => (one.person === asked.person ? asked : one)),
  };
}
