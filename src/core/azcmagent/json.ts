/** A JSON value that stands somewhere in a text. */
export interface JsonBlock {
  readonly value: unknown;
  readonly end: number;
}

/** Brackets that cannot begin JSON are the usual case: say so without reading on. */
const BEGINS = /^(?:\{\s{0,40}["}]|\[\s{0,40}[[{"\]])/;

/** The JSON that starts at `from`, also when a terminal broke its strings; undefined when there is none. */
export function readJson(text: string, from: number): JsonBlock | undefined {
  if (!BEGINS.test(text.slice(from, from + 48))) return undefined;
  const end = closing(text, from);
  if (end === undefined) return undefined;
  const raw = text.slice(from, end);
  const value =
    parse(raw) ?? parse(raw.replace(/\n/g, '')) ?? parse(raw.replace(/\n\s{0,4}/g, ' '));
  return value === undefined ? undefined : { value, end };
}

/** The pairs of JSON that was cut: `"key": "value"`, in order. */
export function readPairs(text: string): (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  for (const match of text.matchAll(PAIR)) {
    pairs.push([(match[1] ?? '').toLowerCase(), match[2] ?? match[3] ?? '']);
    if (pairs.length >= 5_000) break;
  }
  return pairs;
}

const PAIR =
  /"([A-Za-z][\w ]{0,40})"\s{0,4}:\s{0,4}(?:"([^"\n]{0,400})"?|(true|false|null|\d{1,12}))/g;
const DEEPEST = 64;

function closing(text: string, from: number): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === 92) at += 1;
      else if (code === 34) quoted = false;
    } else if (code === 34) quoted = true;
    else if (code === 123 || code === 91) {
      depth += 1;
      if (depth > DEEPEST) return undefined;
    } else if (code === 125 || code === 93) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

function parse(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}

/** Where the lines end that could belong to JSON. */
export function jsonLinesEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && end - from < 100_000) {
    const newline = text.indexOf('\n', end);
    const stop = newline === -1 ? text.length : newline;
    if (!/^\s{0,80}["{}[\],]/.test(text.slice(end, Math.min(stop, end + 84)))) break;
    end = stop + 1;
  }
  return Math.min(end, text.length);
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member by any of its names, without case, spaces and underscores. */
export function member(object: JsonObject, ...names: string[]): unknown {
  for (const [key, value] of Object.entries(object)) {
    if (names.includes(key.toLowerCase().replace(/[\s_-]/g, ''))) return value;
  }
  return undefined;
}

export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
