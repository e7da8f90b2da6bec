import { missingNames } from '../../core/dns-records.ts';
import { OpsBotError } from '../../core/errors.ts';
import type { NoticeOf } from '../../core/notice.ts';
import { nameOfSite } from '../names.ts';
import { oneSite } from './checks.ts';
import type { AnswerDeps, Answered, ScopeRead } from './deps.ts';
import { profileOf, type Scene } from './scene.ts';

const AZURE_TIMEOUT_MS = 8_000;

/** The names and private addresses that the DNS of a site must answer with. */
export async function answerDnsRecords(scene: Scene, deps: AnswerDeps): Promise<Answered> {
  const place = oneSite(scene);
  if ('notice' in place) return place;
  const profile = profileOf(scene, place.site);
  const about = { kind: 'dns-records', site: nameOfSite(place.site) } as const;
  const nothing = { records: [], addresses: [], missing: [] };
  if (!profile?.privateLinkScopeId) {
    return { notice: { ...about, ...nothing, problem: 'no-scope' } };
  }
  const read = await readOrNothing(() =>
    deps.readScope?.(profile, AbortSignal.timeout(AZURE_TIMEOUT_MS)),
  );
  if (!read) return { notice: { ...about, ...nothing, problem: 'azure-unread' } };
  const notice: NoticeOf<'dns-records'> = {
    ...about,
    records: read.records,
    addresses: read.addresses,
    missing: read.records.length > 0 ? missingNames(read.records, profile.location) : [],
    ...(read.records.length === 0 && { problem: 'no-names' }),
  };
  return { notice };
}

async function readOrNothing(
  work: () => Promise<ScopeRead | undefined> | undefined,
): Promise<ScopeRead | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof OpsBotError && error.code === 'AZURE_UNAVAILABLE') return undefined;
    throw error;
  }
}
