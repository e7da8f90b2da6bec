import type { CardId, PersonKey } from '../ids.ts';
import type { Asked, Escalation, SignIn } from '../sign-in.ts';
import { after, ESCALATE_MS, later, NUMBER_PAUSE_MS } from './limits.ts';
import { changed, codeOf, type Step, unchanged } from './step.ts';

/** Someone who may be asked; `reachable` is decided anew each time. */
export interface Candidate {
  readonly person: PersonKey;
  readonly as: Asked['as'];
  readonly reachable: boolean;
}

/** Who is asked first, 45 s later, 90 s later: several at once where there are several leads. */
export type Chain = readonly (readonly Candidate[])[];

/** The first code starts the clock; a later one starts it anew if no one could be reached before. */
export function startClock(signIn: SignIn, now: Date): SignIn {
  if (signIn.escalation && signIn.asked.length > 0) return signIn;
  return { ...signIn, escalation: { from: now, numbersAt: [], step: 0, asks: 0 } };
}

export function stopClockForNumber(signIn: SignIn, now: Date): SignIn {
  const { escalation } = signIn;
  if (!escalation) return signIn;
  return {
    ...signIn,
    escalation: { ...escalation, numbersAt: [...escalation.numbersAt, now] },
  };
}

/** When the next step of the chain is asked; undefined once someone answered or no one is left. */
export function escalationDueAt(signIn: SignIn): Date | undefined {
  const { escalation } = signIn;
  if (!escalation || escalation.exhausted || !codeOf(signIn.progress)) return undefined;
  if (signIn.progress.state === 'shown' || isAnswered(signIn)) return undefined;
  return runningClock(escalation);
}

export function isAnswered(signIn: SignIn): boolean {
  return signIn.asked.some((asked) => asked.answeredAt && !asked.handedOverAt);
}

function runningClock(escalation: Escalation): Date {
  let due = after(escalation.from, ESCALATE_MS * escalation.asks);
  let paused = escalation.from;
  for (const numberAt of escalation.numbersAt) {
    const start = later(numberAt, paused);
    const end = after(numberAt, NUMBER_PAUSE_MS);
    if (start > due || end <= start) continue;
    due = after(due, end.getTime() - start.getTime());
    paused = end;
  }
  return due;
}

/** Asks every step that is due. Whoever cannot be reached is skipped at once, and takes no time. */
export function escalate(
  signIn: SignIn,
  chain: Chain,
  cardFor: (person: PersonKey) => CardId,
  now: Date,
): Step {
  let next = signIn;
  let asks: Asked[] = [];
  for (let due = escalationDueAt(next); due && due <= now; due = escalationDueAt(next)) {
    const escalation = next.escalation as Escalation;
    const candidates = chain[escalation.step];
    if (!candidates) {
      next = { ...next, escalation: { ...escalation, exhausted: true } };
      break;
    }
    const reached = candidates.filter((one) => one.reachable && !wasAsked(next, one.person));
    const asked = reached.map(({ person, as }): Asked => {
      return { person, as, card: cardFor(person), askedAt: now };
    });
    asks = [...asks, ...asked];
    next = {
      ...next,
      asked: [...next.asked, ...asked],
      escalation: {
        ...escalation,
        step: escalation.step + 1,
        asks: escalation.asks + (asked.length > 0 ? 1 : 0),
      },
    };
  }
  if (next === signIn) return unchanged(signIn);
  const step = changed(
    next,
    ...asks.map(({ person, as }) => ({ event: 'sign-in-asked', facts: { person, as } })),
  );
  const nobody = next.escalation?.exhausted && next.asked.every((one) => one.handedOverAt);
  return nobody ? { ...step, alerts: ['person-unreachable'] } : step;
}

/** After a hand-over the next step is due at once, the one after it 45 s later. */
export function askNextNow(signIn: SignIn, now: Date): SignIn {
  const { escalation } = signIn;
  if (!escalation) return signIn;
  const from = after(now, -ESCALATE_MS * escalation.asks);
  return { ...signIn, escalation: { ...escalation, from, numbersAt: [] } };
}

function wasAsked(signIn: SignIn, person: PersonKey): boolean {
  return signIn.asked.some((asked) => asked.person === person);
}
