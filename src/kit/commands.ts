import { OpsBotError } from '../core/errors.ts';
import {
  type ExtensionName,
  type Machine,
  type Profile,
  type Site,
  tagsFor,
} from '../core/roll-out.ts';
import { allowList, extensionPackage, type OsKind, osKindOf } from './extensions.ts';
import { quote, type Shell } from './shell.ts';
import { bypassList, checked, tagList } from './values.ts';

export interface CommandOptions {
  /** `device-code` (relayed by the bot) unless said otherwise. */
  readonly auth?: 'device-code' | 'certificate';
  /** For a site without a machine named: which system the lines are for. */
  readonly os?: OsKind;
  /** Azure calls the machine Expired: what is left of it goes before it is connected anew. */
  readonly expired?: boolean;
}
export interface CommandLines {
  readonly shell: Shell;
  readonly lines: string[];
}
export type CommandTopic = 'connect' | 'proxy' | 'check';

/**
 * The exact lines for one server, ready to paste. Every value has its form and is quoted for the shell, or
 * OpsBotError VALUE_REFUSED is thrown.
 */
export function commandsFor(
  what: CommandTopic,
  machine: Machine | undefined,
  site: Site,
  profile: Profile,
  options: CommandOptions = {},
): CommandLines {
  const os = machine ? osKindOf(machine.os) : (options.os ?? 'windows');
  const shell: Shell = os === 'windows' ? 'powershell' : 'bash';
  const write = (words: readonly Word[]): string => commandLine(shell, words);
  switch (what) {
    case 'proxy':
      return {
        shell,
        lines: [
          ...agentProxy(site, profile).map(write),
          ...extensionProxies(shell, machine, site, profile),
        ],
      };
    case 'check':
      return { shell, lines: [write(checkWords(profile))] };
    case 'connect':
      return {
        shell,
        lines: [
          ...(options.expired ? disconnectLines(shell, machine, profile) : []),
          ...agentProxy(site, profile).map(write),
          ...allowListWords(profile, os).map(write),
          ...(options.auth === 'certificate' ? certificateQuestions(shell) : []),
          write(connectWords(machine, site, profile, shell, options.auth ?? 'device-code')),
        ],
      };
  }
}

/**
 * Everything for one server in the order it is run, headed by comments that both shells skip: settings, MDE's
 * own proxy before MDE arrives, check, connect, and AMA's own proxy once its extension can be reached.
 */
export function connectStory(
  machine: Machine | undefined,
  site: Site,
  profile: Profile,
  options: CommandOptions = {},
): CommandLines {
  const os = machine ? osKindOf(machine.os) : (options.os ?? 'windows');
  const shell: Shell = os === 'windows' ? 'powershell' : 'bash';
  const write = (words: readonly Word[]): string => commandLine(shell, words);
  const auth = options.auth ?? 'device-code';
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ['disconnect (Azure CLI)', options.expired ? [deleteResource(shell, machine, profile)] : []],
    ['disconnect', options.expired ? [write(DISCONNECT)] : []],
    ['config', [...agentProxy(site, profile), ...allowListWords(profile, os)].map(write)],
    ['MDE: proxy', extensionProxies(shell, machine, site, profile, 'MDE')],
    ['check', [write(checkWords(profile))]],
    [
      'connect',
      [
        ...(auth === 'certificate' ? certificateQuestions(shell) : []),
        write(connectWords(machine, site, profile, shell, auth)),
      ],
    ],
    ['AMA: proxy (Azure CLI)', extensionProxies(shell, machine, site, profile, 'AMA')],
  ];
  return {
    shell,
    lines: parts.flatMap(([name, lines]) => (lines.length > 0 ? [`# ${name}`, ...lines] : [])),
  };
}

/** A word to be quoted, or one that the shell itself must read (a flag, a variable). */
type Word = string | { readonly raw: string };

const raw = (text: string): Word => ({ raw: text });

const AGENT = {
  bash: 'sudo azcmagent',
  powershell: '& "$env:ProgramFiles\\AzureConnectedMachineAgent\\azcmagent.exe"',
} as const;

function commandLine(shell: Shell, words: readonly Word[]): string {
  const written = words.map((word) => (typeof word === 'string' ? quote(shell, word) : word.raw));
  return [AGENT[shell], ...written].join(' ');
}

/**
 * An expired machine is disconnected and connected again. Its account may only create, so an administrator
 * deletes the resource first: connecting under a name that is there ends with AZCM0044.
 * https://learn.microsoft.com/azure/azure-arc/servers/overview#agent-status
 */
function disconnectLines(
  shell: Shell,
  machine: Machine | undefined,
  profile: Profile,
): readonly string[] {
  return [deleteResource(shell, machine, profile), commandLine(shell, DISCONNECT)];
}

const DISCONNECT: readonly Word[] = [raw('disconnect --force-local-only')];

function deleteResource(shell: Shell, machine: Machine | undefined, profile: Profile): string {
  const words = [
    ['--name', checked('machine name', machine?.name ?? '')],
    ['--resource-group', checked('resource group', profile.resourceGroup)],
    ['--subscription', checked('subscription id', profile.subscriptionId)],
  ] as const;
  const flags = words.map(([flag, value]) => `${flag} ${quote(shell, value)}`);
  return `az connectedmachine delete ${flags.join(' ')}`;
}

function agentProxy(site: Site, profile: Profile): Word[][] {
  if (site.proxyUrl === undefined) return [];
  const bypass = bypassList(profile.proxyBypass);
  return [
    [raw('config set proxy.url'), checked('proxy URL', site.proxyUrl)],
    ...(bypass === '' ? [] : [[raw('config set proxy.bypass'), bypass]]),
  ];
}

