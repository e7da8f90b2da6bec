/**
 * Whether one of the addresses lies in the subnet (`10.20.0.0/24`). A subnet that is not given, or not
 * IPv4, asks for nothing.
 */
export function standsInSubnet(addresses: readonly string[], subnet: string | undefined): boolean {
  const [base = '', length = '32'] = (subnet ?? '').split('/');
  const network = ipv4(base);
  const bits = Number(length);
  if (network === undefined || !Number.isInteger(bits) || bits < 0 || bits > 32) return true;
  const size = 2 ** (32 - bits);
  return addresses.some((address) => {
    const number = ipv4(address);
    return number !== undefined && Math.floor(number / size) === Math.floor(network / size);
  });
}

function ipv4(text: string): number | undefined {
  const parts = text.trim().split('.');
  if (parts.length !== 4) return undefined;
  if (!parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return undefined;
  return parts.reduce((number, part) => number * 256 + Number(part), 0);
}
