import type { AzcmError, OutputKind } from '../network-check.ts';
import { readConfigLine } from './config.ts';
import { codesIn, factsIn, rowIn } from './line-facts.ts';
import { EXIT, isTyped, type LineClass, looksPrinted } from './lines.ts';
import { readProbe } from './probe.ts';
import type { CheckRow, Complaint, Reading } from './reading.ts';
import { readShowLine, tidyFact } from './show.ts';
import { readHeader, readRow, USUAL_COLUMNS } from './table.ts';
import { readUrlErrors } from './url-error.ts';

const MOST_ROWS = 1_000;
const MOST_COMPLAINTS = 2_000;
const MOST_UNREAD = 5;
const MOST_LINES_AROUND_A_CODE = 10;
const BARE_NUMBER = /^\d{1,3}$/;

/** The output under construction. */
export class Part {
  kind: OutputKind | undefined;
  columns = USUAL_COLUMNS;
  readonly rows: CheckRow[] = [];
  readonly complaints: Complaint[] = [];
  readonly codes: AzcmError[] = [];
  readonly facts: Record<string, string> = {};
  readonly services: Record<string, string> = {};
  readonly unread: string[] = [];
  outcome: Reading['outcome'];
  ours = false;
  logs = 0;
  /** Rows stand below a header, came from the kit, or after the command. */
  framed = false;
  #lines = 0;
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

  /** More than a command line or a first sign of what it will be. */
  get hasContent(): boolean {
    if (!this.kind) return false;
    const told = this.rows.length > 0 || this.complaints.length > 0;
    return told || this.kind === 'show' || this.kind === 'config';
  }

  fact(name: string, value: string): void {
    if (name !== '' && value !== '') this.facts[name] ??= value.slice(0, 1_000);
  }

  reading(): Reading | undefined {
    const kind = this.kind ?? this.#guess();
    if (!kind || this.#isForeign(kind)) return undefined;
    return {
      kind,
      rows: joinRows(this.rows),
      complaints: this.complaints,
      codes: this.codes,
      facts: this.facts,
      ...(this.outcome ? { outcome: this.outcome } : {}),
      services: this.services,
      lookups: [],
      unread: this.unread,
    };
  }

  /** Takes a whole line in. */
  take(lineClass: LineClass, text: string, alone: boolean): void {
    this.#lines += 1;
    switch (lineClass) {
      case 'header':
        this.columns = readHeader(text);
        this.framed = true;
        return;
      case 'row':
      case 'address': {
        const row = readRow(text, this.columns);
        if (row && this.rows.length < MOST_ROWS) this.rows.push(row);
        return;
      }
      case 'probe': {
        const row = readProbe(text.trim());
        if (row && this.rows.length < MOST_ROWS) this.rows.push(row);
        return;
      }
      case 'show':
        this.#takeShow(text);
        return;
      case 'config': {
        const line = readConfigLine(text);
        if (line?.empty && line.fact !== '') this.facts[`${line.fact}Empty`] = 'true';
        if (line) this.fact(line.fact, line.value);
        return;
      }
      case 'progress':
      case 'blank':
      case 'json':
      case 'prompt':
        return;
      case 'command': {
        this.framed = true;
        const region = /(?:--location|-l)[\s=]{1,4}["']?([a-z0-9]{4,40})\b/i.exec(text)?.[1];
        if (region) this.fact('location', region.toLowerCase());
        return;
      }
      case 'log':
      case 'console':
      case 'exit':
      case 'error':
      case 'other':
        this.#takeLine(lineClass, text, alone);
    }
  }

  #takeShow(text: string): void {
    const line = readShowLine(text.trimEnd());
    if (!line) return;
    if (line.service) this.services[line.service] = line.value;
    const value = tidyFact(line.fact, line.value);
    this.fact(line.fact, value);
    if (line.fact === 'agentErrorDetails' && value !== '') {
      this.complaints.push({
        line: value,
        printed: true,
        errors: readUrlErrors(value),
      });
    }
    if (line.fact === 'agentErrorCode') this.codes.push(...codesIn(value));
  }

  #takeLine(lineClass: LineClass, text: string, alone: boolean): void {
    if (lineClass === 'log') this.logs += 1;
    const row = rowIn(text);
    if (row) {
      if (this.rows.length < MOST_ROWS) this.rows.push(row);
      return;
    }
    for (const [name, value] of Object.entries(factsIn(text))) this.fact(name, value);
    const errors = readUrlErrors(text);
    const typed = lineClass === 'other' && isTyped(text);
    const spoken = errors.length > 0 || looksPrinted(text, lineClass);
    const printed = typed || spoken;
    const codes = printed ? codesIn(text) : [];
    this.codes.push(...codes);
    if (lineClass === 'exit') {
      const number = EXIT.exec(text.trim())?.[0].match(/(\d{1,4})$/)?.[1];
      if (number && !/AZCM\d/i.test(text)) {
        this.codes.push({ code: String(Number(number)) });
        this.exits += 1;
      }
    }
    if (lineClass === 'other' && BARE_NUMBER.test(text.trim()) && alone) {
      this.codes.push({ code: String(Number(text.trim())) });
      this.exits += 1;
      return;
    }
    if (this.complaints.length < MOST_COMPLAINTS) {
      this.complaints.push({ line: text.slice(0, 8_000), printed, errors });
    }
    if (
      lineClass === 'other' &&
      codes.length === 0 &&
      !spoken &&
      this.unread.length < MOST_UNREAD
    ) {
      this.unread.push(text.trim().slice(0, 200));
    }
  }

  /** A table of somebody else's addresses, or a key that others print too. */
  #isForeign(kind: OutputKind): boolean {
    if (kind === 'check') {
      const probed = this.rows.some((row) => row.probe);
      return !this.framed && !this.ours && !probed;
    }
    return kind === 'show' && !this.framed && Object.keys(this.facts).length === 0 && !this.ours;
  }

  /** No line said what it is: a log, a loose error, or a code alone. */
  #guess(): OutputKind | undefined {
    if (this.rows.length > 0) return this.rows.some((row) => row.from !== 'log') ? 'check' : 'log';
    const signIn = this.codes.some((one) => one.code.startsWith('AADSTS'));
    if (this.logs > 0) return this.ours ? 'log' : undefined;
    if (signIn) return 'connect';
    const few = this.#lines <= MOST_LINES_AROUND_A_CODE;
    if (this.codes.length > 0) return this.ours || few ? 'exit-code' : undefined;
    const spoken = this.complaints.some((one) => one.printed);
    return this.ours && spoken ? 'log' : undefined;
  }
}

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
