import type { CheckRow } from '../azcmagent/reading.ts';
import { entryFor, hostOf } from '../endpoints/catalogue.ts';
import type { EndpointCheck, Finding } from '../network-check.ts';
import type { Expectations } from './expectations.ts';
import { mergeSame } from './findings.ts';
import { probeFindings } from './probe-causes.ts';
import { wrongRoads } from './road-causes.ts';
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

/** Causes that a proxy, or a device at its place, has for whatever it refuses. */
const PROXY_SAYS: ReadonlySet<string> = new Set([
  ...PROXY_CANNOT,
  'proxy-auth-required',
  'x509-unknown-authority',
  'x509-legacy-name',
  'x509-negative-serial',
  'tls-handshake-failure',
]);
/** Too weak, or too much about one request, to stand for other addresses. */
const OF_ONE_REQUEST: ReadonlySet<string> = new Set([
  'endpoint-failed',
  'eof',
  'conn-reset',
  'conn-reset-windows',
  'arm-throttled',
  'dns-nxdomain',
  'x509-host-mismatch',
  'required-endpoints-unavailable',
]);

/**
 * Rows and the causes their texts named, made one finding for each cause. A cause takes the rows it
 * explains, and the next step sees only what is left.
 */
export function explainRows(
  judged: readonly JudgedRow[],
  named: readonly Finding[],
  expected: Expectations,
): Finding[] {
  const ledger = new Ledger(judged, named, expected);
  takeSpoken(ledger);
  const settled = takeWrongNames(ledger);
  takeBypass(ledger);
  takeSameCause(ledger);
  takeWholeRoads(ledger);
  takeSome(ledger);
  return [
    ...mergeSame(ledger.findings),
    ...wrongRoads(
      judged.filter((one) => !settled.has(one)),
      expected,
    ),
    ...probeFindings(judged, expected, ledger.findings),
  ];
}

/** Which failed rows still have no cause. */
class Ledger {
  readonly findings: Finding[];
  readonly judged: readonly JudgedRow[];
  /** Rows of azcmagent with an answer, good or bad. */
  readonly tested: readonly JudgedRow[];
  readonly answered: readonly JudgedRow[];
  readonly expected: Expectations;
  readonly #left: Set<JudgedRow>;

  constructor(judged: readonly JudgedRow[], named: readonly Finding[], expected: Expectations) {
    this.findings = [...named];
    this.judged = judged;
    this.expected = expected;
    this.tested = judged.filter(({ row }) => row.reachable !== 'unknown' && !row.probe);
    this.answered = this.tested.filter(({ row }) => row.reachable === true);
    this.#left = new Set(this.tested.filter(({ row }) => row.reachable === false));
  }

  get proxyWorks(): boolean {
    return this.answered.some(({ row }) => row.proxy === 'set');
  }

  failed(test: (one: JudgedRow) => boolean = () => true): JudgedRow[] {
    return [...this.#left].filter(test);
  }

  take(id: string, rows: readonly JudgedRow[], seen: Omit<Seen, 'endpoints'> = {}): void {
    if (rows.length === 0) return;
    const endpoints = this.#drop(rows);
    this.findings.push(finding(id, this.expected, { ...seen, endpoints }));
  }

  /** Rows that a finding explains which is there already. */
  give(index: number, rows: readonly JudgedRow[]): void {
    const one = this.findings[index];
    if (!one || rows.length === 0) return;
    const urls = this.#drop(rows);
    const hosts = new Set(urls.map(hostOf));
    const others = one.endpoints.filter((url) => !hosts.has(hostOf(url)));
    this.findings[index] = { ...one, endpoints: [...new Set([...urls, ...others])] };
  }

  #drop(rows: readonly JudgedRow[]): string[] {
    for (const one of rows) this.#left.delete(one);
    return rows.map(({ row }) => row.url);
  }
}

/** What the text itself said about an address, or about the proxy. */
function takeSpoken(ledger: Ledger): void {
  for (const [index, one] of ledger.findings.entries()) {
    const rows = ledger.failed(({ row }) =>
      PROXY_DOWN.has(one.id) ? row.proxy === 'set' : sameHost(one.endpoints, row.url),
    );
    ledger.give(index, rows);
  }
  moveToBypass(ledger);
}

/** Names that resolve to the wrong side, reachable or not. */
function takeWrongNames(ledger: Ledger): ReadonlySet<JudgedRow> {
  const { route, gatewayId } = ledger.expected;
  const arc = ledger.tested.filter(({ row }) => isPrivateCapable(row.url) && !isAts(row.url));
  const somePrivate = arc.some(({ row }) => row.private === true);
  const mustBePrivate = route === 'private' || (route === 'unknown' && somePrivate);
  const outside = mustBePrivate ? arc.filter(({ row }) => row.private === false) : [];
  ledger.take('private-dns-public', outside, { certainty: route === 'private' ? 1 : 0.8 });
  const inside =
    route === 'public' && !gatewayId ? arc.filter(({ row }) => row.private === true) : [];
  ledger.take('private-dns-on-public-site', inside);
  return new Set([...outside, ...inside]);
}

