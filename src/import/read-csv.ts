import { parse } from 'csv-parse/sync';
import type { Bilingual } from '../core/ids.ts';
import { decodeText } from './decode-text.ts';
import { SAY } from './messages.ts';

/** A file as rows of cells, whatever its format was; the first row is the header. */
export type ReadFile =
  | { readonly ok: true; readonly rows: readonly (readonly string[])[] }
  | { readonly ok: false; readonly row?: number; readonly text: Bilingual };

export function readCsv(bytes: Uint8Array): ReadFile {
  const text = decodeText(bytes);
  if (text === undefined) return { ok: false, text: SAY.unreadable() };
  try {
    const rows = parse(text, { relax_column_count: true, record_delimiter: ['\r\n', '\n', '\r'] });
    return { ok: true, rows: rows.map((row) => row.map(plain)) };
  } catch (error) {
    const { records } = error as { records?: unknown };
    return {
      ok: false,
      ...(typeof records === 'number' && { row: records + 1 }),
      text: SAY.csv(),
    };
  }
}

/** What a spreadsheet would take for a formula; full-width signs too, which Japanese input makes. */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;

/** Takes off the apostrophe that neutral() put in front. */
function plain(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;
}

/** A cell that no spreadsheet runs as a formula, and that reads back as it was. */
export function neutral(cell: string): string {
  return FORMULA.test(cell) ? `'${cell}` : cell;
}
