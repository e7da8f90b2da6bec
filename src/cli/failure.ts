import { OpsBotError } from '../core/errors.ts';
import type { Lang } from '../core/ids.ts';
import { EXIT } from './io.ts';
import { SAY } from './words.ts';

const EXITS: Partial<Record<OpsBotError['code'], number>> = {
  CONFIG_REFUSED: EXIT.config,
  STORE_REFUSED: EXIT.config,
  STORE_NEWER: EXIT.config,
  STORE_BUSY: EXIT.bad,
  VALUE_REFUSED: EXIT.bad,
};
const UNREADABLE: ReadonlySet<unknown> = new Set(['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR']);

/** What the terminal says of an error that people cause and can mend; undefined for any other. */
export function failureOf(
  error: unknown,
  language: Lang,
): { exit: number; err: string } | undefined {
  if (error instanceof OpsBotError) {
    const err = error.code === 'STORE_BUSY' ? SAY.storeBusy[language]() : `${error.message}\n`;
    return { exit: EXITS[error.code] ?? EXIT.usage, err };
  }
  if (error instanceof Error && 'code' in error && UNREADABLE.has(error.code)) {
    const path = 'path' in error ? String(error.path) : '';
    return { exit: EXIT.usage, err: SAY.fileUnreadable[language](path) };
  }
  return undefined;
}
