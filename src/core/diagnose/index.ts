import { plain } from '../azcmagent/plain.ts';
import { removeCodes } from '../azcmagent/prompt.ts';
import { readOutputs } from '../azcmagent/read.ts';
import type { Reading } from '../azcmagent/reading.ts';
import { withinReason } from '../azcmagent/within-reason.ts';
import type { Diagnosis, Finding } from '../network-check.ts';
import { scrub } from '../scrub.ts';
import { isPrivateAddress } from './addresses.ts';
import { curlCause } from './curl-words.ts';
import { lookupFindings } from './dns-causes.ts';
import { type Expectations, NO_EXPECTATIONS } from './expectations.ts';
import { codeFindings } from './explain.ts';
import { calm, mergeSame, rank } from './findings.ts';
import { isPrivateCapable, judge } from './routes.ts';
import { finding } from './rules.ts';
import { stateFindings } from './state-causes.ts';
import { explainRows, type JudgedRow } from './table-causes.ts';
import { causesIn } from './text-causes.ts';
import { verdictOf, worst } from './verdict.ts';

export { type Prompt, readPrompt } from '../azcmagent/prompt.ts';
export { type Expectations, expectationsFor, NO_EXPECTATIONS } from './expectations.ts';
export { type CodeRegistry, explainError } from './explain.ts';
export { type MailContext, mailFor } from './mail.ts';

export interface DiagnosedText {
  readonly diagnosis: Diagnosis;
  /** A device code stood in the text: that machine's open sign-in must be burned. */
  readonly codeRemoved: boolean;
  /** The text without codes and secrets, safe to keep. */
  readonly cleaned: string;
}

/** Reads any azcmagent output and says what is wrong. Codes and secrets are gone before anything is read. */
export function diagnoseText(
  text: string,
  expected: Expectations = NO_EXPECTATIONS,
): DiagnosedText {
  const safe = removeCodes(plain(text));
  const cleaned = scrub(safe.text);
  const { text: read, skipped } = withinReason(cleaned);
  const parts = readOutputs(read).map((reading) => diagnoseReading(reading, expected));
  const codeRemoved = safe.removed > 0;
  const code = codeRemoved ? [finding('device-code-in-text', expected)] : [];
  const diagnosis = together(parts, code);
  return {
    diagnosis:
      skipped > 0
        ? { ...diagnosis, facts: { ...diagnosis.facts, skippedLines: String(skipped) } }
        : diagnosis,
    codeRemoved,
    cleaned,
  };
}

/** What one output says, concluded. */
export function diagnoseReading(reading: Reading, plan: Expectations): Diagnosis {
  const { location } = reading.facts;
  const expected = plan.location || !location ? plan : { ...plan, location };
  const proxySeen =
    reading.rows.some((row) => row.proxy === 'set' || row.proxy === 'bypassed') ||
    reading.facts.proxyUrl !== undefined;
  const ours = reading.kind !== 'unknown';
  const spoken = mergeSame(namedFindings(reading, expected, ours));
  const named = reading.outcome ? spoken.map(calm) : spoken;
  const tls = new Set(
    named
      .filter((one) => /^(?:x509|tls|schannel|plain-http)/.test(one.id))
      .flatMap((one) => one.endpoints),
  );
  const judged: JudgedRow[] = reading.rows.map((row) => ({
    row,
    check: judge(row, expected, proxySeen, tls.has(row.url) || row.probe?.tls === 'fail'),
  }));
  const endpoints = judged.map(({ check }) => check);
  const unread = reading.unread.filter((line) => !tells(line, ours));
  const causes = [
    ...explainRows(judged, named, expected),
    ...mergeSame(lookupFindings(reading.lookups, expected)),
    ...stateFindings(reading, expected),
  ];
  const findings = rank([...causes, ...codeFindings(reading, causes, expected)]);
  return {
    kind: reading.kind === 'unknown' && findings.length > 0 ? 'log' : reading.kind,
    verdict: verdictOf(reading, endpoints, findings),
    endpoints,
    findings,
    errors: uniqueCodes(reading),
    facts: shownFacts(reading),
    ...(unread.length > 0 ? { unread } : {}),
  };
}

/** The causes that printed lines name, with what they were seen in. */
function namedFindings(reading: Reading, expected: Expectations, ours: boolean): Finding[] {
  const found: Finding[] = [];
  for (const complaint of reading.complaints) {
    for (const cause of causesIn(complaint, ours)) {
      const otherScope = isOtherScope(cause.url, cause.evidence.address, expected);
      found.push(
        finding(otherScope ? 'dns-other-scope' : cause.id, expected, {
          ...(cause.url ? { endpoints: [cause.url] } : {}),
          evidence: cause.evidence,
          certainty: cause.certainty,
        }),
      );
    }
  }
  for (const row of reading.rows) {
    if (!row.probe || row.reachable !== false || row.probe.detail === '') continue;
    if (row.probe.name === 'BOT') continue;
    const { detail, name, via } = row.probe;
    const [said] = causesIn({ line: detail, printed: true, errors: [] }, true);
    const answered = curlCause(detail, via === 'proxy');
    const id = answered ?? said?.id;
    if (!id) continue;
    found.push(
      finding(id, expected, {
        endpoints: [row.url],
        evidence: { words: detail, ...said?.evidence, extension: name },
        certainty: answered ? 1 : (said?.certainty ?? 1),
      }),
    );
  }
  return found;
}

/** Whether a line that no reader knew names a cause all the same. */
function tells(line: string, ours: boolean): boolean {
  return causesIn({ line, printed: true, errors: [] }, ours).length > 0;
}

/** A private address that is not one of this site's scope. */
function isOtherScope(
  url: string | undefined,
  address: string | undefined,
  expected: Expectations,
): boolean {
  if (!url || !address || !expected.scopeAddresses?.length || !isPrivateCapable(url)) return false;
  return isPrivateAddress(address) && !expected.scopeAddresses.includes(address);
}

function uniqueCodes(reading: Reading): Diagnosis['errors'] {
  const seen = new Map<string, Reading['codes'][number]>();
  for (const code of reading.codes) {
    const before = seen.get(code.code);
    if (!before || (!before.message && code.message)) seen.set(code.code, code);
  }
  return [...seen.values()];
}

function shownFacts(reading: Reading): Record<string, string> {
  const services = Object.entries(reading.services)
    .map(([name, state]) => `${name}=${state}`)
    .join(', ');
  return {
    ...Object.fromEntries(
      Object.entries(reading.facts).filter(([name]) => !name.endsWith('Empty')),
    ),
    ...(services ? { services } : {}),
    ...(reading.outcome ? { outcome: reading.outcome } : {}),
  };
}

function together(parts: readonly Diagnosis[], code: readonly Finding[]): Diagnosis {
  const [first, ...others] = parts;
  if (!first) {
    const kind = code.length > 0 ? 'connect' : 'unknown';
    return { kind, verdict: 'unknown', endpoints: [], findings: code, errors: [], facts: {} };
  }
  const kind = first.kind === 'unknown' && code.length > 0 ? 'connect' : first.kind;
  if (others.length === 0) return { ...first, kind, findings: [...first.findings, ...code] };
  const errors = new Map(parts.flatMap((part) => part.errors).map((one) => [one.code, one]));
  return {
    kind,
    verdict: worst(parts.map((part) => part.verdict)),
    endpoints: parts.flatMap((part) => part.endpoints),
    findings: [...rank(mergeSame(parts.flatMap((part) => part.findings))), ...code],
    errors: [...errors.values()],
    facts: Object.assign({}, ...parts.map((part) => part.facts).reverse()),
    parts,
  };
}
