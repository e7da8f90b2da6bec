import type { ExtensionName, Profile, Site } from '../core/roll-out.ts';
import { checked } from './values.ts';

export type OsKind = 'linux' | 'windows';

export function osKindOf(os: string): OsKind {
  return /windows/i.test(os) ? 'windows' : 'linux';
}

const PACKAGES: Readonly<
  Record<ExtensionName, Record<OsKind, { publisher: string; type: string }>>
> = {
  MDE: {
    linux: { publisher: 'Microsoft.Azure.AzureDefenderForServers', type: 'MDE.Linux' },
    windows: { publisher: 'Microsoft.Azure.AzureDefenderForServers', type: 'MDE.Windows' },
  },
  AMA: {
    linux: { publisher: 'Microsoft.Azure.Monitor', type: 'AzureMonitorLinuxAgent' },
    windows: { publisher: 'Microsoft.Azure.Monitor', type: 'AzureMonitorWindowsAgent' },
  },
};

export function extensionPackage(
  extension: ExtensionName,
  os: OsKind,
): { publisher: string; type: string } {
  return PACKAGES[extension][os];
}

/** For `extensions.allowlist`: only what the profile asks for may ever be installed through Azure. */
export function allowList(profile: Profile, os: OsKind): string {
  return profile.extensions
    .map((extension) => extensionPackage(extension, os))
    .map(({ publisher, type }) => `${publisher}/${type}`)
    .join(',');
}

export interface Probe {
  readonly name: ExtensionName;
  readonly host: string;
  readonly port: number;
  readonly via: 'proxy' | 'direct';
}

/**
 * Addresses that azcmagent does not test. A name with a wildcard in Microsoft's list is tried by one host of
 * it: https://learn.microsoft.com/azure/azure-monitor/agents/azure-monitor-agent-network-configuration,
 * https://learn.microsoft.com/defender-endpoint/configure-environment
 */
export function probesFor(profile: Profile, site: Site, os: OsKind): Probe[] {
  const location = checked('location', profile.location);
  const hosts: Record<ExtensionName, readonly (readonly [string, number])[]> = {
    AMA: [
      ['global.handler.control.monitor.azure.com', 443],
      [`${location}.handler.control.monitor.azure.com`, 443],
      ...(profile.workspaceId
        ? ([
            [`${checked('workspace id', profile.workspaceId)}.ods.opinsights.azure.com`, 443],
          ] as const)
        : []),
    ],
    MDE: [
      ['mdav.us.endpoint.security.microsoft.com', 443],
      ['definitionupdates.microsoft.com', 443],
      ['go.microsoft.com', 443],
      ['crl.microsoft.com', 80],
      ...(os === 'linux' ? ([['packages.microsoft.com', 443]] as const) : []),
    ],
  };
  return profile.extensions.flatMap((name) =>
    hosts[name].map(([host, port]) => ({
      name,
      host,
      port,
      via:
        site.proxyUrl === undefined || (name === 'AMA' && profile.proxyBypass.includes('AMA'))
          ? 'direct'
          : 'proxy',
    })),
  );
}
