import type { PersonKey, SiteCode } from '../core/ids.ts';
import type { PersonName, SiteName } from '../core/notice.ts';
import type { Person, RollOut, Site } from '../core/roll-out.ts';

/** How a card names a site; one that has left the roll-out keeps its code. */
export function siteName(rollOut: RollOut, code: SiteCode): SiteName {
  const site = rollOut.site(code);
  if (!site) return { code, name: code, nameEn: code };
  const timeZone = rollOut.profileOf(site)?.timeZone;
  return { ...nameOfSite(site), ...(timeZone && { timeZone }) };
}

export function nameOfSite(site: Site): SiteName {
  return { code: site.code, name: site.name, nameEn: site.nameEn };
}

export function personName(rollOut: RollOut, key: PersonKey): PersonName | undefined {
  const person = rollOut.person(key);
  return person && nameOfPerson(person);
}

export function nameOfPerson(person: Person): PersonName {
  return {
    key: person.key,
    name: person.name,
    nameEn: person.nameEn,
    ...(person.phone && { phone: person.phone }),
  };
}
