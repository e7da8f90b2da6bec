import { stringify } from 'csv-stringify/sync';
import type { RollOut } from '../core/roll-out.ts';
import { neutral } from './read-csv.ts';
import { TABLES, type Table } from './tables.ts';

export interface ExportFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The roll-out as files: CSV as importFiles reads it, one per table, or one JSON document. */
export function exportRows(rollOut: RollOut, format: 'csv' | 'json'): readonly ExportFile[] {
  switch (format) {
    case 'csv':
      return TABLES.map((table) => csvFile(table as Table<unknown>, rollOut[table.name]));
    case 'json': {
      const { profiles, sites, machines, people } = rollOut;
      const text = JSON.stringify({ profiles, sites, machines, people }, undefined, 2);
      return [{ name: 'roll-out.json', bytes: new TextEncoder().encode(`${text}\n`) }];
    }
  }
}

function csvFile(table: Table<unknown>, rows: readonly unknown[]): ExportFile {
  const records = rows.map((row) => {
    const cells = table.toCells(row);
    return table.columns.map((column) => neutral(cells[column] ?? ''));
  });
  // With a BOM, Excel in Japan reads UTF-8 as what it is.
  const text = stringify([[...table.columns], ...records], { bom: true, record_delimiter: '\r\n' });
  return { name: `${table.name}.csv`, bytes: new TextEncoder().encode(text) };
}
