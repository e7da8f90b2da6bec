import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OpsBotError } from '../core/errors.ts';

const HERE = import.meta.dirname;
/** `kit/` of the package: beside `src/`, also when this file runs from `dist/src/kit`. */
const CANDIDATES = [join(HERE, '../../kit'), join(HERE, '../../../kit')];

export function readKitFile(name: string): Buffer {
  const folder = CANDIDATES.find((candidate) => existsSync(join(candidate, 'onboard.sh')));
  if (folder === undefined || !existsSync(join(folder, name))) {
    throw new OpsBotError('INPUT_UNREADABLE', `kit/${name} is not part of this installation`);
  }
  return readFileSync(join(folder, name));
}
