import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SCRUB_RULES, scrub } from '../../src/core/scrub.ts';
import { shapeOf } from '../support/pattern-shape.ts';

const HIDDEN: readonly (readonly [string, string])[] = [
  ['http://svc:p4ss@proxy.corp.example:8080', 'p4ss'],
  ['http://svc:p@ss@proxy.corp.example:8080', 'p@ss'],
  ['Authorization: Bearer abcdefghijklmnopqrstuvwxyz', 'abcdefghijklmnop'],
  ['eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl', 'eyJhdWQi'],
  ['token eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9 cut', 'eyJhbGci'],
  ['-----BEGIN RSA PRIVATE KEY-----\nMIIEow==\n-----END RSA PRIVATE KEY-----', 'MIIEow'],
  ['-----BEGIN PRIVATE KEY-----\nMIIEvQ', 'MIIEvQ'],
  ['{"client_secret":"s3cretvalue"}', 's3cretvalue'],
  ['{\\"password\\":\\"s3cretvalue\\"}', 's3cretvalue'],
  ['azcmagent connect --service-principal-secret abc~def123', 'abc~def123'],
  ['azcmagent connect -i 0000-1111 -p abc~def123', 'abc~def123'],
  ['azcmagent connect --access-token abcdefgh', 'abcdefgh'],
  ['value is abc8Q~0123456789012345678901234567890123', '8Q~0123'],
  ['https://x.blob.core.windows.net/a?sv=1&sig=abcdefghijklmnopqrst%3D', 'abcdefghij'],
  ['and enter the code MADECODE1 to authenticate', 'MADECODE1'],
];

const KEPT = [
  'https://portal.azure.com/#@00000000-0000-0000-0000-000000000000/resource/subscriptions/1/overview',
  'https://gbl.his.arc.azure.com:443/discovery?location=japaneast&api-version=2.1',
  'Get "https://gbl.his.arc.azure.com/": Service Unavailable',
  'azcmagent check -p -j',
  'http://proxy.corp.example:8080/path?mail=a@corp.example',
  'Agent Status : Connected',
];

describe('scrub', () => {
  for (const [text, secret] of HIDDEN) {
    it(`hides the secret in ${text.slice(0, 40).replaceAll('\n', ' ')}`, () => {
      assert.ok(!scrub(text).includes(secret), scrub(text));
    });
  }

  for (const text of KEPT) {
    it(`leaves ${text.slice(0, 48)} as it is`, () => {
      assert.equal(scrub(text), text);
    });
  }

  it('changes nothing more when it runs again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom(...HIDDEN.map(([text]) => text)))),
        (pieces) => {
          const once = scrub(pieces.join(' '));

          assert.equal(scrub(once), once);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('has a pattern shape that never reads the same text again and again', () => {
    assert.deepEqual(
      SCRUB_RULES.flatMap(([pattern]) => shapeOf(pattern.source).problems),
      [],
    );
  });

  // one worst case for each rule: its beginning over and over, and its longest run without an end
  for (const piece of [
    '://a:',
    `://a:${'b'.repeat(255)}`,
    '-----BEGIN ',
    'eyJ-',
    'eyJaaaaaaaaaaaaa\n',
    'bearer ',
    'aa8Q~',
    'password=',
    '?sig=',
    '--token ',
    '-i a -p ',
    ' -p "',
    'enter the ',
    'devicelogin ',
  ]) {
    it(`gets through half a megabyte of ${piece.slice(0, 20).trim()}`, () => {
      const text = piece.repeat(Math.ceil(500_000 / piece.length));

      const clean = scrub(text);

      assert.ok(clean.length > 0);
    });
  }
});
