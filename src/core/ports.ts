import type { AzureMachine, SeenMachine } from './azure.ts';
import type { Absence, DutyLine } from './duty.ts';
import type { Evidence, Marks } from './evidence.ts';
import type {
  AlertId,
  CardId,
  Kid,
  MachineName,
  PersonKey,
  RepairId,
  SignInId,
  SiteCode,
} from './ids.ts';
import type { KeptCheck } from './network-check.ts';
import type { AlertKind, Audience, ButtonId, Card, Notice } from './notice.ts';
import type { Repair } from './repair.ts';
import type { ExtensionName, Machine, Person, Profile, RollOut, Site } from './roll-out.ts';
import type { SignIn } from './sign-in.ts';

export interface Clock {
  now(): Date;
}

/** Log lines are JSON; `event` is a fixed name to search for. */
export interface Log {
  debug(event: string, facts?: Record<string, unknown>): void;
  info(event: string, facts?: Record<string, unknown>): void;
  warn(event: string, facts?: Record<string, unknown>): void;
  error(event: string, facts?: Record<string, unknown>): void;
}

export interface Random {
  /** 128 bits, base64url without padding (22 characters). */
  id(): string;
  /** So many decimal digits, evenly spread. */
  digits(count: number): string;
}

/** What is done under CODE_KEY, which is kept outside the store. */
export interface Vault {
  /** AES-256-GCM; `context` (the sign-in and round) is authenticated with it. */
  seal(plain: string, context: string): string;
  /** Undefined when sealed under another key or for another context. */
  open(sealed: string, context: string): string | undefined;
  /** HMAC-SHA-256, base64url. */
  mac(data: string): string;
  /** Which CODE_KEY this is, without telling it: a MAC over a constant. */
  readonly fingerprint: string;
  /** Plain SHA-256, hex. */
  sha256(data: string): string;
}

/** Reads Azure. Each call has an end; failure throws OpsBotError AZURE_UNAVAILABLE with its cause. */
export interface MachineDirectory {
  /** The whole fleet, page by page; ends only when complete. */
  listMachines(signal: AbortSignal): AsyncIterable<readonly AzureMachine[]>;
  /** One machine by ARM GET, with its extensions; undefined when Azure has none of that name. */
  machine(
    profile: Profile,
    name: MachineName,
    signal: AbortSignal,
  ): Promise<AzureMachine | undefined>;
  /** Whether Azure says of a machine that was not listed that it does not exist: a list may leave things out. */
  isGone?(resourceId: string, signal: AbortSignal): Promise<boolean>;
}

/** What one write needs to know; `protectedSettings` never leave the writer. */
export interface ExtensionRequest {
  readonly machine: MachineName;
  /** The resource's own name, free text. */
  readonly name: string;
  readonly publisher: string;
  readonly type: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly os: 'linux' | 'windows';
}
/** `unclear`: the request may have arrived; whoever reads Azure next sees whether it did. */
export type WriteOutcome =
  | { readonly outcome: 'begun' }
  | { readonly outcome: 'refused'; readonly message: string }
  | { readonly outcome: 'unclear'; readonly message: string };

/** Begins changes to extensions, with the rights of whoever it was made for, and waits for none of them. */
export interface ExtensionWriter {
  install(profile: Profile, request: ExtensionRequest, signal: AbortSignal): Promise<WriteOutcome>;
  remove(profile: Profile, request: ExtensionRequest, signal: AbortSignal): Promise<WriteOutcome>;
}

// ---------------------------------------------------------------- store

/**
 * Everything kept, as tables behind small repositories. `write` is one transaction with one writer at a
 * time on both engines, so whatever `work` reads is true until it commits; it may be run again after a
 * lost connection, so it must have no effect but through `tx`.
 */
export interface Store {
  read<T>(work: (tx: ReadTx) => Promise<T>): Promise<T>;
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  readonly outbox: OutboxQueue;
  close(): Promise<void>;
}

export interface ReadTx {
  rollOut(): Promise<RollOut>;
  readonly evidence: EvidenceReads;
  readonly signIns: SignInReads;
  readonly kits: KitReads;
  readonly cards: CardReads;
  readonly alerts: AlertReads;
  readonly conversations: ConversationReads;
  readonly audit: AuditReads;
  readonly settings: SettingReads;
  readonly repairs: RepairReads;
  readonly duty: DutyReads;
}

