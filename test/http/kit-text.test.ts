import assert from 'node:assert/strict';
import iconv from 'iconv-lite';
import { MAX_TEXT_BYTES, readKitText } from '../../src/http/kit-text.ts';

const read = (bytes: Buffer) => readKitText(bytes.toString('base64'));

describe('readKitText', () => {
  for (const [name, bytes, text, decodedAs] of [
    ['UTF-8', Buffer.from('接続 ok\r\n'), '接続 ok\r\n', 'utf-8'],
    ['UTF-8 with a byte order mark', Buffer.from('\uFEFF接続'), '接続', 'utf-8'],
    ['UTF-16 of a redirected PowerShell', Buffer.from('\uFEFF接続', 'utf16le'), '接続', 'utf-16le'],
    ['code page 932', iconv.encode('接続しました', 'cp932'), '接続しました', 'cp932'],
    ['half-width kana', iconv.encode('ｾﾂｿﾞｸ', 'cp932'), 'ｾﾂｿﾞｸ', 'cp932'],
    ['neither', Buffer.from([0x41, 0xff, 0xfd, 0x80]), 'A\u00ff\u00fd\u0080', 'latin1'],
    ['nothing', Buffer.alloc(0), '', 'utf-8'],
  ] as const) {
    it(`reads ${name}`, () => {
      assert.deepEqual(read(bytes), { text, decodedAs });
    });
  }

  it('drops the rest of a character that the cut at 24 KB went through', () => {
    const lastByte = Buffer.from('接').subarray(2);

    const cut = Buffer.concat([lastByte, Buffer.alloc(MAX_TEXT_BYTES - 1, 0x61)]);
    assert.deepEqual(read(cut), { text: 'a'.repeat(MAX_TEXT_BYTES - 1), decodedAs: 'utf-8' });
  });

  it('reads 24 KB and not a byte more', () => {
    assert.ok(read(Buffer.alloc(MAX_TEXT_BYTES, 0x61)));
    assert.equal(read(Buffer.alloc(MAX_TEXT_BYTES + 1, 0x61)), undefined);
  });

  it('reads base64 in the one writing alone', () => {
    for (const wrong of ['eA', 'eA= =', 'eA==\n', 'eB==', 'e_-=', '=']) {
      assert.equal(readKitText(wrong), undefined, wrong);
    }
  });
});
