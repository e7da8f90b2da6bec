import { SAY } from './messages.ts';
import { type ReadFile, readCsv } from './read-csv.ts';

const MAX_BYTES = 32 * 1024 * 1024;

interface Format {
  /** By the first bytes, never by the file's name. */
  recognizes(bytes: Uint8Array): boolean;
  read(bytes: Uint8Array): ReadFile;
}

/** One reader per format, asked in this order; CSV takes what nobody else knows. */
const FORMATS: readonly Format[] = [
  {
    // A zip file: what Excel writes as .xlsx.
    recognizes: (bytes) => bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03,
    read: () => ({ ok: false, text: SAY.workbook() }),
  },
  { recognizes: () => true, read: readCsv },
];

export function readFile(bytes: Uint8Array): ReadFile {
  if (bytes.length > MAX_BYTES) return { ok: false, text: SAY['too-large']() };
  const format = FORMATS.find((one) => one.recognizes(bytes));
  return format ? format.read(bytes) : { ok: false, text: SAY.unreadable() };
}
