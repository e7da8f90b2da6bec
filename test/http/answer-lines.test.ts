import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Kid } from '../../src/core/ids.ts';
import { composeAnswer, withSignature } from '../../src/http/answer-lines.ts';

const now = new Date('2026-11-25T01:00:00.900Z');

describe('composeAnswer', () => {
  it('writes every line in the order of docs/door.md', () => {
    const text = composeAnswer(
      {
        status: 202,
        do: 'ok',
        en: 'hello',
        ja: 'こんにちは',
        kid: 'k' as Kid,
        untilAt: now,
        number: '0042',
        round: 2,
        state: 's',
        code: 'C',
        ack: 7,
      },
      { id: 'the-id', now, botKey: 'a2V5' },
    );

    assert.equal(
      withSignature(text, 'c2ln'),
      'v=a1\nid=the-id\ntime=1795568400\ndo=ok\nack=7\ncode=C\nstate=s\nround=2\nnumber=0042\n' +
        'until=1795568400\nkid=k\nbot_key=a2V5\nja=こんにちは\nen=hello\nsig=c2ln\n',
    );
  });

  it('writes only what applies', () => {
    assert.equal(
      composeAnswer({ status: 403, do: 'stop' }, { id: 'i', now }),
      'v=a1\nid=i\ntime=1795568400\ndo=stop\n',
    );
  });

  it('lets no value begin a line of its own', () => {
    const breaks = fc.constantFrom('\n', '\r', '\u2028', '\u2029', '\u0085', '\0', 'do=go', ' ');

    fc.assert(
      fc.property(fc.string({ unit: fc.oneof(breaks, fc.string()) }), (wild) => {
        const text = composeAnswer({ status: 202, do: 'ok', ja: wild, en: wild }, { id: 'i', now });
        const names = text.split(/[\n\r\u2028\u2029\u0085]/).map((line) => line.split('=')[0]);
        assert.deepEqual(names, ['v', 'id', 'time', 'do', 'ja', 'en', '']);
      }),
      { numRuns: 100 },
    );
  });
});
