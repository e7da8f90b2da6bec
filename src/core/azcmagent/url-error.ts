import type { UrlError } from './reading.ts';

// Go's net/http: `Get "https://host/path": reason`; old versions without quotes; logrus escapes them.
const REQUEST =
  /\b(?:Get|Post|Put|Head|Delete|Patch)\s{0,4}\\{0,2}["']?(https?:\/\/([a-z0-9.-]{3,253})[^\s"'\\]{0,600})\\{0,2}["']?\s{0,2}:?/gi;
const MOST = 200;

/** Every failed request that a line speaks of, in order. */
export function readUrlErrors(line: string): UrlError[] {
  if (!line.includes('://')) return [];
  const starts: { at: number; end: number; url: string; host: string }[] = [];
  for (const match of line.matchAll(REQUEST)) {
    const host = match[2];
    if (!host || starts.length >= MOST) continue;
    const url = (match[1] ?? '').replace(/:$/, '');
    starts.push({
      at: match.index,
      end: match.index + match[0].length,
      url,
      host: host.toLowerCase(),
    });
  }
  return starts.map(({ at, end, url, host }, index) => {
    const to = starts[index + 1]?.at ?? line.length;
    return { url, host, reason: tidy(line.slice(end, Math.min(to, end + 600))), from: at, to };
  });
}

/** The reason alone: without the log's other fields, closing marks and the next item of a list. */
function tidy(tail: string): string {
  const field = /(?<!\\)"\s{1,4}[A-Z][\w ]{1,30}=/.exec(tail)?.index;
  const item = /\)\s{0,2},\s{0,2}https?:/.exec(tail)?.index;
  const end = Math.min(field ?? tail.length, item ?? tail.length);
  return tail
    .slice(0, end)
    .replaceAll('\\"', '"')
    .replace(/^[\s:"']{1,8}/, '')
    .replace(/[\s)'"\\.,;\]}]{1,40}$/, '');
}

const GO_REASON =
  /^(?:dial |read |write |proxyconnect|remote error|local error|tls:|x509:|http:|net\/http|context |EOF|unexpected EOF|stopped after|unsupported|malformed)/i;

/**
 * The words with which a proxy refused the tunnel. Go prints the reason phrase of its answer and never the
 * number (net/http transport.go, CONNECT), so nothing but a few words stands after the address.
 */
export function proxyWords(reason: string): string | undefined {
  if (GO_REASON.test(reason)) return undefined;
  return /^[A-Za-z][\w .'/-]{2,80}$/.test(reason) ? reason : undefined;
}
