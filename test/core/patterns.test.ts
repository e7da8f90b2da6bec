import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { patternsIn, shapeOf } from '../support/pattern-shape.ts';

const CORE = new URL('../../src/core/', import.meta.url);
const FILES = [
  'scrub.ts',
  ...['azcmagent', 'diagnose', 'endpoints'].flatMap((folder) =>
    readdirSync(new URL(folder, CORE))
      .filter((file) => file.endsWith('.ts'))
      .map((file) => `${folder}/${file}`),
  ),
];

describe('patterns over pasted text', () => {
  it('have no shape that reads the same text again and again', () => {
    const all = FILES.flatMap((file) =>
      patternsIn(readFileSync(new URL(file, CORE), 'utf8')).map((source) => ({ file, source })),
    );

    const bad = all.flatMap(({ file, source }) =>
      shapeOf(source).problems.map((problem) => `${file}: /${source}/ ${problem}`),
    );

    assert.ok(all.length > 100, `${all.length} patterns`);
    assert.deepEqual(bad, []);
  });

  for (const source of ['(a+)+b', '(?:\\w*-?)*x', 'a+b', '\\s*=', '(x|y+)*z']) {
    it(`would be caught in the shape of ${source}`, () => {
      assert.notDeepEqual(shapeOf(source).problems, []);
    });
  }

  for (const source of [
    '^a+b$',
    'a+',
    'eyJ[\\w-]{10,}(?:\\.[\\w-]*){0,4}',
    'a{1,40}b',
    '[^a-z]+',
  ]) {
    it(`may have the shape of ${source}`, () => {
      assert.deepEqual(shapeOf(source).problems, []);
    });
  }
});
