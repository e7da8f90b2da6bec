import assert from 'node:assert/strict';
import iconv from 'iconv-lite';
import { decodeBytes } from '../../../src/core/azcmagent/decode-bytes.ts';

const TEXT = 'azcmagent check\r\nプロキシに接続できません\r\n';

describe('decodeBytes', () => {
  for (const encoding of ['utf8', 'utf16le', 'utf16be', 'cp932'] as const) {
    it(`reads ${encoding}`, () => {
      assert.equal(decodeBytes(iconv.encode(TEXT, encoding)), TEXT);
    });
  }

  for (const encoding of ['utf8', 'utf16le', 'utf16be'] as const) {
    it(`reads ${encoding} with its mark, and takes it off`, () => {
      assert.equal(decodeBytes(iconv.encode(TEXT, encoding, { addBOM: true })), TEXT);
    });
  }

  it('keeps the colours of a console', () => {
    assert.equal(decodeBytes(Buffer.from('\u001b[31mError\u001b[0m')), '\u001b[31mError\u001b[0m');
  });

  it('takes no picture or archive for text', () => {
    const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44];
    const zip = [0x50, 0x4b, 3, 4, 0x14, 0, 0, 0, 8, 0, 0x21, 0x21, 0x21];

    assert.equal(decodeBytes(Buffer.from(png)), undefined);
    assert.equal(decodeBytes(Buffer.from(zip)), undefined);
    assert.equal(decodeBytes(Buffer.from('half of あ'.slice(0, 8)).subarray(0, 8)), 'half of ');
  });
});
