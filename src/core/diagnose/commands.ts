import type { Expectations } from './expectations.ts';

const PROXY = /^https?:\/\/[A-Za-z0-9.-]{1,253}(?::\d{1,5})?\/?$/;
const REGION = /^[a-z][a-z0-9]{2,30}$/;
const SCOPE =
  /^\/subscriptions\/[0-9a-fA-F-]{36}\/resourceGroups\/[\w.()-]{1,90}\/providers\/Microsoft\.HybridCompute\/privateLinkScopes\/[\w.-]{1,80}$/i;
const GUID = /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;
const GROUP = /^[\w.()-]{1,90}$/;
const BYPASS = /^[A-Za-z]{2,10}$/;

/** The site's own values in; a value that does not match its pattern never reaches a command. */
export function fillCommands(
  commands: readonly string[],
  expected: Expectations,
  extension?: 'AMA' | 'MDE',
): string[] {
  const values = valuesOf(expected);
  return commands.flatMap((command) => {
    if (command === '{extensionProxy}') return extensionProxy(values.proxyUrl, extension);
    return command.replace(/\{(\w{3,24})\}/g, (whole, name: string) =>
      name in values ? values[name as keyof typeof values] : whole,
    );
  });
}

function valuesOf(expected: Expectations) {
  const checked = (value: string | undefined, pattern: RegExp, otherwise: string): string =>
    value && pattern.test(value) ? value : otherwise;
  const tenantId = checked(expected.tenantId, GUID, '<tenant id>');
  const subscription = checked(expected.subscriptionId, GUID, '<subscription id>');
  const group = checked(expected.resourceGroup, GROUP, '<resource group>');
  const location = checked(expected.location, REGION, '<region>');
  const words = (expected.proxyBypass ?? []).filter((word) => BYPASS.test(word));
  const scopeId = checked(expected.privateLinkScopeId, SCOPE, '<private link scope id>');
  const connect = `azcmagent connect --tenant-id "${tenantId}" --subscription-id "${subscription}" --resource-group "${group}" --location "${location}"`;
  const scoped =
    expected.route === 'private' ? `${connect} --private-link-scope "${scopeId}"` : connect;
  return {
    proxyUrl: checked(expected.proxyUrl, PROXY, 'http://<proxy>:<port>'),
    bypass: words.length > 0 ? words.join(',') : 'Arc',
    location,
    scopeId,
    tenantId,
    groupId: `/subscriptions/${subscription}/resourceGroups/${group}`,
    connect: `${scoped} --use-device-code`,
    connectCertificate: `${scoped} --service-principal-id "<application id>" --service-principal-cert "<certificate file>"`,
  };
}

/**
 * AMA takes its proxy from the extension's settings, MDE from the operating system or mdatp
 * (azure-monitor-agent-network-configuration; defender-endpoint/configure-proxy-internet).
 */
function extensionProxy(proxyUrl: string, extension: 'AMA' | 'MDE' | undefined): string[] {
  const ama = `az connectedmachine extension update --machine-name <machine> --resource-group <resource group> --name <extension> --settings '{"proxy":{"mode":"application","address":"${proxyUrl}","auth":"false"}}'`;
  const bare = proxyUrl.replace(/^https?:\/\//, '').replace(/\/$/, '');
  const mde = [
    `reg add "HKLM\\Software\\Policies\\Microsoft\\Windows\\DataCollection" /v TelemetryProxyServer /t REG_SZ /d "${bare}" /f`,
    `mdatp config proxy set --value ${proxyUrl}`,
  ];
  if (extension === 'AMA') return [ama];
  return extension === 'MDE' ? mde : [ama, ...mde];
}
