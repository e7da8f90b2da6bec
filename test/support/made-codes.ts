/** Codes that no Entra ever gave: the only ones that may stand in this repository. */
export const MADE_CODES = [
  'MADECODE1',
  'MADECODE2',
  'MADECODE3',
  'MADECODE4',
  'MADECODE5',
] as const;
