import type { OutputKind } from '../network-check.ts';
import { unfold } from './collapsed.ts';
import { readLookups } from './dns-lookup.ts';
import { jsonLinesEnd, readJson } from './json.ts';
import { readCutJson, readJsonOutput } from './json-output.ts';
import { classify, commandVerb, type LineClass, looksPrinted } from './lines.ts';
import { type Signs, signsOf } from './marks.ts';
import {
  continues,
  extend,
  LONGEST_LINE,
  type OpenLine,
  openLine,
  terminalWidth,
} from './open-line.ts';
import { Part } from './part.ts';
import { type Complaint, EMPTY, type Reading } from './reading.ts';
import { readShowLine } from './show.ts';

/** Each output that a text holds, in order; none when there is nothing of azcmagent in it. Expects plain text. */
export function readOutputs(shown: string): Reading[] {
  const { lookups, rest } = readLookups(shown);
  const text = unfold(rest);
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
      const cut = readCutJson(text.slice(from, end));
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
  const looked: Reading[] = lookups.length > 0 ? [{ ...EMPTY, kind: 'log', lookups }] : [];
  const known = found.filter((one) => one.kind !== 'unknown' || looked.length === 0);
  if (known.length + looked.length > 0) return [...known, ...looked];
  const cut = readCutJson(text);
  return cut ? [cut] : [];
}

const MOST_PARTS = 50;
const MOST_JSON = 20;

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
    if (open && continues(open, line, lineClass, this.#part.columns)) {
      extend(open, line, this.#width);
      if (open.text.length > LONGEST_LINE) this.#close();
      return;
    }
    this.#close();
    if (lineClass === 'blank') return;
    this.#lines += 1;
    this.#open = openLine(line, lineClass, this.#width);
  }

  json(reading: Reading | undefined): void {
    this.#close();
    if (!reading) return;
    const same = this.#part.kind === reading.kind && this.#part.rows.length === 0;
    if (this.#part.kind && !same) this.#next();
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
      ? [{ ...EMPTY, complaints: this.#loose }]
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
    part.ours ||= signs.ours && (lineClass !== 'other' || looksPrinted(text, lineClass));
    part.outcome = signs.outcome ?? part.outcome;
    part.take(lineClass, text, this.#lines === 1);
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
      (signs.begins && part.kind !== 'connect' && part.hasContent) ||
      (signs.begins && kind === 'connect' && part.kind === 'connect' && part.hasContent) ||
      (lineClass === 'log' && (part.kind === 'show' || part.kind === 'config'));
    if ((other || again) && this.#done.length < MOST_PARTS) this.#next();
    if (kind) this.#part.kind ??= kind;
  }
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
