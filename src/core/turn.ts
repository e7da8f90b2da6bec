import type { CardId } from './ids.ts';
import type { Intent } from './intent.ts';
import type { ButtonId, Notice } from './notice.ts';
import type { Asker, Person } from './roll-out.ts';
import type { RevealAnswer } from './sign-in.ts';
import type { TokenAnswer } from './token-answer.ts';

/** Where something was said. Numbers and codes belong to `personal` alone. */
export type Scope = 'personal' | 'group' | 'channel' | 'terminal';

/** What someone typed, mention taken off. */
export interface Message {
  readonly asker: Asker;
  readonly text: string;
  /** What a file sent with it holds: output to be read, whatever it looks like. */
  readonly file?: string;
  readonly scope: Scope;
  /** Absent in the terminal. */
  readonly conversationId?: string;
  /** False where nothing may be changed: the terminal beside a real bot, and `terminal` itself. */
  readonly mayChange: boolean;
}

/** The answer to a message: one notice, how it was read, and what a confirm button would do. */
export interface Reply {
  readonly intent: Intent;
  readonly notice: Notice;
  /** Set when the reply asks for a press on the card that was kept for it. */
  readonly confirm?: { readonly card: CardId; readonly button: ButtonId };
  /** The notice already goes out as a card of its own (opener's sign-in card): do not send it twice. */
  readonly card?: CardId;
}

/** A button pressed on a card, as it arrives from Teams or from `press`. */
export interface Press {
  readonly person: Person;
  readonly card: CardId;
  readonly button: ButtonId;
  /** From the button's data: acts once. */
  readonly nonce: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** `message` is an Action.Submit that came as a message: it never shows a code. */
  readonly via: 'execute' | 'dialog-fetch' | 'dialog-submit' | 'message' | 'terminal';
  readonly scope: Scope;
  /** The presser's own token from Teams, checked at the edge: for this press alone, never kept. */
  readonly ssoToken?: string;
}

/** What the presser alone sees. */
export interface PressAnswer {
  readonly notice: Notice;
  readonly refused: boolean;
  /** Only in the answer to this invoke; nothing stores or sends it. */
  readonly reveal?: RevealAnswer;
  /** The same for an enrolment token. */
  readonly token?: TokenAnswer;
  /** For `dialog-fetch`: the nonce that `dialog-submit` must bring, and the card it speaks for. */
  readonly dialogNonce?: string;
  readonly dialogCard?: CardId;
}

/** What someone answered to a file that was offered; with `upload` they said where it may be put. */
export interface FileConsent {
  readonly person: Person;
  readonly card: CardId;
  readonly nonce: string;
  readonly upload?: {
    readonly uploadUrl: string;
    readonly contentUrl?: string;
    readonly uniqueId?: string;
  };
}

/** Everything the Teams edge and the terminal ask the bot for. */
export interface Turns {
  answer(message: Message): Promise<Reply>;
  press(press: Press): Promise<PressAnswer>;
}
