import type { MachineName } from '../../core/ids.ts';
import type { Finding } from '../../core/network-check.ts';
import type { Clock, Log, Random, ReadTx, Store, Vault } from '../../core/ports.ts';
import type { Machine, Person, Profile, Site } from '../../core/roll-out.ts';
import type { OpeningProblem } from '../../core/sign-in.ts';

export interface SignInSettings {
  readonly mode: 'off' | 'device-code';
  /** Name of the Conditional Access policy that limits device code flow. */
  readonly policy?: string;
  /** Application that Microsoft's page must name. */
  readonly application?: string;
  /** Account codes are entered with, unless people.csv names another for the person. */
  readonly onboardingAccount?: string;
  readonly twoPersons: boolean;
  readonly reveal: 'dialog' | 'card';
}

export interface AfterCheckPlan {
  readonly profile: Profile;
  readonly machine: MachineName;
  /** As pinned at enrolment. */
  readonly vmUuid?: string;
  /** The account that the reveal card named. */
  readonly account?: string;
  readonly shownAt: Date;
}

export type AfterCheckAnswer =
  | { readonly result: 'right'; readonly caller?: string }
  | { readonly result: 'wrong'; readonly caller?: string; readonly why: string }
  /** Azure answered and knows no such machine. */
  | { readonly result: 'absent' }
  | { readonly result: 'not-verified' };

export interface SignInDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly vault: Vault;
  readonly log: Log;
  readonly signIn: SignInSettings;
  /** What azcmagent printed, if it is its device code prompt. */
  readonly readPrompt: (text: string) => { verificationUri: string; userCode: string } | undefined;
  readonly explainError: (code: string) => Finding | undefined;
  /** Whether a card to this person arrives: a personal conversation that is not suspended, not absent. */
  readonly canReach: (tx: ReadTx, person: Person) => Promise<boolean>;
  /** What would fail after the code is typed; what cannot be read is no problem. */
  readonly checkOpening: (
    profile: Profile,
    site: Site,
    machine: Machine,
    signal: AbortSignal,
  ) => Promise<readonly OpeningProblem[]>;
  readonly afterCheck: (plan: AfterCheckPlan, signal: AbortSignal) => Promise<AfterCheckAnswer>;
}

/** What works inside a transaction: everything but the store and Azure. */
export type TxDeps = Omit<SignInDeps, 'store' | 'checkOpening' | 'afterCheck'>;

/** A card reaches whoever has a personal conversation that Teams did not close. */
export async function hasPersonalChat(tx: ReadTx, person: Person): Promise<boolean> {
  const conversation = await tx.conversations.personal(person.key);
  return conversation !== undefined && conversation.suspended === undefined;
}
