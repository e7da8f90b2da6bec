import type { RollOut } from '../core/roll-out.ts';
import { cellText, type ImportMessage, SAY } from './messages.ts';
import { readFile } from './read-file.ts';
import { type Cells, TABLES, type Table } from './tables.ts';

export interface ImportFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A row that is right by itself, and where it stands. */
export interface PlacedRow<Row = unknown> {
  readonly file: string;
  readonly row: number;
  readonly value: Row;
}

export interface Reading {
  readonly errors: ImportMessage[];
  readonly warnings: ImportMessage[];
}

/** Reads one file: which table it is, and each of its rows. */
export function readRows(
  file: ImportFile,
  current: RollOut,
  reading: Reading,
): { table: Table<unknown>; rows: PlacedRow[] } | undefined {
  const read = readFile(file.bytes);
  if (!read.ok) {
    const { row, text } = read;
    reading.errors.push({ file: file.name, ...(row !== undefined && { row }), text });
    return undefined;
  }
  const [header, ...rows] = read.rows;
  if (!header || isBlank(header)) {
    reading.errors.push({ file: file.name, text: SAY.empty() });
    return undefined;
  }
  const columns = header.map((column) => column.trim().toLowerCase());
  const table = tableOf(columns);
  if (!table) {
    reading.errors.push({ file: file.name, row: 1, text: SAY['unknown-table']() });
    return undefined;
  }
  if (!checkHeader(file.name, table, columns, reading)) return undefined;
  return { table, rows: readBody(file.name, table, columns, rows, current, reading) };
}

/** The table that knows most of the columns. */
function tableOf(columns: readonly string[]): Table<unknown> | undefined {
  const scores = TABLES.map((table) => ({
    table: table as Table<unknown>,
    score: table.columns.filter((column) => columns.includes(column)).length,
  })).sort((left, right) => right.score - left.score);
  const [best, second] = scores;
  if (!best || best.score < 2 || best.score === second?.score) return undefined;
  return best.table;
}

function checkHeader(
  file: string,
  table: Table<unknown>,
  columns: readonly string[],
  { errors, warnings }: Reading,
): boolean {
  const before = errors.length;
  for (const column of table.required) {
    if (!columns.includes(column)) {
      errors.push({ file, row: 1, column, text: SAY['column-missing'](column, table.name) });
    }
  }
  for (const [index, column] of columns.entries()) {
    if (column === '') continue;
    if (columns.indexOf(column) !== index) {
      errors.push({ file, row: 1, column, text: SAY['column-twice'](column) });
    } else if (!table.columns.includes(column)) {
      warnings.push({ file, row: 1, column, text: SAY['column-unknown'](column) });
    }
  }
  return errors.length === before;
}

function readBody(
  file: string,
  table: Table<unknown>,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  current: RollOut,
  { errors }: Reading,
): PlacedRow[] {
  const known = new Map(
    (current[table.name] as readonly unknown[]).map((row) => [
      table.identify(table.keyOf(row)),
      row,
    ]),
  );
  const firstRow = new Map<string, number>();
  const placed: PlacedRow[] = [];
  for (const [index, cells] of rows.entries()) {
    const row = index + 2;
    if (isBlank(cells)) continue;
    if (cells.slice(columns.length).some((cell) => cell !== '')) {
      errors.push({ file, row, text: SAY['too-many-cells']() });
      continue;
    }
    const given = toCells(table, columns, cells);
    const key = table.identify((given[table.key] ?? '').trim());
    const first = firstRow.get(key);
    if (key !== '' && first !== undefined) {
      errors.push({ file, row, column: table.key, text: SAY['key-twice'](key, first) });
      continue;
    }
    firstRow.set(key, row);
    // A column that the file does not have stays as it is known.
    const before = known.get(key);
    const merged = before === undefined ? given : { ...keptOf(table, before, given), ...given };
    const parsed = table.schema.safeParse(merged);
    if (parsed.success) placed.push({ file, row, value: parsed.data });
    else errors.push(...cellErrors(file, row, merged, parsed.error.issues));
  }
  return placed;
}

function keptOf(table: Table<unknown>, before: unknown, given: Cells): Cells {
  return table.kept ? table.kept(before, given) : table.toCells(before);
}

function toCells(
  table: Table<unknown>,
  columns: readonly string[],
  cells: readonly string[],
): Cells {
  return Object.fromEntries(
    columns.flatMap((column, index) =>
      table.columns.includes(column) ? [[column, cells[index] ?? '']] : [],
    ),
  );
}

/** The first thing wrong with each cell: one is enough to go and look. */
function cellErrors(
  file: string,
  row: number,
  cells: Cells,
  issues: readonly { path: readonly PropertyKey[]; message: string }[],
): ImportMessage[] {
  const byColumn = new Map<string, string>();
  for (const { path, message } of issues) {
    const column = String(path[0] ?? '');
    if (!byColumn.has(column)) byColumn.set(column, message);
  }
  return [...byColumn].map(([column, message]) => ({
    file,
    row,
    column,
    text: cellText(message, cells[column]?.trim() ?? ''),
  }));
}

function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '');
}
