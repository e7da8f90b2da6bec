import { Buffer } from 'node:buffer';
import type { KeptRows, PutCounts, Tx } from '../core/ports.ts';
import type { RollOutRows } from '../core/roll-out.ts';
import { type ImportFile, type ImportMessage, importFiles } from '../import/import-files.ts';
import { type Call, EXIT, json } from './io.ts';
import type { Command } from './who.ts';
import { SAY } from './words.ts';

/** Reads tables of the roll-out; one wrong row and nothing is kept (exit 2). */
export const importCommand: Command = async (app, call) => {
  const files = (call.files ?? []).flatMap(({ name, base64 }) =>
    tablesIn(name, Buffer.from(base64, 'base64')),
  );
  const rollOut = await app.store.read((tx) => tx.rollOut());
  const outcome = importFiles(files, rollOut);
  const warnings = outcome.warnings.map((one) => line(one, call));
  if (!outcome.ok) {
    const errors = outcome.errors.map((one) => line(one, call));
    if (call.options.json) return { exit: EXIT.usage, out: json(outcome) };
    const said = [...errors, ...warnings, SAY.nothingKept[call.language]()];
    return { exit: EXIT.usage, err: `${said.join('\n')}\n` };
  }
  const dryRun = call.options.dryRun === true;
  const counts = await (dryRun ? tried : keep)(outcome.rows);
  if (call.options.json) {
    const { warnings } = outcome;
    return { exit: EXIT.fine, out: json({ counts, ...(dryRun && { dryRun }), warnings }) };
  }
  const told = [
    ...Object.entries(counts).map(([table, { added, changed, same }]) =>
      SAY.imported[call.language](table, added, changed, same),
    ),
    ...(dryRun ? [SAY.dryRun[call.language]()] : []),
  ];
  const err = warnings.length > 0 ? { err: `${warnings.join('\n')}\n` } : {};
  return { exit: EXIT.fine, out: `${told.join('\n')}\n`, ...err };

  function keep(rows: Partial<RollOutRows>): Promise<Counts> {
    return app.store.write(async (tx) => {
      const kept = await put(tx, rows);
      const facts = Object.fromEntries(
        Object.entries(kept).flatMap(([table, { added, changed }]) => [
          [`${table}Added`, added],
          [`${table}Changed`, changed],
        ]),
      );
      if (Object.values(facts).some((count) => count > 0)) {
        await tx.audit.append({ at: app.clock.now(), event: 'imported', facts });
      }
      return kept;
    });
  }

  /** What would change, from a transaction that is rolled back. */
  async function tried(rows: Partial<RollOutRows>): Promise<Counts> {
    try {
      return await app.store.write(async (tx) => {
        throw new DryRun(await put(tx, rows));
      });
    } catch (error) {
      if (error instanceof DryRun) return error.counts;
      throw error;
    }
  }
};

type Counts = Partial<Record<KeptRows, PutCounts>>;

class DryRun extends Error {
  readonly counts: Counts;
  constructor(counts: Counts) {
    super('dry run');
    this.counts = counts;
  }
}

async function put(tx: Tx, rows: Partial<RollOutRows>): Promise<Counts> {
  return {
    ...(rows.profiles && { profiles: await tx.rows.putProfiles(rows.profiles) }),
    ...(rows.sites && { sites: await tx.rows.putSites(rows.sites) }),
    ...(rows.machines && { machines: await tx.rows.putMachines(rows.machines) }),
    ...(rows.people && { people: await tx.rows.putPeople(rows.people) }),
  };
}

/** `export --format csv` writes its tables one after the other; each begins with a byte order mark. */
function tablesIn(name: string, bytes: Buffer): ImportFile[] {
  const mark = Buffer.from('\n\uFEFF', 'utf8');
  const parts: ImportFile[] = [];
  let from = 0;
  for (;;) {
    const at = bytes.indexOf(mark, from);
    const to = at < 0 ? bytes.length : at + 1;
    parts.push({ name, bytes: bytes.subarray(from, to) });
    if (at < 0) return parts;
    from = to;
  }
}

function line({ file, row, column, text }: ImportMessage, { language }: Call): string {
  const place = [file, row, column].filter((part) => part !== undefined).join(':');
  return `${place}: ${text[language]}`;
}
