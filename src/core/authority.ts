import type { SiteCode } from './ids.ts';
import type { Asker, Person, Site } from './roll-out.ts';

/** What someone wants to do; the table of roles in docs/design is this file. */
export type Deed =
  | 'see-site'
  | 'see-everything'
  | 'open-sign-in'
  | 'confirm-by-phone'
  | 'see-code'
  | 'mark-arrived'
  | 'mark-powered-on'
  | 'mark-shipped'
  | 'acknowledge'
  | 'get-commands'
  | 'get-kit'
  | 'replace'
  | 'retire'
  | 'lift-quarantine'
  | 'repair'
  | 'approve'
  | 'stop-sign-ins'
  | 'set-alert-channel'
  | 'export';

/** Whether this person may do this, at this site where the deed has one. Decided anew on every action. */
export function may(asker: Asker, deed: Deed, site?: Site): boolean {
  if (asker.kind === 'terminal') return SEEING.has(deed);
  const { person } = asker;
  switch (person.role) {
    case 'lead':
      return true;
    case 'auditor':
      return SEEING.has(deed);
    case 'engineer':
      return engineerMay(person, deed, site);
    case 'site-staff':
      return SITE_STAFF.has(deed) && site !== undefined && standsAt(person, site.code);
  }
}

export function standsAt(person: Person, code: SiteCode): boolean {
  return person.sites.includes(code);
}

/** Engineer or deputy of the site, or on duty there today. */
export function isResponsible(person: Person, site: Site): boolean {
  return [site.engineer, site.deputy, site.onDuty].includes(person.key);
}

const SEEING: ReadonlySet<Deed> = new Set(['see-site', 'see-everything', 'get-commands', 'export']);

const SITE_STAFF: ReadonlySet<Deed> = new Set([
  'see-site',
  'open-sign-in',
  'mark-arrived',
  'mark-powered-on',
  'acknowledge',
  'get-commands',
]);

function engineerMay(person: Person, deed: Deed, site: Site | undefined): boolean {
  if (SEEING.has(deed) || deed === 'mark-shipped') return true;
  if (deed === 'stop-sign-ins' || deed === 'set-alert-channel') return false;
  return site !== undefined && isResponsible(person, site);
}
