import type { MachineName, SiteCode } from '../ids.ts';
import type { ExtensionName } from '../roll-out.ts';

/** Everything a sentence names, before it is known what it wants. */
export interface Named {
  readonly sites: readonly SiteCode[];
  readonly machines: readonly MachineName[];
  /** Names that look like machines and are none. */
  readonly strangers: readonly string[];
  readonly area?: string;
  readonly wave?: number;
  readonly extensions: readonly ExtensionName[];
  readonly error?: string;
  readonly route?: 'private' | 'proxy';
  /** 1, or less where a typing error was guessed at. */
  readonly certainty: number;
}
