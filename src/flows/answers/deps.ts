import type { DnsRecord } from '../../core/dns-records.ts';
import type { Evidence } from '../../core/evidence.ts';
import type { MachineName } from '../../core/ids.ts';
import type { Diagnosis, Finding } from '../../core/network-check.ts';
import type { Notice, RequirementRow } from '../../core/notice.ts';
import type { Clock, Random, Store } from '../../core/ports.ts';
import type { ExtensionName, Machine, Person, Profile, Site } from '../../core/roll-out.ts';
import type { MakeKitFile } from '../kit-file.ts';
import type { SignInHooks } from '../kit-handlers.ts';
import type { SignInAnswer, SignInFlows } from '../sign-in-flows.ts';

/** What answering needs of the other rooms. */
export interface AnswerDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly signIns: SignInFlows;
  /** Reads any azcmagent output; a device code in it is removed before anything else. */
  readonly diagnose: (
    text: string,
    site?: Site,
    profile?: Profile,
  ) => { readonly diagnosis: Diagnosis; readonly codeRemoved: boolean; readonly cleaned: string };
  readonly explainError: (code: string) => Finding | undefined;
  readonly requirements: (
    site?: Site,
    profile?: Profile,
    route?: 'private' | 'proxy',
  ) => readonly RequirementRow[];
  /** Throws VALUE_REFUSED for a value that has not its form. */
  readonly commands: (
    what: 'connect' | 'proxy' | 'check',
    machine: Machine | undefined,
    site: Site,
    profile: Profile,
    options?: { readonly auth?: 'device-code' | 'certificate'; readonly expired?: boolean },
  ) => { readonly shell: 'bash' | 'powershell'; readonly lines: readonly string[] };
  /** The site's private link scope as Azure has it; absent where there is no Azure to ask. */
  readonly readScope?: (profile: Profile, signal: AbortSignal) => Promise<ScopeRead | undefined>;
  /** What Azure's picture of a machine says against the plan. */
  readonly driftOf?: DriftOf;
  /** An open sign-in ends with the key it stood on. */
  readonly keyStopped?: SignInHooks['keyStopped'];
  readonly machineClosed?: SignInHooks['machineClosed'];
  /** The kit of a server as a file; absent where Teams takes no file from this bot. */
  readonly kitFile?: MakeKitFile;
  /** Starts the repair of an extension, after approval where the settings ask for it. */
  readonly repair?: (
    person: Person,
    asked: {
      readonly machines: readonly MachineName[];
      readonly extension: ExtensionName;
      /** One by one, not as all of a site. */
      readonly named: boolean;
    },
  ) => Promise<SignInAnswer>;
}

export interface ScopeRead {
  readonly location?: string;
  readonly records: readonly DnsRecord[];
  readonly addresses: readonly string[];
}

export type DriftOf = (
  machine: Machine,
  site: Site,
  profile: Profile,
  evidence: Evidence,
) => readonly Finding[];

/** What a part of answering gives back; answerMessage() adds how the message was read. */
export interface Answered extends SignInAnswer {
  readonly confirm?: boolean;
  /** A second card for the same reader, beside one that is kept. */
  readonly also?: Notice;
}

export function refuse(
  reason: Extract<Notice, { kind: 'refusal' }>['reason'],
  about: Omit<Extract<Notice, { kind: 'refusal' }>, 'kind' | 'reason'> = {},
): Answered {
  return { notice: { kind: 'refusal', reason, ...about } };
}
