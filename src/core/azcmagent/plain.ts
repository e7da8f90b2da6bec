/**
 * The text a person sees on the console: no colours, one kind of line end, HTML entities and full-width
 * letters undone, chat quoting taken off. Each step is one pass over the text.
 */
export function plain(text: string): string {
  let out = text.includes('\0') ? text.replaceAll('\0', '') : text;
  if (COLOUR_LEAD.test(out)) out = out.replace(OSC, '').replace(COLOUR, '');
  if (out.includes('\r')) out = out.replace(/\r\n?/g, '\n');
  if (MARKUP.test(out)) out = unescapeHtml(out);
  if (ODD.test(out)) out = out.replace(ODD_ALL, straighten);
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
const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** What Teams and mail clients make of pasted text; `&amp;` last, so nothing is undone twice. */
function unescapeHtml(text: string): string {
  return text
    .replace(/<(?:br|\/p|\/div|\/pre)\b[^<>\n]{0,80}>/gi, '\n')
    .replace(/<\/?(?:p|div|pre|code|span)\b[^<>\n]{0,200}>/gi, '')
    .replace(/&(lt|gt|quot|apos|nbsp|#\d{1,5}|#x[0-9a-f]{1,4});/gi, (whole, name: string) => {
      if (!name.startsWith('#')) return NAMED[name.toLowerCase()] ?? whole;
      const hex = name[1] === 'x' || name[1] === 'X';
      const point = Number.parseInt(name.slice(hex ? 2 : 1), hex ? 16 : 10);
      return point >= 32 || point === 10 ? String.fromCharCode(point) : '';
    })
    .replace(/&amp;/gi, '&');
}

const ODD =
  /[\u00a0\u00ad\u200b-\u200f\u2018-\u201d\u202a-\u202e\u2066-\u2069\u2502\u2503\u3000\ufeff\uff01-\uff5e]/;
const ODD_ALL = new RegExp(ODD.source, 'g');

function straighten(char: string): string {
  const code = char.charCodeAt(0);
  if (code >= 0xff01) return String.fromCharCode(code - 0xfee0);
  if (code === 0xfeff || code === 0xad || (code >= 0x200b && code <= 0x200f)) return '';
  if (code >= 0x202a && code <= 0x2069) return '';
  if (code === 0x2018 || code === 0x2019) return "'";
  if (code >= 0x201c && code <= 0x201d) return '"';
  if (code === 0x2502 || code === 0x2503) return '|';
  return code === 0xa0 || code === 0x3000 ? ' ' : char;
}

/** Takes `> ` off when every written line has it: a quoted message. */
function unquote(text: string): string {
  if (!text.startsWith('>')) return text;
  const lines = text.split('\n');
  if (!lines.every((line) => line === '' || line.startsWith('>'))) return text;
  return lines.map((line) => (line.startsWith('> ') ? line.slice(2) : line.slice(1))).join('\n');
}
