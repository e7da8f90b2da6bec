import type { CheckRow } from '../azcmagent/reading.ts';
import { entryFor, hostOf } from '../endpoints/catalogue.ts';
import type { EndpointCheck, EndpointVerdict, Route } from '../network-check.ts';
import { type Expectations, publicRoute } from './expectations.ts';

/** Whether a private link scope answers for this address. */
export function isPrivateCapable(url: string): boolean {
  const via = entryFor(url)?.privateLink.via ?? '';
  return via.startsWith('APLS') && !via.includes('relayed');
}

/** Compares the road an address took with the one it should take. */
export function judge(
  row: CheckRow,
  expected: Expectations,
  proxySeen: boolean,
  tlsFailed: boolean,
): EndpointCheck {
  const expectedRoute = routeFor(row, expected, proxySeen);
  const actualRoute = routeOf(row);
  return {
    url: row.url,
    reachable: row.reachable,
    private: row.private,
    proxy: row.proxy,
    tls: row.tls,
    expectedRoute,
    actualRoute,
    verdict: verdictOf(row, expectedRoute, actualRoute, tlsFailed),
  };
}

function routeFor(row: CheckRow, expected: Expectations, proxySeen: boolean): Route | 'unknown' {
  if (expected.route === 'unknown') return 'unknown';
  // A bot tried out on the same machine: no proxy leads there.
  if (LOOPBACK.test(hostOf(row.url))) return 'direct';
  if (!entryFor(row.url, row.probe?.name === 'BOT' ? undefined : row.probe?.name)) {
    if (!row.probe && hostOf(row.url) !== expected.botHost) return 'unknown';
  }
  if (expected.route === 'private' && isPrivateCapable(row.url)) return 'private';
  return publicRoute(expected, proxySeen);
}

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|localhost)(?::\d+)?$/;

/** The PRIVATE column speaks of the address, the PROXY column of the road: a set proxy is taken whatever the name says. */
function routeOf(row: CheckRow): Route | 'unknown' {
  if (row.proxy === 'set') return 'proxy';
  if (row.private === true) return 'private';
  const around = row.proxy === 'bypassed' || row.proxy === 'not set';
  return around && (row.private === false || row.from === 'probe') ? 'direct' : 'unknown';
}

function verdictOf(
  row: CheckRow,
  expected: Route | 'unknown',
  actual: Route | 'unknown',
  tlsFailed: boolean,
): EndpointVerdict {
  if (row.reachable === 'unknown') return 'not-tested';
  if (row.reachable === false) return tlsFailed ? 'tls-failed' : 'unreachable';
  if (expected === 'unknown' || expected === actual) return 'ok';
  if (actual === 'unknown')
    return expected === 'private' && row.private !== false
      ? 'not-tested'
      : expected === 'private'
        ? 'wrong-route'
        : 'ok';
  // AMPLS and resource management private links are the customer's own choice
  if (
    actual === 'private' &&
    entryFor(row.url)?.privateLink.capable &&
    !isPrivateCapable(row.url)
  ) {
    return 'ok';
  }
  return 'wrong-route';
}
