import { z } from 'zod';
import type { MachineName, PersonKey, ProfileName, SiteCode } from '../core/ids.ts';
import type { Machine, Person, Profile, RollOutRows, Site } from '../core/roll-out.ts';
import * as cell from './cells.ts';

/** A row as text, by column. */
export type Cells = Readonly<Record<string, string>>;

/** How one table of the roll-out looks in a file. */
export interface Table<Row> {
  readonly name: keyof RollOutRows;
  /** The column that tells rows apart. */
  readonly key: string;
  readonly columns: readonly string[];
  readonly required: readonly string[];
  readonly schema: z.ZodType<Row, Cells>;
  /** Under which key it is known: names of machines without case. */
  identify(key: string): string;
  keyOf(row: Row): string;
  toCells(row: Row): Cells;
  /** What stays of a known row where the file has no such column. */
  kept?(before: Row, given: Cells): Cells;
}

const asIs = (key: string): string => key;

export const PROFILES: Table<Profile> = table({
  name: 'profiles',
  key: 'profile',
  required: [
    'profile',
    'tenant_id',
    'subscription_id',
    'resource_group',
    'location',
    'connect_at',
    'time_zone',
  ],
  cells: {
    profile: cell.code,
    tenant_id: cell.guid,
    subscription_id: cell.guid,
    resource_group: cell.resourceGroup,
    location: cell.matching(/^[a-z][a-z0-9]{2,39}$/, 'location'),
    cloud: cell.orElse(
      cell.oneOf(['AzureCloud', 'AzureUSGovernment', 'AzureChinaCloud'], 'cloud'),
      'AzureCloud',
    ),
    private_link_scope_id: cell.optional(
      cell.resourceId('Microsoft.HybridCompute/privateLinkScopes', 'private-link-scope'),
    ),
    gateway_id: cell.optional(cell.resourceId('Microsoft.HybridCompute/gateways', 'gateway')),
    proxy_bypass: cell.listOf(cell.matching(/^[A-Za-z]{2,20}$/, 'proxy-bypass')),
    tags: cell.tags,
    connect_at: cell.oneOf(['base', 'site'], 'connect-at'),
    time_zone: cell.timeZone,
    extensions: cell.listOf(cell.oneOf(['MDE', 'AMA'], 'extension')),
    mde_by: cell.orElse(cell.oneOf(['defender', 'policy', 'bot'], 'deployer'), 'defender'),
    ama_by: cell.orElse(cell.oneOf(['defender', 'policy', 'bot'], 'deployer'), 'policy'),
    dcr_id: cell.optional(
      cell.resourceId('Microsoft.Insights/dataCollectionRules', 'data-collection-rule'),
    ),
    workspace_id: cell.optional(cell.workspace),
  },
  toRow: (row): Profile => ({
    name: row.profile as ProfileName,
    tenantId: row.tenant_id,
    subscriptionId: row.subscription_id,
    resourceGroup: row.resource_group,
    location: row.location,
    cloud: row.cloud,
    ...given('privateLinkScopeId', row.private_link_scope_id),
    ...given('gatewayId', row.gateway_id),
    proxyBypass: row.proxy_bypass,
    tags: row.tags,
    connectAt: row.connect_at,
    timeZone: row.time_zone,
    extensions: row.extensions,
    deployedBy: { MDE: row.mde_by, AMA: row.ama_by },
    ...given('dcrId', row.dcr_id),
    ...given('workspaceId', row.workspace_id),
  }),
  identify: asIs,
  keyOf: (row) => row.name,
  toCells: (row) => ({
    profile: row.name,
    tenant_id: row.tenantId,
    subscription_id: row.subscriptionId,
    resource_group: row.resourceGroup,
    location: row.location,
    cloud: row.cloud,
    private_link_scope_id: row.privateLinkScopeId ?? '',
    gateway_id: row.gatewayId ?? '',
    proxy_bypass: writeList(row.proxyBypass),
    tags: writeTags(row.tags),
    connect_at: row.connectAt,
    time_zone: row.timeZone,
    extensions: writeList(row.extensions),
    mde_by: row.deployedBy.MDE,
    ama_by: row.deployedBy.AMA,
    dcr_id: row.dcrId ?? '',
    workspace_id: row.workspaceId ?? '',
  }),
});

export const SITES: Table<Site> = table({
  name: 'sites',
  key: 'code',
  required: ['code', 'name', 'profile'],
  cells: {
    code: cell.code,
    name: cell.filled,
    name_kana: cell.text,
    name_en: cell.text,
    aliases: cell.list,
    kind: cell.orElse(cell.oneOf(['site', 'base'], 'site-kind'), 'site'),
    prefecture: cell.text,
    region: cell.text,
    wave: cell.optional(cell.wave),
    planned_date: cell.optional(cell.day),
    window: cell.optional(cell.text),
    profile: cell.code,
    subnet: cell.optional(cell.subnet),
    proxy_url: cell.optional(cell.proxyUrl),
    engineer: cell.optional(cell.key),
    deputy: cell.optional(cell.key),
    phone: cell.optional(cell.phone),
  },
  toRow: (row): Site => ({
    code: row.code as SiteCode,
    name: row.name,
    nameKana: row.name_kana,
    nameEn: row.name_en || row.name,
    aliases: row.aliases,
    kind: row.kind,
    prefecture: row.prefecture,
    region: row.region,
    ...given('wave', row.wave),
    ...given('plannedDate', row.planned_date),
    ...given('window', row.window),
    profile: row.profile as ProfileName,
    ...given('subnet', row.subnet),
    ...given('proxyUrl', row.proxy_url),
    ...given('engineer', row.engineer as PersonKey | undefined),
    ...given('deputy', row.deputy as PersonKey | undefined),
    ...given('phone', row.phone),
  }),
  identify: asIs,
  keyOf: (row) => row.code,
  toCells: (row) => ({
    code: row.code,
    name: row.name,
    name_kana: row.nameKana,
    name_en: row.nameEn,
    aliases: writeList(row.aliases),
    kind: row.kind,
    prefecture: row.prefecture,
    region: row.region,
    wave: row.wave === undefined ? '' : String(row.wave),
    planned_date: row.plannedDate ?? '',
    window: row.window ?? '',
    profile: row.profile,
    subnet: row.subnet ?? '',
    proxy_url: row.proxyUrl ?? '',
    engineer: row.engineer ?? '',
    deputy: row.deputy ?? '',
    phone: row.phone ?? '',
  }),
});

