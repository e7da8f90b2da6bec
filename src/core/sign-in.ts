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
  /** The same moment by the kit's own clock, which may be minutes off: what it says later is read against this. */
  readonly kitAt?: Date;
  readonly kid: Kid;
  /** The kit's latest `watch` (or code); 30 s of silence and nothing is shown. */
  readonly heardAt: Date;
  /** vault.mac of the round's code: tells a repeat from a second code even after the first was wiped. */
  readonly codeMac?: string;
  /** Why the round's code will not be shown any more: the kit is asked for the next round. */
  readonly over?: 'renewed' | 'handed-over' | 'run-out';
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
  /** The server was replaced or retired, or goes on with another key. */
  | 'key-closed'
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
  /** This person passed it on. */
  readonly handedOverAt?: Date;
}

/** Who is asked next, and when; the chain is engineer, deputy, leads, without whoever cannot be reached. */
export interface Escalation {
  /** When the first code was held: the clock starts. */
  readonly from: Date;
  /** The opener's numbers: each stops the clock for 45 s. */
  readonly numbersAt: readonly Date[];
  /** How many steps of the chain are behind: asked, or skipped because no one could be reached. */
  readonly step: number;
  /** How many of them were asked; the next one is due 45 s of running clock later. */
  readonly asks: number;
  /** No one is left to ask. */
  readonly exhausted?: boolean;
}

/** What would fail after the code is typed; looked at in Azure before a sign-in opens. */
export type OpeningProblem =
  | 'provider-not-registered'
  | 'resource-group-missing'
  | 'private-link-scope-missing'
  | 'private-link-scope-elsewhere'
  | 'name-taken'
  | 'tags-missing';

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
  /** The machine's sign-in before this one: a code of its rounds is late, not a stranger's. */
  readonly follows?: SignInId;
  readonly progress: Progress;
  /**
   * `places`: too many are open, `ready` gets `wait` until one ends. `same-code`: another machine sent the
   * same code, nothing is shown until the asked engineer acknowledges that.
   */
  readonly held?: 'places' | 'same-code';
  readonly escalation?: Escalation;
  /** The keys that were told `go`: that of round 1, of round 2, … Kept after the end. */
  readonly kids?: readonly Kid[];
  /** The latest showing of any round, kept when its round ends. */
  readonly lastShown?: Shown & {
    readonly round: number;
    /** The account that the reveal named: the one that must have created the machine. */
    readonly account?: string;
  };
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
  readonly openerNameEn?: string;
  readonly confirmedAt: Date;
  readonly confirmedHow?: Confirmation['how'];
  /** It may be shown to the same person once more. */
  readonly again?: boolean;
  /** Where the answer's own buttons lead (`unexpected`, `hand-over`, `show-code` again). */
  readonly card: CardId;
  readonly nonce: string;
}
