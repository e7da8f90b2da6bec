import type { PersonKey, SiteCode } from '../ids.ts';
import { OPEN_AT_BASE, OPEN_PER_ENGINEER, OPEN_PER_SITE } from './limits.ts';

/** What counts of an open sign-in: where it is and who would be asked first. */
export interface Place {
  readonly site: SiteCode;
  readonly at: 'site' | 'base';
  readonly engineer?: PersonKey;
}

/** Whether one more fits beside those that are open and have a place. */
export function hasPlace(wanted: Place, taken: readonly Place[]): boolean {
  const here = taken.filter((place) => place.site === wanted.site).length;
  if (wanted.at === 'base') return here < OPEN_AT_BASE;
  const theirs = taken.filter(
    (place) => place.at === 'site' && place.engineer === wanted.engineer,
  ).length;
  return here < OPEN_PER_SITE && (wanted.engineer === undefined || theirs < OPEN_PER_ENGINEER);
}
