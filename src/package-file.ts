import { existsSync } from 'node:fs';

const BESIDE_SRC = new URL('../', import.meta.url);
const ABOVE_DIST = new URL('../../', import.meta.url);

/** A file of the package that is not compiled: it stands at its top, beside `src` and, when built, beside `dist`. */
export function packageFile(path: string): URL {
  const top = existsSync(new URL('package.json', BESIDE_SRC)) ? BESIDE_SRC : ABOVE_DIST;
  return new URL(path, top);
}
