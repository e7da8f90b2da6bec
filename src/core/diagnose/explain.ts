import type { Reading } from '../azcmagent/reading.ts';
import type { Finding } from '../network-check.ts';
import { type Expectations, NO_EXPECTATIONS } from './expectations.ts';
import { finding, TEXT_RULES } from './rules.ts';

/** What an error code means; undefined for a code nobody knows. */
export function explainError(
  code: string,
  expected: Expectations = NO_EXPECTATIONS,
): Finding | undefined {
  const word = code.trim().toUpperCase();
  const entra = /^AADSTS(\d{4,7})$/.exec(word)?.[1];
  if (entra) {
    const known = TEXT_RULES.some((rule) => rule.id === `aadsts-${entra}`);
    return finding(known ? `aadsts-${entra}` : 'aadsts-any', expected);
  }
  return undefined;
}

/** Codes that nothing more telling explained. */
export function codeFindings(
  reading: Reading,
  causes: readonly Finding[],
  expected: Expectations,
): Finding[] {
  if (causes.some((one) => one.severity === 'error' || one.severity === 'critical')) return [];
  return reading.codes.flatMap((one) => explainError(one.code, expected) ?? []);
}
