import type { Reader, Row } from './page.ts';
import { STATUS } from './text/status.ts';
import { timeOf } from './times.ts';
import { subtle, type Words } from './words.ts';

/** A row that tells how many were left out. */
export function withMore(rows: readonly Row[], total: number, { lang }: Reader): Row[] {
  if (total <= rows.length) return [...rows];
  return [...rows, { words: subtle(STATUS.more[lang](total - rows.length)) }];
}

export function moreWords(count: number, { lang }: Reader): Words[] {
  return count > 0 ? [STATUS.more[lang](count)] : [];
}

export function azureAge(at: Date | undefined, reader: Reader, wanted: boolean): Words[] {
  if (!wanted) return [];
  const { lang } = reader;
  return [
    at === undefined ? STATUS.azureUnread[lang]() : STATUS.azureAsOf[lang](timeOf(at, reader)),
  ];
}