export interface Tx extends ReadTx {
  readonly rows: RollOutWrites;
  readonly evidence: EvidenceReads & EvidenceWrites;
  readonly signIns: SignInReads & SignInWrites;
  readonly kits: KitReads & KitWrites;
  readonly cards: CardReads & CardWrites;
  readonly alerts: AlertReads & AlertWrites;
  readonly conversations: ConversationReads & ConversationWrites;
  readonly audit: AuditReads & AuditWrites;
  readonly settings: SettingReads & SettingWrites;
  readonly timers: Timers;
  readonly repairs: RepairReads & RepairWrites;
  readonly duty: DutyReads & DutyWrites;
}

export type KeptRows = 'profiles' | 'sites' | 'machines' | 'people';
export interface RollOutWrites {
  /** Inserts or updates by key; tells how many were new and how many changed. */
  putProfiles(rows: readonly Profile[]): Promise<PutCounts>;
  putSites(rows: readonly Site[]): Promise<PutCounts>;
  putMachines(rows: readonly Machine[]): Promise<PutCounts>;
  putPeople(rows: readonly Person[]): Promise<PutCounts>;
  /** Keeps the object id learned for someone who had only a upn. */
  learnObjectId(person: PersonKey, aadObjectId: string): Promise<void>;
}
export interface PutCounts {
  readonly added: number;
  readonly changed: number;
  readonly same: number;
}

export interface EvidenceReads {
  of(machine: MachineName): Promise<Evidence>;
  /** Evidence of every machine of the roll-out, or of some sites. */
  all(sites?: readonly SiteCode[]): Promise<ReadonlyMap<MachineName, Evidence>>;
  latestCheck(machine: MachineName): Promise<KeptCheck | undefined>;
  /** Machines Azure knows that have no row in the roll-out are among these; or those not seen since then. */
  azureMachines(unseenSince?: Date): Promise<readonly SeenMachine[]>;
  /** When a complete reading of Azure last succeeded. */
  azureAsOf(): Promise<Date | undefined>;
}
export interface EvidenceWrites {
  mark(machine: MachineName, marks: Partial<Record<keyof Marks, Date | null>>): Promise<void>;
  keepCheck(check: KeptCheck): Promise<void>;
  /** Writes only what differs, but the age of all of them; matched to the roll-out by name, without case. */
  keepAzure(machines: readonly AzureMachine[], seenAt: Date): Promise<{ changed: number }>;
  /**
   * After a complete reading, with the `seenAt` of its pages: forgets machines not in it, or of these only
   * those whose resource ids stand in `gone`; moves azureAsOf.
   */
  azureComplete(seenAt: Date, gone?: readonly string[]): Promise<void>;
  dataSeen(machine: MachineName, extension: ExtensionName, seenAt: Date): Promise<void>;
}

export interface SignInReads {
  get(id: SignInId): Promise<SignIn | undefined>;
  /** The open one of a machine: there is at most one. */
  openFor(machine: MachineName): Promise<SignIn | undefined>;
  latestFor(machine: MachineName): Promise<SignIn | undefined>;
  listOpen(): Promise<readonly SignIn[]>;
  /** Opened at this machine since, ended or not. */
  countSince(machine: MachineName, since: Date): Promise<number>;
}
export interface SignInWrites {
  /** Refuses a second open sign-in for the machine. */
  put(signIn: SignIn): Promise<void>;
  /**
   * Remembers under which machine a code (as vault.mac) was read, 1 hour; answers with any other machine
   * that had it.
   */
  codeSeen(mac: string, machine: MachineName, at: Date): Promise<MachineName | undefined>;
}

