import type { AlertId, Kid, SignInId } from '../core/ids.ts';
import type { Timer, Tx } from '../core/ports.ts';
import { tick } from '../core/sign-in/time.ts';
import { rollOutToday } from './absence.ts';
import { wakeAlert } from './alerts.ts';
import { askAzure, keepAfterCheck, planAfterCheck } from './sign-in/after-check.ts';
import { chainOf } from './sign-in/asking.ts';
import type { AfterCheckPlan, SignInDeps } from './sign-in/deps.ts';
import { cardsOf, keep, refresh } from './sign-in/keep.ts';
import { expireSuccessor } from './successor.ts';

/** One call works off at most so many; the next follows within a second. */
const AT_MOST = 200;
const FAILED_AGAIN_MS = 30_000;
const FORGET_EVERY_MS = 10 * 60 * 1000;

/** What is to be asked outside the transaction. */
type Errand = { readonly signIn: SignInId; readonly plan: AfterCheckPlan };

/**
 * Runs the timers that are due, each in a transaction of its own: whichever replica takes a timer, its
 * effect happens once. Answers how many were run.
 */
export async function sweep(deps: SignInDeps): Promise<number> {
  for (let ran = 0; ran < AT_MOST; ran++) {
    if (!(await runOne(deps))) return ran;
  }
  return AT_MOST;
}

async function runOne(deps: SignInDeps): Promise<boolean> {
  let taken: Timer | undefined;
  try {
    const errand = await deps.store.write(async (tx) => {
      [taken] = await tx.timers.takeDue(deps.clock.now(), 1);
      return taken && run(tx, deps, taken);
    });
    if (errand) await doErrand(deps, errand);
  } catch (error) {
    if (!taken) throw error;
    const { kind, subject } = taken;
    deps.log.error('timer-failed', { kind, subject, error });
    const dueAt = new Date(deps.clock.now().getTime() + FAILED_AGAIN_MS);
    await deps.store.write((tx) => tx.timers.set({ kind, subject, dueAt }));
  }
  return taken !== undefined;
}

async function run(tx: Tx, deps: SignInDeps, timer: Timer): Promise<Errand | undefined> {
  const now = deps.clock.now();
  switch (timer.kind) {
    case 'sign-in':
      await tickSignIn(tx, deps, timer.subject as SignInId);
      return undefined;
    case 'after-check': {
      const signIn = timer.subject as SignInId;
      const plan = await planAfterCheck(tx, deps, signIn);
      return plan && { signIn, plan };
    }
    case 'alert-snooze':
      await wakeAlert(tx, deps, timer.subject as AlertId);
      return undefined;
    case 'forget-requests': {
      await tx.kits.forgetRequests(now);
      const dueAt = new Date(now.getTime() + FORGET_EVERY_MS);
      await tx.timers.set({ kind: 'forget-requests', subject: timer.subject, dueAt });
      return undefined;
    }
    case 'successor-number':
      await expireSuccessor(tx, timer.subject as Kid, now);
      return undefined;
  }
}

/** At start: the remembered requests are forgotten in their time from now on. */
export async function startForgetting(deps: Pick<SignInDeps, 'store' | 'clock'>): Promise<void> {
  const dueAt = new Date(deps.clock.now().getTime() + FORGET_EVERY_MS);
  await deps.store.write((tx) =>
    tx.timers.set({ kind: 'forget-requests', subject: 'requests', dueAt }),
  );
}

async function tickSignIn(tx: Tx, deps: SignInDeps, id: SignInId): Promise<void> {
  const signIn = await tx.signIns.get(id);
  if (!signIn) return;
  const now = deps.clock.now();
  const chain = await chainOf(tx, deps, await rollOutToday(tx, deps.clock), signIn);
  const kept = await keep(tx, deps, signIn, tick(signIn, chain, cardsOf(deps, signIn), now));
  // Time may change only how it looks: silence, `continue`, who may take over.
  await refresh(tx, deps, kept);
}

async function doErrand(deps: SignInDeps, { signIn, plan }: Errand): Promise<void> {
  const answer = await askAzure(deps, plan);
  await deps.store.write((tx) => keepAfterCheck(tx, deps, signIn, answer));
}