export const MACHINES: Table<Machine> = table({
  name: 'machines',
  key: 'name',
  required: ['name', 'site', 'os'],
  cells: {
    name: cell.machineName,
    site: cell.code,
    os: cell.filled,
    serial: cell.text,
    role: cell.text,
  },
  toRow: (row): Machine => ({
    name: row.name as MachineName,
    site: row.site as SiteCode,
    os: row.os,
    serial: row.serial,
    role: row.role,
  }),
  identify: (key) => key.toLowerCase(),
  keyOf: (row) => row.name,
  toCells: (row) => ({
    name: row.name,
    site: row.site,
    os: row.os,
    serial: row.serial,
    role: row.role,
  }),
});

export const PEOPLE: Table<Person> = table({
  name: 'people',
  key: 'key',
  required: ['key', 'name', 'role'],
  cells: {
    key: cell.key,
    name: cell.filled,
    name_en: cell.text,
    role: cell.oneOf(['site-staff', 'engineer', 'lead', 'auditor'], 'role'),
    sites: cell.listOf(cell.code),
    language: cell.orElse(cell.oneOf(['ja', 'en'], 'language'), 'ja'),
    upn: cell.optional(cell.upn),
    aad_object_id: cell.optional(cell.guid),
    phone: cell.optional(cell.phone),
    onboarding_upn: cell.optional(cell.upn),
  },
  toRow: (row): Person => ({
    key: row.key as PersonKey,
    name: row.name,
    nameEn: row.name_en || row.name,
    role: row.role,
    sites: row.sites as readonly SiteCode[],
    language: row.language,
    ...given('upn', row.upn),
    ...given('aadObjectId', row.aad_object_id),
    ...given('phone', row.phone),
    ...given('onboardingUpn', row.onboarding_upn),
  }),
  identify: asIs,
  keyOf: (row) => row.key,
  toCells: (row) => ({
    key: row.key,
    name: row.name,
    name_en: row.nameEn,
    role: row.role,
    sites: writeList(row.sites),
    language: row.language,
    upn: row.upn ?? '',
    aad_object_id: row.aadObjectId ?? '',
    phone: row.phone ?? '',
    onboarding_upn: row.onboardingUpn ?? '',
  }),
  // Whoever gets another role is named anew: the id may be one that was learned at a first contact.
  kept: (before, given) => {
    const { aad_object_id, ...others } = PEOPLE.toCells(before);
    const sameRole = given.role === undefined || given.role.trim() === before.role;
    return sameRole && aad_object_id ? { ...others, aad_object_id } : others;
  },
});

export const TABLES = [PROFILES, SITES, MACHINES, PEOPLE] as const;

function table<Shape extends Record<string, z.ZodType<unknown, string>>, Row>(parts: {
  name: keyof RollOutRows;
  key: string;
  required: readonly (keyof Shape & string)[];
  cells: Shape;
  toRow: (row: z.output<z.ZodObject<Shape>>) => Row;
  identify: (key: string) => string;
  keyOf: (row: Row) => string;
  toCells: (row: Row) => Record<keyof Shape & string, string>;
  kept?: (before: Row, given: Cells) => Cells;
}): Table<Row> {
  const columns = Object.keys(parts.cells);
  const blank = Object.fromEntries(columns.map((column) => [column, '']));
  const schema = z
    .record(z.string(), z.string())
    .transform((cells) => ({ ...blank, ...cells }))
    .pipe(z.object(parts.cells) as never)
    .transform((row) => parts.toRow(row as z.output<z.ZodObject<Shape>>));
  return { ...parts, columns, schema: schema as unknown as z.ZodType<Row, Cells> };
}

/** The property where it has a value, nothing where not. */
function given<K extends string, T>(name: K, value: T | undefined): Partial<Record<K, T>> {
  return value === undefined ? {} : ({ [name]: value } as Record<K, T>);
}

/** Joined by semicolons, or as JSON where that would not read back. */
function writeList(values: readonly string[]): string {
  const plain = values.every((value) => !/[;;]/.test(value)) && !values[0]?.startsWith('[');
  return plain ? values.join(';') : JSON.stringify(values);
}

function writeTags(tags: Readonly<Record<string, string>>): string {
  const entries = Object.entries(tags);
  const plain = entries.every(
    ([name, value]) =>
      !/[;={]/.test(name) && !value.includes(';') && name === name.trim() && value === value.trim(),
  );
  return plain
    ? entries.map(([name, value]) => `${name}=${value}`).join(';')
    : JSON.stringify(tags);
}
