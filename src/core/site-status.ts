import type { MachineStatus } from './azure.ts';
import type { MachineName, SiteCode } from './ids.ts';
import type { Owner, Verdict } from './network-check.ts';
import type { ExtensionName } from './roll-out.ts';
import type { SignInState } from './sign-in.ts';
import type { Block, Stage } from './stage.ts';

/** One lamp of an extension: `not-verified` is never green. */
export type Lamp = 'ok' | 'working' | 'failed' | 'missing' | 'not-verified';

export interface ExtensionState {
  readonly extension: ExtensionName;
  readonly installed: Lamp;
  readonly configured: Lamp;
  readonly dataSeen: Lamp;
  readonly version?: string;
  readonly message?: string;
}

export interface MachineSummary {
  readonly machine: MachineName;
  readonly site: SiteCode;
  readonly os: string;
  readonly role: string;
  readonly stage: Stage;
  readonly block?: Block;
  readonly status: MachineStatus | 'not-in-azure' | 'not-read';
  readonly extensions: readonly ExtensionState[];
  readonly openSignIn?: SignInState;
  readonly checkVerdict?: Verdict;
  readonly checkedAt?: Date;
  /** While shipped: 45 days after the last heartbeat the agent's certificate has expired. */
  readonly lastSafeAt?: Date;
}

export interface SiteStatus {
  readonly site: SiteCode;
  readonly name: string;
  readonly nameEn: string;
  readonly plannedDate?: string;
  readonly late: boolean;
  readonly done: number;
  readonly total: number;
  readonly machines: readonly MachineSummary[];
  /** Who must act next, when something is blocked. */
  readonly waitingFor?: Owner;
  /** Age of what Azure said; absent when Azure was never read. */
  readonly azureAsOfAt?: Date;
}
