import type { DnsRecord } from './dns-records.ts';
import type {
  AlertId,
  Bilingual,
  CardId,
  Lang,
  MachineName,
  PersonKey,
  RepairId,
  SignInId,
  SiteCode,
} from './ids.ts';
import type { Choice, IntentName } from './intent.ts';
import type { Diagnosis, Finding, Owner } from './network-check.ts';
import type { RepairMachine, RepairState, WriteMode } from './repair.ts';
import type { Deployer, ExtensionName, Role } from './roll-out.ts';
import type { EndReason, OpeningProblem, SignInState } from './sign-in.ts';
import type { ExtensionState, MachineSummary, SiteStatus } from './site-status.ts';
import type { Block, Stage } from './stage.ts';

/** Whom a notice is for. `channel` is the one team channel that a lead chose. */
export type Audience =
  | { readonly kind: 'person'; readonly person: PersonKey }
  | { readonly kind: 'channel' }
  | {
      readonly kind: 'conversation';
      readonly conversationId: string;
      /** The language of whoever asked there. */
      readonly lang?: Lang;
    };

/** The site a card speaks of, with all names it may need. */
export interface SiteName {
  readonly code: SiteCode;
  readonly name: string;
  readonly nameEn: string;
  /** IANA name; the card's times are told in it. */
  readonly timeZone?: string;
}

/** A person as cards name them: from people.csv, never from Teams. */
export interface PersonName {
  readonly key: PersonKey;
  readonly name: string;
  readonly nameEn: string;
  readonly phone?: string;
}

/** What a sign-in looks like from one side: opener, the person asked, or the channel. Never with the code. */
export interface SignInNotice {
  readonly kind: 'sign-in';
  readonly view: 'opener' | 'asked' | 'channel';
  readonly signIn: SignInId;
  readonly machine: MachineName;
  readonly site: SiteName;
  readonly state: SignInState;
  readonly round: number;
  readonly openedBy: PersonName;
  readonly openedAt: Date;
  /** Until when the code, or the opened sign-in, lives. */
  readonly untilAt?: Date;
  /** Who was asked last, and how far it was escalated. */
  readonly asked?: PersonName;
  readonly askedAs?: 'engineer' | 'deputy' | 'lead';
  readonly acknowledgedBy?: PersonName;
  readonly confirmedBy?: PersonName;
  readonly confirmedHow?: 'number' | 'phone' | 'self';
  readonly confirmedAt?: Date;
  readonly shownTo?: PersonName;
  readonly shownAt?: Date;
  readonly wrongTries?: number;
  readonly settledAt?: Date;
  readonly reason?: EndReason;
  readonly endedBy?: PersonName;
  readonly azcmCode?: string;
  /** Explanation of azcmCode, when there is one. */
  readonly finding?: Finding;
  readonly afterCheck?: 'right' | 'wrong' | 'not-verified';
  /** In what part this card's reader would confirm: the label of the number's field follows it. */
  readonly confirmAs?: 'number' | 'phone' | 'self';
  /** The server has not been heard since (30 s and more): nothing is shown. */
  readonly silentSinceAt?: Date;
  /** Too many are open (`places`), or another machine sent the same code (`same-code`). */
  readonly held?: 'places' | 'same-code';
  /** Who passed it on, once someone did; the next code is on its way. */
  readonly handedOverBy?: PersonName;
  /** This card's reader passed it on. */
  readonly handedOver?: boolean;
  /** Nobody could be reached 1:1. */
  readonly nobodyReachable?: boolean;
  readonly buttons: readonly ButtonId[];
}

/** Ids are promises: people and scripts press them by these names. */
export type ButtonId =
  | 'open-sign-in'
  | 'confirm-number'
  | 'show-code'
  | 'unexpected'
  | 'decline'
  | 'hand-over'
  | 'continue'
  | 'approve'
  | 'acknowledge'
  | 'snooze'
  | 'resolve'
  | 'assign'
  | 'confirm'
  | 'show-token';

