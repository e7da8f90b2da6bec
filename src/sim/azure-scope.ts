/**
 * The private link scope of the simulated subscription and its private endpoint, as ARM gives them. Shapes:
 * Azure/azure-rest-api-specs, hybridcompute (PrivateLinkScopesGet, PrivateLinkScopes_GetValidationDetails)
 * and network (PrivateEndpointGet: customDnsConfigs; PrivateDnsZoneGroupList: recordSets).
 */
export class SimulatedScope {
  location = 'japaneast';
  /** How the endpoint's names are told: by itself, by its zone group, or not at all. */
  names: 'endpoint' | 'zone-group' | 'hidden' = 'endpoint';
  records: readonly { readonly fqdn: string; readonly address: string }[] = [
    { fqdn: 'gbl.his.arc.azure.com', address: '10.13.0.4' },
    { fqdn: 'je.his.arc.azure.com', address: '10.13.0.5' },
    { fqdn: 'japan-ats.his.arc.azure.com', address: '10.13.0.6' },
    { fqdn: 'agentserviceapi.guestconfiguration.azure.com', address: '10.13.0.7' },
    { fqdn: 'japaneast-gas.guestconfiguration.azure.com', address: '10.13.0.8' },
    { fqdn: 'japaneast.dp.kubernetesconfiguration.azure.com', address: '10.13.0.9' },
  ];

  /** The body of a GET, or undefined for a path that is none of these. */
  answer(path: string): Record<string, unknown> | undefined {
    const scope = SCOPE.exec(path);
    if (scope) return this.#scope(path, scope[1] ?? '', scope[2] ?? '');
    const group = ENDPOINT.exec(path);
    if (group) return group[1] === undefined ? this.#endpoint(path) : this.#zoneGroups();
    return VALIDATION.test(path) ? this.#validation() : undefined;
  }

  #scope(path: string, group: string, name: string): Record<string, unknown> {
    const id = `${group}/providers/Microsoft.Network/privateEndpoints/pe-${name}`;
    return {
      id: path,
      name,
      location: this.location,
      properties: {
        publicNetworkAccess: 'Disabled',
        provisioningState: 'Succeeded',
        privateLinkScopeId: '00000000-0000-4000-8000-0000000000e1',
        privateEndpointConnections: [
          { name: `pe-${name}`, properties: { privateEndpoint: { id } } },
        ],
      },
    };
  }

  #endpoint(path: string): Record<string, unknown> {
    const customDnsConfigs = this.names === 'endpoint' ? this.#configs('') : [];
    return { id: path, properties: { provisioningState: 'Succeeded', customDnsConfigs } };
  }

  #zoneGroups(): Record<string, unknown> {
    if (this.names !== 'zone-group') return { value: [] };
    const recordSets = this.#configs('privatelink.');
    return {
      value: [
        {
          name: 'default',
          properties: { privateDnsZoneConfigs: [{ properties: { recordSets } }] },
        },
      ],
    };
  }

  #configs(zone: string): Record<string, unknown>[] {
    return this.records.map(({ fqdn, address }) => ({
      fqdn: fqdn.replace('.', `.${zone}`),
      ipAddresses: [address],
    }));
  }

  #validation(): Record<string, unknown> {
    return {
      publicNetworkAccess: 'Disabled',
      connectionDetails: this.records.map(({ address }) => ({
        privateIpAddress: address,
        groupId: 'hybridcompute',
      })),
    };
  }
}

const SCOPE =
  /^(\/subscriptions\/[^/]+\/resourceGroups\/[^/]+)\/providers\/Microsoft\.HybridCompute\/privateLinkScopes\/([^/]+)$/i;
const ENDPOINT =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/privateEndpoints\/[^/]+(\/privateDnsZoneGroups)?$/i;
const VALIDATION =
  /^\/subscriptions\/[^/]+\/providers\/Microsoft\.HybridCompute\/locations\/[^/]+\/privateLinkScopes\/[^/]+$/i;
