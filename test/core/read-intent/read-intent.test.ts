import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { Slots } from '../../../src/core/intent.ts';
import { INTENTS } from '../../../src/core/intent.ts';
import { readIntent } from '../../../src/core/read-intent/index.ts';
import { RollOut } from '../../../src/core/roll-out.ts';
import { sampleRollOut } from '../../support/sample-roll-out.ts';

interface Question {
  readonly q: string;
  readonly intent: string;
  readonly slots: Slots;
  /** The bot should ask back instead of acting. */
  readonly unsure?: boolean;
}

const FILES = [
  ['the published examples', '../../../samples/questions/examples.jsonl'],
  ['our own list', './more-questions.jsonl'],
] as const;

function questions(path: string): readonly Question[] {
  const text = readFileSync(new URL(path, import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Question);
}

describe('readIntent', () => {
  for (const [name, path] of FILES) {
    describe(`reads ${name}`, () => {
      for (const { q, intent, slots, unsure = false } of questions(path)) {
        it(`${q} is ${intent}`, () => {
          const read = readIntent(q, sampleRollOut);

          assert.deepEqual({ intent: read.intent, slots: read.slots }, { intent, slots });
          assert.equal(read.confidence < 0.5, unsure);
        });
      }
    });
  }

  it('reads every question the same with a polite ending and in full width', () => {
    for (const { q, intent, slots } of questions(FILES[0][1])) {
      const wide = q.replace(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0));

      const read = readIntent(`${wide}　`, sampleRollOut);

      assert.deepEqual([q, read.intent, read.slots], [q, intent, slots]);
    }
  });

  it('asks back with sentences that it reads without doubt', () => {
    const unsure = [
      'SV-OSK-09の状態は?',
      '札幌がつながりません',
      'SV-OSK-77を接続したい',
      'コマンド',
    ];
    for (const text of unsure) {
      const read = readIntent(text, sampleRollOut);

      if (read.confidence >= 0.5) continue;
      assert.ok(read.ask && read.ask.length > 0, text);
      for (const { text: sent } of read.ask) {
        const again = readIntent(sent, sampleRollOut);
        assert.ok(again.confidence >= 0.5 && again.intent !== 'unknown', sent);
      }
    }
  });

  it('takes the four digits apart from the slots', () => {
    const read = readIntent('ＳＶ－ＯＳＫ－０３　４８２１', sampleRollOut);

    assert.deepEqual(read, {
      intent: 'confirm-number',
      slots: { machines: ['SV-OSK-03'] },
      confidence: 0.95,
      number: '4821',
    });
  });

  it('knows pasted output from a sentence that names an error', () => {
    const pasted =
      'INFO    Connecting machine to Azure...\nFATAL   Failed to connect\nINFO    Exit Code:  AZCM0026: Network Error';

    assert.equal(readIntent(pasted, sampleRollOut).intent, 'diagnose-text');
    assert.equal(
      readIntent('azcmagent connectがAZCM0026で失敗しました', sampleRollOut).intent,
      'explain-error',
    );
  });

  it('answers any text at all, with a confidence above 0 and up to 1', () => {
    const pieces = [
      '大阪',
      '支店',
      'SV-OSK-03',
      'の',
      '状況',
      '?',
      'AZCM',
      '0026',
      'MDE',
      ' ',
      '第2陣',
    ];
    const sentence = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary' })), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(sentence, (parts) => {
        const read = readIntent(parts.join(''), sampleRollOut);

        assert.ok(INTENTS.includes(read.intent));
        assert.ok(read.confidence > 0 && read.confidence <= 1);
        assert.ok(read.confidence >= 0.5 || (read.ask ?? []).length > 0);
        if (read.intent === 'unknown') assert.deepEqual(read.slots, {});
        for (const site of read.slots.sites ?? []) assert.ok(sampleRollOut.site(site));
        for (const machine of read.slots.machines ?? []) assert.ok(sampleRollOut.machine(machine));
      }),
      { numRuns: 150 },
    );
  });

  it('reads at most the beginning of 20 KB of anything', () => {
    const long = ['a', 'あ', '大阪', 'SV-OSK-03と', ' ', '-', 'ー', '第2', '\u{1f600}', 'check '];
    for (const piece of long) {
      const read = readIntent(piece.repeat(20_000 / piece.length), sampleRollOut);

      assert.ok(read.confidence > 0);
    }
  });

  it('finds nothing in an empty roll-out, and does not fail', () => {
    const empty = new RollOut({ profiles: [], sites: [], machines: [], people: [] });

    const read = readIntent('大阪支店のSV-OSK-03の状況は?', empty);

    assert.deepEqual(read.slots, {});
  });
});
