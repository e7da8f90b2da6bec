import type { MachineName, PersonKey, SignInId, SiteCode } from '../ids.ts';
import { isEnded, type SignIn } from '../sign-in.ts';
import { after, CONTINUE_MS, OPENED_MS } from './limits.ts';
import { changed, type Step } from './step.ts';

export interface Opening {
  readonly id: SignInId;
  readonly machine: MachineName;
  readonly site: SiteCode;
  readonly openedBy: PersonKey;
  /** Too many are open: it waits for a place. */
  readonly heldForPlace: boolean;
  readonly continues?: SignInId;
  readonly follows?: SignInId;
}

export function openSignIn(opening: Opening, now: Date): Step {
  const { heldForPlace, ...rest } = opening;
  return changed(
    {
      ...rest,
      openedAt: now,
      asked: [],
      progress: { state: 'opened', expiresAt: after(now, OPENED_MS) },
      ...(heldForPlace && { held: 'places' as const }),
    },
    {
      event: 'sign-in-opened',
      by: opening.openedBy,
      facts: {
        ...(opening.continues && { continues: opening.continues }),
        ...(heldForPlace && { held: true }),
      },
    },
  );
}

/** A place became free. */
export function givePlace(signIn: SignIn): SignIn {
  if (signIn.held !== 'places') return signIn;
  const { held: _, ...rest } = signIn;
  return rest;
}

/** Whether its opener may ask for a new code: it ran out or failed, and not long ago. */
export function mayContinue(signIn: SignIn, now: Date): boolean {
  const { progress } = signIn;
  return (
    isEnded(progress) &&
    (progress.state === 'expired' || progress.state === 'failed') &&
    now < after(progress.settledAt, CONTINUE_MS)
  );
}
