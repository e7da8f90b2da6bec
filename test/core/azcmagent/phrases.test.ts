import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Phrases, squeeze } from '../../../src/core/azcmagent/phrases.ts';

describe('Phrases', () => {
  it('finds phrases that overlap, contain each other and end together', () => {
    const found: string[] = [];
    const phrases = ['x509:', 'certificate signed by', 'signed', 'by unknown authority', 'unknown'];

    new Phrases(phrases).scan('x509: certificate signed by unknown authority', (index) =>
      found.push(phrases[index] ?? ''),
    );

    assert.deepEqual(found.sort(), [...phrases].sort());
  });

  it('is not fooled by line breaks, quotes and punctuation, and ends at another alphabet', () => {
    const hits = (text: string): number => {
      let count = 0;
      new Phrases(['handshake failure']).scan(text, () => {
        count += 1;
      });
      return count;
    };

    assert.equal(hits('remote error: tls: hand\n  shake \\"failure\\"'), 1);
    assert.equal(hits('handshakeの failure'), 0);
  });

  it('finds the same as looking for each phrase alone', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { minLength: 1, maxLength: 6 }),
        fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' ', '|'), maxLength: 40 }),
        (phrases, text) => {
          const found = new Set<string>();

          new Phrases(phrases).scan(text, (index) => found.add(phrases[index] ?? ''));

          const squeezed = squeeze(text);
          assert.deepEqual(
            [...found].sort(),
            phrases.filter((one) => squeezed.includes(one)).sort(),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('takes one step for each letter, whatever the phrases share', () => {
    const scanner = new Phrases(['aaaaab', 'aaab', 'ab']);
    let hits = 0;

    scanner.scan('a'.repeat(300_000), () => {
      hits += 1;
    });

    assert.equal(hits, 0);
    assert.ok(scanner.states <= 13);
  });
});
