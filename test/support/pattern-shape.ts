/**
 * Finds the shapes by which a pattern can look at the same text again and again: a repeated group around an
 * unbounded run, and an unbounded run that something may fail behind although the match can start anywhere.
 */
export interface Shape {
  readonly source: string;
  readonly problems: readonly string[];
}

interface Item {
  readonly text: string;
  readonly max: number;
  /** It may be missing, so nothing fails on it. */
  readonly optional: boolean;
  /** Alternatives, each a sequence; empty for a single character or class. */
  readonly inside: readonly (readonly Item[])[];
}

const BOUNDED = 100_000;

export function shapeOf(source: string): Shape {
  const alternatives = parse(source);
  const problems: string[] = [];
  const anchored = alternatives.every((items) => items[0]?.text === '^');
  for (const items of alternatives) visit(items, true, anchored, problems);
  return { source, problems };
}

function visit(items: readonly Item[], last: boolean, anchored: boolean, problems: string[]): void {
  items.forEach((item, index) => {
    const ends = last && items.slice(index + 1).every((after) => after.optional);
    if (item.inside.length === 0) {
      if (item.max > BOUNDED && !ends && !anchored)
        problems.push(`open run before more: ${item.text}`);
      return;
    }
    for (const inner of item.inside) {
      if (item.max > 1) nested(inner, problems);
      visit(inner, ends, anchored || item.max > 1, problems);
    }
  });
}

/** A repeated group is harmless when a letter that its run cannot eat leads it. */
function nested(items: readonly Item[], problems: string[]): void {
  const lead = items[0];
  for (const item of items.slice(lead?.inside.length === 0 && lead.max === 1 ? 1 : 0)) {
    if (item.inside.length > 0) {
      for (const inner of item.inside) nested(inner, problems);
    } else if (item.max > BOUNDED) {
      const letter = lead ? letterOf(lead.text) : undefined;
      if (letter === undefined || new RegExp(`^${item.text}$`).test(letter)) {
        problems.push(`open run in a repeated group: ${item.text}`);
      }
    }
  }
}

function letterOf(text: string): string | undefined {
  if (text === '\\n') return '\n';
  if (text.length === 2 && text.startsWith('\\') && /\W/.test(text[1] ?? '')) return text[1];
  return text.length === 1 ? text : undefined;
}

function parse(source: string): (readonly Item[])[] {
  let at = 0;
  const alternatives = (): (readonly Item[])[] => {
    const found: Item[][] = [[]];
    while (at < source.length && source[at] !== ')') {
      if (source[at] === '|') {
        found.push([]);
        at += 1;
        continue;
      }
      found.at(-1)?.push(item());
    }
    return found;
  };
  const item = (): Item => {
    const start = at;
    let inside: (readonly Item[])[] = [];
    if (source[at] === '(') {
      at += 1;
      at += /^\?(?:[:=!]|<[=!]|<\w+>)/.exec(source.slice(at))?.[0].length ?? 0;
      inside = alternatives();
      at += 1;
    } else if (source[at] === '[') {
      at += 1;
      while (at < source.length && source[at] !== ']') at += source[at] === '\\' ? 2 : 1;
      at += 1;
    } else at += source[at] === '\\' ? 2 : 1;
    const text = source.slice(start, at);
    const quantifier = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/.exec(source.slice(at))?.[0] ?? '';
    at += quantifier.length;
    return { text, max: mostOf(quantifier), optional: /^(?:[*?]|\{0)/.test(quantifier), inside };
  };
  return alternatives();
}

function mostOf(quantifier: string): number {
  if (quantifier.startsWith('*') || quantifier.startsWith('+')) return Number.POSITIVE_INFINITY;
  const braces = /^\{(\d+)(?:,(\d*))?\}/.exec(quantifier);
  if (!braces) return 1;
  if (braces[2] === '') return Number.POSITIVE_INFINITY;
  return Number(braces[2] ?? braces[1]);
}

/** The regular expressions written in a TypeScript source, as their sources. */
export function patternsIn(code: string): string[] {
  const found: string[] = [];
  let before = '(';
  for (let at = 0; at < code.length; at += 1) {
    const char = code[at] ?? '';
    const next = code[at + 1];
    if (char === '/' && next === '/') at = code.indexOf('\n', at);
    else if (char === '/' && next === '*') at = code.indexOf('*/', at) + 1;
    else if (char === "'" || char === '"' || char === '`') {
      at = endOf(code, at + 1, char);
      before = char;
    } else if (char === '/' && '(,=:[!&|?{};>\n'.includes(before)) {
      const end = endOf(code, at + 1, '/');
      found.push(code.slice(at + 1, end));
      at = end;
      before = '/';
    } else if (char.trim() !== '') before = char;
  }
  return found;
}

function endOf(code: string, from: number, mark: string): number {
  let at = from;
  let inClass = false;
  while (at < code.length) {
    const char = code[at];
    if (char === '\\') at += 1;
    else if (mark === '/' && char === '[') inClass = true;
    else if (mark === '/' && char === ']') inClass = false;
    else if (char === mark && !inClass) return at;
    at += 1;
  }
  return at;
}
