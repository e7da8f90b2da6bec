import assert from 'node:assert/strict';
import { textOf } from '../../src/cards/draw.ts';
import { timeOf } from '../../src/cards/times.ts';
import { bold, clean, mono, plain, say } from '../../src/cards/words.ts';
import type { MachineName } from '../../src/core/ids.ts';

const reader = { lang: 'ja', timeZone: 'Asia/Tokyo', rows: 1 } as const;

describe('words', () => {
  it('keep a given value apart from the sentence around it only where its looks differ', () => {
    assert.deepEqual(say`${bold('SV-OSK-03')}は${'大阪'}です`, [
      { text: 'SV-OSK-03', bold: true },
      { text: 'は大阪です' },
    ]);
  });

  it('break card functions and template marks, however they are doubled', () => {
    assert.equal(clean('{{{x}}} $${y}'), '{ { {x}}} $$ {y}');
  });

  it('break marks that only form where two values meet', () => {
    assert.ok(!plain(say`${'{'}${'{DATE}'} ${'$'}${'{x}'}`).match(/\{\{|\$\{/));
  });

  it('drop what moves a terminal or turns text around', () => {
    assert.equal(clean('a\u001b[31mb\u202ec\u2066d\u0000'), 'a [31mbcd ');
  });

  it('cut what never ends, without cutting a character in half', () => {
    const cut = clean('😀'.repeat(1000), 101);

    assert.ok(cut.length <= 102 && cut.isWellFormed());
  });

  it('defuse links and mentions in plain text but leave commands as they are', () => {
    assert.equal(plain(say`${'[x](y) <at>z</at>'}`), '[x] (y) < at>z< /at>');
    assert.equal(plain(mono('a [x](y) <z')), 'a [x](y) <z');
  });
});

describe('times', () => {
  it('are told in the time zone of the site', () => {
    const at = new Date('2026-11-25T01:42:00Z');

    assert.equal(timeOf(at, { ...reader, now: at }), '10:42');
    assert.equal(timeOf(at, { ...reader, now: at, timeZone: 'Europe/Berlin' }), '02:42');
  });

  it('carry their date on another day of the reader, even when UTC has the same', () => {
    const now = new Date('2026-11-25T14:50:00Z');
    const tomorrow = new Date('2026-11-25T15:05:00Z');

    assert.equal(timeOf(tomorrow, { ...reader, now }), '11/26 00:05');
    assert.equal(timeOf(tomorrow, { ...reader, now, lang: 'en' }), '26 Nov 00:05');
  });
});

describe('textOf', () => {
  it('says in lines what the card says, title first', () => {
    const text = textOf(
      { kind: 'done', what: 'number-right', machine: 'SV-OSK-03' as MachineName },
      'ja',
    );

    assert.equal(
      text,
      '✅ 番号が合いました\nSV-OSK-03の照合が済みました。サーバーはそのままでお待ちください。',
    );
  });
});
