import { Phrases } from '../azcmagent/phrases.ts';
import type { Complaint, UrlError } from '../azcmagent/reading.ts';
import { proxyWords } from '../azcmagent/url-error.ts';
import { isOurs } from '../endpoints/catalogue.ts';
import type { FindingEvidence } from '../network-check.ts';
import { TEXT_RULES, type TextRule } from './rules.ts';

/** A cause that the text itself names, and the address it names it for. */
export interface TextCause {
  readonly id: string;
  readonly url?: string;
  readonly evidence: FindingEvidence;
  readonly certainty: number;
}

/** Signs that only mean something together with another. */
const SIGNS = {
  proxyconnect: ['proxyconnect tcp'],
  lookup: ['lookup'],
  noHost: ['no such host', 'getaddrinfow'],
  register: ['Microsoft.HybridCompute/register'],
  authorizationFailed: ['AuthorizationFailed'],
  before: ['is before'],
} as const;
type Sign = keyof typeof SIGNS;

type Meaning = { readonly rule: TextRule } | { readonly sign: Sign };
const MEANINGS: Meaning[] = [];
const PHRASES: string[] = [];
for (const rule of TEXT_RULES) {
  for (const phrase of rule.phrases) {
    PHRASES.push(phrase);
    MEANINGS.push({ rule });
  }
}
for (const [sign, phrases] of Object.entries(SIGNS)) {
  for (const phrase of phrases) {
    PHRASES.push(phrase);
    MEANINGS.push({ sign: sign as Sign });
  }
}
/** The proxy itself does not answer: a rule without words of its own. */
const PROXY_DOWN = { strong: 'leading' } as const;
const SCANNER = new Phrases(PHRASES);
const RULE: ReadonlyMap<string, TextRule> = new Map(TEXT_RULES.map((rule) => [rule.id, rule]));

/** What Windows says in Japanese where Go finds no English text (FormatMessage, WSAE…). */
const JAPANESE: readonly (readonly [string, string])[] = [
  ['対象のコンピューターによって拒否された', 'conn-refused'],
  ['強制的に切断されました', 'conn-reset-windows'],
  ['正しく応答しなかったため', 'tcp-timeout'],
  ['そのようなホストは不明', 'no-host'],
  ['到達できないネットワーク', 'net-unreachable'],
];

/** Rules whose number ends in digits must not match a longer number. */
const DIGIT_END = /\d$/;

interface Hits {
  readonly rules: Set<TextRule>;
  readonly signs: Set<Sign>;
}

/** The causes that one printed line names: one for each failed request in it, else one for the line. */
export function causesIn(complaint: Complaint, ours: boolean): TextCause[] {
  if (!complaint.printed) return [];
  const { line, errors } = complaint;
  const outside: Hits = { rules: new Set(), signs: new Set() };
  const inside: Hits[] = errors.map(() => ({ rules: new Set(), signs: new Set() }));
  let current = 0;
  SCANNER.scan(line, (index, end) => {
    const meaning = MEANINGS[index];
    if (!meaning) return;
    while (current < errors.length && end > (errors[current]?.to ?? 0)) current += 1;
    const error = errors[current];
    const hits = error && end > error.from ? inside[current] : outside;
    if (!hits) return;
    if ('sign' in meaning) hits.signs.add(meaning.sign);
    else if (!(DIGIT_END.test(PHRASES[index] ?? '') && /\d/.test(line[end] ?? ''))) {
      hits.rules.add(meaning.rule);
    }
  });
  const causes: TextCause[] = [];
  errors.forEach((error, index) => {
    const hits = inside[index];
    if (!hits || !isOurs(error.url)) return;
    causes.push(
      causeOf(hits, error, line.slice(error.from, Math.min(error.to, error.from + 1_200))),
    );
  });
  const foreign = errors.length > 0 && causes.length === 0;
  const whole = foreign ? undefined : lineCause(outside, line, ours, causes.length > 0);
  return whole ? [...causes, whole] : causes;
}

function causeOf(hits: Hits, error: UrlError, text: string): TextCause {
  const words = proxyWords(error.reason);
  const found =
    narrow(hits, text) ?? (words ? wordsRule(words) : undefined) ?? lastResort(error.reason);
  return {
    id: found.id,
    url: `https://${error.host}`,
    evidence: evidenceOf(error.reason, words, text),
    certainty: found.certainty,
  };
}

