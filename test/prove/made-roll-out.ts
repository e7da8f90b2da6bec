import type { MachineName, PersonKey, SiteCode } from '../../src/core/ids.ts';
import { type Machine, type Person, RollOut, type Site } from '../../src/core/roll-out.ts';
import { sampleRows } from '../support/sample-roll-out.ts';

export interface MadeRollOut {
  readonly sites: number;
  readonly machinesPerSite: number;
}

/** Per site one engineer, one deputy and one at the rack: many sign-ins at once without waiting for a place. */
export function madeRollOut({ sites, machinesPerSite }: MadeRollOut): RollOut {
  const [profile] = sampleRows.profiles;
  const [site] = sampleRows.sites;
  if (!profile || !site) throw new Error('the sample roll-out is empty');
  const lead = sampleRows.people.find((person) => person.role === 'lead');
  const numbers = Array.from({ length: sites }, (_, index) => index + 1);
  return new RollOut({
    profiles: [profile],
    sites: numbers.map((number): Site => {
      const code = siteCode(number);
      const names = {
        name: `拠点${number}`,
        nameKana: `きょてん${number}`,
        nameEn: `Site ${number}`,
      };
      const who = { engineer: `eng${number}` as PersonKey, deputy: `dep${number}` as PersonKey };
      return { ...site, code, ...names, ...who, aliases: [], profile: profile.name };
    }),
    machines: numbers.flatMap((number) =>
      Array.from({ length: machinesPerSite }, (_, index): Machine => {
        const name = machineName(number, index + 1);
        return {
          name,
          site: siteCode(number),
          os: 'Ubuntu 24.04',
          serial: `S-${name}`,
          role: 'file',
        };
      }),
    ),
    people: [
      ...(lead ? [lead] : []),
      ...numbers.flatMap((number): Person[] => [
        someone(`eng${number}`, 'engineer', [], 3 * number),
        someone(`dep${number}`, 'engineer', [], 3 * number + 1),
        someone(`rack${number}`, 'site-staff', [siteCode(number)], 3 * number + 2),
      ]),
    ],
  });
}

export function siteCode(number: number): SiteCode {
  return `made-${String(number).padStart(3, '0')}` as SiteCode;
}

export function machineName(site: number, machine: number): MachineName {
  return `SV-M${String(site).padStart(3, '0')}-${String(machine).padStart(2, '0')}` as MachineName;
}

function someone(key: string, role: Person['role'], sites: SiteCode[], number: number): Person {
  const aadObjectId = `00000000-0000-4000-8000-${String(500_000 + number).padStart(12, '0')}`;
  const names = { key: key as PersonKey, name: key, nameEn: key };
  return { ...names, role, sites, language: 'ja', aadObjectId };
}
