/**
 * Masks what must never leave in text: secrets in URLs, bearer and JWT tokens, private keys, long secrets
 * after a telling name, and device codes in the sentence azcmagent prints. Linear: no pattern backtracks
 * over an unbounded run.
 */
export function scrub(text: string): string {
  return RULES.reduce((result, [pattern, mask]) => result.replace(pattern, mask), text);
}

export const CODE_REMOVED = '[code removed]';

const RULES: readonly (readonly [RegExp, string])[] = [
  // http://user:password@proxy (azcmagent before 1.66 printed proxy credentials)
  [/:\/\/[^\s/@:"'\\]{1,256}:[^\s/@"'\\]{1,256}@/g, '://[credentials removed]@'],
  [
    /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]{0,20000}(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?/g,
    '[key removed]',
  ],
  [
    /\beyJ[A-Za-z0-9_-]{10,8192}\.[A-Za-z0-9_-]{10,16384}(?:\.[A-Za-z0-9_-]{0,8192})?/g,
    '[token removed]',
  ],
  [/\b(bearer\s{1,4})[A-Za-z0-9._~+/=-]{16,16384}/gi, '$1[token removed]'],
  [
    /((?:password|secret|access[_-]?token|refresh[_-]?token|client[_-]?assertion|device_code|code_key|user_?code|enrol?l?ment_?token)\\?["']?\s{0,4}[:=]\s{0,4}\\?["']?)[^\s"'\\,;}]{4,4096}/gi,
    '$1[removed]',
  ],
  [
    /(--(?:service-principal-secret|access-token|token)[\s=]{1,4}["']?)[^\s"']{4,4096}/gi,
    '$1[removed]',
  ],
  [/(-p\s{1,4}["'])[^\s"']{8,4096}(["'])/g, '$1[removed]$2'],
  [/(enter(?:ing)?\s{1,40}the\s{1,40}code:?\s{1,40})[A-Z0-9-]{6,12}/gi, `$1${CODE_REMOVED}`],
  [
    /(devicelogin\S{0,20}[^A-Z0-9\n]{1,80}?(?:code|コード)\s{0,4}[:はが:]?\s{0,4})[A-Z0-9]{8,10}\b/gi,
    `$1${CODE_REMOVED}`,
  ],
];
