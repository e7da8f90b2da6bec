import type { LineClass } from './lines.ts';
import { type Column, completesRow } from './table.ts';

/** The length at which a terminal broke lines: that of the longest, when several have it or it is a usual one. */
export function terminalWidth(text: string): number {
  let width = 0;
  let times = 0;
  for (let from = 0; from < text.length; ) {
    const newline = text.indexOf('\n', from);
    const to = newline === -1 ? text.length : newline;
    const length = to - from;
    if (length > width) {
      width = length;
      times = 1;
    } else if (length === width) times += 1;
    from = to + 1;
  }
  return width >= 40 && width <= 400 && (times > 1 || USUAL_WIDTHS.has(width)) ? width : 0;
}

const USUAL_WIDTHS: ReadonlySet<number> = new Set([79, 80, 100, 119, 120, 132, 160]);

/** A line that may go on. */
export interface OpenLine {
  lineClass: LineClass;
  text: string;
  /** Length of its latest piece. */
  last: number;
  /** That piece reaches the edge of the terminal. */
  full: boolean;
  quoted: boolean;
  /** Brackets still open: `(error: …`. */
  depth: number;
}

/** No logical line of azcmagent is longer; what is, is not one. */
export const LONGEST_LINE = 20_000;
const LONGEST_CELL = 1_000;
const SHORT: ReadonlySet<LineClass> = new Set(['row', 'address', 'show', 'probe']);

export function openLine(line: string, lineClass: LineClass, width: number): OpenLine {
  const full = line.length === width;
  return {
    lineClass,
    text: piece(line, full),
    last: line.length,
    full,
    quoted: isQuoted(line, false),
    depth: depthOf(line),
  };
}

/** Puts the next piece to a line: right behind it where a terminal broke it, else after a blank. */
export function extend(open: OpenLine, line: string, width: number): void {
  const full = line.length === width;
  const joint = open.full || endsInAddress(open.text);
  open.text += joint ? piece(line, full) : ` ${line.trim()}`;
  open.last = line.length;
  open.full = full;
  open.quoted = isQuoted(line, open.quoted);
  open.depth += depthOf(line);
  if (open.lineClass === 'address') open.lineClass = 'row';
}

/** A blank at the terminal's edge belongs to the sentence; at the end of a line it is padding. */
function piece(line: string, full: boolean): string {
  return full ? line : line.trimEnd();
}

/** Whether this line is the rest of the one before it. */
export function continues(
  open: OpenLine,
  line: string,
  lineClass: LineClass,
  columns: readonly Column[],
): boolean {
  if (lineClass === 'blank') return false;
  if (open.text.length > LONGEST_CELL && SHORT.has(open.lineClass)) return false;
  if (
    open.full &&
    lineClass !== 'row' &&
    MAY_BREAK.has(open.lineClass) &&
    isRest(line, lineClass)
  ) {
    return true;
  }
  switch (open.lineClass) {
    case 'row':
      return lineClass === 'other' && completesRow(open.text, line, columns);
    case 'address':
      return (
        line.includes('|') &&
        line.length <= 200 &&
        (lineClass === 'other' || (lineClass === 'row' && !/^\s*https?:/.test(line)))
      );
    case 'show':
    case 'config':
      if (!open.text.includes(':'))
        return lineClass === 'other' && line.trimStart().startsWith(':');
      if (/:\s{0,200}$/.test(open.text)) return lineClass === 'address';
      return lineClass === 'other' && open.last >= 40 && /^\S+\s*$/.test(line);
    case 'prompt':
      return lineClass === 'other' || lineClass === 'address';
    case 'probe':
      return lineClass === 'other' && open.last >= 40;
    case 'log':
    case 'console':
    case 'error':
    case 'exit': {
      if (lineClass !== 'other' && lineClass !== 'address' && lineClass !== 'error') return false;
      const unfinished = open.depth > 0 || /[:,(]\s{0,8}$/.test(open.text.slice(-12));
      if (lineClass === 'error')
        return open.quoted || (unfinished && !/^\s*(?:Get|Post|Put)\b/.test(line));
      return open.quoted || ((open.last >= 40 || unfinished) && !/[^ -~\t]/.test(line));
    }
    case 'blank':
    case 'command':
    case 'header':
    case 'progress':
    case 'json':
    case 'other':
      return false;
  }
}

function depthOf(line: string): number {
  let depth = 0;
  for (let at = 0; at < line.length; at += 1) {
    const code = line.charCodeAt(at);
    if (code === 40) depth += 1;
    else if (code === 41) depth -= 1;
  }
  return depth;
}

/** The piece ends inside an address, which only a terminal breaks. */
function endsInAddress(text: string): boolean {
  return /https?:\/\/[^\s"'|)]{0,200}$/.test(text.slice(-210));
}

const MAY_BREAK: ReadonlySet<LineClass> = new Set([
  'log',
  'console',
  'error',
  'exit',
  'prompt',
  'probe',
  'show',
  'config',
]);

/** After a full line: anything that does not clearly begin something else. */
function isRest(line: string, lineClass: LineClass): boolean {
  switch (lineClass) {
    case 'other':
    case 'address':
    case 'exit':
    case 'json':
      return true;
    case 'error':
      return !/^\s*(?:Get|Post|Put|PROBE)\b/.test(line);
    case 'blank':
    case 'command':
    case 'header':
    case 'row':
    case 'probe':
    case 'show':
    case 'config':
    case 'log':
    case 'console':
    case 'progress':
    case 'prompt':
      return false;
  }
}

/** Whether a quotation is still open after this line (escaped quotes do not count). */
function isQuoted(line: string, before: boolean): boolean {
  let quoted = before;
  for (let at = line.indexOf('"'); at !== -1; at = line.indexOf('"', at + 1)) {
    if (line[at - 1] !== '\\') quoted = !quoted;
  }
  return quoted;
}
