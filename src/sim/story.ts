import { createHash } from 'node:crypto';
import { type Machine, type Profile, type RollOut, type Site, tagsFor } from '../core/roll-out.ts';
import type { SimMachine, SimulatedFleet } from './azure.ts';

/** How far a server of the story is; what the demo does not run is told by these. */
export interface StoryServer {
  readonly machine: Machine;
  readonly site: Site;
  readonly profile: Profile;
  readonly plot: Plot;
}

export type Plot =
  | 'done'
  | 'without-mde'
  | 'bypass-missing'
  | 'dead-proxy'
  | 'disconnected'
  | 'in-transit';

const BY_SITE: Readonly<Record<string, Plot>> = {
  'sapporo-01': 'done',
  'sendai-01': 'done',
  'nagoya-01': 'without-mde',
  'fukuoka-01': 'bypass-missing',
  'kobe-01': 'dead-proxy',
  'kyoto-01': 'disconnected',
};
const IN_TRANSIT: ReadonlySet<string> = new Set(['SV-SZO-01', 'SV-TKM-01']);
const DAY_MS = 24 * 60 * 60 * 1000;

/** The story of the sample roll-out, for all servers that are not simulated. */
export function storyOf(rollOut: RollOut, simulated: ReadonlySet<string>): StoryServer[] {
  return rollOut.machines.flatMap((machine) => {
    const site = rollOut.siteOf(machine);
    const profile = site && rollOut.profileOf(site);
    const plot = IN_TRANSIT.has(machine.name) ? 'in-transit' : BY_SITE[machine.site];
    if (!site || !profile || !plot || simulated.has(machine.name)) return [];
    return [{ machine, site, profile, plot }];
  });
}

/** Whether Azure knows the server: Fukuoka and Kobe have not come so far. */
export function isInAzure(plot: Plot): boolean {
  return plot !== 'bypass-missing' && plot !== 'dead-proxy';
}

export function putIntoAzure(fleet: SimulatedFleet, server: StoryServer, now: Date): void {
  const { machine, site, profile, plot } = server;
  const isGone = plot === 'disconnected' || plot === 'in-transit';
  const changedAt = new Date(now.getTime() - (isGone ? 2 * DAY_MS : 7 * DAY_MS));
  const kept = fleet.put({
    id: resourceIdOf(profile, machine),
    name: machine.name,
    location: profile.location,
    tags: tagsFor(profile, site),
    properties: {
      provisioningState: 'Succeeded',
      status: isGone ? 'Disconnected' : 'Connected',
      lastStatusChange: changedAt.toISOString(),
      agentVersion: '1.67.03504.3207',
      vmUuid: vmUuidOf(machine),
      osType: machine.os.startsWith('Windows') ? 'windows' : 'linux',
      privateLinkScopeResourceId: profile.privateLinkScopeId ?? null,
      agentConfiguration: { proxyUrl: site.proxyUrl ?? '', proxyBypass: [...profile.proxyBypass] },
      networkProfile: networkProfileOf(site, machine),
    },
  });
  putExtensions(
    fleet,
    kept,
    machine,
    plot === 'without-mde' ? ['AMA'] : ['MDE', 'AMA'],
    'Succeeded',
  );
}

const EXTENSIONS = {
  MDE: {
    windows: ['MDE.Windows', '1.0.15.1'],
    linux: ['MDE.Linux', '1.0.15.1'],
    publisher: 'Microsoft.Azure.AzureDefenderForServers',
  },
  AMA: {
    windows: ['AzureMonitorWindowsAgent', '1.40.0.0'],
    linux: ['AzureMonitorLinuxAgent', '1.40.0'],
    publisher: 'Microsoft.Azure.Monitor',
  },
} as const;

export function putExtensions(
  fleet: SimulatedFleet,
  kept: SimMachine,
  machine: Pick<Machine, 'os'>,
  names: readonly (keyof typeof EXTENSIONS)[],
  provisioningState: 'Creating' | 'Succeeded',
): void {
  for (const name of names) {
    const { publisher, ...byOs } = EXTENSIONS[name];
    const [type, version] = byOs[machine.os.startsWith('Windows') ? 'windows' : 'linux'];
    fleet.putExtension(kept.id, {
      name: type,
      properties: { publisher, type, typeHandlerVersion: version, provisioningState },
    });
  }
}

export function resourceIdOf(profile: Profile, machine: Machine): string {
  return `/subscriptions/${profile.subscriptionId}/resourceGroups/${profile.resourceGroup}/providers/Microsoft.HybridCompute/machines/${machine.name}`;
}

/** Always the same for a machine. */
export function vmUuidOf(machine: Machine): string {
  const hex = createHash('sha256').update(`story ${machine.serial}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function networkProfileOf(site: Site, machine: Machine) {
  const [network = '10.0.0.0'] = (site.subnet ?? '').split('/');
  const host = 10 + (Number(machine.name.slice(-2)) || 0);
  const address = network.replace(/\d+$/, String(host));
  return {
    networkInterfaces: [
      {
        ipAddresses: [
          { address, ipAddressVersion: 'IPv4', subnet: { addressPrefix: site.subnet ?? '' } },
        ],
      },
    ],
  };
}

/** What `azcmagent check` prints there; the layout of the only table seen in public (docs/decisions). */
export function checkTextOf({ plot, profile, site }: StoryServer): string | undefined {
  switch (plot) {
    case 'done':
    case 'without-mde':
    case 'disconnected':
      return table(profile, {
        arc: ['true', 'true', 'TLS 1.2', 'bypassed'],
        other: ['true', 'false', 'TLS 1.2', 'set'],
      });
    case 'bypass-missing':
      return table(profile, {
        arc: ['false', 'true', 'unknown', 'set'],
        other: ['true', 'false', 'TLS 1.2', 'set'],
      });
    case 'dead-proxy': {
      const proxy = new URL(site.proxyUrl ?? 'http://proxy.corp.example:8080').host;
      const refused = `time="2026-11-24T01:02:03Z" level=error msg="Regional Service Discovery" Error="Get \\"https://gbl.his.arc.azure.com/discovery?location=${profile.location}&api-version=2.1\\": proxyconnect tcp: dial tcp ${proxy}: connectex: No connection could be made because the target machine actively refused it." Proxy Status="proxy set via config command"`;
      const none = ['false', 'unknown', 'unknown', 'set'] as const;
      return `${refused}\n${table(profile, { arc: none, other: none })}`;
    }
    case 'in-transit':
      return undefined;
  }
}

type Cells = readonly [string, string, string, string];

function table(
  { location }: Profile,
  rows: { readonly arc: Cells; readonly other: Cells },
): string {
  const short = location === 'japaneast' ? 'je' : location;
  const arc = [
    'agentserviceapi.guestconfiguration.azure.com',
    'gbl.his.arc.azure.com',
    `${location}-gas.guestconfiguration.azure.com`,
    `${short}.his.arc.azure.com`,
  ];
  const other = ['login.microsoftonline.com', 'management.azure.com', 'pas.windows.net'];
  const line = (first: string, cells: readonly string[]): string =>
    `${first.padEnd(54)}|${cells.map((cell, i) => (i === 3 ? cell : cell.padEnd([11, 9, 9][i] ?? 0))).join('|')}`;
  return [
    line('ENDPOINT', ['REACHABLE', 'PRIVATE', 'TLS', 'PROXY']),
    ...arc.map((host) => line(`https://${host}`, rows.arc)),
    ...other.map((host) => line(`https://${host}`, rows.other)),
    '',
  ].join('\n');
}
