import { OpsBotError } from '../core/errors.ts';

const GUID = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
const GROUP = '[A-Za-z0-9_.()-]{0,89}[A-Za-z0-9_()-]';
const arcResource = (type: string): RegExp =>
  new RegExp(
    `^/subscriptions/${GUID}/resourceGroups/${GROUP}/providers/Microsoft\\.HybridCompute/${type}/[A-Za-z0-9_.-]{1,80}$`,
    'i',
  );

/** The form of every value that may reach a command line or a kit's settings; what has another is refused. */
const FORMS = {
  'tenant id': new RegExp(`^${GUID}$`),
  'subscription id': new RegExp(`^${GUID}$`),
  'resource group': new RegExp(`^${GROUP}$`),
  location: /^[a-z0-9]{1,40}$/,
  cloud: /^(?:AzureCloud|AzureUSGovernment|AzureChinaCloud)$/,
  // https://learn.microsoft.com/azure/azure-arc/servers/azcmagent-connect: 54 characters at most
  'machine name': /^[A-Za-z0-9][A-Za-z0-9_.-]{0,53}$/,
  serial: /^[A-Za-z0-9](?:[A-Za-z0-9 _./-]{0,126}[A-Za-z0-9])?$/,
  site: /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/,
  'private link scope': arcResource('privateLinkScopes'),
  gateway: arcResource('gateways'),
  'proxy URL': /^https?:\/\/[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?(?::\d{1,5})?\/?$/,
  'bot URL': /^https?:\/\/[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?(?::\d{1,5})?\/?$/,
  'proxy bypass': /^(?:AAD|ARM|Arc|AMA|ArcData)(?:,(?:AAD|ARM|Arc|AMA|ArcData))*$/,
  'tag name': /^[A-Za-z][A-Za-z0-9_.:-]{0,127}$/,
  // `,` and `=` separate tags in --tags; the rest Azure does not take or a reader could misread.
  'tag value': /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp},='"`\\<>%&?$]{0,256}$/u,
  aud: /^[A-Za-z0-9_.:-]{1,128}$/,
  'bot key': /^[A-Za-z0-9+/]{122}==$|^[A-Za-z0-9+/]{123}=$|^[A-Za-z0-9+/]{124}$/,
  token: /^[A-Za-z0-9_-]{22}$/,
  'workspace id': new RegExp(`^${GUID}$`),
  'package name': /^[A-Za-z0-9_][A-Za-z0-9_.+~-]{0,200}\.(?:rpm|deb|msi)$/,
  sha256: /^[0-9a-f]{64}$/,
  path: /^[A-Za-z0-9_./ -]{1,512}$/,
} as const;
export type ValueForm = keyof typeof FORMS;

/** The value itself, or VALUE_REFUSED: a wrong value never becomes part of a command. */
export function checked(form: ValueForm, value: string): string {
  if (!FORMS[form].test(value)) {
    throw new OpsBotError('VALUE_REFUSED', `the ${form} does not have its form`);
  }
  return value;
}

/** `Name=Value,Name2=Value2`, as `azcmagent connect --tags` takes it. */
export function tagList(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([name, value]) => `${checked('tag name', name)}=${checked('tag value', value)}`)
    .join(',');
}

export function bypassList(words: readonly string[]): string {
  return words.length === 0 ? '' : checked('proxy bypass', words.join(','));
}
