import type { Log, Store } from './core/ports.ts';
import type { Profile } from './core/roll-out.ts';

interface ScopeRead {
  readonly records: readonly { readonly address: string }[];
  readonly addresses: readonly string[];
}

/**
 * The addresses of the private link scopes as Azure last told them, so that a check can tell another scope's
 * address from ours. Kept in memory only: what was never read makes no finding.
 */
export class ScopeMemory {
  readonly #addresses = new Map<string, readonly string[]>();

  of(profile: Profile | undefined): readonly string[] {
    return this.#addresses.get(profile?.privateLinkScopeId?.toLowerCase() ?? '') ?? [];
  }

  /** Asks for each scope of the roll-out; one that cannot be read keeps what it had. */
  async learn(
    deps: {
      readonly store: Pick<Store, 'read'>;
      readonly log: Log;
      readonly readScope: (profile: Profile, signal: AbortSignal) => Promise<ScopeRead | undefined>;
    },
    signal: AbortSignal,
  ): Promise<void> {
    const { profiles } = await deps.store.read((tx) => tx.rollOut());
    const byScope = new Map(
      profiles.flatMap((profile) =>
        profile.privateLinkScopeId ? [[profile.privateLinkScopeId.toLowerCase(), profile]] : [],
      ),
    );
    for (const [id, profile] of byScope) {
      try {
        const read = await deps.readScope(profile, signal);
        if (!read) continue;
        const found = [...read.records.map(({ address }) => address), ...read.addresses];
        this.#addresses.set(id, [...new Set(found)]);
      } catch (error) {
        deps.log.warn('scope-not-read', { scope: id, error });
      }
    }
  }
}
