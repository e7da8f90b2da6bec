export const CODE_REMOVED = '[code removed]';

/**
 * Masks what must never leave in text: secrets in URLs, bearer and JWT tokens, private keys, secrets after
 * a telling name or flag, and device codes in the sentence azcmagent prints.
 *
 * Linear: every pattern begins with a literal, each run is bounded or ends the pattern, and what a run has
 * read is never read by the next match.
 */
export function scrub(text: string): string {
  return SCRUB_RULES.reduce((result, [pattern, mask]) => result.replace(pattern, mask), text);
}

export const SCRUB_RULES: readonly (readonly [RegExp, string])[] = [
  // http://user:p@ss@proxy: up to the last @ (azcmagent before 1.66 printed proxy credentials)
  [/:\/\/[^\s/@:"'\\<>]{1,256}:(?!\d{1,5}\/)[^\s/"'\\<>]{0,256}@/g, '://[credentials removed]@'],
  [
    /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]{0,20000}(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?/g,
    '[key removed]',
  ],
  // a token keeps its dots, and a terminal breaks it into full lines
  [
    /\beyJ[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]*){0,4}(?:\n[A-Za-z0-9_.-]{60,}){0,200}/g,
    '[token removed]',
  ],
  [/\b(bearer\s{1,4})[A-Za-z0-9._~+/=-]{16,}/gi, '$1[token removed]'],
  // what Entra makes as a client secret: three characters, a digit, Q~
  [/\b[A-Za-z0-9_.~-]{3}\dQ~[A-Za-z0-9_~.-]{30,40}/g, '[secret removed]'],
  [
    /((?:password|passwd|secret|access[_-]?token|refresh[_-]?token|id[_-]?token|client[_-]?assertion|device_code|code_key|user_?code|account_?key|enrol?l?ment_?token)\\?["']?\s{0,4}[:=]\s{0,4}\\?["']?)(?!\[(?:removed|token|code|key|secret))[^\s"'\\,;}]{4,}/gi,
    '$1[removed]',
  ],
  [/([?&](?:sig|code|token|key)=)[^\s&"'<>]{16,}/gi, '$1[removed]'],
  [
    /(--(?:service-principal-secret|access-token|token)[\s=]{1,4}["']?)(?!\[)[^\s"']{4,}/gi,
    '$1[removed]',
  ],
  [
    /(-(?:i|-service-principal-id)[\s=]{1,4}["']?[\w-]{1,80}["']?[\s\\`^]{1,8}-p[\s=]{1,4}["']?)(?!\[)[^\s"']{4,}/gi,
    '$1[removed]',
  ],
  [/(\s-p\s{1,4}["'])(?!\[)[^\s"']{8,4096}(?=["'])/g, '$1[removed]'],
  [/(enter(?:ing)?\s{1,8}the\s{1,8}code:?\s{1,8})[A-Z0-9-]{6,12}/gi, `$1${CODE_REMOVED}`],
  [
    /(devicelogin\S{0,20}[^A-Z0-9\n]{1,80}?(?:code|コード)\s{0,4}[:はが:]?\s{0,4})[A-Z0-9]{8,10}\b/gi,
    `$1${CODE_REMOVED}`,
  ],
];
