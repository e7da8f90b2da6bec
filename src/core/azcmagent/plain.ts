/**
 * The text a person sees on the console: no colours, one kind of line end, HTML entities and full-width
 * letters undone, chat quoting taken off. Each step is one pass over the text.
 */
export function plain(text: string): string {
  let out = text.includes('\0') ? text.replaceAll('\0', '') : text;
  if (COLOUR_LEAD.test(out)) out = out.replace(OSC, '').replace(COLOUR, '');
  if (out.includes('\r')) out = out.replace(/\r\n?/g, '\n');
  if (MARKUP.test(out)) out = unescapeHtml(out);
  if (ODD.test(out)) out = straighten(out);
  if (out.includes('```')) out = out.replace(/^[ \t>]{0,8}```[\w-]{0,20}[ \t]{0,8}$/gm, '');
  return unquote(out);
}

const ESC = String.fromCharCode(27);
const BEL = String.fromCharCode(7);
// ECMA-48 sequences, and what is left of them when ESC was lost or drawn (Windows code page 437: U+2190).
const COLOUR_LEAD = new RegExp(`[${ESC}\u009b\u2190]|\\^\\[\\[|\\[\\d{1,3}m`);
const COLOUR = new RegExp(
  `(?:${ESC}\\[|\u009b|\u2190\\[|\\^\\[\\[)[0-9;?]{0,24}[ -/]{0,2}[@-~]|${ESC}[@-Z_]|\\[(?:\\d{1,3};){0,4}\\d{1,3}m`,
  'g',
);
const OSC = new RegExp(`${ESC}\\][^${BEL}${ESC}\n]{0,200}(?:${BEL}|${ESC}\\\\)?`, 'g');

const MARKUP = /&(?:[a-z]{2,5}|#\d{1,5}|#x[0-9a-f]{1,4});|<\/?(?:br|p|div|pre|code|span)\b/i;
/** What Teams and mail clients make of pasted text; `&amp;` last, so nothing is undone twice. */
function unescapeHtml(text: string): string {
  return text
    .replace(/<(?:br|\/p|\/div|\/pre)\b[^<>\n]{0,80}>/gi, '\n')
    .replace(/<\/?(?:p|div|pre|code|span)\b[^<>\n]{0,200}>/gi, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&nbsp;', ' ')
    .replace(/&#(?:\d{1,5}|x[0-9a-f]{1,4});/gi, (entity) => {
      const hex = entity[2] === 'x' || entity[2] === 'X';
      const point = Number.parseInt(entity.slice(hex ? 3 : 2), hex ? 16 : 10);
      return point >= 32 || point === 10 ? String.fromCharCode(point) : '';
    })
    .replaceAll('&amp;', '&');
}

const ODD =
  /[\u00a0\u00ad\u200b-\u200f\u2018-\u201d\u202a-\u202e\u2066-\u2069\u2502\u2503\u3000\ufeff\uff01-\uff5e]/;

/** Full-width letters of a Japanese keyboard, curly quotes, drawn pipes; invisible marks are dropped. */
function straighten(text: string): string {
  const units = new Uint16Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = plainUnit(text.charCodeAt(at));
    if (unit === 0) continue;
    units[length] = unit;
    length += 1;
  }
  return new TextDecoder('utf-16le', { ignoreBOM: true }).decode(units.subarray(0, length));
}

function plainUnit(code: number): number {
  if (code < 0xa0) return code;
  if (code >= 0xff01 && code <= 0xff5e) return code - 0xfee0;
  if (code === 0xfeff || code === 0xad || (code >= 0x200b && code <= 0x200f)) return 0;
  if ((code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)) return 0;
  if (code === 0x2018 || code === 0x2019) return 39;
  if (code >= 0x201c && code <= 0x201d) return 34;
  if (code === 0x2502 || code === 0x2503) return 124;
  return code === 0xa0 || code === 0x3000 ? 32 : code;
}

/** Takes `> ` off when every written line has it: a quoted message. */
function unquote(text: string): string {
  if (!text.startsWith('>')) return text;
  const lines = text.split('\n');
  if (!lines.every((line) => line === '' || line.startsWith('>'))) return text;
  return lines.map((line) => (line.startsWith('> ') ? line.slice(2) : line.slice(1))).join('\n');
}
