import type { Owner } from './network-check.ts';

/** Where a machine is in the roll-out, in the order of connect_at = base; see ORDER for both. */
export type Stage =
  | 'planned'
  | 'kitted'
  | 'connected'
  | 'extensions'
  | 'data-seen'
  | 'shipped'
  | 'arrived'
  | 'back-online'
  | 'network-ready'
  | 'done';

export const ORDER = {
  base: [
    'planned',
    'kitted',
    'connected',
    'extensions',
    'data-seen',
    'shipped',
    'arrived',
    'back-online',
    'done',
  ],
  site: [
    'planned',
    'kitted',
    'shipped',
    'arrived',
    'network-ready',
    'connected',
    'extensions',
    'data-seen',
    'done',
  ],
} as const satisfies Record<'base' | 'site', readonly Stage[]>;

/** Why a machine does not go on, and who must act. `reason` is a code that cards/text turns into words. */
export interface Block {
  readonly reason:
    | 'network-check-failed'
    | 'disconnected'
    | 'expired'
    | 'extension-failed'
    | 'extension-missing'
    | 'quarantined'
    | 'drift'
    | 'finding';
  readonly owner: Owner;
  /** Id of the finding or name of the extension, where there is one. */
  readonly detail?: string;
}
