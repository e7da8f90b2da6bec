import { Buffer } from 'node:buffer';
import { exportRows } from '../import/export-rows.ts';
import { fine, usage } from './io.ts';
import type { Command } from './who.ts';
import { SAY } from './words.ts';

/** The roll-out's data as import reads it: to stdout, or with `--out` one file a table. */
export const exportCommand: Command = async (app, call) => {
  const format = call.options.json ? 'json' : (call.options.format ?? 'csv');
  if (format !== 'csv' && format !== 'json') {
    return usage(SAY.badOption[call.language]('--format', 'csv, json'));
  }
  const files = exportRows(await app.store.read((tx) => tx.rollOut()), format);
  if (call.options.out === undefined) {
    return fine(files.map(({ bytes }) => Buffer.from(bytes).toString('utf8')).join('\r\n'));
  }
  const written = files.map(({ name, bytes }) => ({
    path: name,
    base64: Buffer.from(bytes).toString('base64'),
    mode: 0o600,
  }));
  return fine(`${written.map(({ path }) => path).join('\n')}\n`, written);
};
