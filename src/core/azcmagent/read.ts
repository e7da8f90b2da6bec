import type { AzcmError, OutputKind } from '../network-check.ts';
import { unfold } from './collapsed.ts';
import { readConfigLine } from './config.ts';
import { readJson, readPairs } from './json.ts';
import { readJsonOutput } from './json-output.ts';
import { codesIn, factsIn, levelOf, rowIn } from './line-facts.ts';
import { classify, commandVerb, EXIT, isTyped, type LineClass, looksPrinted } from './lines.ts';
import { type Signs, signsOf } from './marks.ts';
import { readProbe } from './probe.ts';
import type { CheckRow, Complaint, Reading } from './reading.ts';
import { readShowLine, tidyFact } from './show.ts';
import { isWholeRow, readHeader, readRow, USUAL_COLUMNS } from './table.ts';
import { readUrlErrors } from './url-error.ts';

/** Each output that a text holds, in order; none when there is nothing of azcmagent in it. Expects plain text. */
export function readOutputs(shown: string): Reading[] {
  const text = unfold(shown);
  const reader = new Reader(terminalWidth(text));
  let jsonTries = 0;
  for (let from = 0; from <= text.length; ) {
    const newline = text.indexOf('\n', from);
    const to = newline === -1 ? text.length : newline;
    const line = text.slice(from, to);
    const lineClass = classify(line);
    if (lineClass === 'json' && jsonTries < MOST_JSON) {
      const block = readJson(text, from + line.search(/\S/));
      if (block) {
        reader.json(readJsonOutput(block.value));
        from = block.end;
        continue;
      }
      jsonTries += 1;
      const end = jsonLinesEnd(text, from);
      const [cut] = cutJson(text.slice(from, end));
      if (cut) {
        reader.json(cut);
        from = end;
        continue;
      }
    }
    reader.line(line, lineClass);
    from = to + 1;
  }
  const found = reader.end();
  return found.length > 0 ? found : cutJson(text);
}

/**
 * A text with more lines than anyone pastes keeps its beginning and, because the newest lines of a log come
 * last, most of its end; `skipped` says how many lines between them were not read.
 */
export function withinReason(text: string): { readonly text: string; readonly skipped: number } {
  let lines = 1;
  let head = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    lines += 1;
    if (lines === FIRST_LINES) head = at;
  }
  if (lines <= FIRST_LINES + LAST_LINES) return { text, skipped: 0 };
  let tail = text.length;
  for (let count = 0; count < LAST_LINES; count += 1) tail = text.lastIndexOf('\n', tail - 1);
  return {
    text: `${text.slice(0, head)}\n${text.slice(tail)}`,
    skipped: lines - FIRST_LINES - LAST_LINES,
  };
}

const FIRST_LINES = 2_000;
const LAST_LINES = 8_000;
const MOST_PARTS = 50;
const MOST_JSON = 20;
const LONGEST_LINE = 20_000;
const LONGEST_CELL = 1_000;
const SHORT: ReadonlySet<LineClass> = new Set(['row', 'address', 'show', 'probe']);
const MOST_ROWS = 1_000;
const MOST_COMPLAINTS = 2_000;
const MOST_UNREAD = 5;

