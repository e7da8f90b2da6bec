import type { CheckRow, Probe } from '../azcmagent/reading.ts';
import { entryFor, hostOf } from '../endpoints/catalogue.ts';
import type { EndpointCheck, Finding } from '../network-check.ts';
import type { Expectations } from './expectations.ts';
import { isPrivateCapable } from './routes.ts';
import { finding, type Seen } from './rules.ts';

/** A row with what was concluded about its road. */
export interface JudgedRow {
  readonly row: CheckRow;
  readonly check: EndpointCheck;
}

/** Causes that only the proxy's absence explains: every failed row behind the proxy belongs to them. */
const PROXY_DOWN: ReadonlySet<string> = new Set([
  'proxy-connect-refused-tcp',
  'proxy-name-unresolved',
  'proxy-scheme-https',
  'proxy-unreachable',
]);
/** What a proxy says or does when it cannot go where only the private endpoint is. */
const PROXY_CANNOT: ReadonlySet<string> = new Set([
  'proxy-503-text',
  'proxy-502-504',
  'proxy-forbidden',
  'proxy-reason-phrase',
]);

/**
 * Rows and the causes their texts named, made one finding for each cause. A cause takes the rows it
 * explains, and the next rule sees only what is left.
 */
export function explainRows(
  judged: readonly JudgedRow[],
  named: readonly Finding[],
  expected: Expectations,
): Finding[] {
  const findings = [...named];
  const left = new Set(judged.filter(({ row }) => row.reachable === false && !row.probe));
  const take = (
    id: string,
    rows: readonly JudgedRow[],
    seen: Omit<Seen, 'endpoints'> = {},
  ): void => {
    if (rows.length === 0) return;
    for (const one of rows) left.delete(one);
    findings.push(finding(id, expected, { ...seen, endpoints: rows.map(({ row }) => row.url) }));
  };
  const failed = (test: (one: JudgedRow) => boolean): JudgedRow[] => [...left].filter(test);

  // 1. what the text said
  for (const [index, one] of findings.entries()) {
    const rows = failed(({ row }) =>
      PROXY_DOWN.has(one.id) ? row.proxy === 'set' : sameHost(one.endpoints, row.url),
    );
    for (const row of rows) left.delete(row);
    if (rows.length > 0) {
      findings[index] = {
        ...one,
        endpoints: [
          ...new Set([
            ...rows.map(({ row }) => row.url),
            ...one.endpoints.filter(
              (url) => !rows.some(({ row }) => hostOf(row.url) === hostOf(url)),
            ),
          ]),
        ],
      };
    }
  }
  const bypassed = moveToBypass(findings, judged, expected);

  // 2. names that resolve to the wrong side, reachable or not
  const tested = judged.filter(({ row }) => row.reachable !== 'unknown' && !row.probe);
  const arc = tested.filter(({ row }) => isPrivateCapable(row.url) && !isAts(row.url));
  const somePrivate = arc.some(({ row }) => row.private === true);
  const publicNames = arc.filter(
    ({ row }) =>
      row.private === false &&
      (expected.route === 'private' || (expected.route === 'unknown' && somePrivate)),
  );
  take('private-dns-public', publicNames, { certainty: expected.route === 'private' ? 1 : 0.8 });
  const privateNames =
    expected.route === 'public' && !expected.gatewayId
      ? arc.filter(({ row }) => row.private === true)
      : [];
  take('private-dns-on-public-site', privateNames);
  const settled = new Set([...publicNames, ...privateNames]);

  // 3. one missing bypass
  const stuck = failed(
    ({ row }) =>
      isPrivateCapable(row.url) &&
      row.proxy === 'set' &&
      (row.private === true || (row.private === 'unknown' && expected.route === 'private')),
  );
  const proxyWorks = tested.some(({ row }) => row.reachable === true && row.proxy === 'set');
  if (stuck.length > 0 && (proxyWorks || stuck.some(({ row }) => row.private === true))) {
    const shown = stuck.some(({ row }) => row.private === true);
    take('proxy-bypass-missing', stuck, { certainty: shown && proxyWorks ? 1 : 0.85 });
  }
  take(
    'private-endpoint-unreachable',
    failed(({ row }) => row.private === true && row.proxy !== 'set'),
  );

  // 4. nothing at all, or nothing behind the proxy
  const answered = tested.filter(({ row }) => row.reachable === true);
  const behind = failed(({ row }) => row.proxy === 'set');
  if (
    !bypassed &&
    behind.length >= 2 &&
    !proxyWorks &&
    !answered.some(({ row }) => row.proxy === 'set')
  ) {
    take('proxy-unreachable', behind, { certainty: behind.length >= 4 ? 1 : 0.85 });
  }
  const around = failed(({ row }) => row.proxy === 'bypassed');
  take(
    'bypass-too-wide',
    around.filter(({ check }) => check.expectedRoute === 'proxy' || !isPrivateCapable(check.url)),
  );
  const without = failed(
    ({ row, check }) => row.proxy === 'not set' && check.expectedRoute === 'proxy',
  );
  take('proxy-not-set', without);
  const all = failed(() => true);
  if (all.length >= 3 && answered.length === 0 && all.length === tested.length)
    take('no-route-out', all);

  // 5. some addresses
  const minor = failed(({ row }) => isMinor(row.url));
  take(
    'proxy-blocks-hosts',
    minor.filter(({ row }) => row.proxy === 'set'),
    { severity: 'warning' },
  );
  take(
    'firewall-blocks-hosts',
    minor.filter(({ row }) => row.proxy !== 'set'),
    { severity: 'warning' },
  );
  take(
    'proxy-blocks-hosts',
    failed(({ row }) => row.proxy === 'set'),
    { certainty: answered.length > 0 ? 1 : 0.8 },
  );
  take(
    'firewall-blocks-hosts',
    failed(() => true),
    { certainty: answered.length > 0 ? 1 : 0.8 },
  );

  return [
    ...mergeSame(findings),
    ...wrongRoads(
      judged.filter((one) => !settled.has(one)),
      expected,
    ),
    ...probeFindings(judged, expected, findings),
  ];
}

