import type { Probe } from '../azcmagent/reading.ts';
import type { EndpointCheck, Finding } from '../network-check.ts';
import type { Expectations } from './expectations.ts';
import { finding } from './rules.ts';
import type { JudgedRow } from './table-causes.ts';

/** The kit's own tests: the layer that failed, for AMA, MDE and the bot. */
export function probeFindings(
  judged: readonly JudgedRow[],
  expected: Expectations,
  named: readonly Finding[],
): Finding[] {
  const groups = new Map<string, { id: string; probe: Probe; urls: string[] }>();
  for (const { row, check } of judged) {
    const { probe } = row;
    if (!probe || row.reachable !== false) continue;
    const key = `${probe.name}`;
    const spoken = named.some(
      (one) => one.evidence?.extension === probe.name && one.endpoints.includes(row.url),
    );
    if (spoken && probe.name !== 'BOT') continue;
    const id = probeRule(probe, check);
    const group = groups.get(`${key} ${id}`) ?? { id, probe, urls: [] };
    group.urls.push(row.url);
    groups.set(`${key} ${id}`, group);
  }
  return [...groups.values()].map(({ id, probe, urls }) =>
    finding(id, expected, {
      endpoints: urls,
      evidence: {
        ...(probe.detail ? { words: probe.detail } : {}),
        ...(probe.name === 'BOT' ? {} : { extension: probe.name }),
      },
    }),
  );
}

function probeRule(probe: Probe, check: EndpointCheck): string {
  if (probe.name === 'BOT') return 'bot-unreachable';
  if (probe.via === 'direct' && check.expectedRoute === 'proxy') return 'extension-proxy-missing';
  if (probe.dns === 'fail') return 'probe-dns-failed';
  return probe.tcp === 'fail' ? 'probe-tcp-failed' : 'probe-tls-failed';
}
