import assert from 'node:assert/strict';
import { canary } from '../support/made-codes.ts';
import { Haystack } from './haystack.ts';

describe('Haystack', () => {
  const code = canary(77);
  const hidden: Readonly<Record<string, Buffer>> = {
    'as it is': Buffer.from(`x ${code} y`),
    'in small letters': Buffer.from(`x ${code.toLowerCase()} y`),
    'in UTF-16': Buffer.from(`x ${code} y`, 'utf16le'),
    'in UTF-16, the other way round': Buffer.from(`xx${code}y`, 'utf16le').swap16(),
    'as hex': Buffer.from(Buffer.from(code).toString('hex')),
    ...Object.fromEntries(
      [0, 1, 2].map((before) => [
        `in base64 behind ${before} bytes`,
        Buffer.from(Buffer.from(`${'a'.repeat(before)}${code} y`).toString('base64')),
      ]),
    ),
  };
  for (const [how, bytes] of Object.entries(hidden)) {
    it(`finds a code ${how}`, () => {
      const hay = new Haystack();

      hay.look('somewhere', bytes);

      assert.ok(hay.found.size > 0);
    });
  }

  it('finds nothing where nothing is', () => {
    const hay = new Haystack();

    hay.look('somewhere', 'QZX and 7K apart');

    assert.equal(hay.found.size, 0);
  });
});
