import type { Finding } from '../network-check.ts';

/** Findings of one rule are one finding. */
export function mergeSame(findings: readonly Finding[]): Finding[] {
  const byId = new Map<string, Finding>();
  for (const one of findings) {
    const key = `${one.id} ${one.evidence?.extension ?? ''}`;
    const before = byId.get(key);
    byId.set(
      key,
      before
        ? {
            ...before,
            severity:
              SEVERITIES.indexOf(one.severity) > SEVERITIES.indexOf(before.severity)
                ? one.severity
                : before.severity,
            confidence: Math.max(before.confidence, one.confidence),
            endpoints: [...new Set([...before.endpoints, ...one.endpoints])],
          }
        : one,
    );
  }
  return [...byId.values()];
}

export const SEVERITIES = ['info', 'warning', 'error', 'critical'] as const;

/** Worst first, then surest, then what explains most. */
export function rank(findings: readonly Finding[]): Finding[] {
  const explaining = findings.some(
    (one) => one.endpoints.length > 0 && one.id !== 'endpoint-failed',
  );
  return findings
    .filter(
      (one) => one.id !== 'aadsts-any' || !findings.some((other) => /^aadsts-\d/.test(other.id)),
    )
    .filter(
      (one) =>
        one.id !== 'required-endpoints-unavailable' || !explaining || one.endpoints.length > 0,
    )
    .toSorted(
      (a, b) =>
        SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
        b.confidence - a.confidence ||
        b.endpoints.length - a.endpoints.length,
    );
}

/** What went wrong on the way to a good end is worth knowing, and no more. */
export function calm(finding: Finding): Finding {
  return SEVERITIES.indexOf(finding.severity) > SEVERITIES.indexOf('info')
    ? { ...finding, severity: 'info' }
    : finding;
}
