import type { SendOutcome } from '../core/ports.ts';
import { ConnectorFailure } from './connector-failure.ts';

export type FailedOutcome = Exclude<SendOutcome, { readonly outcome: 'done' }>;

/**
 * What a failed attempt means: learn.microsoft.com/microsoftteams/platform/bots/build-conversational-capability
 * and .../how-to/rate-limit. A post has no idempotency key, so an answer that never came, or a 5xx, may stand
 * in the chat already; an edit can simply be made again.
 */
export function outcomeOf(failure: unknown, op: 'post' | 'edit'): FailedOutcome {
  if (!(failure instanceof ConnectorFailure)) {
    return { outcome: 'terminal', reason: failure instanceof Error ? failure.name : 'unknown' };
  }
  const { status, reason, retryAfterMs, sent } = failure;
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  const mayBePosted = {
    outcome: op === 'post' ? 'ambiguous' : 'retryable',
    ...wait,
    reason,
  } as const;

  if (status === undefined) return sent ? mayBePosted : { outcome: 'retryable', reason };
  if (status >= 500 || status === 408) return mayBePosted;
  switch (status) {
    case 401:
      return { outcome: 'unauthorized', reason };
    case 403:
      return /NotInConversationRoster/i.test(reason)
        ? { outcome: 'unreachable', why: 'not-in-roster', reason }
        : { outcome: 'unreachable', why: 'blocked', reason };
    case 404:
    case 410:
      return { outcome: 'gone', reason };
    case 409:
    case 412:
    case 429:
      return { outcome: 'retryable', ...wait, reason };
    default:
      return { outcome: 'terminal', reason };
  }
}
