/** SMBIOS stores the first three fields little-endian and tools disagree on which order they print. */
export function sameUuid(a: string, b: string): boolean {
  return inOneOrder(a) === inOneOrder(b);
}

/** The same text for both byte orders and either case. */
export function inOneOrder(uuid: string): string {
  const lower = uuid.toLowerCase();
  const turn = (hex: string): string => (hex.match(/../g) ?? []).reverse().join('');
  const [one = '', two = '', three = '', ...rest] = lower.split('-');
  const turned = [turn(one), turn(two), turn(three), ...rest].join('-');
  return [lower, turned].sort()[0] ?? lower;
}
