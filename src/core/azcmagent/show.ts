/** Keys of `azcmagent show` and our names for them. Agents 1.2x to 1.67; a new key is simply not here. */
const KEYS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'resource name': 'machineName',
    'resource group name': 'resourceGroup',
    'resource namespace': 'resourceNamespace',
    'resource id': 'resourceId',
    'subscription id': 'subscriptionId',
    'tenant id': 'tenantId',
    'vm id': 'vmId',
    'correlation id': 'correlationId',
    'vm uuid': 'vmUuid',
    location: 'location',
    cloud: 'cloud',
    'identity key store': 'identityKeyStore',
    'agent version': 'agentVersion',
    'agent logfile': 'agentLogfile',
    'agent status': 'agentStatus',
    'agent last heartbeat': 'lastHeartbeat',
    'agent error code': 'agentErrorCode',
    'agent error details': 'agentErrorDetails',
    'agent error timestamp': 'agentErrorTimestamp',
    'using https proxy': 'proxyUrl',
    'proxy bypass list': 'proxyBypass',
    'upstream proxy': 'upstreamProxy',
    'upstream proxy bypass list': 'upstreamProxyBypass',
    'gateway url': 'gatewayUrl',
    'cloud provider': 'cloudProvider',
    'cloud metadata': '',
    manufacturer: 'manufacturer',
    model: 'model',
    'mssql server detected': 'mssqlDetected',
    'mysql server detected': 'mysqlDetected',
    'pgsql server detected': 'pgsqlDetected',
    'dependent service status': '',
    'portal page': 'portalPage',
    'disabled features': 'disabledFeatures',
    'agent auto upgrade task status': 'autoUpgradeTask',
    'esu eligibility': 'esuEligibility',
  }),
);

/** Keys that any other program might print too: they do not make an output `show` by themselves. */
const COMMON: ReadonlySet<string> = new Set([
  'location',
  'cloud',
  'manufacturer',
  'model',
  'vm id',
  'tenant id',
  'subscription id',
  'correlation id',
]);

export interface ShowLine {
  readonly fact: string;
  readonly value: string;
  readonly telling: boolean;
  readonly service?: string;
}

/** A line of `show`: `Agent Status   : Connected`, a heading, or a service. */
export function readShowLine(line: string): ShowLine | undefined {
  const colon = line.indexOf(':');
  const head = colon === -1 ? line : line.slice(0, colon);
  if (head.length > 60) return undefined;
  const key = head.trim().toLowerCase();
  const value = colon === -1 ? '' : line.slice(colon + 1).trim();
  const fact = KEYS.get(key);
  if (fact !== undefined) {
    if (colon === -1 && fact !== '' && COMMON.has(key)) return undefined;
    return { fact, value, telling: !COMMON.has(key) };
  }
  const service = SERVICE.exec(head.trim());
  if (service?.[1] && colon !== -1) {
    return {
      fact: '',
      value: value.toLowerCase(),
      telling: OURS.has(service[1].toLowerCase()),
      service: service[1].toLowerCase(),
    };
  }
  return undefined;
}

const SERVICE = /^[A-Z][\w .-]{2,40} \((\w{3,32})\)$/;
const OURS: ReadonlySet<string> = new Set([
  'himds',
  'himdsd',
  'arcproxy',
  'arcproxyd',
  'extensionservice',
  'extd',
  'gcarcservice',
  'gcad',
]);

/** `http://proxy:8080` or empty; the words that stand for no proxy are not one. */
export function tidyFact(fact: string, value: string): string {
  if (fact === 'proxyBypass' || fact === 'upstreamProxyBypass') {
    return value
      .replace(/^\[|\]$/g, '')
      .split(/[\s,]+/)
      .filter(Boolean)
      .join(',');
  }
  return value === 'N/A' || value === '<none>' || value === 'none' ? '' : value;
}
