import assert from 'node:assert/strict';
import { plain } from '../../../src/core/azcmagent/plain.ts';

const ESC = String.fromCharCode(27);

describe('plain', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['colours', `${ESC}[32mINFO${ESC}[0m    ok`, 'INFO    ok'],
    ['colours that lost their escape', '[32mINFO[0m    ok', 'INFO    ok'],
    ['colours as an old Windows console draws them', '\u2190[32mINFO\u2190[0m    ok', 'INFO    ok'],
    ['window titles', `${ESC}]0;root@sv${String.fromCharCode(7)}ok`, 'ok'],
    ['Windows line ends and progress on one line', 'a\r\nb\rc', 'a\nb\nc'],
    [
      'escaped HTML',
      'Get &quot;https://x&quot; &lt;b&gt; &#39;q&#x27; &amp;lt;',
      'Get "https://x" <b> \'q\' &lt;',
    ],
    ['HTML lines', '<p>a</p><p>b<br>c</p>', 'a\nb\nc\n'],
    ['full-width letters', 'ＡＺＣＭ００２６：', 'AZCM0026:'],
    ['curly quotes and drawn pipes', '\u201cx\u201d \u2502 y', '"x" | y'],
    ['invisible marks', '\ufeffa\u200bb\u00adc\u202ed', 'abcd'],
    ['hard blanks', 'a\u00a0b\u3000c', 'a b c'],
    ['zero bytes of UTF-16', 'a\0b\0', 'ab'],
    ['quoting', '> a\n> b\n>\n', 'a\nb\n\n'],
    ['fences', '```powershell\nok\n```\n', '\nok\n\n'],
  ];

  for (const [name, given, wanted] of cases) {
    it(`undoes ${name}`, () => {
      assert.equal(plain(given), wanted);
    });
  }

  it('leaves ordinary output as it is', () => {
    const text = 'Agent Status : Connected\n[code removed]\n  20% [==>            ]\n';

    assert.equal(plain(text), text);
  });

  it('takes no markup away that is not markup', () => {
    assert.equal(plain('<masked> > 3 && 4 < 5'), '<masked> > 3 && 4 < 5');
  });
});
