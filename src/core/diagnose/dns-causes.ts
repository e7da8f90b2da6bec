import type { Lookup } from '../azcmagent/dns-lookup.ts';
import { isOurs } from '../endpoints/catalogue.ts';
import type { Finding } from '../network-check.ts';
import { isPrivateAddress } from './addresses.ts';
import type { Expectations } from './expectations.ts';
import { isPrivateCapable } from './routes.ts';
import { finding } from './rules.ts';

/** What looked-up names mean at this site: no name, no answer, and the three wrong kinds of address. */
export function lookupFindings(lookups: readonly Lookup[], expected: Expectations): Finding[] {
  return lookups.flatMap((lookup) => {
    const url = `https://${lookup.host}`;
    if (!isOurs(url)) return [];
    const id = causeOf(lookup, url, expected);
    if (!id) return [];
    const [address] = lookup.addresses;
    return [
      finding(id, expected, { endpoints: [url], ...(address ? { evidence: { address } } : {}) }),
    ];
  });
}

function causeOf(lookup: Lookup, url: string, expected: Expectations): string | undefined {
  if (lookup.failed === 'no-such-name') return 'dns-nxdomain';
  if (lookup.failed === 'silent') return 'dns-server-silent';
  const [address] = lookup.addresses;
  if (!address || !isPrivateCapable(url)) return undefined;
  if (!isPrivateAddress(address)) {
    return expected.route === 'private' ? 'private-dns-public' : undefined;
  }
  if (expected.route === 'public' && !expected.gatewayId) return 'private-dns-on-public-site';
  const known = expected.scopeAddresses ?? [];
  return known.length > 0 && !known.includes(address) ? 'dns-other-scope' : undefined;
}
