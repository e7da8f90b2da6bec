import type { ExtensionRequest } from '../core/ports.ts';
import type { ExtensionName, Machine, Profile, Site } from '../core/roll-out.ts';
import { extensionPackage, osKindOf } from './extensions.ts';
import { quote } from './shell.ts';
import { checked } from './values.ts';

/**
 * What Azure is asked to install on a machine; VALUE_REFUSED where a planned value has not its form.
 * `name`: of the resource that is there already, which is free text.
 */
export function extensionRequest(
  extension: ExtensionName,
  machine: Machine,
  site: Site,
  profile: Profile,
  name?: string,
): ExtensionRequest {
  const os = osKindOf(machine.os);
  const { publisher, type } = extensionPackage(extension, os);
  return {
    machine: checked('machine name', machine.name) as Machine['name'],
    name: name ?? type,
    publisher,
    type,
    os,
    settings: extension === 'AMA' ? { proxy: proxyOf(site, profile) } : {},
  };
}

/**
 * AMA's proxy is a setting of its own, and is always said: what it takes over from the Arc agent differs by
 * version (learn.microsoft.com/azure/azure-monitor/agents/azure-monitor-agent-network-configuration).
 */
function proxyOf(site: Site, profile: Profile): Record<string, string> {
  if (site.proxyUrl === undefined || profile.proxyBypass.includes('AMA')) return { mode: 'none' };
  const address = checked('proxy URL', site.proxyUrl).replace(/\/$/, '');
  return { mode: 'application', address, auth: 'false' };
}

/** The same with Azure CLI, for whoever has the rights: a deletion, an installation, or Policy's remediation. */
export function extensionLines(
  what: 'install' | 'remove' | 'remediate',
  request: ExtensionRequest,
  profile: Profile,
): readonly string[] {
  const group = checked('resource group', profile.resourceGroup);
  const word = (value: string): string => quote('bash', value);
  const where = [
    `--subscription ${checked('subscription id', profile.subscriptionId)}`,
    `--resource-group ${word(group)}`,
  ];
  const machine = [`--machine-name ${word(request.machine)}`, `--name ${word(request.name)}`];
  switch (what) {
    case 'install':
      return [
        [
          'az connectedmachine extension create',
          ...where,
          ...machine,
          `--location ${checked('location', profile.location)}`,
          `--publisher ${request.publisher}`,
          `--type ${request.type}`,
          ...settingsWords(request, word),
        ].join(' '),
      ];
    case 'remove':
      return [['az connectedmachine extension delete', ...where, ...machine, '--yes'].join(' ')];
    case 'remediate':
      return [
        [
          'az policy remediation create',
          `--name remediate-${request.type.toLowerCase()}`,
          '--policy-assignment POLICY_ASSIGNMENT',
          ...where,
          '--resource-discovery-mode ReEvaluateCompliance',
        ].join(' '),
      ];
  }
}

function settingsWords(request: ExtensionRequest, word: (value: string) => string): string[] {
  const isEmpty = Object.keys(request.settings).length === 0;
  return isEmpty ? [] : [`--settings ${word(JSON.stringify(request.settings))}`];
}