function allowListWords(profile: Profile, os: OsKind): Word[][] {
  const list = allowList(profile, os);
  return list === '' ? [] : [[raw('config set extensions.allowlist'), list]];
}

function checkWords(profile: Profile): Word[] {
  return [
    raw('check --location'),
    checked('location', profile.location),
    ...(profile.privateLinkScopeId ? [raw('--enable-pls-check')] : []),
  ];
}

function connectWords(
  machine: Machine | undefined,
  site: Site,
  profile: Profile,
  shell: Shell,
  auth: 'device-code' | 'certificate',
): Word[] {
  const { privateLinkScopeId, gatewayId } = profile;
  const tags = tagList(tagsFor(profile, site));
  return [
    raw('connect --tenant-id'),
    checked('tenant id', profile.tenantId),
    raw('--subscription-id'),
    checked('subscription id', profile.subscriptionId),
    raw('--resource-group'),
    checked('resource group', profile.resourceGroup),
    raw('--location'),
    checked('location', profile.location),
    ...(machine ? [raw('--resource-name'), checked('machine name', machine.name)] : []),
    raw('--cloud'),
    checked('cloud', profile.cloud),
    ...(privateLinkScopeId
      ? [raw('--private-link-scope'), checked('private link scope', privateLinkScopeId)]
      : []),
    ...(gatewayId ? [raw('--gateway-id'), checked('gateway', gatewayId)] : []),
    ...(tags === '' ? [] : [raw('--tags'), tags]),
    ...(auth === 'device-code' ? [raw('--use-device-code')] : certificateWords(shell)),
  ];
}

/** Who runs the line types these two; no certificate or application id is kept by the bot. */
function certificateQuestions(shell: Shell): string[] {
  switch (shell) {
    case 'bash':
      return [
        "read -rp 'Application (client) ID: ' APP_ID",
        "read -rp 'Certificate with private key (PEM file): ' CERT",
      ];
    case 'powershell':
      return [
        "$AppId = Read-Host 'Application (client) ID'",
        "$Thumbprint = Read-Host 'Certificate thumbprint (LocalMachine\\My)'",
      ];
  }
}

// https://learn.microsoft.com/azure/azure-arc/servers/azcmagent-connect (certificates: agent 1.41 and newer)
function certificateWords(shell: Shell): Word[] {
  switch (shell) {
    case 'bash':
      return [raw('--service-principal-id "$APP_ID" --service-principal-cert "$CERT"')];
    case 'powershell':
      return [raw('--service-principal-id $AppId --service-principal-cert-thumbprint $Thumbprint')];
  }
}

/** AMA and MDE do not inherit the agent's proxy: AMA's is a setting of its extension, MDE's is its own. */
function extensionProxies(
  shell: Shell,
  machine: Machine | undefined,
  site: Site,
  profile: Profile,
  only?: ExtensionName,
): string[] {
  if (site.proxyUrl === undefined) return [];
  const proxy = checked('proxy URL', site.proxyUrl);
  const linesOf: Record<ExtensionName, () => string[]> = {
    AMA: () => (machine ? [amaProxy(shell, machine, profile, proxy)] : []),
    MDE: () => mdeProxy(shell, proxy),
  };
  return profile.extensions
    .filter((extension) => only === undefined || extension === only)
    .flatMap((extension) => linesOf[extension]());
}

// https://learn.microsoft.com/azure/azure-monitor/agents/azure-monitor-agent-network-configuration
function amaProxy(shell: Shell, machine: Machine, profile: Profile, proxy: string): string {
  const { publisher, type } = extensionPackage('AMA', osKindOf(machine.os));
  const json = JSON.stringify({ proxy: { mode: 'application', address: proxy, auth: 'false' } });
  // `az` is a batch file on Windows: PowerShell hands the inner quotes on only when they are escaped.
  const settings = shell === 'powershell' ? json.replaceAll('"', '\\"') : json;
  const words = [
    ['--name', type],
    ['--publisher', publisher],
    ['--type', type],
    ['--machine-name', checked('machine name', machine.name)],
    ['--resource-group', checked('resource group', profile.resourceGroup)],
    ['--subscription', checked('subscription id', profile.subscriptionId)],
    ['--location', checked('location', profile.location)],
    ['--settings', settings],
  ] as const;
  const flags = words.map(([flag, value]) => `${flag} ${quote(shell, value)}`);
  return `az connectedmachine extension create ${flags.join(' ')}`;
}

function mdeProxy(shell: Shell, proxy: string): string[] {
  switch (shell) {
    // https://learn.microsoft.com/defender-endpoint/linux-static-proxy-configuration
    case 'bash':
      return [`sudo mdatp config proxy set --value ${quote(shell, proxy)}`];
    // https://learn.microsoft.com/defender-endpoint/configure-proxy-internet (registry, host:port)
    case 'powershell': {
      if (!proxy.startsWith('http://')) {
        throw new OpsBotError('VALUE_REFUSED', 'TelemetryProxyServer takes an http:// proxy only');
      }
      const server = proxy.replace(/^http:\/\//, '').replace(/\/$/, '');
      return [
        "$Key = 'HKLM:\\SOFTWARE\\Policies\\Microsoft\\Windows\\DataCollection'",
        'if (-not (Test-Path $Key)) { New-Item -Path $Key -Force | Out-Null }',
        `Set-ItemProperty -Path $Key -Name TelemetryProxyServer -Type String -Value ${quote(shell, server)}`,
        'Set-ItemProperty -Path $Key -Name DisableEnterpriseAuthProxy -Type DWord -Value 1',
      ];
    }
  }
}
