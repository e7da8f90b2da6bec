import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canonical, decode, encode, same } from '../../src/store/codec.ts';

describe('codec', () => {
  it('revives an instant under a name that is at or ends in At', () => {
    const value = { at: new Date(0), settledAt: new Date(1), rows: [{ checkedAt: new Date(2) }] };

    const text = encode(value);

    assert.match(text, /"settledAt":"1970-01-01T00:00:00.001Z"/);
    assert.deepEqual(decode(text), value);
  });

  it('leaves text alone that looks like an instant under any other name', () => {
    const value = { note: '2026-11-25T01:00:00.000Z', format: 'At', whatAt: '10:42' };

    assert.deepEqual(decode(encode(value)), value);
  });

  it('keeps a tag a text although it is named createdAt and holds an instant', () => {
    const value = { tags: { createdAt: '2026-11-25T01:00:00.000Z' } };

    assert.deepEqual(decode(encode(value)), value);
  });

  it('keeps instants in lists and under other names', () => {
    const value = { numbersAt: [new Date(5)], from: new Date(6) };

    assert.deepEqual(decode(encode(value)), value);
  });

  it('gives back every value as it was', () => {
    const name = fc.constantFrom('at', 'openedAt', 'from', '$text', '$at', '__proto__', 'x');
    const { value: values } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.constant('2026-11-25T01:00:00.000Z'),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.date({ noInvalidDate: true }),
        fc.array(tie('value'), { maxLength: 3 }),
        fc
          .array(fc.tuple(name, tie('value')), { maxLength: 3 })
          .map((entries) => Object.fromEntries(entries)),
      ),
    }));

    fc.assert(
      fc.property(values, (value) => {
        assert.deepEqual(decode(encode(value)), value);
        assert.deepEqual(decode(canonical(value)), value);
      }),
      { numRuns: 200 },
    );
  });

  it('calls values the same whatever the order of their names', () => {
    assert.equal(same({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }), true);
    assert.equal(same({ a: 1, gone: undefined }, { a: 1 }), true);
    assert.equal(same({ a: [1, 2] }, { a: [2, 1] }), false);
    assert.equal(same({ at: new Date(0) }, { at: '1970-01-01T00:00:00.000Z' }), false);
  });
});