export type RefusalReason =
  | 'not-known'
  | 'not-allowed'
  | 'not-your-site'
  | 'not-your-card'
  | 'read-only'
  | 'card-gone'
  | 'already-done'
  | 'sign-in-off'
  | 'sign-ins-stopped'
  | 'no-sign-in'
  | 'wrong-number'
  | 'number-needs-machine'
  | 'number-not-yours'
  | 'only-in-personal-chat'
  | 'code-over'
  | 'server-silent'
  | 'shown-enough'
  | 'shown-to-other'
  | 'two-persons'
  | 'not-confirmed'
  | 'machine-needed'
  | 'machine-unknown'
  | 'already-connected'
  | 'in-transit'
  | 'quarantined'
  | 'retired'
  | 'serial-needed'
  | 'serial-taken'
  /** A serial is changed only while a replaced server waits for its successor. */
  | 'not-replaced'
  | 'too-many'
  | 'card-changed'
  | 'nothing-to-undo'
  | 'only-in-channel'
  | 'site-needed'
  /** Lifting a quarantine says why: it is audited. */
  | 'reason-needed'
  | 'day-needed'
  | 'person-needed'
  /** A value of the roll-out has not the form it must have: no command line is made of it. */
  | 'value-refused'
  /** A picture without words: the bot reads text only. */
  | 'paste-please'
  /** Files reach a bot in 1:1 chats only. */
  | 'file-not-here'
  | 'file-not-read'
  | 'file-too-large'
  | 'file-no-text'
  | 'too-long'
  | 'opening-blocked'
  | 'held-for-person'
  /** Whoever asked for a repair does not approve it, where two persons are required. */
  | 'own-request'
  | 'nobody-to-approve'
  /** The approver's own rights are needed, and Teams has not brought a token for them yet. */
  | 'sso-needed'
  | 'sso-refused'
  | 'azure-silent';

/** A row of a list card: a site or a machine, and what is said of it. */
export interface ListRow {
  readonly site?: SiteName;
  readonly machine?: MachineName;
  readonly person?: PersonName;
  readonly stage?: Stage;
  readonly owner?: Owner;
  readonly finding?: Finding;
  readonly extensions?: readonly ExtensionState[];
  readonly alert?: AlertId;
  /** What the alert is about; a network check has its finding. */
  readonly what?: AlertKind | 'network-check';
  readonly signIn?: SignInState;
  readonly plannedDate?: string;
  readonly sinceAt?: Date;
  readonly note?: ListNote;
}
export type ListNote =
  | 'late'
  | 'disconnected'
  | 'expired'
  | 'missing'
  | 'failed'
  | 'acknowledged'
  | 'waiting'
  | 'blocked';

/** One line of the history of a site or machine. */
export interface HistoryRow {
  readonly at: Date;
  readonly event: string;
  readonly machine?: MachineName;
  readonly by?: PersonName;
}

/** An address list for the people who must open it. */
export interface RequirementRow {
  readonly host: string;
  readonly ports: readonly number[];
  readonly route: 'private' | 'proxy' | 'direct';
  readonly purpose: Bilingual;
  readonly when: string;
  readonly noInspection: boolean;
  readonly source: string;
  /** The bot's own host. */
  readonly ours?: boolean;
  /** False: no Microsoft page names it (未確認). */
  readonly verified?: boolean;
  /** Word of proxy.bypass that covers it. */
  readonly bypass?: string;
  readonly note?: Bilingual;
}

export type AlertKind =
  | 'code-without-sign-in'
  | 'two-codes'
  | 'same-code-elsewhere'
  | 'wrong-number'
  | 'unexpected'
  | 'key-cloned'
  | 'key-quarantined'
  | 'report-in-transit'
  | 'token-misused'
  | 'after-check-wrong'
  | 'too-many-sign-ins'
  | 'code-in-text'
  | 'person-unreachable'
  | 'old-key-used'
  /** A second successor key came before the first was confirmed: the first one's number is dead. */
  | 'successor-replaced';

