import type { Diagnosis } from '../network-check.ts';
import type { RequirementRow } from '../notice.ts';
import type { ExtensionName, Profile, Site } from '../roll-out.ts';
import { type Endpoint, endpointsOf, entryFor, hostOf, privateLinkHosts } from './catalogue.ts';

export interface RequirementOptions {
  /** Only the rows of one road. */
  readonly route?: 'private' | 'proxy';
  /** Only what a failed check showed to be missing. */
  readonly missing?: Diagnosis;
  readonly extension?: ExtensionName;
  readonly os?: 'windows' | 'linux';
  /** Add what only old agents and single features need. */
  readonly all?: boolean;
}

const KIT_SOURCE = 'docs/kit.md';

/** The addresses a site must open, each with its road: the request form for whoever opens them. */
export function requirementsFor(
  site?: Site,
  profile?: Profile,
  botHost?: string,
  options: RequirementOptions = {},
): RequirementRow[] {
  const cloud = profile?.cloud ?? 'AzureCloud';
  const rows = endpointsOf(cloud)
    .filter((endpoint) => isNeeded(endpoint, profile, options))
    .flatMap((endpoint) => rowsOf(endpoint, site, profile));
  if (botHost && (!options.extension || options.missing)) rows.push(botRow(botHost, site));
  const merged = mergeHosts(rows).filter((row) => !options.route || row.route === options.route);
  return options.missing ? missingRows(merged, options.missing) : merged;
}

/** The rows of a form that a check showed to be closed; failed addresses the form lacks are not invented. */
export function missingRows(
  rows: readonly RequirementRow[],
  diagnosis: Diagnosis,
): RequirementRow[] {
  const failed = diagnosis.endpoints
    .filter((one) => one.verdict === 'unreachable' || one.verdict === 'tls-failed')
    .map((one) => one.url);
  const named = diagnosis.findings
    .filter((one) => one.owner === 'network')
    .flatMap((one) => one.endpoints);
  const hosts = new Set([...failed, ...named].map(hostOf));
  const ids = new Set([...hosts].flatMap((host) => entryFor(host)?.id ?? []));
  return rows.filter((row) => {
    if (hosts.has(row.host)) return true;
    if (!/[*<]/.test(row.host)) return false;
    const entry = entryFor(row.host.replace(/^\*/, 'any'));
    return entry !== undefined && ids.has(entry.id);
  });
}

function isNeeded(
  endpoint: Endpoint,
  profile: Profile | undefined,
  options: RequirementOptions,
): boolean {
  if (options.extension) {
    if (endpoint.extension !== options.extension) return false;
  } else if (endpoint.extension && profile && !profile.extensions.includes(endpoint.extension)) {
    return false;
  }
  if (options.os === 'windows' && /linux/.test(endpoint.id)) return false;
  if (options.os === 'linux' && /dl-windows/.test(endpoint.id)) return false;
  switch (endpoint.when) {
    case 'always-unless-private-link':
      return !profile?.privateLinkScopeId;
    case 'feature-arc-gateway':
      return Boolean(profile?.gatewayId);
    case 'extension-when-dce':
      return Boolean(profile?.dcrId) || options.all === true;
    case 'connect-only (browser)':
      return false;
    default:
      return options.all === true || ALWAYS.has(endpoint.when);
  }
}

const ALWAYS: ReadonlySet<string> = new Set([
  'always',
  'install-and-upgrade',
  'install-only',
  'connect-only',
  'connect-and-disconnect',
  'extension-always',
  'extension-install',
]);

function rowsOf(
  endpoint: Endpoint,
  site: Site | undefined,
  profile: Profile | undefined,
): RequirementRow[] {
  const isPrivate =
    Boolean(profile?.privateLinkScopeId) &&
    endpoint.privateLink.capable === true &&
    endpoint.privateLink.via === 'APLS';
  const outside = site && !site.proxyUrl ? 'direct' : 'proxy';
  const hosts = isPrivate ? privateHosts(endpoint, profile) : publicHosts(endpoint, profile);
  return hosts.map(({ host, verified }) => ({
    host,
    ports: endpoint.ports,
    route: isPrivate ? 'private' : outside,
    purpose: endpoint.purpose,
    when: endpoint.when,
    noInspection: endpoint.noInspection,
    source: endpoint.sources[0] ?? '',
    verified: endpoint.verified && verified,
    ...(endpoint.bypass[0] ? { bypass: endpoint.bypass[0] } : {}),
    ...(endpoint.note ? { note: endpoint.note } : {}),
  }));
}

interface Host {
  readonly host: string;
  readonly verified: boolean;
}

/** A private road needs names, not families: each is a record in the DNS of the site. */
function privateHosts(endpoint: Endpoint, profile: Profile | undefined): Host[] {
  const known = privateLinkHosts(profile?.location ?? '');
  const own = known.hosts.filter((host) => entryFor(host)?.id === endpoint.id);
  const everywhere = new Set([
    'gbl.his.arc.azure.com',
    'agentserviceapi.guestconfiguration.azure.com',
  ]);
  if (own.length === 0) return endpoint.hosts.map((host) => ({ host, verified: true }));
  return own.map((host) => ({ host, verified: known.verified || everywhere.has(host) }));
}

function publicHosts(endpoint: Endpoint, profile: Profile | undefined): Host[] {
  const seen = new Set<string>();
  return endpoint.hosts.flatMap((pattern) => {
    const host = pattern
      .replace(/<(?:virtual-machine-)?region(?:-name)?>/g, profile?.location || '<region>')
      .replace(/<(?:log-analytics-workspace-id|wsid)>/g, profile?.workspaceId || '<workspace id>')
      .replace(/<data-collection-endpoint>/g, '<data collection endpoint>');
    // `*.login.microsoft.com` already covers the regional name below it
    const covered = endpoint.hosts.some(
      (other) =>
        other !== pattern &&
        other.startsWith('*.') &&
        !pattern.startsWith('*') &&
        host.endsWith(other.slice(1)),
    );
    if (seen.has(host) || covered) return [];
    seen.add(host);
    return [{ host, verified: true }];
  });
}

function botRow(host: string, site: Site | undefined): RequirementRow {
  return {
    host: host.toLowerCase(),
    ports: [443],
    route: site && !site.proxyUrl ? 'direct' : 'proxy',
    purpose: {
      ja: 'このボットの窓口(キットの報告とサインイン)',
      en: 'Door of this bot (reports and sign-ins of the kit)',
    },
    when: 'kit',
    noInspection: false,
    source: KIT_SOURCE,
    ours: true,
    verified: true,
  };
}

/** One line for a host, even where two entries name it. */
function mergeHosts(rows: readonly RequirementRow[]): RequirementRow[] {
  const byHost = new Map<string, RequirementRow>();
  for (const row of rows) {
    const key = `${row.route} ${row.host}`;
    const before = byHost.get(key);
    byHost.set(
      key,
      before
        ? {
            ...before,
            ports: [...new Set([...before.ports, ...row.ports])].sort((a, b) => a - b),
            noInspection: before.noInspection || row.noInspection,
          }
        : row,
    );
  }
  return [...byHost.values()];
}
