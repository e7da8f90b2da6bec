import type { Reading } from '../azcmagent/reading.ts';
import type { Finding } from '../network-check.ts';
import type { Expectations } from './expectations.ts';
import { finding } from './rules.ts';

/** What `show` and `config` say, held against the plan. */
export function stateFindings(reading: Reading, expected: Expectations): Finding[] {
  const { facts } = reading;
  const found: Finding[] = [];
  const status = (facts.agentStatus ?? '').toLowerCase();
  if (status === 'disconnected') found.push(finding('agent-disconnected', expected));
  if (status === 'expired') found.push(finding('agent-expired', expected));
  if (status === 'error') found.push(finding('agent-error', expected));
  if (
    Object.entries(reading.services).some(([name, state]) => NEEDED.has(name) && STOPPED.has(state))
  ) {
    found.push(finding('service-stopped', expected));
  }
  const proxy = facts.proxyUrl;
  if (expected.proxyUrl && proxy && !sameProxy(proxy, expected.proxyUrl)) {
    found.push(finding('proxy-differs', expected, { evidence: { proxy: proxy.slice(0, 120) } }));
  }
  const noProxy = proxy === undefined && (facts.proxyUrlEmpty === 'true' || status !== '');
  if (expected.proxyUrl && noProxy && (reading.kind === 'config' || reading.kind === 'show')) {
    found.push(finding('proxy-not-set', expected, { certainty: 0.95, severity: 'warning' }));
  }
  const gateway = facts.gatewayUrl || facts.connectionType === 'gateway';
  if (gateway && (facts.proxyBypass || expected.route === 'private')) {
    found.push(finding('gateway-with-bypass', expected));
  } else if (expected.route === 'private' && proxy && lacksArc(reading)) {
    found.push(finding('proxy-bypass-missing', expected, { severity: 'warning' }));
  }
  if (isElsewhere(facts, expected)) found.push(finding('resource-elsewhere', expected));
  return found;
}

/** arcproxy is missing on purpose: it stands still wherever no gateway is used (agents before 1.51). */
const NEEDED: ReadonlySet<string> = new Set([
  'himds',
  'himdsd',
  'extensionservice',
  'extd',
  'gcarcservice',
  'gcad',
]);
const STOPPED: ReadonlySet<string> = new Set(['stopped', 'inactive', 'failed', 'dead']);

function lacksArc(reading: Reading): boolean {
  const { facts, kind } = reading;
  const words = (facts.proxyBypass ?? '').toLowerCase().split(',');
  if (words.includes('arc')) return false;
  return kind === 'show' || facts.proxyBypassEmpty === 'true' || facts.proxyBypass !== undefined;
}

function sameProxy(a: string, b: string): boolean {
  const tidy = (url: string): string => url.trim().toLowerCase().replace(/\/$/, '');
  return tidy(a) === tidy(b);
}

function isElsewhere(facts: Readonly<Record<string, string>>, expected: Expectations): boolean {
  const differs = (fact: string, planned: string | undefined): boolean => {
    const value = facts[fact];
    return (
      planned !== undefined &&
      value !== undefined &&
      /^[\w.()-]+$/.test(value) &&
      value.toLowerCase() !== planned.toLowerCase()
    );
  };
  return (
    facts.agentStatus !== undefined &&
    (differs('tenantId', expected.tenantId) ||
      differs('subscriptionId', expected.subscriptionId) ||
      differs('resourceGroup', expected.resourceGroup) ||
      differs('location', expected.location))
  );
}
