import type { Kid } from './ids.ts';

/** What azcmagent printed, decoded by the bot, and how: kits write no JSON escapes. */
export interface KitText {
  readonly text: string;
  readonly decodedAs: 'utf-8' | 'utf-16le' | 'cp932' | 'latin1';
}

/** A service as the kit finds it on its own server; proves nothing about data. */
export type ServiceSeen = 'running' | 'stopped' | 'missing' | 'unknown';

interface Common {
  /** When it happened, by the kit's clock as corrected with `time=`; a spooled report is older than its arrival. */
  readonly at: Date;
  /** The bot's answer key that this kit holds now (SPKI DER, base64): said after a rotation. */
  readonly botKey?: string;
}

export interface ReadyReport extends Common {
  readonly type: 'ready';
  readonly mode?: 'prepare' | 'connect';
}
export interface WatchReport extends Common {
  readonly type: 'watch';
  /** 0 when there is none: a successor key that waits for its number. */
  readonly round: number;
}
/** `text` holds a code: it goes through the vault and nowhere else. */
export interface DeviceCodeReport extends Common {
  readonly type: 'device-code';
  readonly round: number;
  readonly text: KitText;
}
export interface OutcomeReport extends Common {
  readonly type: 'outcome';
  readonly round: number;
  readonly result: 'connected' | 'failed' | 'stopped' | 'timeout';
  readonly exitCode: number;
  readonly text?: KitText;
}
export interface NetworkCheckReport extends Common {
  readonly type: 'network-check';
  readonly text: KitText;
  /** The server's own address, as it sees it. */
  readonly address?: string;
}
export interface StatusReport extends Common {
  readonly type: 'status' | 'heartbeat';
  readonly text?: KitText;
  readonly mde?: ServiceSeen;
  readonly ama?: ServiceSeen;
}
export interface SuccessorReport extends Common {
  readonly type: 'successor';
  /** SPKI DER of a P-256 key, base64; already found to be one. */
  readonly publicKey: string;
  readonly alg: 'es256-der' | 'es256-p1363';
}

export type KitReport =
  | ReadyReport
  | WatchReport
  | DeviceCodeReport
  | OutcomeReport
  | NetworkCheckReport
  | StatusReport
  | SuccessorReport;

/** A request whose form, key, signature and clock were found right; what it may do is not yet decided. */
export interface VerifiedRequest {
  readonly kid: Kid;
  readonly id: string;
  readonly seq: number;
  /** The payload as sent (canonical base64): what repeats are recognised by. */
  readonly payload: string;
  readonly receivedAt: Date;
  /** `unreadable`: not the JSON of docs/door.md; `other-bot`: its `aud` is not ours. */
  readonly report: KitReport | 'unreadable' | 'other-bot';
  /** The bot's answer key that the kit says it holds, where that is a newer one than it held before. */
  readonly newerBotKey?: string;
}

/** An enrolment whose form and signature (by the key it brings) were found right. */
export interface VerifiedEnrolment {
  readonly id: string;
  readonly receivedAt: Date;
  readonly token: string;
  readonly name: string;
  readonly serial: string;
  readonly vmUuid: string;
  readonly alg: 'es256-der' | 'es256-p1363';
  readonly publicKey: string;
  readonly botKey: string;
}
