import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readStepCodes } from '../../src/kit/step-codes.ts';
import { columns } from '../support/kit-world.ts';

const kit = join(import.meta.dirname, '../../kit');
const scripts = ['onboard.sh', 'door.sh', 'Onboard.ps1', 'Door.ps1', 'Windows.ps1'].map((name) =>
  readFileSync(join(kit, name), 'utf8'),
);

describe('step codes', () => {
  const codes = readStepCodes();

  it('explain each line the kit can print, in both languages', () => {
    const printed = new Set(scripts.flatMap((text) => text.match(/\bK-\d{2}\b/g) ?? []));

    assert.deepEqual([...printed].sort(), [...codes.keys()].sort());
    for (const { code, line, explanation } of codes.values()) {
      for (const text of [line.ja, line.en, explanation.ja, explanation.en]) {
        assert.ok(text.length > 3, code);
      }
      assert.match(line.ja + explanation.ja, /[\u3040-\u30ff\u4e00-\u9fff]/, code);
      assert.match(line.en + explanation.en, /^[\x20-\x7e…]*$/, code);
    }
  });

  it('have the same places for values in both languages', () => {
    const places = (language: 'ja' | 'en'): Map<string, string> =>
      new Map(
        [
          ...readFileSync(join(kit, `texts.${language}.txt`), 'utf8').matchAll(/^(K-\d\d) (.*)$/gm),
        ].map(([, code, text]) => [code ?? '', (text?.match(/\{\d\}/g) ?? []).sort().join()]),
      );

    assert.deepEqual(places('ja'), places('en'));
  });

  it('leave room for a value on a screen of 80 columns', () => {
    for (const { code, line } of codes.values()) {
      for (const text of [line.ja, line.en]) {
        assert.ok(columns(`${code} ${text}`) <= 76, `${code} ${text}`);
      }
    }
  });

  it('name the match number on one line alone', () => {
    const naming = [...codes.values()].filter(({ line }) => line.ja.includes('照合番号'));

    assert.deepEqual(
      naming.map(({ code }) => code),
      ['K-63'],
    );
    assert.equal(codes.get('K-63')?.line.ja, '照合番号: …');
    assert.equal(codes.get('K-63')?.line.en, 'Match number: …');
  });
});
