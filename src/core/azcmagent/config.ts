import { tidyFact } from './show.ts';

/** Properties of `azcmagent config` and our names for them. */
const PROPERTIES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'proxy.url': 'proxyUrl',
    'proxy.bypass': 'proxyBypass',
    'connection.type': 'connectionType',
    'incomingconnections.enabled': 'incomingConnectionsEnabled',
    'incomingconnections.ports': 'incomingConnectionsPorts',
    'extensions.enabled': 'extensionsEnabled',
    'extensions.allowlist': 'extensionsAllowlist',
    'extensions.blocklist': 'extensionsBlocklist',
    'guestconfiguration.enabled': 'guestConfigurationEnabled',
    'guestconfiguration.agent.cpulimit': 'guestConfigurationCpuLimit',
    'extensions.agent.cpulimit': 'extensionsCpuLimit',
    'config.mode': 'configMode',
  }),
);

export interface ConfigLine {
  readonly fact: string;
  readonly value: string;
  /** The line says that the property is empty, which is a fact of its own. */
  readonly empty: boolean;
}

/** A line of `config set`, `config list` or `config get`. */
export function readConfigLine(line: string): ConfigLine | undefined {
  const text = line.trim();
  if (text.startsWith('Local Configuration Settings')) return { fact: '', value: '', empty: false };
  const set = /^Config property ([a-z.]{4,60}) (set to value|cleared|removed)\s{0,4}/i.exec(text);
  const listed =
    /^([a-z]{4,30}(?:\.[a-z]{3,20}){1,2})(?: \(preview\))?(?:\s{0,80}[:=]|\s{0,4}$)/i.exec(text);
  const property = (set?.[1] ?? listed?.[1])?.toLowerCase();
  const fact = property && PROPERTIES.get(property);
  if (!fact) return undefined;
  const rest = text.slice((set ?? listed)?.[0].length).trim();
  const raw = set ? (rest.split(' (previously')[0]?.trim() ?? '') : rest;
  const value = tidyFact(fact, raw.replace(/^\[\s{0,4}\]$/, ''));
  return { fact, value, empty: value === '' && (set !== null || /[:=]/.test(text)) };
}
