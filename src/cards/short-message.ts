import type { MachineName } from '../core/ids.ts';
import type { SiteName } from '../core/notice.ts';
import type { Fact, Page, Reader } from './page.ts';
import { FIELD, siteName } from './text/labels.ts';
import { CHECK_LEAD } from './text/status.ts';
import { bold, say, type Words } from './words.ts';

export function message(title: string, lead: readonly Words[], more: Partial<Page> = {}): Page {
  return { template: 'message', title, tone: 'accent', lead, ...more };
}

export function siteFact(site: SiteName | undefined, { lang }: Reader): Fact[] {
  return site === undefined
    ? []
    : [{ label: FIELD.site[lang], value: say`${siteName(site, lang)}` }];
}

export function machineFact(machine: MachineName | undefined, { lang }: Reader): Fact[] {
  return machine === undefined ? [] : [{ label: FIELD.server[lang], value: bold(machine) }];
}

export function someServer(machine: MachineName | undefined, { lang }: Reader): string {
  return machine ?? CHECK_LEAD.someServer[lang];
}

/** Up to ten names, then how many more. */
export function namesOf(machines: readonly MachineName[], { lang }: Reader): string {
  const names = machines.slice(0, 10).join(lang === 'ja' ? '、' : ', ');
  const more = machines.length - 10;
  if (more <= 0) return names;
  return lang === 'ja' ? `${names}、ほか${more}台` : `${names} and ${more} more`;
}
