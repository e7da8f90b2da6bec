import type { Cell } from '../network-check.ts';
import { isObject, type JsonObject, member, readPairs, text } from './json.ts';
import { type CheckRow, EMPTY, type Reading } from './reading.ts';
import { tidyFact } from './show.ts';
import { readAddress, readCell, readProxy, readTls } from './table.ts';

/** `azcmagent … --json`, or what `az connectedmachine` and ARM say of a machine; undefined for other JSON. */
export function readJsonOutput(value: unknown): Reading | undefined {
  const rows = checkRows(value);
  if (rows.length > 0) return { ...EMPTY, kind: 'check', rows };
  if (Array.isArray(value)) {
    const found = value.slice(0, 50).flatMap((item) => readJsonOutput(item) ?? []);
    return found[0] ? merge(found) : undefined;
  }
  if (!isObject(value)) return undefined;
  const list = member(value, 'value');
  if (Array.isArray(list)) return readJsonOutput(list);
  return extension(value) ?? scopeValidation(value) ?? machine(value);
}

/** Both shapes that scripts expect: a list of rows, or an object with one member per address. */
function checkRows(value: unknown): CheckRow[] {
  if (Array.isArray(value)) {
    return value.slice(0, 500).flatMap((item) => (isObject(item) ? row(item) : []));
  }
  if (!isObject(value)) return [];
  const inner = member(value, 'endpoints', 'results', 'connectivity');
  if (inner !== undefined && inner !== value) return checkRows(inner);
  return Object.entries(value)
    .slice(0, 500)
    .flatMap(([key, item]) => (isObject(item) && key.includes('.') ? row(item, key) : []));
}

function row(item: JsonObject, address?: string): CheckRow[] {
  const url = readAddress(address ?? text(member(item, 'endpoint', 'url', 'uri')));
  const reachable = member(item, 'reachable');
  if (!url || reachable === undefined) return [];
  return [
    {
      url,
      reachable: cell(reachable),
      private: cell(member(item, 'private', 'isprivate')),
      tls: readTls(text(member(item, 'tls', 'tlsversion'))),
      proxy: readProxy(text(member(item, 'proxystatus', 'proxy')) || 'unknown'),
      from: 'json',
    },
  ];
}

function cell(value: unknown): Cell {
  return typeof value === 'boolean' ? value : readCell(text(value));
}

const MACHINE_FACTS: readonly (readonly [string, readonly string[]])[] = [
  ['machineName', ['resourcename', 'machinename', 'displayname']],
  ['resourceGroup', ['resourcegroup', 'resourcegroupname']],
  ['resourceId', ['resourceid', 'id']],
  ['subscriptionId', ['subscriptionid']],
  ['tenantId', ['tenantid']],
  ['vmId', ['vmid']],
  ['vmUuid', ['vmuuid']],
  ['correlationId', ['correlationid']],
  ['location', ['location']],
  ['cloud', ['cloud']],
  ['agentVersion', ['agentversion']],
  ['agentStatus', ['status', 'agentstatus']],
  ['lastHeartbeat', ['lastheartbeat', 'agentlastheartbeat']],
  ['lastStatusChange', ['laststatuschange']],
  ['agentErrorCode', ['agenterrorcode']],
  ['agentErrorDetails', ['agenterrordetails']],
  ['proxyUrl', ['httpsproxy', 'usinghttpsproxy', 'proxyurl']],
  ['proxyBypass', ['proxybypass', 'proxybypasslist']],
  ['upstreamProxy', ['upstreamproxy']],
  ['gatewayUrl', ['gatewayurl']],
  ['osName', ['osname', 'os']],
  ['privateLinkScopeId', ['privatelinkscoperesourceid']],
];

