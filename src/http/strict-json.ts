/** Why a text is not JSON that the bot reads. */
export class JsonRefused extends Error {
  override readonly name = 'JsonRefused';
}

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * JSON.parse that also refuses a member given twice (parsers differ in which one counts), members that reach
 * for prototypes, and nesting deeper than `maxDepth`.
 */
export function parseStrictJson(text: string, maxDepth: number): unknown {
  checkMembers(text, maxDepth);
  try {
    return JSON.parse(text);
  } catch {
    throw new JsonRefused('not JSON');
  }
}

/**
 * One walk over the text without recursion. It finds members exactly where the text is JSON; where it is
 * not, JSON.parse refuses it afterwards.
 */
function checkMembers(text: string, maxDepth: number): void {
  /** Per open bracket the members seen so far; undefined inside an array. */
  const open: (Set<string> | undefined)[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at];
    if (char === '{' || char === '[') {
      open.push(char === '{' ? new Set() : undefined);
      if (open.length > maxDepth) throw new JsonRefused('too deep');
    } else if (char === '}' || char === ']') {
      open.pop();
    } else if (char === '"') {
      const end = endOfString(text, at);
      const members = open.at(-1);
      if (members && isFollowedByColon(text, end)) addMember(members, text.slice(at, end));
      at = end;
      continue;
    }
    at += 1;
  }
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length) {
    if (text[at] === '\\') at += 2;
    else if (text[at] === '"') return at + 1;
    else at += 1;
  }
  throw new JsonRefused('a string without end');
}

function isFollowedByColon(text: string, from: number): boolean {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1;
  return text[at] === ':';
}

function addMember(members: Set<string>, quoted: string): void {
  let name: unknown;
  try {
    name = JSON.parse(quoted);
  } catch {
    throw new JsonRefused('not JSON');
  }
  if (typeof name !== 'string' || FORBIDDEN.has(name)) throw new JsonRefused('a forbidden member');
  if (members.has(name)) throw new JsonRefused('a member given twice');
  members.add(name);
}
