import type { PersonKey } from '../ids.ts';
import type { AlertKind, RefusalReason } from '../notice.ts';
import {
  type EndedProgress,
  type HeldCode,
  isEnded,
  type Progress,
  type Round,
  type SignIn,
} from '../sign-in.ts';
import { after, SILENT_MS } from './limits.ts';

/** A line of the audit trail: what happened, by whom. */
export interface Said {
  readonly event: string;
  readonly by?: PersonKey;
  readonly facts?: Readonly<Record<string, string | number | boolean>>;
}

/** What one event makes of a sign-in. The same `signIn` object comes back when nothing changes. */
export interface Step {
  readonly signIn: SignIn;
  readonly said: readonly Said[];
  readonly alerts: readonly AlertKind[];
  /** The server's key is no longer trusted. */
  readonly quarantine: boolean;
  readonly refused?: RefusalReason;
}

/** A step that answers a kit. */
export interface KitStep extends Step {
  readonly do: 'go' | 'wait' | 'renew' | 'stop' | 'ok';
}

export function unchanged(signIn: SignIn): Step {
  return { signIn, said: [], alerts: [], quarantine: false };
}

export function refuse(signIn: SignIn, refused: RefusalReason): Step {
  return { ...unchanged(signIn), refused };
}

export function changed(signIn: SignIn, ...said: readonly Said[]): Step {
  return { signIn, said, alerts: [], quarantine: false };
}

export function answer(step: Step, does: KitStep['do']): KitStep {
  return { ...step, do: does };
}

/** Two steps as one: the second was made from the first one's sign-in. */
export function then(first: Step, second: Step): Step {
  return {
    ...second,
    said: [...first.said, ...second.said],
    alerts: [...first.alerts, ...second.alerts],
    quarantine: first.quarantine || second.quarantine,
  };
}

export function roundOf(progress: Progress): Round | undefined {
  return 'round' in progress ? progress.round : undefined;
}

export function codeOf(progress: Progress): HeldCode | undefined {
  return 'code' in progress ? progress.code : undefined;
}

/** The code, as long as azcmagent waits for it. */
export function liveCode(progress: Progress, now: Date): HeldCode | undefined {
  const code = codeOf(progress);
  return code && now < code.expiresAt ? code : undefined;
}

export function roundsUsed(signIn: SignIn): number {
  return signIn.kids?.length ?? 0;
}

/** Since when the server has not been heard, once that is 30 s or more. */
export function silentSince(progress: Progress, now: Date): Date | undefined {
  const round = roundOf(progress);
  if (!round || round.over || !expectsWatch(progress, now)) return undefined;
  return now >= after(round.heardAt, SILENT_MS) ? round.heardAt : undefined;
}

export function expectsWatch(progress: Progress, now: Date): boolean {
  return codeOf(progress) ? liveCode(progress, now) !== undefined : progress.state === 'code-held';
}

export interface End {
  readonly state: EndedProgress['state'];
  readonly reason: EndedProgress['reason'];
  readonly by?: PersonKey;
  readonly azcmCode?: string;
}

/** Ends a sign-in; whatever code it held is gone with its state. The first outcome wins. */
export function settle(signIn: SignIn, end: End, now: Date): Step {
  if (isEnded(signIn.progress)) return unchanged(signIn);
  const { held: _, ...rest } = signIn;
  const shownTo = signIn.lastShown?.to;
  const progress: EndedProgress = {
    ...end,
    settledAt: now,
    rounds: roundsUsed(signIn),
    ...(shownTo && { shownTo }),
  };
  return changed(
    { ...rest, progress },
    {
      event: `sign-in-${end.state}`,
      ...(end.by && { by: end.by }),
      facts: {
        reason: end.reason,
        rounds: progress.rounds,
        ...(end.azcmCode && { azcmCode: end.azcmCode }),
        ...(shownTo && { shownTo }),
      },
    },
  );
}
