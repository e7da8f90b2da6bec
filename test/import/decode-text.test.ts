import assert from 'node:assert/strict';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { decodeText } from '../../src/import/decode-text.ts';

describe('decodeText', () => {
  const header = 'code,name\r\n';

  it('reads what Windows writes in Japan, machine-dependent characters included', () => {
    const text = `${header}a,髙橋① ～ ﾃｽﾄ ソ表能`;

    assert.equal(decodeText(iconv.encode(text, 'cp932')), text);
    assert.equal(decodeText(iconv.encode(text, 'utf8', { addBOM: true })), text);
  });

  it('tells UTF-8 and Shift_JIS apart for any Japanese text', () => {
    const letters = [...'東京大阪支店営業所さっぽろコンピューター表能ソ髙﨑①Ⅳ～、。ABC 0-9'];
    const names = fc
      .array(fc.constantFrom(...letters), { minLength: 1, maxLength: 30 })
      .map((parts) => `${header}a,${parts.join('')}`);

    fc.assert(
      fc.property(names, (text) => {
        assert.equal(decodeText(new TextEncoder().encode(text)), text);
        assert.equal(decodeText(iconv.encode(text, 'cp932')), text);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses what is neither', () => {
    const text = `${header}osaka-01,大阪支店おおさかしてん大阪本社ビル`;
    const utf8 = Buffer.from(text);

    assert.equal(decodeText(utf8.subarray(0, utf8.length - 1)), undefined);
    assert.equal(decodeText(iconv.encode(text, 'utf16le', { addBOM: true })), undefined);
    assert.equal(decodeText(iconv.encode(text, 'utf16le')), undefined);
    assert.equal(decodeText(iconv.encode(text, 'euc-jp')), undefined);
    assert.equal(decodeText(Uint8Array.of(0xff, 0xfd, 0xa0, 0x80)), undefined);
  });
});
