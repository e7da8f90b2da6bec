import assert from 'node:assert/strict';
import { createRandom } from '../../src/keys/random.ts';

describe('createRandom on a command line', () => {
  it('makes no id that reads as an option', () => {
    const random = createRandom();

    const ids = Array.from({ length: 2_000 }, () => random.id());

    assert.deepEqual(
      ids.filter((id) => !/^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/.test(id)),
      [],
    );
  });
});
