import { RollOut, type RollOutRows } from '../core/roll-out.ts';
import { checkReferences, type Imported } from './check-references.ts';
import { type ImportMessage, SAY } from './messages.ts';
import { type ImportFile, type PlacedRow, type Reading, readRows } from './read-rows.ts';
import { MACHINES, PEOPLE, PROFILES, SITES, type Table } from './tables.ts';

export type { ImportMessage } from './messages.ts';
export type { ImportFile } from './read-rows.ts';

/** What to keep, or everything that is wrong: never both. */
export type ImportOutcome =
  | {
      readonly ok: true;
      readonly rows: Partial<RollOutRows>;
      readonly warnings: readonly ImportMessage[];
    }
  | {
      readonly ok: false;
      readonly errors: readonly ImportMessage[];
      readonly warnings: readonly ImportMessage[];
    };

/**
 * Reads tables of the roll-out from files, in any order, some or all of them. Rows that are known change;
 * rows that a file does not have stay as they are.
 */
export function importFiles(files: readonly ImportFile[], current: RollOut): ImportOutcome {
  const reading: Reading = { errors: [], warnings: [] };
  const read = files.flatMap((file) => readRows(file, current, reading) ?? []);
  const rowsOf = <Row>(table: Table<Row>): PlacedRow<Row>[] =>
    once(
      table,
      read.flatMap((one) => (one.table.name === table.name ? one.rows : [])) as PlacedRow<Row>[],
      reading,
    );
  const imported: Imported = {
    profiles: rowsOf(PROFILES),
    sites: rowsOf(SITES),
    machines: rowsOf(MACHINES),
    people: rowsOf(PEOPLE),
  };
  checkReferences(imported, applied(current, imported), reading);
  const warnings = reading.warnings.toSorted(byPlace(files));
  if (reading.errors.length > 0) {
    return { ok: false, errors: reading.errors.toSorted(byPlace(files)), warnings };
  }
  const rows = Object.fromEntries(
    Object.entries(imported)
      .filter(([name]) => read.some((one) => one.table.name === name))
      .map(([name, placed]) => [name, placed.map((row: PlacedRow) => row.value)]),
  );
  return { ok: true, rows, warnings };
}

/** Two files may name one row only with the same content: their order must not matter. */
function once<Row>(table: Table<Row>, rows: readonly PlacedRow<Row>[], reading: Reading) {
  const found = new Map<string, PlacedRow<Row>>();
  for (const row of rows) {
    const key = table.keyOf(row.value);
    const first = found.get(table.identify(key));
    if (!first) {
      found.set(table.identify(key), row);
    } else if (JSON.stringify(first.value) !== JSON.stringify(row.value)) {
      const text = SAY['key-in-two-files'](key, first.file);
      reading.errors.push({ file: row.file, row: row.row, column: table.key, text });
    }
  }
  return [...found.values()];
}

/** The roll-out as it would be, ids that were learned for an unchanged principal name included. */
function applied(current: RollOut, imported: Imported): RollOut {
  const people = imported.people.map(({ file, row, value }) => {
    const before = current.person(value.key);
    const keeps =
      before?.upn !== undefined && before.upn.toLowerCase() === value.upn?.toLowerCase();
    const aadObjectId = value.aadObjectId ?? (keeps ? before.aadObjectId : undefined);
    return { file, row, value: aadObjectId === undefined ? value : { ...value, aadObjectId } };
  });
  return new RollOut({
    profiles: over(PROFILES, current.profiles, imported.profiles),
    sites: over(SITES, current.sites, imported.sites),
    machines: over(MACHINES, current.machines, imported.machines),
    people: over(PEOPLE, current.people, people),
  });
}

function over<Row>(
  table: Table<Row>,
  current: readonly Row[],
  imported: readonly PlacedRow<Row>[],
): readonly Row[] {
  const rows = new Map(current.map((row) => [table.identify(table.keyOf(row)), row]));
  for (const { value } of imported) rows.set(table.identify(table.keyOf(value)), value);
  return [...rows.values()];
}

function byPlace(files: readonly ImportFile[]) {
  const order = new Map(files.map((file, index) => [file.name, index]));
  return (left: ImportMessage, right: ImportMessage): number =>
    (order.get(left.file) ?? 0) - (order.get(right.file) ?? 0) ||
    (left.row ?? 0) - (right.row ?? 0);
}
