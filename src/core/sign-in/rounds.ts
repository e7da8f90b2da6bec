import type { Kid } from '../ids.ts';
import { type HeldCode, isEnded, type OpenProgress, type Round, type SignIn } from '../sign-in.ts';
import { startClock } from './escalation.ts';
import { after, CODE_MS, later, RENEW_MS, ROUNDS } from './limits.ts';
import {
  answer,
  changed,
  codeOf,
  type KitStep,
  liveCode,
  roundOf,
  roundsUsed,
  type Step,
  settle,
  unchanged,
} from './step.ts';

/** The kit is about to start azcmagent: the next round, in which an unshown code of an earlier one dies. */
export function ready(signIn: SignIn, kid: Kid, now: Date, kitAt?: Date): KitStep {
  const { progress } = signIn;
  if (isEnded(progress)) return answer(unchanged(signIn), 'stop');
  if (signIn.held === 'places') return answer(unchanged(signIn), 'wait');
  if (progress.state === 'shown' && (liveCode(progress, now) || roundsUsed(signIn) >= ROUNDS)) {
    return answer(unchanged(signIn), 'wait');
  }
  if (roundsUsed(signIn) >= ROUNDS) return answer(nobodyAnswered(signIn, now), 'stop');
  return answer(nextRound(signIn, kid, now, kitAt), 'go');
}

function nextRound(signIn: SignIn, kid: Kid, now: Date, kitAt?: Date): Step {
  const number = roundsUsed(signIn) + 1;
  const round: Round = { number, goAt: now, kid, heardAt: now, ...(kitAt && { kitAt }) };
  const { held: _, ...rest } = signIn;
  return changed(
    {
      ...rest,
      kids: [...(signIn.kids ?? []), kid],
      progress: { state: 'code-held', round },
    },
    { event: 'sign-in-go', facts: { round: number, kid } },
  );
}

/** A code as it arrived, ready to be kept. */
export interface ArrivedCode {
  readonly round: number;
  readonly mac: string;
  readonly code: HeldCode;
}

/**
 * Keeps the code of the current round. Of an older round, or after the end: `stop`, nothing kept. A
 * second, different code in one round burns both.
 */
export function holdCode(signIn: SignIn, kid: Kid, arrived: ArrivedCode, now: Date): KitStep {
  const { progress } = signIn;
  const round = roundOf(progress);
  if (isEnded(progress) || !round || round.number !== arrived.round || round.kid !== kid) {
    return answer(unchanged(signIn), 'stop');
  }
  if (round.codeMac !== undefined && round.codeMac !== arrived.mac) return twoCodes(signIn, now);
  if (round.over) return answer(unchanged(signIn), 'renew');
  if (round.codeMac !== undefined || progress.state !== 'code-held') {
    return answer(unchanged(signIn), 'ok');
  }
  const next = startClock(signIn, now);
  return answer(
    changed(
      {
        ...next,
        progress: {
          state: 'waiting',
          round: { ...round, codeMac: arrived.mac, heardAt: now },
          code: arrived.code,
        },
      },
      { event: 'sign-in-code-held', facts: { round: round.number, kid } },
    ),
    'ok',
  );
}

/** Whether this key was ever told `go` for that round: any other code is a stray. */
export function hadRound(signIn: SignIn | undefined, kid: Kid, round: number): boolean {
  return signIn?.kids?.[round - 1] === kid;
}

/** A moment the kit told, on the bot's clock: never before the `go`, never in the future. */
export function onOurClock(round: Round, saidAt: Date, now: Date): Date {
  const behind = round.kitAt ? round.goAt.getTime() - round.kitAt.getTime() : 0;
  const said = after(saidAt, behind);
  return said > now ? now : later(said, round.goAt);
}

export function expiryOf(readAt: Date): Date {
  return after(readAt, CODE_MS);
}

function twoCodes(signIn: SignIn, now: Date): KitStep {
  const burned = settle(signIn, { state: 'burned', reason: 'two-codes' }, now);
  return answer({ ...burned, alerts: ['two-codes'], quarantine: true }, 'stop');
}

/** The kit's sign of life; the only place where a code is renewed. */
export function watch(signIn: SignIn, kid: Kid, number: number, now: Date): KitStep {
  const { progress } = signIn;
  const round = roundOf(progress);
  if (isEnded(progress) || !round || round.kid !== kid || round.number !== number) {
    return answer(unchanged(signIn), 'stop');
  }
  if (round.over) return answer(unchanged(signIn), 'renew');
  const heard = withRound(signIn, { ...round, heardAt: later(now, round.heardAt) });
  const code = codeOf(progress);
  const shown = progress.state === 'shown';
  if (shown || !code || now < after(code.readAt, RENEW_MS)) return answer(changed(heard), 'ok');
  if (roundsUsed(signIn) >= ROUNDS) return answer(nobodyAnswered(signIn, now), 'stop');
  return answer(supersede(heard, 'renewed'), 'renew');
}

/** The round's code dies unshown or handed over; the kit will ask for the next round. */
export function supersede(signIn: SignIn, over: NonNullable<Round['over']>): Step {
  const round = roundOf(signIn.progress);
  if (!round) return unchanged(signIn);
  const { held: _, ...rest } = signIn;
  return changed(
    { ...rest, progress: { state: 'code-held', round: { ...round, over } } },
    { event: `sign-in-code-${over}`, facts: { round: round.number } },
  );
}

export function nobodyAnswered(signIn: SignIn, now: Date): Step {
  return settle(signIn, { state: 'expired', reason: 'nobody-answered' }, now);
}

function withRound(signIn: SignIn, round: Round): SignIn {
  const progress = signIn.progress as Extract<OpenProgress, { round: Round }>;
  return { ...signIn, progress: { ...progress, round } };
}
