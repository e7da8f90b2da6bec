import { type DnsRecord, ipv4, scopeName, unique } from '../core/dns-records.ts';
import { OpsBotError } from '../core/errors.ts';
import type { Profile } from '../core/roll-out.ts';
import type { createArmReader } from './arm.ts';
import { list, object } from './words.ts';

type ArmReader = ReturnType<typeof createArmReader>;

/** A scope as Azure has it: where it is, and what its private endpoints answer for. */
export interface ScopeInAzure {
  readonly location?: string;
  readonly records: readonly DnsRecord[];
  /** Addresses of its connections, where their names cannot be read. */
  readonly addresses: readonly string[];
}

const SCOPE_VERSION = '2024-07-10';
const NETWORK_VERSION = '2023-09-01';

/**
 * Names and addresses of a private link scope. The private endpoint names both (customDnsConfigs, or its zone
 * group: learn.microsoft.com/rest/api/virtualnetwork/private-endpoints/get); the scope's validation details
 * name addresses alone (Azure/azure-rest-api-specs, hybridcompute, PrivateLinkScopes_GetValidationDetails).
 * Undefined when there is no such scope.
 */
export async function readScope(
  arm: ArmReader,
  profile: Profile,
  signal: AbortSignal,
): Promise<ScopeInAzure | undefined> {
  const { privateLinkScopeId } = profile;
  if (!privateLinkScopeId) return undefined;
  const scope = await arm(`${privateLinkScopeId}?api-version=${SCOPE_VERSION}`, signal);
  if (scope.status === 404) return undefined;
  if (scope.status !== 200) {
    throw new OpsBotError('AZURE_UNAVAILABLE', `reading the private link scope: ${scope.status}`);
  }
  const { location, properties } = object(scope.body);
  const endpoints = list(object(properties).privateEndpointConnections).flatMap((one) => {
    const { id } = object(object(object(one).properties).privateEndpoint);
    return typeof id === 'string' && ENDPOINT_ID.test(id) ? [id] : [];
  });
  const read = await Promise.all(endpoints.map((id) => recordsOf(arm, id, signal)));
  const records = unique(read.flat());
  const about = typeof location === 'string' ? { location } : {};
  if (records.length > 0) return { ...about, records, addresses: [] };
  return { ...about, records, addresses: await addressesOf(arm, profile, scope.body, signal) };
}

const ENDPOINT_ID =
  /^\/subscriptions\/[0-9a-fA-F-]{36}\/resourceGroups\/[\w.()-]{1,90}\/providers\/Microsoft\.Network\/privateEndpoints\/[\w.-]{1,80}$/i;

async function recordsOf(arm: ArmReader, id: string, signal: AbortSignal): Promise<DnsRecord[]> {
  const endpoint = await arm(`${id}?api-version=${NETWORK_VERSION}`, signal);
  const own = configs(list(object(object(endpoint.body).properties).customDnsConfigs));
  if (own.length > 0) return own;
  const groups = await arm(`${id}/privateDnsZoneGroups?api-version=${NETWORK_VERSION}`, signal);
  return list(object(groups.body).value)
    .flatMap((group) => list(object(object(group).properties).privateDnsZoneConfigs))
    .flatMap((zone) => configs(list(object(object(zone).properties).recordSets)));
}

/** `{fqdn, ipAddresses}`: names of other services (Kubernetes) and what has no form are left out. */
function configs(found: readonly unknown[]): DnsRecord[] {
  return found.flatMap((one) => {
    const { fqdn, ipAddresses } = object(one);
    const name = typeof fqdn === 'string' ? scopeName(fqdn) : undefined;
    if (name === undefined) return [];
    return list(ipAddresses).flatMap((address) => {
      const read = typeof address === 'string' ? ipv4(address) : undefined;
      return read === undefined ? [] : [{ name, address: read }];
    });
  });
}

async function addressesOf(
  arm: ArmReader,
  profile: Profile,
  scope: unknown,
  signal: AbortSignal,
): Promise<string[]> {
  const { location, properties } = object(scope);
  const { privateLinkScopeId: guid } = object(properties);
  if (typeof guid !== 'string' || !/^[0-9a-fA-F-]{36}$/.test(guid)) return [];
  const region = typeof location === 'string' ? location : profile.location;
  const subscription = (profile.privateLinkScopeId ?? '').split('/')[2] ?? '';
  const path = `/subscriptions/${subscription}/providers/Microsoft.HybridCompute/locations/${encodeURIComponent(region)}/privateLinkScopes/${guid}?api-version=${SCOPE_VERSION}`;
  const { body } = await arm(path, signal);
  const found = list(object(body).connectionDetails).flatMap((one) => {
    const { privateIpAddress } = object(one);
    return typeof privateIpAddress === 'string' ? (ipv4(privateIpAddress) ?? []) : [];
  });
  return [...new Set(found)];
}
