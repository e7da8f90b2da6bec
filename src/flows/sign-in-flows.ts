import type { CardId, MachineName, SiteCode } from '../core/ids.ts';
import type { ButtonId, Notice } from '../core/notice.ts';
import type { Person } from '../core/roll-out.ts';
import type { Scope } from '../core/turn.ts';

/** What is told to whoever said it; `card` when it already goes out as a card of its own. */
export interface SignInAnswer {
  readonly notice: Notice;
  readonly card?: CardId;
}

export type DutySentence = 'absent' | 'hand-duty' | 'set-duty';
export interface SaidDuty {
  readonly what: DutySentence;
  /** Names and days are read out of it. */
  readonly text: string;
  readonly sites: readonly SiteCode[];
}

/** What a sentence can do to sign-ins; each decides authority anew and is safe to repeat. */
export interface SignInFlows {
  /** Opens a sign-in, or joins the open one. */
  open(asker: Person, machine: MachineName): Promise<SignInAnswer>;
  /** The four digits of a console. Without a machine it must be clear which sign-in they belong to. */
  confirmNumber(
    person: Person,
    number: string,
    machine: MachineName | undefined,
    scope: Scope,
  ): Promise<SignInAnswer>;
  /** A card's button said as a sentence: the person's own card of that machine's latest sign-in. */
  pressAs(person: Person, machine: MachineName, button: ButtonId): Promise<SignInAnswer>;
  /** Someone pasted text with a device code in it: that code's sign-in is burned and alerted. */
  codeInText(person: Person, machine: MachineName | undefined): Promise<void>;
  /** Who is away, who stands in, who is on duty. */
  sayDuty(person: Person, said: SaidDuty): Promise<SignInAnswer>;
  /** 「連絡テスト」. */
  testContact(person: Person): Promise<SignInAnswer>;
  /** The kill switch, and its undoing. */
  stopAll(person: Person): Promise<SignInAnswer>;
  resumeAll(person: Person): Promise<SignInAnswer>;
}