export type KeyState = 'active' | 'quarantined' | 'closed' | 'successor-pending';
export interface KitKey {
  readonly kid: Kid;
  readonly machine: MachineName;
  /** SPKI DER, base64. */
  readonly publicKey: string;
  readonly alg: 'es256-der' | 'es256-p1363';
  readonly serial: string;
  readonly vmUuid: string;
  readonly state: KeyState;
  readonly enrolledAt: Date;
  /** Highest seq accepted. */
  readonly ack: number;
  /** The bot's answer key this kit holds (SPKI DER, base64): it is answered with the matching one. */
  readonly botKey: string;
  /** Codes that came with no round: the second quarantines. */
  readonly strayCodes: number;
  /** Number shown at a successor's console until someone sends it. */
  readonly pendingNumber?: string;
  readonly pendingUntilAt?: Date;
  /** The key this one replaces once confirmed. */
  readonly succeeds?: Kid;
}
export interface EnrolmentToken {
  readonly sha256: string;
  readonly machine: MachineName;
  readonly expiresAt: Date;
  readonly spentBy?: Kid;
}
/** A request as remembered, to answer a repeat the same way. */
export interface SeenRequest {
  readonly kid: Kid;
  readonly id: string;
  /** vault.mac of the payload. */
  readonly mac: string;
  readonly seq: number;
  readonly answer: KitAnswer;
  readonly forgetAt: Date;
}
/** What the bot tells a kit, before it is signed: see the answer lines in docs/door.md. */
export interface KitAnswer {
  readonly status: 200 | 202 | 401 | 403 | 409;
  readonly do: 'go' | 'wait' | 'renew' | 'stop' | 'resign' | 'ok';
  readonly ack?: number;
  readonly code?: string;
  readonly state?: string;
  readonly round?: number;
  readonly number?: string;
  readonly untilAt?: Date;
  readonly kid?: Kid;
  readonly ja?: string;
  readonly en?: string;
}
export interface KitReads {
  key(kid: Kid): Promise<KitKey | undefined>;
  activeKeyOf(machine: MachineName): Promise<KitKey | undefined>;
  keysOf(machine: MachineName): Promise<readonly KitKey[]>;
  /** A key by its public half, whoever holds it. */
  keyByPublicKey(publicKey: string): Promise<KitKey | undefined>;
  token(sha256: string): Promise<EnrolmentToken | undefined>;
  request(kid: Kid, id: string): Promise<SeenRequest | undefined>;
  /** The id that used this seq with this key. */
  idOfSeq(kid: Kid, seq: number): Promise<string | undefined>;
}
export interface KitWrites {
  putKey(key: KitKey): Promise<void>;
  putToken(token: EnrolmentToken): Promise<void>;
  putRequest(request: SeenRequest): Promise<void>;
  forgetRequests(before: Date): Promise<number>;
}

export interface CardReads {
  get(id: CardId): Promise<Card | undefined>;
  /** Newest first; `shown` leaves out what was never posted. */
  list(audience: Audience, options?: { shown?: boolean; limit?: number }): Promise<readonly Card[]>;
  /** The outcome of a nonce already used, if it was. */
  action(nonce: string): Promise<UsedNonce | undefined>;
}
export interface UsedNonce {
  readonly nonce: string;
  readonly card: CardId;
  readonly button: ButtonId;
  readonly person: PersonKey;
  readonly usedAt: Date;
  /** What was answered, so that a repeat gets the same; never for `show-code`. */
  readonly answer?: Notice;
}
export interface CardWrites {
  /** Keeps the card and puts its post into the outbox. */
  post(id: CardId, audience: Audience, notice: Notice, at: Date): Promise<void>;
  /** New content, new revision, and an edit in the outbox; nothing when the notice is the same. */
  update(id: CardId, notice: Notice, at: Date): Promise<void>;
  /** While frozen nothing edits the posted card; thawing puts the edit into the outbox if one is due. */
  freeze(id: CardId, frozen: boolean, at: Date): Promise<void>;
  useNonce(used: UsedNonce): Promise<void>;
}