/** The length at which a terminal broke lines: that of the longest, when several have it or it is a usual one. */
function terminalWidth(text: string): number {
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
interface OpenLine {
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

/** The output under construction. */
class Part {
  kind: OutputKind | undefined;
  columns = USUAL_COLUMNS;
  readonly rows: CheckRow[] = [];
  readonly complaints: Complaint[] = [];
  readonly codes: AzcmError[] = [];
  readonly facts: Record<string, string> = {};
  readonly services: Record<string, string> = {};
  readonly unread: string[] = [];
  outcome: Reading['outcome'];
  prompt = false;
  ours = false;
  logs = 0;
  exits = 0;

  get empty(): boolean {
    return (
      !this.kind &&
      this.rows.length === 0 &&
      this.complaints.length === 0 &&
      this.codes.length === 0 &&
      this.exits === 0
    );
  }

  fact(name: string, value: string): void {
    if (name !== '' && value !== '') this.facts[name] ??= value.slice(0, 1_000);
  }

  reading(): Reading | undefined {
    const kind = this.kind ?? this.#guess();
    if (!kind) return undefined;
    return {
      kind,
      rows: joinRows(this.rows),
      complaints: this.complaints,
      codes: this.codes,
      facts: this.facts,
      ...(this.outcome ? { outcome: this.outcome } : {}),
      prompt: this.prompt,
      services: this.services,
      unread: this.unread,
    };
  }

  /** No line said what it is: a log, a loose error, or a code alone. */
  #guess(): OutputKind | undefined {
    if (this.rows.length > 0) return this.rows.some((row) => row.from !== 'log') ? 'check' : 'log';
    const signIn = this.codes.some((one) => one.code.startsWith('AADSTS'));
    if (this.logs > 0) return this.ours ? 'log' : undefined;
    if (signIn) return 'connect';
    if (this.exits > 0 || this.codes.length > 0) return 'exit-code';
    const spoken = this.complaints.some((one) => one.printed);
    return this.ours && spoken ? 'log' : undefined;
  }
}

class Reader {
  readonly #done: Reading[] = [];
  readonly #loose: Complaint[] = [];
  #part = new Part();
  #open: OpenLine | undefined;
  #lines = 0;
  readonly #width: number;

  constructor(width: number) {
    this.#width = width;
  }

  line(line: string, lineClass: LineClass): void {
    const open = this.#open;
    if (open && continues(open, line, lineClass, this.#part)) {
      open.text += open.full || endsInAddress(open.text) ? this.#piece(line) : ` ${line.trim()}`;
      open.last = line.length;
      open.full = line.length === this.#width;
      open.quoted = isQuoted(line, open.quoted);
      open.depth += depthOf(line);
      if (open.lineClass === 'address') open.lineClass = 'row';
      if (open.text.length > LONGEST_LINE) this.#close();
      return;
    }
    this.#close();
    if (lineClass === 'blank') return;
    this.#lines += 1;
    this.#open = {
      lineClass,
      text: this.#piece(line),
      last: line.length,
      full: line.length === this.#width,
      quoted: isQuoted(line, false),
      depth: depthOf(line),
    };
  }

  /** A blank at the terminal's edge belongs to the sentence; at the end of a line it is padding. */
  #piece(line: string): string {
    return line.length === this.#width ? line : line.trimEnd();
  }

  json(reading: Reading | undefined): void {
    this.#close();
    if (!reading) return;
    if (this.#part.kind) this.#next();
    const before = this.#part;
    this.#part = new Part();
    this.#done.push({
      ...reading,
      complaints: [...before.complaints, ...reading.complaints],
      codes: [...before.codes, ...reading.codes],
      facts: { ...before.facts, ...reading.facts },
    });
  }

  end(): Reading[] {
    this.#close();
    this.#next();
    const last = this.#done.at(-1);
    if (last) return this.#done;
    return this.#loose.length > 0 && this.#loose.some((one) => one.printed)
      ? [{ ...EMPTY_LOOSE, complaints: this.#loose }]
      : [];
  }

  #next(): void {
    const reading = this.#part.reading();
    if (reading) this.#done.push(reading);
    else this.#loose.push(...this.#part.complaints);
    this.#part = new Part();
  }

  /** Takes the line as a whole, now that it is. */
  #close(): void {
    const open = this.#open;
    this.#open = undefined;
    if (!open) return;
    const { lineClass } = open;
    const text = open.text.slice(0, LONGEST_LINE);
    const signs = signsOf(text);
    const kind = kindOf(lineClass, text, signs);
    this.#turn(kind, lineClass, text, signs);
    const part = this.#part;
    part.ours ||= signs.ours;
    part.outcome = signs.outcome ?? part.outcome;
    this.#take(lineClass, text);
  }

  /** Decides whether the line begins another output. */
  #turn(kind: OutputKind | undefined, lineClass: LineClass, text: string, signs: Signs): void {
    const part = this.#part;
    const other = kind !== undefined && part.kind !== undefined && part.kind !== kind;
    const again =
      (lineClass === 'command' && !part.empty) ||
      (lineClass === 'header' && part.rows.length > 0 && part.kind === 'check') ||
      (lineClass === 'show' &&
        /^\s{0,4}Resource Name\s/i.test(text) &&
        'machineName' in part.facts) ||
      (signs.begins &&
        (kind === part.kind ? part.complaints.length > 0 : true) &&
        !!part.kind &&
        part.kind !== 'connect') ||
      (signs.begins &&
        kind === 'connect' &&
        part.kind === 'connect' &&
        part.complaints.length > 0) ||
      (lineClass === 'log' && (part.kind === 'show' || part.kind === 'config'));
    if ((other || again) && this.#done.length < MOST_PARTS) this.#next();
    if (kind) this.#part.kind ??= kind;
  }

  #take(lineClass: LineClass, text: string): void {
    const part = this.#part;
    switch (lineClass) {
      case 'header':
        part.columns = readHeader(text);
        return;
      case 'row':
      case 'address': {
        const row = readRow(text, part.columns);
        if (row && part.rows.length < MOST_ROWS) part.rows.push(row);
        return;
      }
      case 'probe': {
        const row = readProbe(text.trim());
        if (row && part.rows.length < MOST_ROWS) part.rows.push(row);
        return;
      }
      case 'show':
        this.#takeShow(text);
        return;
      case 'config': {
        const line = readConfigLine(text);
        if (line?.empty && line.fact !== '') part.facts[`${line.fact}Empty`] = 'true';
        if (line) part.fact(line.fact, line.value);
        return;
      }
      case 'progress':
      case 'blank':
      case 'json':
        return;
      case 'command': {
        const region = /(?:--location|-l)[\s=]{1,4}["']?([a-z0-9]{4,40})\b/i.exec(text)?.[1];
        if (region) part.fact('location', region.toLowerCase());
        return;
      }
      case 'prompt':
        part.prompt = true;
        return;
      case 'log':
      case 'console':
      case 'exit':
      case 'error':
      case 'other':
        this.#takeLine(lineClass, text);
    }
  }

  #takeShow(text: string): void {
    const part = this.#part;
    const line = readShowLine(text.trimEnd());
    if (!line) return;
    if (line.service) part.services[line.service] = line.value;
    const value = tidyFact(line.fact, line.value);
    part.fact(line.fact, value);
    if (line.fact === 'agentErrorDetails' && value !== '') {
      part.complaints.push({
        line: value,
        level: 'error',
        printed: true,
        errors: readUrlErrors(value),
      });
    }
    if (line.fact === 'agentErrorCode') part.codes.push(...codesIn(value));
  }

  #takeLine(lineClass: LineClass, text: string): void {
    const part = this.#part;
    if (lineClass === 'log') part.logs += 1;
    if (/sign in, use a web browser|devicelogin/i.test(text)) part.prompt = true;
    const row = rowIn(text);
    if (row) {
      if (part.rows.length < MOST_ROWS) part.rows.push(row);
      return;
    }
    for (const [name, value] of Object.entries(factsIn(text))) part.fact(name, value);
    const errors = readUrlErrors(text);
    const typed = lineClass === 'other' && isTyped(text);
    const printed = typed || errors.length > 0 || looksPrinted(text, lineClass);
    if (printed) part.codes.push(...codesIn(text));
    if (lineClass === 'exit') {
      const number = EXIT.exec(text.trim())?.[0].match(/(\d{1,4})$/)?.[1];
      if (number && !/AZCM\d/i.test(text)) {
        part.codes.push({ code: String(Number(number)) });
        part.exits += 1;
      }
    }
    if (lineClass === 'other' && BARE_NUMBER.test(text.trim()) && this.#lines === 1) {
      part.codes.push({ code: String(Number(text.trim())) });
      part.exits += 1;
      return;
    }
    if (part.complaints.length < MOST_COMPLAINTS) {
      part.complaints.push({ line: text.slice(0, 8_000), level: levelOf(text), printed, errors });
    }
    if (lineClass === 'other' && !printed && part.unread.length < MOST_UNREAD) {
      part.unread.push(text.trim().slice(0, 200));
    }
  }
}

