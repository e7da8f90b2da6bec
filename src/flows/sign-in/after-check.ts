import type { SignInId } from '../../core/ids.ts';
import type { Tx } from '../../core/ports.ts';
import { type AfterCheckResult, afterCheck } from '../../core/sign-in/ends.ts';
import {
  AFTER_CHECK_GIVE_UP_MS,
  AFTER_CHECK_MS,
  AFTER_CHECK_RETRY_MS,
  after,
} from '../../core/sign-in/limits.ts';
import { settle } from '../../core/sign-in/step.ts';
import { isEnded, type SignIn } from '../../core/sign-in.ts';
import type { AfterCheckAnswer, AfterCheckPlan, SignInDeps } from './deps.ts';
import { keep } from './keep.ts';

const AZURE_TIMEOUT_MS = 10_000;

/**
 * Plans one attempt and sets the timer for the next, so that a process that dies while Azure is asked
 * loses nothing. Undefined: there is nothing to check.
 */
export async function planAfterCheck(
  tx: Tx,
  deps: SignInDeps,
  id: SignInId,
): Promise<AfterCheckPlan | undefined> {
  const signIn = await tx.signIns.get(id);
  if (!signIn || !isWanted(signIn)) return undefined;
  const rollOut = await tx.rollOut();
  const site = rollOut.site(signIn.site);
  const profile = site && rollOut.profileOf(site);
  if (!profile) return undefined;
  const dueAt = after(deps.clock.now(), AFTER_CHECK_RETRY_MS);
  await tx.timers.set({ kind: 'after-check', subject: id, dueAt });
  const kid = signIn.kids?.at(-1);
  const key = kid === undefined ? undefined : await tx.kits.key(kid);
  const { lastShown } = signIn;
  return {
    profile,
    machine: signIn.machine,
    ...(key && { vmUuid: key.vmUuid }),
    ...(lastShown?.account && { account: lastShown.account }),
    shownAt: lastShown?.shownAt ?? signIn.openedAt,
  };
}

/** Asks Azure, outside any transaction; what it cannot say is not verified. */
export async function askAzure(deps: SignInDeps, plan: AfterCheckPlan): Promise<AfterCheckAnswer> {
  try {
    return await deps.afterCheck(plan, AbortSignal.timeout(AZURE_TIMEOUT_MS));
  } catch (error) {
    deps.log.warn('after-check-failed', { machine: plan.machine, error });
    return { result: 'not-verified' };
  }
}

/** Keeps what Azure said; until it has said something it is asked again, for 30 minutes. */
export async function keepAfterCheck(
  tx: Tx,
  deps: SignInDeps,
  id: SignInId,
  answer: AfterCheckAnswer,
): Promise<void> {
  const signIn = await tx.signIns.get(id);
  if (!signIn || !isWanted(signIn)) return;
  const now = deps.clock.now();
  const isLast = now >= giveUpAt(signIn);
  // The activity log is minutes late, or may not be read: who created the machine is not known yet.
  const named = signIn.lastShown?.account;
  const silentLog = answer.result === 'right' && named !== undefined && !answer.caller;
  if (silentLog && !isEnded(signIn.progress)) {
    // The machine is there as planned; who created it is asked on.
    await keep(tx, deps, signIn, settle(signIn, { state: 'completed', reason: 'connected' }, now));
    return;
  }
  const result = conclude(signIn, silentLog ? { result: 'not-verified' } : answer, isLast);
  if (!result) return;
  await tx.timers.clear('after-check', id);
  const caller = 'caller' in answer ? answer.caller : undefined;
  const why = 'why' in answer ? answer.why : result === answer.result ? undefined : answer.result;
  const facts = { ...(caller && { account: caller }), ...(why && { why }) };
  await keep(tx, deps, signIn, afterCheck(signIn, result, facts, now));
}

function conclude(
  signIn: SignIn,
  answer: AfterCheckAnswer,
  isLast: boolean,
): AfterCheckResult | undefined {
  switch (answer.result) {
    case 'right':
    case 'wrong':
      return answer.result;
    case 'not-verified':
      return isLast ? 'not-verified' : undefined;
    case 'absent':
      // The kit said "connected" and Azure knows no such machine: it went somewhere else.
      if (isEnded(signIn.progress)) return isLast ? 'wrong' : undefined;
      return 'absent';
  }
}

function isWanted(signIn: SignIn): boolean {
  const { progress } = signIn;
  if (signIn.afterCheck) return false;
  return isEnded(progress) ? progress.reason === 'connected' : progress.state === 'shown';
}

function giveUpAt(signIn: SignIn): Date {
  const { progress } = signIn;
  const from = isEnded(progress)
    ? progress.settledAt
    : after(signIn.lastShown?.shownAt ?? signIn.openedAt, AFTER_CHECK_MS);
  return after(from, AFTER_CHECK_GIVE_UP_MS);
}