/** Everything the bot can tell people. A new kind stops the build where it must be drawn. */
export type Notice =
  | SignInNotice
  | {
      readonly kind: 'network-check';
      readonly machine?: MachineName;
      readonly site?: SiteName;
      readonly checkedAt?: Date;
      readonly diagnosis: Diagnosis;
      /** Set on the channel's alert. */
      readonly alert?: {
        readonly id: AlertId;
        readonly acknowledgedBy?: PersonName;
        readonly snoozedUntilAt?: Date;
        readonly resolvedAt?: Date;
      };
    }
  | { readonly kind: 'no-check-yet'; readonly site?: SiteName; readonly machine?: MachineName }
  | {
      readonly kind: 'site-status';
      readonly sites: readonly SiteStatus[];
      /** Sites left out to keep the card small. */
      readonly more?: number;
    }
  | {
      readonly kind: 'machine-status';
      readonly machines: readonly MachineSummary[];
      readonly sites: readonly SiteName[];
      readonly azureAsOfAt?: Date;
      readonly more?: number;
    }
  | {
      readonly kind: 'rollout-status';
      readonly area?: string;
      readonly wave?: number;
      readonly done: number;
      readonly total: number;
      readonly blocked: number;
      readonly late: number;
      readonly stages: readonly { readonly stage: Stage; readonly count: number }[];
      readonly bySite: readonly {
        readonly site: SiteName;
        readonly done: number;
        readonly total: number;
        readonly late: boolean;
        readonly blocked: number;
      }[];
      readonly azureAsOfAt?: Date;
      readonly more?: number;
    }
  | {
      readonly kind: 'next-step';
      readonly steps: readonly {
        readonly machine: MachineName;
        readonly site: SiteName;
        readonly stage: Stage;
        readonly owner: Owner;
        readonly step: NextStep;
        readonly finding?: Finding;
        readonly block?: Block;
      }[];
      readonly more?: number;
    }
  | {
      readonly kind: 'extension-state';
      readonly extension?: ExtensionName;
      readonly rows: readonly {
        readonly machine: MachineName;
        readonly extensions: readonly ExtensionState[];
      }[];
      readonly site?: SiteName;
      readonly azureAsOfAt?: Date;
      readonly more?: number;
    }
  | {
      readonly kind: 'list';
      readonly topic: ListTopic;
      readonly extension?: ExtensionName;
      readonly area?: string;
      readonly wave?: number;
      readonly rows: readonly ListRow[];
      readonly azureAsOfAt?: Date;
      readonly more?: number;
    }
  | {
      readonly kind: 'responsible';
      readonly rows: readonly {
        readonly site: SiteName;
        readonly engineer?: PersonName;
        readonly deputy?: PersonName;
        /** Today in the engineer's place. */
        readonly onDuty?: PersonName;
        /** Who of these is away today. */
        readonly away?: readonly PersonKey[];
      }[];
      readonly more?: number;
    }
  | {
      readonly kind: 'ask-person';
      readonly side: 'asker' | 'engineer';
      readonly asker: PersonName;
      readonly engineer?: PersonName;
      readonly site?: SiteName;
      readonly askedAt: Date;
    }
  | {
      readonly kind: 'commands';
      readonly machine?: MachineName;
      readonly site: SiteName;
      readonly what: 'connect' | 'proxy' | 'check';
      readonly shell: 'bash' | 'powershell';
      readonly lines: readonly string[];
    }
  | {
      /** Names and addresses of a site's private link scope, as lines for whoever runs its DNS. */
      readonly kind: 'dns-records';
      readonly site: SiteName;
      readonly problem?: 'no-scope' | 'azure-unread' | 'no-names';
      readonly records: readonly DnsRecord[];
      /** Addresses without names, and names of the region that have no record. */
      readonly addresses: readonly string[];
      readonly missing: readonly string[];
    }
  | {
      readonly kind: 'endpoint-requirements';
      readonly route?: 'private' | 'proxy';
      readonly site?: SiteName;
      readonly rows: readonly RequirementRow[];
      /** Where the traffic comes from: the site's subnet. */
      readonly from?: string;
      /** Only what this check showed to be closed, out of so many rows. */
      readonly missing?: {
        readonly machine: MachineName;
        readonly checkedAt: Date;
        readonly of: number;
      };
      readonly more?: number;
    }
  | { readonly kind: 'explain-error'; readonly code?: string; readonly finding?: Finding }
  | {
      readonly kind: 'confirm';
      readonly what:
        | 'mark-shipped'
        | 'mark-arrived'
        | 'mark-powered-on'
        | 'replace-machine'
        | 'retire-machine'
        | 'start-sign-in';
      readonly machines: readonly MachineName[];
      readonly site?: SiteName;
      readonly pending: boolean;
    }
  | {
      readonly kind: 'marked';
      readonly what:
        | 'shipped'
        | 'arrived'
        | 'powered-on'
        | 'replaced'
        | 'new-serial'
        | 'retired'
        | 'undone';
      readonly machines: readonly MachineName[];
      readonly site?: SiteName;
      readonly by: PersonName;
      readonly markedAt: Date;
    }
  | {
      readonly kind: 'alert';
      readonly alert: AlertId;
      readonly what: AlertKind;
      readonly machine?: MachineName;
      readonly site?: SiteName;
      readonly people: readonly PersonName[];
      readonly raisedAt: Date;
      readonly acknowledgedBy?: PersonName;
      readonly snoozedUntilAt?: Date;
      readonly resolvedAt?: Date;
    }
  | {
      readonly kind: 'history';
      readonly site?: SiteName;
      readonly machine?: MachineName;
      readonly rows: readonly HistoryRow[];
      readonly more?: number;
    }
  | { readonly kind: 'export'; readonly format: 'csv' | 'json' | 'xlsx'; readonly rows: number }
  | { readonly kind: 'ask-back'; readonly guess: IntentName; readonly choices: readonly Choice[] }
  | {
      readonly kind: 'run-check';
      readonly machine: MachineName;
      readonly site: SiteName;
      readonly line: string;
    }
  | {
      /** Where the kit of a server comes from. */
      readonly kind: 'kit';
      readonly machine: MachineName;
      readonly site: SiteName;
      /** Its reader may see an enrolment token by a button of this card, which is theirs alone. */
      readonly token?: boolean;
      /** The zip follows on a card of its own. */
      readonly file?: boolean;
    }
  | {
      /** The kit as a file, once its reader agrees; never with a token inside. */
      readonly kind: 'kit-file';
      readonly machine: MachineName;
      readonly site: SiteName;
      readonly name: string;
      readonly bytes: number;
      readonly state: 'offered' | 'sent' | 'declined' | 'failed';
      /** Where it lies in the reader's own OneDrive, for Teams to link to. */
      readonly contentUrl?: string;
      readonly uniqueId?: string;
    }
  | { readonly kind: 'channel-set'; readonly by: PersonName }
  | {
      readonly kind: 'duty';
      readonly what: 'absent' | 'back' | 'handed-over' | 'set';
      readonly person: PersonName;
      readonly standIn?: PersonName;
      readonly sites: readonly SiteName[];
      /** Calendar days, `YYYY-MM-DD`. */
      readonly from: string;
      readonly until: string;
    }
  | {
      readonly kind: 'reachable';
      /** Each was sent a card just now. */
      readonly tested: boolean;
      readonly rows: readonly {
        readonly person: PersonName;
        readonly role: Role;
        /** Why a card does not arrive 1:1. */
        readonly obstacle?: 'no-account' | 'never-wrote' | 'blocked' | 'not-in-roster';
        readonly away?: true;
      }[];
    }
  | { readonly kind: 'contact-test'; readonly by: PersonName; readonly at: Date }
  | {
      readonly kind: 'sign-ins-switched';
      readonly stopped: boolean;
      readonly by: PersonName;
      readonly burned: number;
    }
  | {
      readonly kind: 'quarantine-lifted';
      readonly machine: MachineName;
      readonly by: PersonName;
      readonly why: string;
    }
  | {
      /** Who the bot takes someone for; without `person` a stranger, with what they give to a lead. */
      readonly kind: 'who-are-you';
      readonly aadObjectId?: string;
      readonly person?: PersonName;
      readonly role?: Role;
      readonly sites?: readonly SiteName[];
    }
  | {
      readonly kind: 'refusal';
      readonly reason: RefusalReason;
      /** For `opening-blocked`: what would fail after the code is typed. */
      readonly problems?: readonly OpeningProblem[];
      readonly machine?: MachineName;
      readonly site?: SiteName;
      readonly choices?: readonly string[];
      /** For `sso-needed`: what Entra asks for beyond the token it was shown. */
      readonly claims?: string;
    }
  | {
      readonly kind: 'done';
      readonly what:
        | 'acknowledged'
        | 'snoozed'
        | 'resolved'
        | 'number-right'
        | 'declined'
        | 'handed-over'
        | 'burned'
        | 'assigned'
        | 'continued';
      readonly machine?: MachineName;
    }
  | {
      /** The repair of an extension; without `repair` it was not begun, and says what to do instead. */
      readonly kind: 'repair';
      readonly repair?: RepairId;
      readonly extension: ExtensionName;
      readonly site: SiteName;
      readonly state: RepairState | 'instead' | 'nothing';
      readonly mode: WriteMode;
      /** Who installs this extension by the site's profile. */
      readonly deployer: Deployer;
      readonly requestedBy?: PersonName;
      readonly requestedAt?: Date;
      readonly approvedBy?: PersonName;
      readonly approvedAt?: Date;
      readonly declinedBy?: PersonName;
      readonly machines: readonly RepairMachine[];
      /** `az` lines of the same steps. */
      readonly lines?: readonly string[];
      readonly buttons: readonly ButtonId[];
    }
  | { readonly kind: 'help'; readonly role: 'site-staff' | 'engineer' | 'lead' | 'auditor' }
  | { readonly kind: 'unknown'; readonly suggestions: readonly Choice[] };

