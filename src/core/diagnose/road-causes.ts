import type { EndpointCheck, Finding } from '../network-check.ts';
import type { Expectations } from './expectations.ts';
import { finding } from './rules.ts';
import type { JudgedRow } from './table-causes.ts';

/** Reached, but not by the road it should take: a finding, never a pass. */
export function wrongRoads(judged: readonly JudgedRow[], expected: Expectations): Finding[] {
  const wrong = judged.filter(({ check }) => check.verdict === 'wrong-route');
  const of = (test: (check: EndpointCheck) => boolean): string[] =>
    wrong.filter(({ check }) => test(check)).map(({ check }) => check.url);
  const groups: readonly (readonly [string, string[]])[] = [
    ['wrong-route-by-proxy', of((one) => one.expectedRoute === 'private')],
    [
      'wrong-route-direct',
      of((one) => one.expectedRoute === 'proxy' && one.actualRoute === 'direct'),
    ],
    [
      'wrong-route-not-direct',
      of((one) => one.expectedRoute === 'direct' && one.actualRoute === 'proxy'),
    ],
    [
      'wrong-route-private',
      of((one) => one.expectedRoute !== 'private' && one.actualRoute === 'private'),
    ],
  ];
  const found = groups.flatMap(([id, endpoints]) =>
    endpoints.length > 0 ? [finding(id, expected, { endpoints })] : [],
  );
  const untested = judged
    .filter(({ row, check }) => check.verdict === 'not-tested' && row.reachable === true)
    .map(({ check }) => check.url);
  if (untested.length > 0) found.push(finding('pls-not-tested', expected, { endpoints: untested }));
  const old = judged.filter(({ row }) => row.reachable === true && /1\.[01]$/.test(row.tls));
  if (old.length > 0) {
    found.push(finding('tls-old', expected, { endpoints: old.map(({ row }) => row.url) }));
  }
  return found;
}