export type AlertState = 'open' | 'acknowledged' | 'snoozed' | 'resolved';
/** One problem, told once in the channel and followed by edits. */
export interface Alert {
  readonly id: AlertId;
  /** Same problem, same key: `network-check:fukuoka-01`. */
  readonly key: string;
  readonly what: AlertKind | 'network-check';
  readonly site?: SiteCode;
  readonly machine?: MachineName;
  readonly state: AlertState;
  readonly card: CardId;
  readonly raisedAt: Date;
  readonly acknowledgedBy?: PersonKey;
  readonly snoozedUntilAt?: Date;
  readonly resolvedAt?: Date;
}
export interface AlertReads {
  get(id: AlertId): Promise<Alert | undefined>;
  openByKey(key: string): Promise<Alert | undefined>;
  byCard(card: CardId): Promise<Alert | undefined>;
  listOpen(): Promise<readonly Alert[]>;
}
export interface AlertWrites {
  put(alert: Alert): Promise<void>;
}

export interface RepairReads {
  get(id: RepairId): Promise<Repair | undefined>;
  /** Asked or approved, oldest first. */
  listOpen(): Promise<readonly Repair[]>;
}
export interface RepairWrites {
  put(repair: Repair): Promise<void>;
}

/** Where someone, or the channel, can be written to. `reference` is Bot Framework's own JSON. */
export interface KeptConversation {
  readonly conversationId: string;
  readonly kind: 'personal' | 'group' | 'channel';
  readonly person?: PersonKey;
  readonly teamId?: string;
  readonly serviceUrl: string;
  readonly reference: unknown;
  readonly learnedAt: Date;
  /** Set when the connector said that writing is not possible; ends with the next installationUpdate. */
  readonly suspended?: 'blocked' | 'not-in-roster';
}
/** A conversation as an activity just showed it. */
export type SeenConversation = Omit<KeptConversation, 'learnedAt' | 'suspended'>;
export interface ConversationReads {
  get(conversationId: string): Promise<KeptConversation | undefined>;
  personal(person: PersonKey): Promise<KeptConversation | undefined>;
  /** Where alerts go: where a lead said so, before that General of the first team. */
  alertChannel(): Promise<KeptConversation | undefined>;
  list(): Promise<readonly KeptConversation[]>;
}
export interface ConversationWrites {
  /** Keeps the newest reference; a person has one personal conversation. */
  learn(conversation: KeptConversation): Promise<void>;
  forget(conversationId: string): Promise<void>;
  suspend(conversationId: string, why: 'blocked' | 'not-in-roster'): Promise<void>;
  setAlertChannel(conversationId: string): Promise<void>;
}

export interface AuditRow {
  readonly seq: number;
  readonly at: Date;
  /** Fixed name, such as `sign-in-opened`. */
  readonly event: string;
  readonly by?: string;
  readonly site?: SiteCode;
  readonly machine?: MachineName;
  /** Facts without secrets. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  /** SHA-256 over the row and the hash before it, hex. */
  readonly hash: string;
}
export type AuditEntry = Omit<AuditRow, 'seq' | 'hash'>;
export interface AuditReads {
  /** Oldest first; with a limit, the newest so many. */
  list(filter?: {
    site?: SiteCode;
    machine?: MachineName;
    limit?: number;
  }): Promise<readonly AuditRow[]>;
  /** Walks the whole chain; names the first row that does not fit. */
  verify(): Promise<{ rows: number; head: string; brokenAt?: number }>;
}
export interface AuditWrites {
  append(entry: AuditEntry): Promise<void>;
}

/** Who is away and who is on duty, by calendar day. */
export interface DutyReads {
  absences(days: readonly string[]): Promise<readonly Absence[]>;
  lines(days: readonly string[]): Promise<readonly DutyLine[]>;
}
export interface DutyWrites {
  putAbsence(absence: Absence): Promise<void>;
  dropAbsence(person: PersonKey, day: string): Promise<void>;
  putLine(line: DutyLine): Promise<void>;
}

/** Small single values: aud, answer keys, the kill switch, the alert channel. */
export interface SettingReads {
  get(name: string): Promise<string | undefined>;
}
export interface SettingWrites {
  set(name: string, value: string | undefined): Promise<void>;
}

/** Timers are rows; sweep takes the due ones at least once a second. */
export type TimerKind =
  | 'sign-in'
  | 'after-check'
  | 'alert-snooze'
  | 'forget-requests'
  | 'successor-number';