export type NoticeKind = Notice['kind'];
export type NoticeOf<K extends NoticeKind> = Extract<Notice, { kind: K }>;

export type ListTopic =
  | 'missing-extension'
  | 'blocked-sites'
  | 'late-sites'
  | 'disconnected-machines'
  | 'open-alerts'
  | 'pending-sign-ins'
  | 'my-work';

/** What someone does next for a machine; cards/text has the sentence. */
export type NextStep =
  | 'prepare-kit'
  | 'ship'
  | 'wait-arrival'
  | 'run-check'
  | 'fix-finding'
  | 'open-sign-in'
  | 'finish-sign-in'
  | 'wait-extensions'
  | 'wait-data'
  | 'bring-online'
  | 'reconnect'
  | 'nothing';

/** A notice at one audience, as kept: what `inbox` lists and edits follow. */
export interface Card {
  readonly id: CardId;
  readonly audience: Audience;
  readonly notice: Notice;
  /** Grows by one with each change; the relay brings the posted one up to it. */
  readonly revision: number;
  readonly postedRevision?: number;
  /** Where it was posted; edits go there even when the audience has moved. */
  readonly conversationId?: string;
  readonly activityId?: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly postedAt?: Date;
  /** While true nothing edits the posted card (a shown code lives in it). */
  readonly frozen: boolean;
  readonly delivery: 'pending' | 'posted' | 'unreachable' | 'dead';
}
