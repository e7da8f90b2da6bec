/**
 * Whether this is output of azcmagent pasted into the chat rather than a sentence: several lines with its
 * marks, or one line that only it writes.
 */
export function isPastedOutput(text: string): boolean {
  const head = text.slice(0, 24_000);
  if (ALONE.some((mark) => mark.test(head))) return true;
  const lines = head.split(/\r\n|\r|\n/).length;
  if (lines < 2 && head.length < 400) return false;
  return MARKS.filter((mark) => mark.test(head)).length >= (lines >= 3 ? 1 : 2);
}

/** One of these is enough, even on one line. */
const ALONE: readonly RegExp[] = [
  /to sign in, use a web browser/i,
  /enter the code [A-Z0-9]{6,12} to authenticate/i,
  /microsoft\.com\/device(?:login)?.{0,60}(?:code|コード)/i,
  /\blevel=(?:info|error|warning|warn|fatal|debug)\b/i,
  /^\s{0,8}(?:INFO|ERROR|FATAL|WARN|WARNING|DEBUG)(?:\[\d{1,6}\])?[ \t]{2,20}\S/m,
  // Someone types a device code into the chat: it must not be read as a question.
  /(?:[Cc]ode|CODE|コード).{0,30}?(?<![A-Za-z0-9])(?=[A-Z]{0,8}\d)(?=\d{0,8}[A-Z])[A-Z0-9]{9}(?![A-Za-z0-9])/,
  /^\s{0,8}(?=[A-Z]{0,8}\d)(?=\d{0,8}[A-Z])[A-Z0-9]{9}\s{0,8}$/,
  /exit code:\s{1,4}AZCM\d{4}/i,
  /^\s{0,8}Agent Status\s{1,80}:/m,
];

const MARKS: readonly RegExp[] = [
  /azcmagent/i,
  /\bAZCM\d{4}\b/,
  /\b(?:reachable|unreachable)\b/i,
  /https?:\/\/\S{1,200}\.(?:azure|microsoft|windows)\b/i,
  /\b(?:his\.arc\.azure\.com|guestconfiguration\.azure\.com|login\.microsoftonline\.com)\b/i,
  /^\s{0,8}(?:Resource Name|Resource Id|Agent Version|Using HTTPS Proxy|Dependent Service Status)\b/im,
  /"(?:agentVersion|resourceName|provisioningState|reachable|lastHeartbeat)"\s{0,8}:/,
  /\b(?:x509|tls handshake|context deadline exceeded|dial tcp|proxyconnect|i\/o timeout)\b/i,
  /\bproxy\.(?:url|bypass)\b/i,
  /照合番号|手順コード|K-\d{2}/,
];
