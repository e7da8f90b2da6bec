import type { CardId, MachineName } from './ids.ts';
import type { SiteName } from './notice.ts';

/**
 * The only thing that can carry an enrolment token to a person. It is an answer to one press, and the
 * notifier cannot send it.
 */
export interface TokenAnswer {
  readonly kind: 'token';
  readonly token: string;
  readonly expiresAt: Date;
  readonly machine: MachineName;
  readonly site: SiteName;
  /** Where the answer's own button leads: `show-token` once more. */
  readonly card: CardId;
  readonly nonce: string;
}
