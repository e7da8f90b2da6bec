import type { App } from '../app.ts';
import type { Bilingual } from '../core/ids.ts';

const AZURE_TIMEOUT_MS = 8_000;

export interface ScopesLook {
  readonly state: 'ok' | 'failed' | 'not-verified';
  readonly text: Bilingual;
}

/** A scope and its machines must be in one region; where a scope is, only Azure knows. */
export async function lookAtScopes(app: App): Promise<ScopesLook | undefined> {
  const { profiles } = await app.store.read((tx) => tx.rollOut());
  const scoped = profiles.filter((profile) => profile.privateLinkScopeId);
  if (scoped.length === 0) return undefined;
  const signal = AbortSignal.timeout(AZURE_TIMEOUT_MS);
  const wrong: string[] = [];
  try {
    for (const profile of scoped) {
      const scope = await app.readScope(profile, signal);
      if (scope?.location === profile.location) continue;
      wrong.push(`${profile.name} (${profile.location} / ${scope?.location ?? '-'})`);
    }
  } catch (error) {
    app.log.info('doctor-scopes', { error });
    return {
      state: 'not-verified',
      text: {
        ja: 'プライベートリンクスコープを Azure から読めませんでした。ボットに「閲覧者」ロールがあるか確かめてください。',
        en: 'the private link scopes could not be read from Azure. See that the bot has the Reader role.',
      },
    };
  }
  const names = wrong.join(', ');
  if (wrong.length > 0) {
    return {
      state: 'failed',
      text: {
        ja: `スコープがないか、サーバーと別のリージョンにあります: ${names}。同じリージョンのスコープを profiles.csv に書いてください。`,
        en: `a scope is missing or in another region than its servers: ${names}. Write a scope of the same region into profiles.csv.`,
      },
    };
  }
  return {
    state: 'ok',
    text: {
      ja: `プライベートリンクスコープはサーバーと同じリージョンにあります(${scoped.length} 件)。`,
      en: `private link scopes are in the region of their servers (${scoped.length}).`,
    },
  };
}
