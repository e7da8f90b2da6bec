import { CODE_REMOVED } from '../scrub.ts';
import { Phrases } from './phrases.ts';
import { plain } from './plain.ts';

export interface Prompt {
  readonly verificationUri: string;
  readonly userCode: string;
}

/**
 * Pages that take a device code, by cloud. Any other address is not one, however much it looks like it.
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code; China: azure-cli #32926;
 * US Government: the page that Microsoft's own libraries open for that cloud.
 */
const PAGES: ReadonlySet<string> = new Set([
  'https://microsoft.com/devicelogin',
  'https://www.microsoft.com/devicelogin',
  'https://login.microsoft.com/device',
  'https://microsoft.com/deviceloginus',
  'https://microsoft.com/deviceloginchina',
  'https://login.partner.microsoftonline.cn/device',
]);

const ADDRESS = /(?<![\w/=.:%?&#@-])https:\/\/[a-z.]{4,40}\/device[a-z]{0,12}(?![\w@:%/?#-]|\.\w)/g;
const CODE_AFTER = /(?:\bcode|コード)[\s:「『"']{0,12}([A-Z0-9]{8,10})(?![A-Za-z0-9-])/;
/** How far a prompt's code may stand from its page. */
const PROMPT_LENGTH = 200;

/** The page and code of azcmagent's sign-in prompt: the last one, when there are several. */
export function readPrompt(text: string): Prompt | undefined {
  const shown = plain(text);
  let found: Prompt | undefined;
  for (const page of shown.matchAll(ADDRESS)) {
    const verificationUri = page[0];
    if (!PAGES.has(verificationUri)) continue;
    const from = page.index + verificationUri.length;
    const after = shown.slice(from, from + PROMPT_LENGTH);
    const code = CODE_AFTER.exec(after);
    if (code?.[1] && !after.slice(0, code.index).includes('https://')) {
      found = { verificationUri, userCode: code[1] };
    }
  }
  return found;
}

/**
 * Takes every device code out, also out of broken, translated, hand-typed and lookalike prompts: a code
 * too many is cheaper than one kept. Expects the output of plain().
 */
export function removeCodes(text: string): { readonly text: string; readonly removed: number } {
  const spans: { from: number; to: number }[] = [];
  const note = (span: { from: number; to: number } | undefined): void => {
    if (span && spans.length < MOST_CODES) spans.push(span);
  };
  let seen = 0;
  NEAR.scan(text, (phrase, end) => {
    if (phrase < DIRECT.length) note(codeAt(text, end, phrase < SURE));
    else {
      codesNear(text, Math.max(end - 120, seen - 12), end + 240).forEach(note);
      seen = end + 240;
    }
  });
  for (let at = text.indexOf('コード'); at !== -1; at = text.indexOf('コード', at + 3)) {
    note(codeAt(text, at + 3, false));
    if (spans.length >= MOST_CODES) break;
  }
  if (spans.length === 0) return { text, removed: 0 };
  spans.sort((a, b) => a.from - b.from);
  let out = '';
  let done = 0;
  let removed = 0;
  for (const { from, to } of spans) {
    if (from < done) continue;
    out += text.slice(done, from) + CODE_REMOVED;
    done = to;
    removed += 1;
  }
  return { text: out + text.slice(done), removed };
}

const MOST_CODES = 10_000;
/** After the first SURE of these anything that could be a code is one. */
const DIRECT = ['enter the code', 'entering the code', 'user code', 'device code', 'the code is'];
const SURE = 3;
const PAGE = ['devicelogin', 'login.microsoft.com/device', 'microsoftonline.cn/device'];
const NEAR = new Phrases([...DIRECT, ...PAGE]);

/** The code that starts right after `end`, over a line break of the terminal too. */
function codeAt(
  text: string,
  end: number,
  sure: boolean,
): { from: number; to: number } | undefined {
  let from = end;
  while (from < end + 16 && from < text.length && !isAlnum(text.charCodeAt(from))) from += 1;
  let to = from;
  let code = '';
  while (code.length < 12) {
    const char = text[to];
    if (char === undefined) break;
    if (isCodeLetter(char)) code += char;
    else if (!(char === '-' && isCodeLetter(text[to + 1] ?? ''))) {
      // a whole code ends at the line's end; a shorter one was broken there
      const rest = code.length < 8 && char === '\n' ? nextLine(text, to) : to;
      if (!isCodeLetter(text[rest] ?? '') || rest === to) break;
      to = rest;
      continue;
    }
    to += 1;
  }
  const free = !isLower(text.charCodeAt(to)) || sure;
  if (free && looksLikeCode(code, sure)) return { from, to };
  if (!sure) return undefined;
  // typed by hand in small letters
  const typed = /^[a-z0-9]{8,10}(?![A-Za-z0-9])/.exec(text.slice(from, from + 12))?.[0];
  return typed && /\d/.test(typed) ? { from, to: from + typed.length } : undefined;
}

/** First written place after a line's end; blank lines and indents of a chat are passed over. */
function nextLine(text: string, at: number): number {
  let to = at;
  while (to < at + 40 && (text[to] === '\n' || text[to] === ' ')) to += 1;
  return to;
}

function looksLikeCode(code: string, sure: boolean): boolean {
  if (code.length > 12 || /^AZCM\d/.test(code)) return false;
  const digits = /\d/.test(code);
  if (sure) return (code.length >= 3 && digits) || (code.length >= 8 && code.length <= 10);
  return code.length >= 8 && code.length <= 10 && digits && /[A-Z]/.test(code);
}

/** Words shaped like a code around the address of the sign-in page; nothing is looked at twice. */
function codesNear(text: string, start: number, stop: number): { from: number; to: number }[] {
  if (start >= stop) return [];
  const first = Math.max(0, start);
  const found: { from: number; to: number }[] = [];
  for (const word of text.slice(first, stop).matchAll(/[A-Z0-9]{8,10}/g)) {
    const from = first + word.index;
    const to = from + word[0].length;
    const free = !isAlnum(text.charCodeAt(from - 1)) && !isAlnum(text.charCodeAt(to));
    if (free && looksLikeCode(word[0], false)) found.push({ from, to });
  }
  return found;
}

function isCodeLetter(char: string): boolean {
  return (char >= '0' && char <= '9') || (char >= 'A' && char <= 'Z');
}

function isLower(code: number): boolean {
  return code >= 97 && code <= 122;
}

function isAlnum(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || isLower(code);
}
