import type { Route } from '../network-check.ts';
import type { Profile, Site } from '../roll-out.ts';

/** What a site's traffic should look like, and the site's own values for commands. */
export interface Expectations {
  readonly route: 'private' | 'public' | 'unknown';
  /** Absent with a known site: it has none. */
  readonly proxyUrl?: string;
  readonly location?: string;
  readonly privateLinkScopeId?: string;
  readonly proxyBypass?: readonly string[];
  readonly siteCode?: string;
  readonly cloud?: string;
  readonly gatewayId?: string;
  readonly botHost?: string;
  readonly tenantId?: string;
  readonly subscriptionId?: string;
  readonly resourceGroup?: string;
  readonly workspaceId?: string;
  /** Addresses of the private endpoint, where Azure or a person told them. */
  readonly scopeAddresses?: readonly string[];
  readonly os?: 'windows' | 'linux';
}

export const NO_EXPECTATIONS: Expectations = { route: 'unknown' };

/** From the site's profile; `route` (said on the command line) beats it. */
export function expectationsFor(
  site?: Site,
  profile?: Profile,
  route?: 'private' | 'public',
  more: Pick<Expectations, 'botHost' | 'scopeAddresses' | 'os'> = {},
): Expectations {
  const planned = profile ? (profile.privateLinkScopeId ? 'private' : 'public') : 'unknown';
  return {
    ...more,
    route: route ?? planned,
    ...(site ? { siteCode: site.code } : {}),
    ...(site?.proxyUrl ? { proxyUrl: site.proxyUrl } : {}),
    ...(profile
      ? {
          location: profile.location,
          cloud: profile.cloud,
          proxyBypass: profile.proxyBypass,
          tenantId: profile.tenantId,
          subscriptionId: profile.subscriptionId,
          resourceGroup: profile.resourceGroup,
          ...(profile.privateLinkScopeId ? { privateLinkScopeId: profile.privateLinkScopeId } : {}),
          ...(profile.gatewayId ? { gatewayId: profile.gatewayId } : {}),
          ...(profile.workspaceId ? { workspaceId: profile.workspaceId } : {}),
        }
      : {}),
  };
}

/**
 * The road of everything that is not private: the site's proxy, else direct. Without a site `private` says
 * "the rest by proxy", and `public` goes by what the output itself shows.
 */
export function publicRoute(expected: Expectations, proxySeen: boolean): Route {
  if (expected.proxyUrl) return 'proxy';
  if (expected.siteCode) return 'direct';
  if (expected.route === 'private') return 'proxy';
  return proxySeen ? 'proxy' : 'direct';
}