/** At a private link site, a proxy that cannot reach an Arc host was never meant to. */
function moveToBypass(
  findings: Finding[],
  judged: readonly JudgedRow[],
  expected: Expectations,
): boolean {
  const privateNow = new Set(
    judged.filter(({ row }) => row.private === true).map(({ row }) => hostOf(row.url)),
  );
  const moved: Finding[] = [];
  for (const [index, one] of findings.entries()) {
    if (!PROXY_CANNOT.has(one.id)) continue;
    const arc = one.endpoints.filter(
      (url) =>
        isPrivateCapable(url) && (expected.route === 'private' || privateNow.has(hostOf(url))),
    );
    if (arc.length === 0) continue;
    moved.push(
      finding('proxy-bypass-missing', expected, {
        endpoints: arc,
        certainty: 0.9,
        ...(one.evidence ? { evidence: one.evidence } : {}),
      }),
    );
    findings[index] = { ...one, endpoints: one.endpoints.filter((url) => !arc.includes(url)) };
  }
  if (moved.length === 0) return false;
  const kept = findings.filter((one) => !PROXY_CANNOT.has(one.id) || one.endpoints.length > 0);
  findings.splice(0, findings.length, ...kept, ...moved);
  return true;
}

/** Reached, but not by the road it should take: a finding, never a pass. */
function wrongRoads(judged: readonly JudgedRow[], expected: Expectations): Finding[] {
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

/** The kit's own tests: the layer that failed, for AMA, MDE and the bot. */
function probeFindings(
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

/** Not needed for the agent to live: a feature, an old agent's host, or notifications (5-minute poll instead). */
function isMinor(url: string): boolean {
  const entry = entryFor(url);
  if (!entry) return false;
  return (
    /^(?:feature-|legacy-agent|extension-)/.test(entry.when) ||
    /^(?:cn-)?gns/.test(entry.id) ||
    isAts(url)
  );
}

/** `japan-ats.his…` of agent 1.33: its failure may be ignored with private endpoints (release notes 1.33). */
function isAts(url: string): boolean {
  return /-ats\.his\.arc\./.test(url);
}

function sameHost(endpoints: readonly string[], url: string): boolean {
  const host = hostOf(url);
  return endpoints.some((one) => hostOf(one) === host);
}