const BARE_NUMBER = /^\d{1,3}$/;
const EMPTY_LOOSE: Reading = {
  kind: 'unknown',
  rows: [],
  complaints: [],
  codes: [],
  facts: {},
  prompt: false,
  services: {},
  unread: [],
};

/** Whether this line is the rest of the one before it. */
function continues(open: OpenLine, line: string, lineClass: LineClass, part: Part): boolean {
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
      return lineClass === 'other' && line.length <= 120 && !isWholeRow(open.text, part.columns);
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
    default:
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

function kindOf(lineClass: LineClass, text: string, signs: Signs): OutputKind | undefined {
  switch (lineClass) {
    case 'header':
    case 'row':
    case 'probe':
      return 'check';
    case 'show':
      return readShowLine(text)?.telling ? 'show' : undefined;
    case 'config':
      return 'config';
    case 'progress':
    case 'prompt':
      return 'connect';
    case 'command': {
      const verb = commandVerb(text.trim());
      return verb && verb in BY_VERB ? BY_VERB[verb as keyof typeof BY_VERB] : undefined;
    }
    case 'log':
    case 'console':
    case 'error':
      return signs.kind;
    case 'other':
      return looksPrinted(text, 'other') || signs.outcome ? signs.kind : undefined;
    case 'exit':
    case 'blank':
    case 'json':
    case 'address':
      return undefined;
  }
}

const BY_VERB = {
  check: 'check',
  show: 'show',
  connect: 'connect',
  disconnect: 'disconnect',
  config: 'config',
} as const;

/** A tried address and its answer are one row; what was said later wins over `unknown`. */
function joinRows(rows: readonly CheckRow[]): CheckRow[] {
  const joined = new Map<string, CheckRow>();
  rows.forEach((row, index) => {
    const key = row.from === 'log' ? row.url : `${row.url} ${index}`;
    const before = joined.get(key);
    if (!before) joined.set(key, row);
    else {
      joined.set(key, {
        ...before,
        reachable: row.reachable === 'unknown' ? before.reachable : row.reachable,
        proxy: row.proxy === 'unknown' ? before.proxy : row.proxy,
        tls: row.tls === 'unknown' ? before.tls : row.tls,
      });
    }
  });
  return [...joined.values()];
}

/** Where the lines end that could belong to JSON. */
function jsonLinesEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && end - from < 100_000) {
    const newline = text.indexOf('\n', end);
    const stop = newline === -1 ? text.length : newline;
    if (!/^\s{0,80}["{}[\],]/.test(text.slice(end, Math.min(stop, end + 84)))) break;
    end = stop + 1;
  }
  return Math.min(end, text.length);
}

/** JSON that was cut or mangled beyond parsing still has its pairs. */
function cutJson(text: string): Reading[] {
  if (!text.includes('"')) return [];
  const pairs = readPairs(text);
  const objects: Record<string, string>[] = [];
  for (const [key, value] of pairs) {
    const last = objects.at(-1);
    if (!last || key in last) objects.push({ [key]: value });
    else last[key] = value;
  }
  const reading = readJsonOutput(objects) ?? readJsonOutput(Object.fromEntries(pairs));
  return reading && (reading.rows.length > 0 || Object.keys(reading.facts).length >= 3)
    ? [reading]
    : [];
}
