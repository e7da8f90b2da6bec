import type { Profile, RollOut, Site } from '../core/roll-out.ts';
import { standsInSubnet } from '../core/subnet.ts';
import type { Imported } from './check-references.ts';
import { type ImportMessage, SAY } from './messages.ts';

/**
 * Plans that cannot work on the network, told before anyone travels
 * (learn.microsoft.com/azure/azure-arc/servers/private-link-security, "Restrictions and limitations").
 * Where a scope really is, only Azure knows: `doctor` and the opening of a sign-in look.
 */
export function warnRoads(imported: Imported, after: RollOut, warnings: ImportMessage[]): void {
  const locations = locationsOf(after);
  for (const { file, row, value: profile } of imported.profiles) {
    const scope = profile.privateLinkScopeId;
    if (!scope) continue;
    if (profile.gatewayId) {
      warnings.push({ file, row, column: 'gateway_id', text: SAY['gateway-and-scope']() });
    }
    const others = [...(locations.get(scope.toLowerCase()) ?? [])].filter(
      (location) => location !== profile.location,
    );
    if (others.length > 0) {
      const text = SAY['scope-in-two-regions'](profile.location, others.join(', '));
      warnings.push({ file, row, column: 'private_link_scope_id', text });
    }
  }
  warnTwoScopes(imported, after, warnings);
}

/** A scope has one region, and so have its machines. */
function locationsOf(after: RollOut): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { privateLinkScopeId, location } of after.profiles) {
    if (!privateLinkScopeId) continue;
    const key = privateLinkScopeId.toLowerCase();
    found.set(key, (found.get(key) ?? new Set()).add(location));
  }
  return found;
}

/**
 * `gbl.his.arc.azure.com` is one name: one DNS can point it at one scope only. Which DNS a site asks stands
 * in no table; sites are taken for one network when they share a proxy or their subnets overlap, and all
 * that are connected at the base share the base's.
 */
function warnTwoScopes(imported: Imported, after: RollOut, warnings: ImportMessage[]): void {
  const scoped = after.sites.flatMap((site) => {
    const profile = after.profileOf(site);
    return profile?.privateLinkScopeId ? [{ site, profile, ...networkOf(site, profile) }] : [];
  });
  const told = new Set<string>();
  for (const at of imported.sites) warn(at.value.code, at, 'profile');
  for (const at of imported.profiles) {
    for (const { site, profile } of scoped) {
      if (profile.name === at.value.name) warn(site.code, at, 'private_link_scope_id');
    }
  }

  function warn(code: string, { file, row }: { file: string; row: number }, column: string): void {
    const mine = scoped.find(({ site }) => site.code === code);
    if (!mine) return;
    const other = scoped.find(
      (one) => one.scope !== mine.scope && isOneNetwork(one, mine) && one.site !== mine.site,
    );
    const pair = other && [mine.scope, other.scope].sort().join(' ');
    if (!other || pair === undefined || told.has(pair)) return;
    told.add(pair);
    const text = SAY['two-scopes-one-dns'](mine.site.code, other.site.code);
    warnings.push({ file, row, column, text });
  }
}

interface Network {
  readonly scope: string;
  readonly proxy?: string;
  readonly subnet?: string;
  readonly atBase: boolean;
}

function networkOf(site: Site, profile: Profile): Network {
  const proxy = site.proxyUrl === undefined ? undefined : URL.parse(site.proxyUrl)?.host;
  return {
    scope: (profile.privateLinkScopeId ?? '').toLowerCase(),
    ...(proxy && { proxy }),
    ...(site.subnet && { subnet: site.subnet }),
    atBase: profile.connectAt === 'base' || site.kind === 'base',
  };
}

function isOneNetwork(one: Network, other: Network): boolean {
  if (one.atBase && other.atBase) return true;
  if (one.proxy !== undefined && one.proxy === other.proxy) return true;
  return overlap(one.subnet, other.subnet);
}

function overlap(one = '', other = ''): boolean {
  if (!one.includes('.') || !other.includes('.')) return false;
  const base = (subnet: string): string => subnet.split('/')[0] ?? '';
  return standsInSubnet([base(one)], other) || standsInSubnet([base(other)], one);
}
