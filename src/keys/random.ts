import { randomBytes, randomInt } from 'node:crypto';
import type { Random } from '../core/ports.ts';

/** Node's own CSPRNG. */
export function createRandom(): Random {
  return {
    id: () => randomBytes(16).toString('base64url'),
    digits: (count) => Array.from({ length: count }, () => randomInt(10)).join(''),
  };
}
