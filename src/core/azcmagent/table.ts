import type { Cell } from '../network-check.ts';
import type { CheckRow } from './reading.ts';

export type Column = 'url' | 'reachable' | 'private' | 'tls' | 'proxy' | 'other';

/** Order of agents 1.3x and later; a header line beats it. */
export const USUAL_COLUMNS: readonly Column[] = ['url', 'reachable', 'private', 'tls', 'proxy'];

const COLUMN: ReadonlyMap<string, Column> = new Map<string, Column>(
  Object.entries({
    endpoint: 'url',
    url: 'url',
    reachable: 'reachable',
    private: 'private',
    tls: 'tls',
    proxy: 'proxy',
    'proxy status': 'proxy',
  } as const),
);

export function isHeader(line: string): boolean {
  return /^\|?\s{0,8}ENDPOINT\b[^\n]{0,80}\bREACH/i.test(line);
}

export function readHeader(line: string): readonly Column[] {
  const words = (line.includes('|') ? cells(line) : line.trim().split(/\s+/)).map((word) =>
    word.toLowerCase(),
  );
  // broken by a terminal: what is left of the usual header is the usual header
  const usual = words.every((word, index) => USUAL_NAMES[index]?.startsWith(word));
  return usual ? USUAL_COLUMNS : words.map((word) => COLUMN.get(word) ?? 'other');
}

const USUAL_NAMES = ['endpoint', 'reachable', 'private', 'tls', 'proxy'] as const;

/** A table line starts with an address; its cells stand between pipes, or after spaces when retyped. */
export function startsRow(line: string): boolean {
  const text = line.startsWith('|') ? line.slice(1, 400) : line.slice(0, 400);
  if (!ADDRESS.test(text)) return false;
  if (!line.includes('|')) return (text.match(WORD) ?? []).length >= 2;
  const [, ...others] = cells(text);
  const first = others[0]?.toLowerCase() ?? '';
  // REACHABLE, whole or cut off by a terminal
  return CELLS.some(
    (word) => word.startsWith(first) || others.some((cell) => cell.toLowerCase() === word),
  );
}

/** Whether a line can be the rest of a row that a terminal broke. */
export function completesRow(row: string, line: string, columns: readonly Column[]): boolean {
  if (!row.includes('|') || line.length > 120) return false;
  const found = cells(row);
  const word = line.trim().toLowerCase();
  const last = `${found.at(-1) ?? ''}${word}`.toLowerCase();
  if (found.length < columns.length) return line.includes('|') || LAST.has(last) || LAST.has(word);
  return !LAST.has((found.at(-1) ?? '').toLowerCase()) && LAST.has(last);
}

export function readRow(line: string, columns: readonly Column[]): CheckRow | undefined {
  const found = line.includes('|') ? cells(line) : spaced(line);
  const cell = (column: Column): string => {
    const at = columns.indexOf(column);
    return (at === -1 ? undefined : found[at]) ?? '';
  };
  const url = readAddress(cell('url'));
  if (!url || found.length < 2) return undefined;
  return {
    url,
    reachable: readCell(cell('reachable')),
    private: readCell(cell('private')),
    tls: readTls(cell('tls')),
    proxy: columns.indexOf('proxy') < found.length ? readProxy(cell('proxy')) : 'unknown',
    from: 'table',
  };
}

/** `https://host[:port]`, small letters, nothing after it. */
export function readAddress(text: string): string | undefined {
  const match = /^(https?):?\/\/([A-Za-z0-9.*_-]{3,253})(:\d{2,5})?/i.exec(text.trim());
  if (match?.[2])
    return `${(match[1] ?? 'https').toLowerCase()}://${match[2].toLowerCase()}${match[3] ?? ''}`;
  const bare = /^([a-z0-9*-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8})(:\d{2,5})?(?![\w.])/i.exec(
    text.trim(),
  );
  return bare?.[1] && /[a-z]/i.test(bare[1])
    ? `https://${bare[1].toLowerCase()}${bare[2] ?? ''}`
    : undefined;
}

export function readCell(text: string): Cell {
  const word = text.trim().toLowerCase();
  if (word === 'true' || word === 'yes') return true;
  if (word === 'false' || word === 'no') return false;
  // cut off at the edge of a copy
  if (word.length >= 2 && 'true'.startsWith(word)) return true;
  if (word.length >= 2 && 'false'.startsWith(word)) return false;
  return 'unknown';
}

export function readTls(text: string): string {
  const version = /\b1\.[0-3]\b/.exec(text)?.[0];
  return version ? `TLS ${version}` : 'unknown';
}

export function readProxy(text: string): string {
  const word = text.trim().toLowerCase().replace(/\s+/g, ' ');
  // a cell that stands there empty: no proxy
  if (word === '') return 'not set';
  if (/bypass/.test(word)) return 'bypassed';
  if (/not[ -]?(?:set|used|in use)|^(?:none|no|false|unset|direct)$|is not used/.test(word)) {
    return 'not set';
  }
  if (/^(?:set|true|yes|used)$|set via|proxy set|is used/.test(word)) return 'set';
  return word.length <= 20 ? word : 'unknown';
}

const ADDRESS = /^\s{0,8}(?:https?:\/\/\S|[a-z0-9*-]{1,63}\.[a-z0-9.-]{3,200}[\s|])/i;
const CELLS = ['true', 'false', 'unknown'] as const;
const WORD = /\b(?:true|false|unknown)\b/gi;
const LAST: ReadonlySet<string> = new Set([
  'set',
  'not set',
  'unknown',
  'bypassed',
  'none',
  'bypass',
  'true',
  'false',
]);

function cells(line: string): string[] {
  const parts = line.split('|').map((part) => part.trim());
  if (parts[0] === '' && parts.length > 1) parts.shift();
  return parts.slice(0, 12);
}

function spaced(line: string): string[] {
  return line
    .trim()
    .slice(0, 400)
    .replace(/\bTLS\s{1,4}(1\.\d)/gi, 'TLS$1')
    .replace(/\bnot\s{1,4}set\b/gi, 'not_set')
    .split(/[\s,]+/)
    .map((word) => word.replace('_', ' '));
}
