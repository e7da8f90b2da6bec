import type { CardId, PersonKey } from '../ids.ts';
import { isEnded, type SignIn } from '../sign-in.ts';
import { type Chain, escalate, escalationDueAt } from './escalation.ts';
import {
  after,
  CONTINUE_MS,
  KIT_PATIENCE_MS,
  later,
  OPENED_MS,
  ROUNDS,
  SILENT_MS,
  TAKE_OVER_MS,
} from './limits.ts';
import { mayContinue } from './open.ts';
import { nobodyAnswered, supersede } from './rounds.ts';
import {
  changed,
  expectsWatch,
  roundOf,
  roundsUsed,
  type Step,
  settle,
  then,
  unchanged,
} from './step.ts';

/** The next moment at which time alone changes something: in the sign-in, or on its cards. */
export function dueAt(signIn: SignIn, now: Date): Date | undefined {
  const moments = [...changesAt(signIn), ...looksAt(signIn, now).filter((at) => at > now)];
  return moments.reduce<Date | undefined>((a, b) => (a && a <= b ? a : b), undefined);
}

/** Due until tick() has dealt with them. */
function changesAt(signIn: SignIn): readonly Date[] {
  const { progress } = signIn;
  if (isEnded(progress)) return [];
  if (progress.state === 'opened') return [progress.expiresAt];
  if (!progress.code) return progress.state === 'shown' ? [] : [waitsForCodeUntil(signIn)];
  const escalation = escalationDueAt(signIn);
  return [progress.code.expiresAt, ...(escalation ? [escalation] : [])];
}

/** Nothing in the sign-in changes, but its cards say something else from then on. */
function looksAt(signIn: SignIn, now: Date): readonly Date[] {
  const { progress } = signIn;
  if (isEnded(progress)) {
    return mayContinue(signIn, now) ? [after(progress.settledAt, CONTINUE_MS)] : [];
  }
  const round = roundOf(progress);
  const silent =
    round && !round.over && expectsWatch(progress, now) ? [after(round.heardAt, SILENT_MS)] : [];
  if (progress.state !== 'shown') return silent;
  return [...silent, after(progress.shown.shownAt, TAKE_OVER_MS)];
}

function waitsForCodeUntil(signIn: SignIn): Date {
  const opened = after(signIn.openedAt, OPENED_MS);
  const round = roundOf(signIn.progress);
  return round ? later(opened, after(round.goAt, KIT_PATIENCE_MS)) : opened;
}

/** What time alone does; asking people needs the chain of who may be asked, as it is now. */
export function tick(
  signIn: SignIn,
  chain: Chain,
  cardFor: (person: PersonKey) => CardId,
  now: Date,
): Step {
  const first = runOut(signIn, now);
  const ran = then(first, runOut(first.signIn, now));
  return then(ran, escalate(ran.signIn, chain, cardFor, now));
}

function runOut(signIn: SignIn, now: Date): Step {
  const { progress } = signIn;
  switch (progress.state) {
    case 'opened':
      return progress.expiresAt <= now ? neverStarted(signIn, now) : unchanged(signIn);
    case 'code-held':
    case 'waiting':
    case 'confirmed':
      if (!progress.code) {
        return waitsForCodeUntil(signIn) <= now ? noCodeCame(signIn, now) : unchanged(signIn);
      }
      if (now < progress.code.expiresAt) return unchanged(signIn);
      return roundsUsed(signIn) >= ROUNDS
        ? nobodyAnswered(signIn, now)
        : supersede(signIn, 'run-out');
    case 'shown': {
      // Only the code is wiped: once it was shown, time alone never ends the sign-in.
      const { code, ...rest } = progress;
      if (!code || now < code.expiresAt) return unchanged(signIn);
      return changed(
        { ...signIn, progress: rest },
        { event: 'sign-in-code-run-out', facts: { round: progress.round.number } },
      );
    }
    case 'completed':
    case 'declined':
    case 'expired':
    case 'failed':
    case 'burned':
      return unchanged(signIn);
  }
}

function neverStarted(signIn: SignIn, now: Date): Step {
  return settle(signIn, { state: 'expired', reason: 'never-started' }, now);
}

function noCodeCame(signIn: SignIn, now: Date): Step {
  const hadCode = signIn.asked.length > 0 || roundsUsed(signIn) > 1;
  return hadCode
    ? settle(signIn, { state: 'expired', reason: 'code-run-out' }, now)
    : neverStarted(signIn, now);
}
