/** Codes that no Entra ever gave: the only ones that may stand in this repository. */
export const MADE_CODES = [
  'MADECODE1',
  'MADECODE2',
  'MADECODE3',
  'MADECODE4',
  'MADECODE5',
] as const;

/** Codes that are looked for afterwards, each another one: nothing else in the system begins like them. */
export const CANARY = 'QZX7K';
export function canary(number: number): string {
  return CANARY + number.toString(36).toUpperCase().padStart(4, '0');
}
