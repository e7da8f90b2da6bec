import assert from 'node:assert/strict';
import fc from 'fast-check';
import { plain } from '../../../src/core/azcmagent/plain.ts';
import { readPrompt, removeCodes } from '../../../src/core/azcmagent/prompt.ts';
import { MADE_CODES } from '../../support/made-codes.ts';

const [CODE] = MADE_CODES;
const prompt = (page: string, code: string = CODE): string =>
  `To sign in, use a web browser to open the page ${page} and enter the code ${code} to authenticate.`;
const ESC = String.fromCharCode(27);

describe('readPrompt', () => {
  for (const page of [
    'https://microsoft.com/devicelogin',
    'https://www.microsoft.com/devicelogin',
    'https://login.microsoft.com/device',
    'https://microsoft.com/deviceloginus',
    'https://microsoft.com/deviceloginchina',
  ]) {
    it(`takes the code for ${page}`, () => {
      assert.deepEqual(readPrompt(prompt(page)), { verificationUri: page, userCode: CODE });
    });
  }

  for (const page of [
    'https://rnicrosoft.com/devicelogin',
    'https://microsoft.com.evil.example/devicelogin',
    'https://microsoft.com/devicelogin.evil.example',
    'https://microsoft.com/devicelogin/x',
    'https://microsoft.com@evil.example/devicelogin',
    'https://evil.example/?u=https://microsoft.com/devicelogin',
    'http://microsoft.com/devicelogin',
    'https://microsoft.com/devicelogin?x=1',
    'https://microsoft.com:8443/devicelogin',
    'https://login.microsoft.com/devices',
  ]) {
    it(`takes no code for ${page}`, () => {
      assert.equal(readPrompt(prompt(page)), undefined);
    });
  }

  it('needs no line end, and bears colours, progress behind it and Windows line ends', () => {
    const page = 'https://microsoft.com/devicelogin';
    const wanted = { verificationUri: page, userCode: CODE };

    assert.deepEqual(readPrompt(`${prompt(page)}  20% [==>            ]`), wanted);
    assert.deepEqual(readPrompt(`INFO x\r\n${prompt(page)}\r\n`), wanted);
    assert.deepEqual(
      readPrompt(prompt(`${ESC}[36m${page}${ESC}[0m`, `${ESC}[1m${CODE}${ESC}[0m`)),
      wanted,
    );
    assert.deepEqual(readPrompt(`${page} を開いて、コード ${CODE} を入力してください。`), wanted);
  });

  it('takes the newest of two', () => {
    const page = 'https://microsoft.com/devicelogin';

    const read = readPrompt(`${prompt(page, MADE_CODES[1])}\n${prompt(page, MADE_CODES[2])}`);

    assert.equal(read?.userCode, MADE_CODES[2]);
  });

  it('does not take a word, a small code or the code of another page', () => {
    const page = 'https://microsoft.com/devicelogin';

    assert.equal(readPrompt(prompt(page, 'x1y2z3a4b')), undefined);
    assert.equal(readPrompt(prompt(page, 'AB12')), undefined);
    assert.equal(readPrompt(`${page}\n${prompt('https://evil.example/devicelogin')}`), undefined);
    assert.equal(readPrompt('no prompt at all'), undefined);
  });
});

describe('removeCodes', () => {
  const removed = (text: string): string => removeCodes(plain(text)).text;

  for (const text of [
    prompt('https://microsoft.com/devicelogin'),
    prompt('https://login.microsoft.com/device'),
    prompt('https://rnicrosoft.com/devicelogin'),
    prompt('https://microsoft.com/devicelogin').replaceAll(' ', '\n'),
    `enter the code ${CODE}`,
    `enter the code ${CODE}\nINFO    Connected machine to Azure`,
    `enter the code ${CODE}to authenticate`,
    `Enter the code: "${CODE}"`,
    `https://microsoft.com/devicelogin を開き、コード ${CODE} を入力`,
    `コードは「${CODE}」です`,
    `${CODE} を https://microsoft.com/devicelogin に入れてください`,
    `user code = ${CODE}`,
    `use code ${CODE} at microsoft.com/devicelogin`,
  ]) {
    it(`leaves no code in: ${text.slice(0, 60).replaceAll('\n', ' ')}`, () => {
      assert.ok(!removed(text).includes(CODE), removed(text));
    });
  }

  it('takes out a code that a terminal broke, and one typed in small letters', () => {
    assert.equal(
      removed(`enter the code ${CODE.slice(0, 4)}\n${CODE.slice(4)} to`),
      'enter the code [code removed] to',
    );
    assert.equal(removed('enter the code x1y2z3a4b to'), 'enter the code [code removed] to');
  });

  it('leaves everything else alone', () => {
    for (const text of [
      'ENDPOINT |REACHABLE |PRIVATE |TLS |PROXY',
      'エラーコード AZCM0026 が出ました',
      '終了コード: 42',
      'azcmagent connect --use-device-code --tenant-id 00000000-0000-4000-8000-00000000000a',
      'enter the code [code removed] to authenticate',
    ]) {
      assert.deepEqual(removeCodes(text), { text, removed: 0 });
    }
  });

  it('lets no code through, however a prompt is broken and decorated', () => {
    const breaks = fc.constantFrom('', '\n', ' ', `${ESC}[32m`, '\r\n', '&nbsp;');
    fc.assert(
      fc.property(fc.array(breaks, { minLength: 6, maxLength: 6 }), (marks) => {
        const words = [
          'To sign in, open the page https://microsoft.com/devicelogin and',
          'enter',
          'the',
          'code',
          CODE,
          'to authenticate.',
        ];
        const text = words.map((word, index) => `${marks[index]} ${word}`).join('');

        assert.ok(!removed(text).includes(CODE));
      }),
      { numRuns: 200 },
    );
  });

  it('gets through half a megabyte of any of its beginnings', () => {
    for (const piece of [
      'enter the code ',
      'コード',
      'devicelogin ',
      'devicelogin AAAAAAAA1 ',
      'A',
    ]) {
      const text = piece.repeat(Math.ceil(500_000 / piece.length));

      assert.ok(removeCodes(text).text.length > 0);
    }
  });
});