function machine(value: JsonObject): Reading | undefined {
  const properties = member(value, 'properties');
  const flat = isObject(properties) ? { ...value, ...properties } : value;
  const config = member(flat, 'agentconfiguration');
  const all = isObject(config) ? { ...config, ...flat } : flat;
  const version = text(member(all, 'agentversion'));
  const status = text(member(all, 'status', 'agentstatus'));
  const isMachine = /hybridcompute\/machines/i.test(
    `${text(member(all, 'type'))} ${text(member(all, 'id', 'resourceid'))}`,
  );
  if (!isMachine && !(version && status)) return undefined;
  const facts: Record<string, string> = {};
  for (const [fact, names] of MACHINE_FACTS) {
    const found = member(all, ...names);
    const shown = Array.isArray(found) ? found.map(text).join(',') : text(found);
    const tidy = tidyFact(fact, shown);
    if (tidy !== '') facts[fact] = tidy;
  }
  facts.machineName ??= text(member(all, 'name'));
  const id = facts.resourceId ?? '';
  facts.subscriptionId ??= /\/subscriptions\/([^/]{1,64})/i.exec(id)?.[1] ?? '';
  facts.resourceGroup ??= /\/resourceGroups\/([^/]{1,90})/i.exec(id)?.[1] ?? '';
  const identity = member(all, 'identity');
  if (isObject(identity)) facts.tenantId ??= text(member(identity, 'tenantid'));
  const services: Record<string, string> = {};
  const listed = member(all, 'services');
  for (const service of Array.isArray(listed) ? listed.slice(0, 40) : []) {
    if (!isObject(service)) continue;
    const name = text(member(service, 'servicename')).toLowerCase();
    if (name) services[name] = text(member(service, 'status')).toLowerCase();
  }
  const details = member(all, 'errordetails');
  const lines = (Array.isArray(details) ? details.slice(0, 20) : []).flatMap((detail) =>
    isObject(detail) ? text(member(detail, 'message')) : [],
  );
  return {
    ...EMPTY,
    kind: 'show',
    facts: Object.fromEntries(Object.entries(facts).filter(([, found]) => found !== '')),
    services,
    complaints: lines.filter(Boolean).map(complaint),
  };
}

function extension(value: JsonObject): Reading | undefined {
  if (!/machines\/extensions/i.test(text(member(value, 'type')))) return undefined;
  const properties = member(value, 'properties');
  if (!isObject(properties)) return undefined;
  const view = member(properties, 'instanceview');
  const status = isObject(view) ? member(view, 'status') : undefined;
  const message = isObject(status) ? text(member(status, 'message')) : '';
  const state = text(member(properties, 'provisioningstate'));
  const facts: Record<string, string> = {
    extensionName: text(member(value, 'name')),
    extensionType: text(member(properties, 'type')),
    extensionPublisher: text(member(properties, 'publisher')),
    extensionVersion: text(member(properties, 'typehandlerversion')),
    extensionState: state,
    machineName: /\/machines\/([^/]{1,54})/i.exec(text(member(value, 'id')))?.[1] ?? '',
  };
  return {
    ...EMPTY,
    kind: 'show',
    facts: Object.fromEntries(Object.entries(facts).filter(([, found]) => found !== '')),
    complaints: message && state !== 'Succeeded' ? [complaint(message)] : [],
  };
}

function scopeValidation(value: JsonObject): Reading | undefined {
  const details = member(value, 'connectiondetails');
  if (!Array.isArray(details)) return undefined;
  const addresses = details
    .slice(0, 40)
    .flatMap((detail) => (isObject(detail) ? text(member(detail, 'privateipaddress')) : []))
    .filter(Boolean);
  return {
    ...EMPTY,
    kind: 'show',
    facts: {
      privateLinkScopeId: text(member(value, 'id')),
      publicNetworkAccess: text(member(value, 'publicnetworkaccess')),
      ...(addresses.length > 0 ? { privateAddresses: addresses.join(',') } : {}),
    },
  };
}

function complaint(line: string): Reading['complaints'][number] {
  return { line: line.slice(0, 4_000), printed: true, errors: [] };
}

function merge(found: readonly Reading[]): Reading {
  return {
    ...EMPTY,
    kind: found[0]?.kind ?? 'unknown',
    rows: found.flatMap((one) => one.rows),
    facts: Object.assign({}, ...[...found].reverse().map((one) => one.facts)),
    services: Object.assign({}, ...found.map((one) => one.services)),
    complaints: found.flatMap((one) => one.complaints),
  };
}

/** JSON that was cut or mangled beyond parsing still has its pairs. */
export function readCutJson(raw: string): Reading | undefined {
  if (!raw.includes('"')) return undefined;
  const pairs = readPairs(raw);
  const objects: Record<string, string>[] = [];
  for (const [key, value] of pairs) {
    const last = objects.at(-1);
    if (!last || key in last) objects.push({ [key]: value });
    else last[key] = value;
  }
  const reading = readJsonOutput(objects) ?? readJsonOutput(Object.fromEntries(pairs));
  return reading && (reading.rows.length > 0 || Object.keys(reading.facts).length >= 3)
    ? reading
    : undefined;
}