function lineCause(
  hits: Hits,
  line: string,
  ours: boolean,
  hasErrors: boolean,
): TextCause | undefined {
  const found = narrow(hits, line);
  if (!found) return undefined;
  const rule = RULE.get(found.id) ?? PROXY_DOWN;
  if (!ours && rule.strong !== true && !(rule.strong === 'leading' && LEADING.test(line))) {
    return undefined;
  }
  if (hasErrors && WRAPPERS.has(found.id) && found.id === 'required-endpoints-unavailable') {
    return undefined;
  }
  const host =
    /\blookup ([a-z0-9.-]{4,253})/i.exec(line)?.[1] ??
    /\b([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){2,6})\b/i.exec(line.slice(0, 400))?.[1];
  const url = host && isOurs(host) ? `https://${host.toLowerCase()}` : undefined;
  return {
    id: found.id,
    ...(url ? { url } : {}),
    evidence: evidenceOf(line, undefined, line),
    certainty: found.certainty,
  };
}

/** Go's own words count without any sign of Arc only where they open the line. */
const LEADING =
  /^["'\s(]{0,6}(?:(?:error|fatal|failed)[:\s]{1,4})?(?:tls: |x509(?::|\s?(?:error|エラー|certificate (?:signed|has|is|relies)))|proxyconnect|net\/http|remote error|schannel|proxy authentication required)/i;

const WRAPPERS: ReadonlySet<string> = new Set([
  'required-endpoints-unavailable',
  'devicecode-request-failed',
]);

/** The most telling of what was found together. */
function narrow(hits: Hits, text: string): { id: string; certainty: number } | undefined {
  const { rules, signs } = hits;
  const has = (id: string): boolean => {
    const rule = RULE.get(id);
    return rule !== undefined && rules.has(rule);
  };
  const japanese = /[^ -~\s]/.test(text)
    ? JAPANESE.find(([words]) => text.includes(words))?.[1]
    : undefined;
  const noHost = signs.has('noHost') || japanese === 'no-host';
  if (signs.has('proxyconnect')) {
    if (has('proxy-scheme-https')) return sure('proxy-scheme-https');
    if (noHost || has('proxy-name-unresolved')) return sure('proxy-name-unresolved');
    if (has('conn-refused') || japanese === 'conn-refused')
      return sure('proxy-connect-refused-tcp');
    return { id: 'proxy-unreachable', certainty: 1.1 };
  }
  if (signs.has('register') && signs.has('authorizationFailed')) {
    return sure('arm-403-register-nonfatal');
  }
  if (has('x509-expired-or-clock') && signs.has('before')) return sure('x509-clock-behind');
  if (signs.has('lookup') && noHost) return sure('dns-nxdomain');
  if (signs.has('lookup') && has('tcp-timeout')) return sure('dns-server-silent');
  let best: TextRule | undefined;
  for (const rule of rules) {
    if (rule.id === 'arm-403-register-nonfatal' || rule.id === 'proxy-name-unresolved') continue;
    if (!best || rule.priority < best.priority) best = rule;
  }
  if (best) return sure(best.id);
  if (japanese && japanese !== 'no-host') return sure(japanese);
  return /: (?:unexpected )?EOF\b/.test(text) ? sure('eof') : undefined;
}

function sure(id: string): { id: string; certainty: number } {
  return { id, certainty: 1 };
}

/** Which refusal the proxy's own words are; a bare number comes out as `unknown status code`. */
function wordsRule(words: string): { id: string; certainty: number } {
  const key = words.toLowerCase().replace(/[^a-z]/g, '');
  if (key.startsWith('serviceunavailable')) return sure('proxy-503-text');
  if (key.startsWith('forbidden')) return sure('proxy-forbidden');
  if (key.startsWith('badgateway') || key.startsWith('gatewaytime')) return sure('proxy-502-504');
  if (key.startsWith('proxyauthentication')) return sure('proxy-auth-required');
  return sure('proxy-reason-phrase');
}

/** A request failed for a reason no rule knows: said as such, not guessed. */
function lastResort(reason: string): { id: string; certainty: number } {
  if (/^(?:unexpected )?EOF\b/.test(reason)) return sure('eof');
  return { id: 'endpoint-failed', certainty: 1 };
}

function evidenceOf(reason: string, words: string | undefined, text: string): FindingEvidence {
  const proxy =
    /proxyconnect tcp: dial tcp:? (?:lookup )?(\[[0-9a-f:]{2,45}\]:\d{1,5}|[A-Za-z0-9.-]{2,253}(?::\d{1,5})?)/i.exec(
      reason,
    )?.[1];
  const address = /(?<!proxyconnect tcp: )dial tcp (\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}/.exec(
    reason,
  )?.[1];
  const issuer = /\b(?:issuer|issued by)\s{0,3}[:=]?\s{0,3}"?([^";\n]{3,120})/i.exec(text)?.[1];
  const said = words ?? (reason.length <= 300 ? reason.trim() : reason.slice(0, 300).trim());
  return {
    ...(said ? { words: said } : {}),
    ...(proxy ? { proxy } : {}),
    ...(address && !proxy ? { address } : {}),
    ...(issuer ? { issuer: issuer.trim() } : {}),
  };
}
