import type { ExtensionName } from './roll-out.ts';

/** Azure's word for a machine, made ours in one place; a word we do not know is `unknown`. */
export type MachineStatus = 'connected' | 'disconnected' | 'error' | 'expired' | 'unknown';
export type ProvisioningState =
  | 'creating'
  | 'updating'
  | 'deleting'
  | 'succeeded'
  | 'failed'
  | 'canceled'
  | 'unknown';

/** What Azure last said about one extension of a machine. */
export interface AzureExtension {
  /** Which of ours it is, by publisher and type; absent for any other extension. */
  readonly extension?: ExtensionName;
  readonly name: string;
  readonly publisher: string;
  readonly type: string;
  readonly provisioningState: ProvisioningState;
  readonly version?: string;
  readonly message?: string;
}

/** What Azure last said about one machine (Microsoft.HybridCompute/machines). */
export interface AzureMachine {
  readonly resourceId: string;
  readonly name: string;
  readonly resourceGroup: string;
  readonly subscriptionId: string;
  readonly location: string;
  readonly status: MachineStatus;
  readonly lastStatusChangeAt?: Date;
  readonly agentVersion?: string;
  readonly vmUuid?: string;
  /** The agent's own id, made when it connected; two servers with one come from one image. */
  readonly vmId?: string;
  readonly privateLinkScopeId?: string;
  /** Empty: none is set; absent: Azure does not tell. */
  readonly proxyUrl?: string;
  readonly proxyBypass: readonly string[];
  /** The agent's own `extensions.allowlist`; absent where Azure does not tell. */
  readonly extensionAllowList?: readonly string[];
  /** Data collection rules associated with it, in lower case; absent where that was not read. */
  readonly dataRules?: readonly string[];
  /** Whether Defender for Servers is on in its subscription; absent where that could not be read. */
  readonly defenderPlan?: 'on' | 'off';
  readonly tags: Readonly<Record<string, string>>;
  readonly addresses: readonly string[];
  readonly extensions: readonly AzureExtension[];
}

/** A kept AzureMachine, with the moment Azure was last heard about it. */
export interface SeenMachine {
  readonly machine: AzureMachine;
  readonly seenAt: Date;
}

/** The newest row that a machine's AMA left in the workspace's Heartbeat table. */
export interface Heartbeat {
  /** The server's own name, often with its domain. */
  readonly computer: string;
  /** Empty where the row names none. */
  readonly resourceId: string;
  readonly seenAt: Date;
}
