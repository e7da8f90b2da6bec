import type { AzureMachine } from '../../core/azure.ts';
import type { MachineName } from '../../core/ids.ts';
import type {
  Clock,
  ExtensionRequest,
  ExtensionWriter,
  Log,
  Random,
  Store,
} from '../../core/ports.ts';
import type { WriteMode } from '../../core/repair.ts';
import type { ExtensionName, Machine, Profile, Site } from '../../core/roll-out.ts';

/** The approver's own rights, for one press. */
export type Lent =
  | { readonly kind: 'lent'; readonly writer: ExtensionWriter; giveBack(): void }
  | { readonly kind: 'claims'; readonly claims: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unreachable' };

export interface RepairDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly write: { readonly mode: WriteMode; readonly twoPersons: boolean };
  /** Throws VALUE_REFUSED for a planned value that has not its form. */
  readonly request: (
    extension: ExtensionName,
    machine: Machine,
    site: Site,
    profile: Profile,
    name?: string,
  ) => ExtensionRequest;
  /** The same step as lines for Azure CLI. */
  readonly lines: (
    what: 'install' | 'remove' | 'remediate',
    request: ExtensionRequest,
    profile: Profile,
  ) => readonly string[];
  /** One machine as Azure has it now, read as Reader. */
  readonly readMachine: (
    profile: Profile,
    name: MachineName,
    signal: AbortSignal,
  ) => Promise<AzureMachine | undefined>;
  /** Exchanges a checked Teams token for its owner's rights in Azure. */
  readonly lend: (ssoToken: string, profile: Profile, signal: AbortSignal) => Promise<Lent>;
  /** The second identity's rights. */
  readonly own: () => Promise<ExtensionWriter>;
  /** Work that a press began and does not wait for. */
  readonly later: (work: () => Promise<void>) => void;
}

/** Someone other than who asked must approve. */
export function needsSecond({ mode, twoPersons }: RepairDeps['write']): boolean {
  return twoPersons || mode === 'bot-identity';
}
