import type { CardId, Kid, MachineName, PersonKey, SignInId, SiteCode } from './ids.ts';

/** A device code as azcmagent printed it, sealed; only the vault opens it, only RevealAnswer carries it. */
export interface HeldCode {
  readonly sealed: string;
  readonly verificationUri: string;
  /** When the kit read it from azcmagent. */
  readonly readAt: Date;
  /** azcmagent gives up 5 minutes after it printed the code. */
  readonly expiresAt: Date;
  /** Four digits that belong to this round, printed on the console. */
  readonly matchNumber: string;
  readonly wrongTries: number;
}

/** How it became certain that the code comes from the console of this machine. */
export interface Confirmation {
  readonly by: PersonKey;
  readonly how: 'number' | 'phone' | 'self';
  readonly confirmedAt: Date;
}

export interface Shown {
  readonly to: PersonKey;
  readonly shownAt: Date;
  /** Reveal answers given so far: the first, and at most three more. */
  readonly times: number;
}

export interface Round {
  /** 1 to 4. */
  readonly number: number;
  readonly goAt: Date;
  readonly kid: Kid;
  /** The kit's latest `watch` (or code); 30 s of silence and nothing is shown. */
  readonly heardAt: Date;
}

export type EndReason =
  | 'connected'
  | 'declined'
  | 'unexpected'
  | 'nobody-answered'
  | 'never-started'
  | 'code-run-out'
  | 'agent-failed'
  | 'wrong-number'
  | 'two-codes'
  | 'same-code-elsewhere'
  | 'code-in-text'
  | 'quarantined'
  | 'stopped-by-lead'
  | 'settings-changed'
  | 'not-verified';

/** Each state carries exactly what it has; after an end nothing changes any more. */
export type Progress =
  | { readonly state: 'opened'; readonly expiresAt: Date }
  | { readonly state: 'code-held'; readonly round: Round; readonly code?: HeldCode }
  | { readonly state: 'waiting'; readonly round: Round; readonly code: HeldCode }
  | {
      readonly state: 'confirmed';
      readonly round: Round;
      readonly code: HeldCode;
      readonly confirmation: Confirmation;
    }
  | {
      readonly state: 'shown';
      readonly round: Round;
      /** Wiped when the code's own five minutes are over; the sign-in still waits for its outcome. */
      readonly code?: HeldCode;
      readonly confirmation: Confirmation;
      readonly shown: Shown;
    }
  | {
      readonly state: 'completed' | 'declined' | 'expired' | 'failed' | 'burned';
      readonly settledAt: Date;
      readonly reason: EndReason;
      readonly by?: PersonKey;
      readonly azcmCode?: string;
      readonly shownTo?: PersonKey;
      readonly rounds: number;
    };

export type SignInState = Progress['state'];

/** Who was asked to look at this sign-in, in which order, on which card. */
export interface Asked {
  readonly person: PersonKey;
  readonly as: 'engineer' | 'deputy' | 'lead';
  readonly card: CardId;
  readonly askedAt: Date;
  /** Any press on the card: stops the escalation. */
  readonly answeredAt?: Date;
}

/** One machine's wish to connect. */
export interface SignIn {
  readonly id: SignInId;
  readonly machine: MachineName;
  readonly site: SiteCode;
  readonly openedBy: PersonKey;
  readonly openedAt: Date;
  /** The opener's own card, and the team channel's. */
  readonly openerCard?: CardId;
  readonly channelCard?: CardId;
  readonly asked: readonly Asked[];
  /** Set when `continue` made this sign-in out of an ended one. */
  readonly continues?: SignInId;
  readonly progress: Progress;
  /** Result of the after-check, once there is one. */
  readonly afterCheck?: 'right' | 'wrong' | 'not-verified';
}

const ENDED: ReadonlySet<SignInState> = new Set([
  'completed',
  'declined',
  'expired',
  'failed',
  'burned',
]);

export type EndedProgress = Extract<Progress, { settledAt: Date }>;
export type OpenProgress = Exclude<Progress, EndedProgress>;

export function isEnded(progress: Progress): progress is EndedProgress {
  return ENDED.has(progress.state);
}

/** The only thing that can hold a user code. It is an answer to one invoke, and the notifier cannot send it. */
export interface RevealAnswer {
  readonly kind: 'reveal';
  readonly userCode: string;
  readonly verificationUri: string;
  readonly expiresAt: Date;
  readonly machine: MachineName;
  readonly siteName: string;
  readonly siteNameEn: string;
  /** Account the code must be entered with (ONBOARDING_ACCOUNT or onboarding_upn). */
  readonly onboardingAccount?: string;
  /** Application that Microsoft's page must name (SIGN_IN_APPLICATION). */
  readonly application?: string;
  readonly openerName: string;
  readonly confirmedAt: Date;
  /** Where the answer's own buttons lead (`unexpected`, `hand-over`, `show-code` again). */
  readonly card: CardId;
  readonly nonce: string;
}
