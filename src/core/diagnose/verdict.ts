import type { Reading } from '../azcmagent/reading.ts';
import type { EndpointCheck, Finding, Verdict } from '../network-check.ts';

/**
 * down: nothing answers, or Azure has lost the agent. blocked: a cause that stops the work. degraded: it
 * works, but not as planned. healthy: everything needed was tested and is right. Otherwise unknown:
 * what was not tested is never passed.
 */
export function verdictOf(
  reading: Reading,
  endpoints: readonly EndpointCheck[],
  findings: readonly Finding[],
): Verdict {
  const counted = findings.filter((one) => one.id !== 'device-code-in-text');
  const agent = endpoints.filter((_, index) => !reading.rows[index]?.probe);
  const failed = agent.filter(
    (one) => one.verdict === 'unreachable' || one.verdict === 'tls-failed',
  );
  const answered = endpoints.some((one) => one.reachable === true);
  const status = (reading.facts.agentStatus ?? '').toLowerCase();
  if (failed.length > 0 && !answered) return 'down';
  if (status === 'disconnected' || status === 'expired') return 'down';
  if (counted.some((one) => one.severity === 'critical' || one.severity === 'error'))
    return 'blocked';
  if (!reading.outcome && reading.codes.some(({ code }) => /^AZCM0*[1-9]/.test(code)))
    return 'blocked';
  if (failed.length > 0 || counted.some((one) => one.severity === 'warning')) return 'degraded';
  if (endpoints.length > 0) {
    return endpoints.some((one) => one.verdict === 'not-tested') ? 'unknown' : 'healthy';
  }
  if (reading.outcome) return 'healthy';
  if (reading.codes.length > 0 && reading.codes.every(isSuccess)) return 'healthy';
  return status === 'connected' ? 'healthy' : 'unknown';
}

function isSuccess({ code }: Reading['codes'][number]): boolean {
  return code === '0' || code === 'AZCM0000';
}

const ORDER: readonly Verdict[] = ['down', 'blocked', 'degraded', 'unknown', 'healthy'];

/** Of several outputs in one text; what is only not known does not spoil what is known to be well. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  const known = verdicts.filter((one) => one !== 'unknown');
  const pool = known.length > 0 ? known : verdicts;
  return ORDER.find((one) => pool.includes(one)) ?? 'unknown';
}
