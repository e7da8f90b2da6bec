import { privateLinkHosts } from './endpoints/catalogue.ts';

/** A name of the scope with its private address. */
export interface DnsRecord {
  readonly name: string;
  readonly address: string;
}

// The public names; Azure tells `gbl.privatelink.his…` where a private zone is linked.
const NAME =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,4}(?:his\.arc|guestconfiguration)\.azure\.(?:com|us|cn)$/;

/** The public name, small and whole; undefined for one that no Arc private link scope answers for. */
export function scopeName(name: string): string | undefined {
  const bare = name.toLowerCase().replace(/\.$/, '').replace('.privatelink.', '.');
  return NAME.test(bare) ? bare : undefined;
}

/** An IPv4 address as people write it; no other notation, no leading zeros. */
export function ipv4(address: string): string | undefined {
  const parts = address.split('.');
  const isByte = (part: string): boolean => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256;
  return parts.length === 4 && parts.every(isByte) ? address : undefined;
}

/** RFC 1918 and RFC 6598: what a private endpoint has. */
export function isPrivateAddress(address: string): boolean {
  const [first = 0, second = 0] = address.split('.').map(Number);
  if (first === 10) return true;
  if (first === 172) return second >= 16 && second < 32;
  if (first === 192) return second === 168;
  return first === 100 && second >= 64 && second < 128;
}

export type ReadRecords =
  | { readonly ok: true; readonly records: readonly DnsRecord[] }
  /** Lines, from 1, that are neither `name address` nor a comment. */
  | { readonly ok: false; readonly lines: readonly number[] };

/** Pasted lines `name address`, either order, as the portal's DNS page, a hosts file or a zone has them. */
export function readRecords(text: string): ReadRecords {
  const records: DnsRecord[] = [];
  const wrong: number[] = [];
  text.split(/\r\n?|\n/).forEach((line, index) => {
    const words = line
      .replace(/[#;].*$/, '')
      .trim()
      .split(/[\s,]+/)
      .filter((word) => word !== '');
    if (words.length === 0) return;
    const names = words.flatMap((word) => scopeName(word) ?? []);
    const addresses = words.flatMap((word) => ipv4(word) ?? []);
    const rest = words.filter(
      (word) => scopeName(word) === undefined && ipv4(word) === undefined && !ZONE_WORD.test(word),
    );
    const [address, ...others] = addresses;
    const isRight = address !== undefined && others.length === 0 && isPrivateAddress(address);
    if (!isRight || names.length === 0 || rest.length > 0) wrong.push(index + 1);
    else records.push(...names.map((name) => ({ name, address })));
  });
  const clash = records.some((one) =>
    records.some((other) => other.name === one.name && other.address !== one.address),
  );
  if (wrong.length > 0 || clash) return { ok: false, lines: wrong };
  return { ok: true, records: unique(records) };
}

/** What a zone file writes between name and address. */
const ZONE_WORD = /^(?:\d{1,6}|IN|A)$/i;

export function unique(records: readonly DnsRecord[]): readonly DnsRecord[] {
  return [...new Map(records.map((one) => [`${one.name} ${one.address}`, one])).values()];
}

/** Names of the region that the records lack; only those Microsoft's pages prove. */
export function missingNames(records: readonly DnsRecord[], location: string): readonly string[] {
  const { hosts, verified } = privateLinkHosts(location);
  const known = new Set(records.map(({ name }) => name));
  const proven = verified ? hosts : hosts.filter((host) => EVERYWHERE.has(host));
  return proven.filter((host) => !known.has(host));
}

const EVERYWHERE: ReadonlySet<string> = new Set([
  'gbl.his.arc.azure.com',
  'agentserviceapi.guestconfiguration.azure.com',
]);

export interface DnsLines {
  readonly windows: readonly string[];
  readonly bind: readonly string[];
  readonly hosts: readonly string[];
}

/**
 * One zone per name: a zone `his.arc.azure.com` would also answer for names that have no record in it, and
 * break them. All servers behind one DNS must belong to one scope
 * (learn.microsoft.com/azure/azure-arc/servers/private-link-security, "Configure on-premises DNS").
 */
export function dnsLines(records: readonly DnsRecord[]): DnsLines {
  const byName = Map.groupBy(records, ({ name }) => name);
  return {
    windows: [...byName].flatMap(([name, ofName]) => [
      `Add-DnsServerPrimaryZone -Name '${name}' -ReplicationScope 'Forest'`,
      ...ofName.map(
        ({ address }) =>
          `Add-DnsServerResourceRecordA -ZoneName '${name}' -Name '@' -IPv4Address '${address}'`,
      ),
    ]),
    bind: [...byName.keys()]
      .map((name) => `zone "${name}" { type primary; file "db.${name}"; };`)
      .concat(
        [...byName].flatMap(([name, ofName]) => [
          `; db.${name}`,
          '$TTL 300',
          '@ IN SOA localhost. hostmaster.localhost. ( 1 3600 600 86400 300 )',
          '@ IN NS localhost.',
          ...ofName.map(({ address }) => `@ IN A ${address}`),
        ]),
      ),
    hosts: records.map(({ name, address }) => `${address} ${name}`),
  };
}
