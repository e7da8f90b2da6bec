import assert from 'node:assert/strict';
import fc from 'fast-check';
import { JsonRefused, parseStrictJson } from '../../src/http/strict-json.ts';

const parse = (text: string): unknown => parseStrictJson(text, 32);

describe('parseStrictJson', () => {
  it('reads what JSON.parse reads, in any spacing', () => {
    const plain = fc.jsonValue({ maxDepth: 5 }).map((value) => JSON.stringify(value, null, 2));

    fc.assert(
      fc.property(plain, (text) => {
        fc.pre(!/"(?:__proto__|constructor|prototype)"/.test(text));
        assert.deepEqual(parse(text), JSON.parse(text));
      }),
      { numRuns: 200 },
    );
  });

  it('throws nothing but JsonRefused, whatever the text', () => {
    const wild = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', 'a', '1', 'u') }),
    );

    fc.assert(
      fc.property(wild, (text) => {
        try {
          assert.deepEqual(parse(text), JSON.parse(text));
        } catch (error) {
          assert.ok(error instanceof JsonRefused, String(error));
        }
      }),
      { numRuns: 300 },
    );
  });

  for (const [name, text] of Object.entries({
    'a member twice': '{"a":1,"a":1}',
    'a member twice, once escaped': '{"a":1,"\\u0061":1}',
    'a member twice, deep inside': '{"x":[{"y":{"a":1 , "b":2, "a" :3}}]}',
    'a prototype': '{"__proto__":{}}',
    'a prototype, escaped': '{"x":{"\\u005f_proto__":{}}}',
    'a constructor': '[{"constructor":{}}]',
    'more than 32 levels': `${'['.repeat(33)}${']'.repeat(33)}`,
    'a million levels': '['.repeat(1_000_000),
    'two values': '{} {}',
    'a comment': '{}//',
    nothing: '',
  })) {
    it(`refuses ${name}`, () => {
      assert.throws(() => parse(text), JsonRefused);
    });
  }

  for (const text of [
    '{"a":{"a":{"a":"a"}},"b":["a","a"]}',
    '{"a":"\\"a\\":1,","b":"{\\"b\\":1}"}',
    '{"":1,"a":":"}',
    '"a"',
    `${'['.repeat(32)}${']'.repeat(32)}`,
    '["a","a"]',
    '{"a":"__proto__"}',
  ]) {
    it(`takes ${text.slice(0, 40)}`, () => {
      assert.deepEqual(parse(text), JSON.parse(text));
    });
  }
});