export interface Timer {
  readonly kind: TimerKind;
  /** What it is for: a sign-in's id, an alert's id. One timer per kind and subject. */
  readonly subject: string;
  readonly dueAt: Date;
}
export interface Timers {
  set(timer: Timer): Promise<void>;
  clear(kind: TimerKind, subject: string): Promise<void>;
  /** Takes the due timers (they are gone once this transaction commits), soonest first. */
  takeDue(now: Date, limit: number): Promise<readonly Timer[]>;
}

// ---------------------------------------------------------------- outbox and delivery

/** Work for the relay: bring the posted card up to its revision. Claimed with a lease, across replicas. */
export interface OutboxItem {
  readonly id: number;
  readonly card: CardId;
  readonly audience: Audience;
  readonly op: 'post' | 'edit';
  /** Claims before this one. */
  readonly attempts: number;
  readonly enqueuedAt: Date;
  /** An earlier attempt may have been posted: it failed that way, or its relay died holding the lease. */
  readonly ambiguous?: boolean;
}
export interface OutboxQueue {
  /**
   * Takes due items, oldest first, at most one per audience at a time (order per audience is kept), and
   * leases them until `leaseUntil`: a relay that dies loses them to the next one.
   */
  claim(now: Date, leaseUntil: Date, limit: number): Promise<readonly OutboxItem[]>;
  /** Done: keeps where the card is now; drops the item. */
  posted(
    item: OutboxItem,
    at: Date,
    where: { conversationId: string; activityId: string; revision: number },
  ): Promise<void>;
  /** Not now: due again then. */
  retry(item: OutboxItem, dueAt: Date, ambiguous: boolean): Promise<void>;
  /** Never: kept as dead letter with its reason (no body), or its audience is unreachable. */
  giveUp(item: OutboxItem, at: Date, why: 'dead' | 'unreachable', reason: string): Promise<void>;
  /** The activity is gone (404 on edit): post anew. */
  repost(item: OutboxItem, at: Date): Promise<void>;
  /** Earliest moment at which something is due. */
  nextDue(): Promise<Date | undefined>;
  depth(): Promise<{ waiting: number; dead: number }>;
}

/** The connector's answer to one attempt, made ours. */
export type SendOutcome =
  | { readonly outcome: 'done'; readonly conversationId: string; readonly activityId: string }
  | { readonly outcome: 'retryable'; readonly retryAfterMs?: number; readonly reason: string }
  | { readonly outcome: 'ambiguous'; readonly retryAfterMs?: number; readonly reason: string }
  | { readonly outcome: 'gone'; readonly reason: string }
  | {
      readonly outcome: 'unreachable';
      readonly why: 'blocked' | 'not-in-roster';
      readonly reason: string;
    }
  /** The connector does not accept the bot itself: nothing can be sent to anyone for now. */
  | { readonly outcome: 'unauthorized'; readonly reason: string }
  | { readonly outcome: 'terminal'; readonly reason: string };

/** A 1:1 conversation made for someone who has the app installed but never wrote. */
export type OpenOutcome =
  | {
      readonly outcome: 'opened';
      readonly conversationId: string;
      readonly serviceUrl: string;
      readonly reference: unknown;
    }
  | Exclude<SendOutcome, { readonly outcome: 'done' }>;

/** What a card looks like once drawn: an Adaptive Card, the same in words, and plain messages that follow it. */
export interface DrawnNotice {
  readonly card: Record<string, unknown>;
  readonly text: string;
  /** First words shown in notifications; harmless. */
  readonly summary: string;
  /** Plain fenced messages after the card: commands, which cannot be copied out of cards on a phone. */
  readonly after?: readonly string[];
  /** Stands in Teams instead of the card: a file offered, or one that was given. */
  readonly attachment?: {
    readonly contentType: string;
    readonly name: string;
    readonly contentUrl?: string;
    readonly content: Readonly<Record<string, unknown>>;
  };
}

/** One attempt each, with a typed outcome; knows conversations and Teams, not limits and order. */
export interface Notifier {
  open?(aadObjectId: string, serviceUrl: string): Promise<OpenOutcome>;
  post(conversation: KeptConversation, drawn: DrawnNotice): Promise<SendOutcome>;
  edit(
    conversation: KeptConversation,
    activityId: string,
    drawn: DrawnNotice,
  ): Promise<SendOutcome>;
}
