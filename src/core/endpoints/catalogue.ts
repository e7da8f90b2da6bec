import type { Bilingual } from '../ids.ts';
import type { ExtensionName } from '../roll-out.ts';
import data from './endpoints.json' with { type: 'json' };

export type Component = 'arc-agent' | 'entra-device-code' | 'extension' | 'bot';

/** An address, or a family of addresses, that a server talks to. */
export interface Endpoint {
  readonly id: string;
  readonly cloud: string;
  readonly component: Component;
  readonly extension?: ExtensionName;
  /** Hosts, `*.` families, and names with `<region>` and the like to fill in. */
  readonly hosts: readonly string[];
  /** Names known for a region. */
  readonly regional?: Readonly<Record<string, readonly string[]>>;
  readonly ports: readonly number[];
  /** Microsoft's own word for when: `always`, `connect-only`, `feature-sql`, … */
  readonly when: string;
  readonly privateLink: { readonly capable: boolean | null; readonly via?: string };
  /** Words of proxy.bypass that cover it. */
  readonly bypass: readonly string[];
  readonly noInspection: boolean;
  /** Reached through an Arc gateway where one is used. */
  readonly gateway?: boolean;
  readonly inCheck: boolean;
  /** False: no Microsoft page says so (未確認). */
  readonly verified: boolean;
  readonly purpose: Bilingual;
  readonly note?: Bilingual;
  readonly sources: readonly string[];
  /** The bot's own host. */
  readonly ours?: boolean;
}

export const ENDPOINTS: readonly Endpoint[] = data.endpoints as unknown as readonly Endpoint[];

export const BYPASS_WORDS: Readonly<Record<string, { hosts: readonly string[]; since: string }>> =
  data.bypass;

const RECORDS = new Map(Object.entries(data.privateLink.records));

/** Names that a private link scope answers for, by region; not verified names are only an informed guess. */
export function privateLinkHosts(location: string): {
  readonly hosts: readonly string[];
  readonly verified: boolean;
} {
  const known = RECORDS.get(location.toLowerCase());
  if (known) return known;
  return {
    hosts: [
      'gbl.his.arc.azure.com',
      'agentserviceapi.guestconfiguration.azure.com',
      `${location.toLowerCase()}-gas.guestconfiguration.azure.com`,
    ],
    verified: false,
  };
}

/** Where Microsoft tests a private link from: the two names every region has. */
export const PRIVATE_LINK_PROBES: readonly string[] = data.privateLink.probes;

export function endpointsOf(cloud: string): readonly Endpoint[] {
  return ENDPOINTS.filter((endpoint) => endpoint.cloud === cloud);
}

/** `host` of a URL or of `host:port`, small. */
export function hostOf(address: string): string {
  const bare = address.replace(/^[a-z]{2,6}:\/\//i, '');
  return (/^[^/:?#\s]{1,253}/.exec(bare)?.[0] ?? '').toLowerCase();
}

/**
 * The catalogue's entry for an address. Exact names win over families, what `check` tests wins over the
 * rest, and an extension's own list is asked before the agent's when `extension` says whose address it is.
 */
export function entryFor(address: string, extension?: ExtensionName): Endpoint | undefined {
  const host = hostOf(address);
  if (host === '') return undefined;
  if (extension) {
    const own = ENDPOINTS.find((one) => one.extension === extension && covers(one, host));
    if (own) return own;
  }
  const exact = EXACT.get(host);
  if (exact) return exact;
  return FAMILY_LIST.find((family) => family.test(host))?.endpoint;
}

/** Whether an address belongs to Arc, Entra, AMA or MDE at all. */
export function isOurs(address: string): boolean {
  return entryFor(address) !== undefined;
}

const ORDER: readonly Component[] = ['arc-agent', 'extension', 'entra-device-code', 'bot'];
const RANKED = [...ENDPOINTS].sort(
  (a, b) =>
    Number(b.inCheck) - Number(a.inCheck) ||
    ORDER.indexOf(a.component) - ORDER.indexOf(b.component),
);

const EXACT: ReadonlyMap<string, Endpoint> = new Map(
  [...RANKED]
    .reverse()
    .flatMap((endpoint) =>
      endpoint.hosts
        .filter((host) => !/[*<]/.test(host))
        .map((host) => [hostOf(host), endpoint] as const),
    ),
);

interface Family {
  readonly endpoint: Endpoint;
  test(host: string): boolean;
}

const FAMILY_LIST: readonly Family[] = RANKED.flatMap((endpoint) =>
  endpoint.hosts
    .filter((host) => /[*<]/.test(host))
    .map((pattern) => ({ endpoint, test: familyTest(pattern) })),
).sort((a, b) => Number(b.endpoint.inCheck) - Number(a.endpoint.inCheck));

/** `*.his.arc.azure.com`, `azgn*.servicebus…`, `<region>.handler…`: each open part is one or more labels. */
function familyTest(pattern: string): (host: string) => boolean {
  const host = hostOf(pattern.replace(/<[^>]{1,60}>/g, '*'));
  const pieces = host.split('*');
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  return (name) => {
    if (name.length <= host.length - pieces.length + 1) return false;
    if (!name.startsWith(first) || !name.endsWith(last)) return false;
    let at = first.length;
    for (const piece of pieces.slice(1, -1)) {
      const found = name.indexOf(piece, at);
      if (found === -1) return false;
      at = found + piece.length;
    }
    return at <= name.length - last.length;
  };
}

function covers(endpoint: Endpoint, host: string): boolean {
  return endpoint.hosts.some((pattern) =>
    /[*<]/.test(pattern) ? familyTest(pattern)(host) : hostOf(pattern) === host,
  );
}
