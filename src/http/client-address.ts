import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { OpsBotError } from '../core/errors.ts';

/** Who sent a request: the connection's own address, or what a trusted proxy says about it. */
export type ClientAddress = (request: IncomingMessage) => string;

/** TRUSTED_PROXIES: addresses and ranges (`10.0.0.0/8`), separated by commas. */
export function createClientAddress(trustedProxies: string): ClientAddress {
  const trusted = readRanges(trustedProxies);
  const isTrusted = (address: string): boolean =>
    trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

  return (request) => {
    let address = plain(request.socket.remoteAddress ?? '');
    const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
    // From the right: each hop names the one before it, and only a trusted hop's word counts.
    for (const hop of forwarded.reverse().map((part) => plain(part.trim()))) {
      if (isIP(hop) === 0 || isIP(address) === 0 || !isTrusted(address)) break;
      address = hop;
    }
    return address;
  };
}

/** What failures are counted under: an IPv4 address, or the /64 that one IPv6 customer has. */
export function countedAs(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter((group) => group !== '');
  const after = tail?.split(':').filter((group) => group !== '') ?? [];
  const zeros = tail === undefined ? 0 : 8 - groups.length - after.length;
  const all = [...groups, ...Array<string>(Math.max(zeros, 0)).fill('0'), ...after];
  return `${all.slice(0, 4).join(':')}::/64`;
}

export function isLoopback(address: string): boolean {
  const own = plain(address);
  return own === '::1' || (isIP(own) === 4 && own.startsWith('127.'));
}

function readRanges(text: string): BlockList {
  const ranges = new BlockList();
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const [address = '', prefix] = entry.split('/');
    const family = isIP(address);
    const bits = prefix === undefined ? (family === 6 ? 128 : 32) : Number(prefix);
    if (family === 0 || !Number.isInteger(bits) || bits < 0 || bits > (family === 6 ? 128 : 32)) {
      throw new OpsBotError('CONFIG_REFUSED', 'TRUSTED_PROXIES: not addresses or ranges');
    }
    ranges.addSubnet(address, bits, family === 6 ? 'ipv6' : 'ipv4');
  }
  return ranges;
}

function plain(address: string): string {
  return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}