/** All private rows failing behind the proxy is one missing bypass, not six failures. */
function takeBypass(ledger: Ledger): void {
  const isPrivate = ({ row }: JudgedRow): boolean => row.private === true;
  const stuck = ledger.failed(
    ({ row }) =>
      isPrivateCapable(row.url) &&
      row.proxy === 'set' &&
      (row.private === true || (row.private === 'unknown' && ledger.expected.route === 'private')),
  );
  const shown = stuck.some(isPrivate);
  if (ledger.proxyWorks || shown) {
    ledger.take('proxy-bypass-missing', stuck, {
      certainty: shown && ledger.proxyWorks ? 1 : 0.85,
    });
  }
  ledger.take(
    'private-endpoint-unreachable',
    ledger.failed((one) => isPrivate(one) && one.row.proxy !== 'set'),
  );
}

/** azcmagent prints one reason and many failed rows: where only one cause was named, it is theirs too. */
function takeSameCause(ledger: Ledger): void {
  const spoken = ledger.findings.flatMap((one, index) =>
    one.evidence && !OF_ONE_REQUEST.has(one.id) && one.severity !== 'info' ? [index] : [],
  );
  const [index, ...others] = spoken;
  const one = index === undefined ? undefined : ledger.findings[index];
  if (index === undefined || !one || others.length > 0) return;
  const rows = ledger.failed();
  const [reason] = ledger.judged.filter(({ row }) => sameHost(one.endpoints, row.url));
  const road = reason?.row.proxy ?? rows[0]?.row.proxy;
  const alike = rows.filter(({ row }) => row.proxy === road && !isMinor(row.url));
  const roadWorks = ledger.answered.some(({ row }) => row.proxy === road);
  if (!roadWorks || (PROXY_SAYS.has(one.id) && road === 'set')) ledger.give(index, alike);
}

/** Nothing answers at all, or nothing on one road. */
function takeWholeRoads(ledger: Ledger): void {
  const behind = ledger.failed(({ row }) => row.proxy === 'set');
  if (behind.length >= 2 && !ledger.proxyWorks) {
    ledger.take('proxy-unreachable', behind, { certainty: behind.length >= 4 ? 1 : 0.85 });
  }
  ledger.take(
    'bypass-too-wide',
    ledger.failed(
      ({ row, check }) =>
        row.proxy === 'bypassed' &&
        (check.expectedRoute === 'proxy' || !isPrivateCapable(check.url)),
    ),
  );
  ledger.take(
    'proxy-not-set',
    ledger.failed(({ row, check }) => row.proxy === 'not set' && check.expectedRoute === 'proxy'),
  );
  const all = ledger.failed();
  if (all.length >= 3 && all.length === ledger.tested.length) ledger.take('no-route-out', all);
}

/** Some addresses and not others: whoever filters does not allow them. */
function takeSome(ledger: Ledger): void {
  const certainty = ledger.answered.length > 0 ? 1 : 0.8;
  for (const severity of ['warning', 'error'] as const) {
    const rows = ledger.failed(({ row }) => severity === 'error' || isMinor(row.url));
    const seen = { severity, certainty };
    ledger.take(
      'proxy-blocks-hosts',
      rows.filter(({ row }) => row.proxy === 'set'),
      seen,
    );
    ledger.take(
      'firewall-blocks-hosts',
      rows.filter(({ row }) => row.proxy !== 'set'),
      seen,
    );
  }
}

/** At a private link site, a proxy that cannot reach an Arc host was never meant to. */
function moveToBypass(ledger: Ledger): void {
  const { judged, expected, findings } = ledger;
  const privateNow = new Set(
    judged.filter(({ row }) => row.private === true).map(({ row }) => hostOf(row.url)),
  );
  const isPrivate = (url: string): boolean =>
    isPrivateCapable(url) && (expected.route === 'private' || privateNow.has(hostOf(url)));
  const refused = findings.splice(0);
  for (const one of refused) {
    const arc = PROXY_CANNOT.has(one.id) ? one.endpoints.filter(isPrivate) : [];
    if (arc.length === 0) {
      findings.push(one);
      continue;
    }
    const evidence = one.evidence ? { evidence: one.evidence } : {};
    findings.push(
      finding('proxy-bypass-missing', expected, { endpoints: arc, certainty: 0.9, ...evidence }),
    );
    const rest = one.endpoints.filter((url) => !arc.includes(url));
    if (rest.length > 0) findings.push({ ...one, endpoints: rest });
  }
}

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
