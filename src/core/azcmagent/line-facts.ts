import type { AzcmError } from '../network-check.ts';
import type { CheckRow } from './reading.ts';
import { readAddress, readProxy } from './table.ts';

/** What progress and log lines say of the machine besides their message. */
export function factsIn(line: string): Record<string, string> {
  const facts: Record<string, string> = {};
  const id =
    /Resource ID=["']?(\/subscriptions\/([^/\s"]{1,64})\/resourceGroups\/([^/\s"]{1,90})\/providers\/Microsoft\.HybridCompute\/machines\/([^\s/"]{1,64}))/i.exec(
      line,
    );
  if (id) {
    facts.resourceId = id[1] ?? '';
    facts.subscriptionId = id[2] ?? '';
    facts.resourceGroup = id[3] ?? '';
    facts.machineName = id[4] ?? '';
  }
  const page =
    /overview page: (https:\/\/[^\s/]{4,80}\/#@([^\s/]{1,64})\/resource(\/subscriptions\/([^/\s]{1,64})\/resourceGroups\/([^/\s]{1,90})\/providers\/Microsoft\.HybridCompute\/machines\/([^\s/]{1,64}))\/overview)/i.exec(
      line,
    );
  if (page) {
    facts.portalPage = page[1] ?? '';
    facts.tenantId = page[2] ?? '';
    facts.resourceId ??= page[3] ?? '';
    facts.subscriptionId ??= page[4] ?? '';
    facts.resourceGroup ??= page[5] ?? '';
    facts.machineName ??= page[6] ?? '';
  }
  const correlation = /Correlation ID=["']?([0-9a-f-]{36})/i.exec(line)?.[1];
  if (correlation) facts.correlationId = correlation;
  const cloud = /^INFO\s{1,8}Cloud: (\w{4,40})/.exec(line.trim())?.[1];
  if (cloud) facts.cloud = cloud;
  const region = /discovery\?location=([a-z0-9]{4,40})\b/i.exec(line)?.[1];
  if (region) facts.location = region.toLowerCase();
  return facts;
}

/** Verbose lines of `connect` and `check`: an address that is tried, and one that answered. */
export function rowIn(line: string): CheckRow | undefined {
  const tried =
    /Checking connectivity to (https?:\/\/[^\s,]{4,253}), proxy status: ([^"\n]{1,60})/i.exec(line);
  if (tried) {
    const url = readAddress(tried[1] ?? '');
    return url ? { ...UNTESTED, url, proxy: readProxy(tried[2] ?? '') } : undefined;
  }
  const answered =
    /(https?:\/\/[^\s,"]{4,253}) is available, using cryptographic protocol: (TLS 1\.\d)/i.exec(
      line,
    );
  const url = answered ? readAddress(answered[1] ?? '') : undefined;
  return url ? { ...UNTESTED, url, reachable: true, tls: answered?.[2] ?? 'unknown' } : undefined;
}

const UNTESTED = {
  reachable: 'unknown',
  private: 'unknown',
  proxy: 'unknown',
  tls: 'unknown',
  from: 'log',
} as const;

/** Codes that a line prints; a word behind `AZCM0026:` is its title. */
export function codesIn(line: string): AzcmError[] {
  const found: AzcmError[] = [];
  if (/AZCM\d/i.test(line)) {
    for (const match of line.matchAll(/\bAZCM(\d{4})(?!\d)(?::\s{0,4}([A-Z][A-Za-z ]{2,60}))?/gi)) {
      const message = match[2]?.trim();
      found.push({ code: `AZCM${match[1]}`, ...(message ? { message } : {}) });
      if (found.length >= 50) break;
    }
  }
  if (/AADSTS\d|Error Code:\s{0,4}5\d{4}/i.test(line)) {
    for (const match of line.matchAll(/\b(?:AADSTS|Error Code:\s{0,4})(\d{4,7})(?!\d)/gi)) {
      found.push({ code: `AADSTS${match[1]}` });
      if (found.length >= 50) break;
    }
  }
  return found;
}
