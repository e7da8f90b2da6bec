const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** A sign-in without a code. */
export const OPENED_MS = 30 * MINUTE;
/** A kit asks `ready` this long; after a `go` without a code no one comes back later. */
export const KIT_PATIENCE_MS = 10 * MINUTE;
/** azcmagent gives up 5 minutes after it printed its code. */
export const CODE_MS = 5 * MINUTE;
/** Unshown for so long: a new code, so that whoever looks has time to type it. */
export const RENEW_MS = 210 * SECOND;
export const ROUNDS = 4;
export const ESCALATE_MS = 45 * SECOND;
/** The opener's number stops the escalation's clock. */
export const NUMBER_PAUSE_MS = 45 * SECOND;
export const SILENT_MS = 30 * SECOND;
export const WRONG_TRIES = 3;
/** The first showing and three more. */
export const SHOWINGS = 4;
/** From here on deputy and lead may take over a code that someone else saw. */
export const TAKE_OVER_MS = 90 * SECOND;
export const CONTINUE_MS = 10 * MINUTE;
export const AFTER_CHECK_MS = 12 * MINUTE;
export const AFTER_CHECK_RETRY_MS = 1 * MINUTE;
export const AFTER_CHECK_GIVE_UP_MS = 30 * MINUTE;

/** Sign-ins, not codes. */
export const PER_MACHINE_AND_HOUR = 5;
export const OPEN_PER_ENGINEER = 10;
export const OPEN_PER_SITE = 20;
export const OPEN_AT_BASE = 100;

export function after(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}

export function later(a: Date, b: Date): Date {
  return new Date(Math.max(a.getTime(), b.getTime()));
}
