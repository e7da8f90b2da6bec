import { randomBytes, randomInt } from 'node:crypto';
import type { Random } from '../core/ports.ts';

/** Node's own CSPRNG. */
export function createRandom(): Random {
  return {
    id() {
      for (;;) {
        const id = randomBytes(16).toString('base64url');
        // Ids are typed on command lines, where a leading hyphen begins an option.
        if (!id.startsWith('-')) return id;
      }
    },
    digits: (count) => Array.from({ length: count }, () => randomInt(10)).join(''),
  };
}
