import type {
  AzureExtension,
  AzureMachine,
  MachineStatus,
  ProvisioningState,
} from '../core/azure.ts';
import type { ExtensionName } from '../core/roll-out.ts';

/** Azure's words for a machine (StatusTypes); one we do not know yet is `unknown`, never a crash. */
const STATUS: Readonly<Record<string, MachineStatus>> = {
  connected: 'connected',
  disconnected: 'disconnected',
  error: 'error',
  expired: 'expired',
};

const PROVISIONING: Readonly<Record<string, ProvisioningState>> = {
  creating: 'creating',
  updating: 'updating',
  deleting: 'deleting',
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'canceled',
};

/** The resource name is free text: which extension it is follows from publisher and type. */
const OURS: Readonly<Record<string, ExtensionName>> = {
  'microsoft.azure.monitor/azuremonitorwindowsagent': 'AMA',
  'microsoft.azure.monitor/azuremonitorlinuxagent': 'AMA',
  'microsoft.azure.azuredefenderforservers/mde.windows': 'MDE',
  'microsoft.azure.azuredefenderforservers/mde.linux': 'MDE',
};

type Json = Readonly<Record<string, unknown>>;

/** A machine as ARM and our Resource Graph query give it, extensions apart. */
export function machineFrom(
  row: unknown,
  extensions: readonly AzureExtension[],
  dataRules?: readonly string[],
): AzureMachine | undefined {
  const machine = object(row);
  const resourceId = text(machine.id);
  const name = text(machine.name);
  const place = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\//i.exec(resourceId ?? '');
  if (!resourceId || !name || !place) return undefined;
  // ARM nests, the SDK's own client and our query flatten: both are read.
  const properties = { ...machine, ...object(machine.properties) };
  const agent = object(properties.agentConfiguration);
  return {
    resourceId,
    name,
    subscriptionId: place[1] ?? '',
    resourceGroup: place[2] ?? '',
    location: text(machine.location) ?? '',
    status: STATUS[(text(properties.status) ?? '').toLowerCase()] ?? 'unknown',
    ...optional('lastStatusChangeAt', instant(properties.lastStatusChange)),
    ...optional('agentVersion', text(properties.agentVersion)),
    ...optional('vmUuid', text(properties.vmUuid)),
    ...optional('vmId', text(properties.vmId)),
    ...optional('privateLinkScopeId', text(properties.privateLinkScopeResourceId)),
    ...optional('proxyUrl', typeof agent.proxyUrl === 'string' ? agent.proxyUrl : undefined),
    proxyBypass: texts(agent.proxyBypass),
    ...optional('extensionAllowList', textsIfList(agent.extensionsAllowList)),
    ...optional('dataRules', dataRules?.map((rule) => rule.toLowerCase()).sort()),
    tags: tags(machine.tags),
    addresses: addresses(properties.networkProfile),
    // Resource Graph lists them in any order; an unchanged machine must look the same.
    extensions: extensions.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/** An extension of ours or anyone's. */
export function extensionFrom(row: unknown): AzureExtension | undefined {
  const extension = object(row);
  const properties = { ...extension, ...object(extension.properties) };
  const name = text(extension.name);
  if (!name) return undefined;
  const publisher = text(properties.publisher) ?? '';
  // The resource's own `type` is Microsoft.HybridCompute/machines/extensions; the handler's stands below
  // `properties` (ARM, CLI) or as `typePropertiesType` (SDK 3.0.0).
  const type =
    text(object(extension.properties).type) ??
    text(extension.typePropertiesType) ??
    text(extension.type) ??
    '';
  const view = object(object(properties.instanceView).status);
  return {
    ...optional('extension', OURS[`${publisher}/${type}`.toLowerCase()]),
    name,
    publisher,
    type,
    provisioningState:
      PROVISIONING[(text(properties.provisioningState) ?? '').toLowerCase()] ?? 'unknown',
    ...optional('version', text(properties.typeHandlerVersion)),
    ...optional('message', text(view.message ?? extension.message)),
  };
}

function optional<K extends string, V>(key: K, value: V | undefined): { [k in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [k in K]?: V };
}

export function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Json)
    : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function texts(value: unknown): readonly string[] {
  return list(value).filter((item) => typeof item === 'string');
}

function textsIfList(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? texts(value) : undefined;
}

function tags(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(object(value)).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}

function instant(value: unknown): Date | undefined {
  if (value instanceof Date) return value;
  if (typeof value !== 'string') return undefined;
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

function addresses(networkProfile: unknown): readonly string[] {
  return list(object(networkProfile).networkInterfaces).flatMap((card) =>
    list(object(card).ipAddresses).flatMap((one) => text(object(one).address) ?? []),
  );
}
