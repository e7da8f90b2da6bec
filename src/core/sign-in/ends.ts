import type { Kid, PersonKey } from '../ids.ts';
import { type EndReason, isEnded, type SignIn } from '../sign-in.ts';
import { hadRound } from './rounds.ts';
import { changed, liveCode, roundOf, type Step, settle, unchanged } from './step.ts';

export interface AgentOutcome {
  readonly round: number;
  readonly result: 'connected' | 'failed' | 'stopped' | 'timeout';
  readonly azcmCode?: string;
}

/** How azcmagent ended, as the kit reports it. A round that was superseded fails without ending anything. */
export function agentOutcome(signIn: SignIn, kid: Kid, outcome: AgentOutcome, now: Date): Step {
  if (!hadRound(signIn, kid, outcome.round)) return unchanged(signIn);
  const { progress } = signIn;
  if (isEnded(progress)) return connectedAfterEnd(signIn, outcome);
  if (outcome.result === 'connected') {
    return settle(signIn, { state: 'completed', reason: 'connected' }, now);
  }
  const round = roundOf(progress);
  if (!round || round.number !== outcome.round || round.over) return unchanged(signIn);
  const azcmCode = outcome.azcmCode ? { azcmCode: outcome.azcmCode } : {};
  return outcome.result === 'timeout'
    ? settle(signIn, { state: 'expired', reason: 'code-run-out', ...azcmCode }, now)
    : settle(signIn, { state: 'failed', reason: 'agent-failed', ...azcmCode }, now);
}

/** Someone entered a code that we had burned: the end stands, and people must know. */
function connectedAfterEnd(signIn: SignIn, outcome: AgentOutcome): Step {
  const { progress } = signIn;
  const refused = progress.state === 'burned' || progress.state === 'declined';
  if (outcome.result !== 'connected' || !refused) return unchanged(signIn);
  const step = changed(signIn, {
    event: 'sign-in-connected-after-end',
    facts: { round: outcome.round, state: progress.state },
  });
  return { ...step, alerts: ['after-check-wrong'] };
}

export type BurnReason = Extract<
  EndReason,
  | 'unexpected'
  | 'two-codes'
  | 'same-code-elsewhere'
  | 'code-in-text'
  | 'quarantined'
  | 'key-closed'
  | 'stopped-by-lead'
  | 'settings-changed'
>;

/** Ends it as burned: azcmagent is stopped with the kit's next `watch`, also after showing. */
export function burn(signIn: SignIn, reason: BurnReason, now: Date, by?: PersonKey): Step {
  return settle(signIn, { state: 'burned', reason, ...(by && { by }) }, now);
}

/** Another machine sent this round's code: nothing is shown until a person has looked. */
export function holdForPerson(signIn: SignIn, mac: string, now: Date): Step {
  const round = roundOf(signIn.progress);
  const live = liveCode(signIn.progress, now);
  if (!round || !live || round.codeMac !== mac || signIn.held) return unchanged(signIn);
  return changed({ ...signIn, held: 'same-code' }, { event: 'sign-in-held' });
}

export type AfterCheckResult = 'right' | 'wrong' | 'absent' | 'not-verified';

/**
 * What Azure says about the machine. Where the kit said nothing it also ends the sign-in; after the end
 * only the result is kept, `right` and `wrong` for good.
 */
export function afterCheck(
  signIn: SignIn,
  result: AfterCheckResult,
  facts: Readonly<Record<string, string>>,
  now: Date,
): Step {
  const kept = signIn.afterCheck;
  if (kept === 'right' || kept === 'wrong' || !isCheckable(signIn)) return unchanged(signIn);
  if (kept === result) return unchanged(signIn);
  const said = { event: 'sign-in-after-check', facts: { result, ...facts } };
  if (result === 'absent') {
    if (isEnded(signIn.progress)) return unchanged(signIn);
    const ended = settle(signIn, { state: 'expired', reason: 'code-run-out' }, now);
    return { ...ended, said: [said, ...ended.said] };
  }
  const checked: SignIn = { ...signIn, afterCheck: result };
  const ended =
    result === 'not-verified'
      ? settle(checked, { state: 'expired', reason: 'not-verified' }, now)
      : settle(checked, { state: 'completed', reason: 'connected' }, now);
  const step: Step = { ...ended, said: [said, ...ended.said] };
  return result === 'wrong' ? { ...step, alerts: ['after-check-wrong'] } : step;
}

function isCheckable(signIn: SignIn): boolean {
  const { progress } = signIn;
  if (!isEnded(progress)) return progress.state === 'shown';
  return progress.reason === 'connected' || progress.reason === 'not-verified';
}
