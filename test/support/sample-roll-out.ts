import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import type { MachineName, PersonKey, ProfileName, SiteCode } from '../../src/core/ids.ts';
import {
  type ExtensionName,
  type Machine,
  type Person,
  type Profile,
  type Role,
  RollOut,
  type Site,
} from '../../src/core/roll-out.ts';

const FOLDER = new URL('../../samples/rollout/', import.meta.url);

/** The sample roll-out as rows, read plainly: these files are known to be right. */
export const sampleRows = {
  profiles: read('profiles.csv').map(profile),
  sites: read('sites.csv').map(site),
  machines: read('machines.csv').map(machine),
  people: read('people.csv').map(person),
};

export const sampleRollOut = new RollOut(sampleRows);

type Row = Readonly<Record<string, string>>;

function read(name: string): readonly Row[] {
  const text = readFileSync(new URL(name, FOLDER), 'utf8');
  return parse(text, { columns: true, bom: true }) as Row[];
}

function list(value = ''): string[] {
  return value === '' ? [] : value.split(';');
}

/** Only the columns that hold something. */
function given<T extends string>(row: Row, columns: Readonly<Record<T, string>>) {
  const entries = Object.entries<string>(columns).filter(([, column]) => row[column]);
  return Object.fromEntries(entries.map(([name, column]) => [name, row[column]])) as Partial<
    Record<T, never>
  >;
}

function profile(row: Row): Profile {
  return {
    name: row.profile as ProfileName,
    tenantId: row.tenant_id ?? '',
    subscriptionId: row.subscription_id ?? '',
    resourceGroup: row.resource_group ?? '',
    location: row.location ?? '',
    cloud: row.cloud ?? '',
    proxyBypass: list(row.proxy_bypass),
    tags: Object.fromEntries(list(row.tags).map((tag) => tag.split('=') as [string, string])),
    connectAt: row.connect_at as 'base' | 'site',
    timeZone: row.time_zone ?? '',
    extensions: list(row.extensions) as ExtensionName[],
    deployedBy: { MDE: 'defender', AMA: 'policy' },
    ...given(row, { privateLinkScopeId: 'private_link_scope_id', dcrId: 'dcr_id' }),
  };
}

function site(row: Row): Site {
  return {
    code: row.code as SiteCode,
    name: row.name ?? '',
    nameKana: row.name_kana ?? '',
    nameEn: row.name_en ?? '',
    aliases: list(row.aliases),
    kind: row.kind as 'site' | 'base',
    prefecture: row.prefecture ?? '',
    region: row.region ?? '',
    ...(row.wave && { wave: Number(row.wave) }),
    profile: row.profile as ProfileName,
    ...given(row, { plannedDate: 'planned_date', window: 'window', subnet: 'subnet' }),
    ...given(row, { proxyUrl: 'proxy_url', engineer: 'engineer', deputy: 'deputy' }),
    ...given(row, { phone: 'phone' }),
  };
}

function machine(row: Row): Machine {
  return {
    name: row.name as MachineName,
    site: row.site as SiteCode,
    os: row.os ?? '',
    serial: row.serial ?? '',
    role: row.role ?? '',
  };
}

function person(row: Row): Person {
  return {
    key: row.key as PersonKey,
    name: row.name ?? '',
    nameEn: row.name_en ?? '',
    role: row.role as Role,
    sites: list(row.sites) as SiteCode[],
    language: row.language as 'ja' | 'en',
    ...given(row, { upn: 'upn', aadObjectId: 'aad_object_id', phone: 'phone' }),
  };
}
