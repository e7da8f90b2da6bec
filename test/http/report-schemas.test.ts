import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readEnrolmentEnvelope, readRequestEnvelope } from '../../src/http/envelope.ts';
import { Refusal } from '../../src/http/refusal.ts';
import { readEnrolmentPayload, readReport } from '../../src/http/report-schemas.ts';

const read = (payload: unknown) =>
  readReport(Buffer.from(JSON.stringify(payload)), 'us', (spki) => spki === 'good');
const text_b64 = Buffer.from('text').toString('base64');
const common = { aud: 'us', at: 1_795_568_400 };
const at = new Date('2026-11-25T01:00:00Z');

describe('readReport', () => {
  for (const [name, payload, report] of [
    ['ready', { type: 'ready' }, { type: 'ready' }],
    ['ready with a mode', { type: 'ready', mode: 'prepare' }, { type: 'ready', mode: 'prepare' }],
    ['watch', { type: 'watch', round: 0 }, { type: 'watch', round: 0 }],
    [
      'an outcome of Windows',
      { type: 'outcome', round: 2, result: 'failed', exit_code: -1_073_741_819 },
      { type: 'outcome', round: 2, result: 'failed', exitCode: -1_073_741_819 },
    ],
    [
      'a check with an IPv6 address',
      { type: 'network-check', text_b64, address: '2001:db8::1' },
      {
        type: 'network-check',
        text: { text: 'text', decodedAs: 'utf-8' },
        address: '2001:db8::1',
      },
    ],
    [
      'a status',
      { type: 'status', mde: 'running', ama: 'missing' },
      { type: 'status', mde: 'running', ama: 'missing' },
    ],
    [
      'a successor',
      { type: 'successor', publicKey: 'good', alg: 'es256-der' },
      { type: 'successor', publicKey: 'good', alg: 'es256-der' },
    ],
    [
      'the key of the bot that a kit holds',
      { type: 'heartbeat', botKey: 'k' },
      { type: 'heartbeat', botKey: 'k' },
    ],
  ] as const) {
    it(`reads ${name}`, () => {
      assert.deepEqual(read({ ...common, ...payload }), { at, ...report });
    });
  }

  for (const [name, payload] of Object.entries({
    'an unknown type': { type: 'upload' },
    'no type': {},
    'a member more': { type: 'ready', extra: 1 },
    'an unknown mode': { type: 'ready', mode: 'destroy' },
    'a watch without round': { type: 'watch' },
    'round 100': { type: 'watch', round: 100 },
    'half a round': { type: 'watch', round: 0.5 },
    'a code of round 0': { type: 'device-code', round: 0, text_b64 },
    'a code without text': { type: 'device-code', round: 1 },
    'text that is no base64': { type: 'device-code', round: 1, text_b64: 'x' },
    'text over 24 KB': {
      type: 'network-check',
      text_b64: Buffer.alloc(24 * 1024 + 1).toString('base64'),
    },
    'an unknown result': { type: 'outcome', round: 1, result: 'fine', exit_code: 0 },
    'an exit code as text': { type: 'outcome', round: 1, result: 'failed', exit_code: '1' },
    'an exit code of 33 bits': { type: 'outcome', round: 1, result: 'failed', exit_code: 2 ** 32 },
    'a host name as address': { type: 'network-check', text_b64, address: 'host.example' },
    'a word for Defender that is none': { type: 'status', mde: 'fine' },
    'a successor whose key is none': { type: 'successor', publicKey: 'bad', alg: 'es256-der' },
    'a successor with another alg': { type: 'successor', publicKey: 'good', alg: 'rs256' },
    'a time beyond dates': { type: 'ready', at: 9e15 },
    'a time as text': { type: 'ready', at: '2026-11-25' },
  })) {
    it(`does not read ${name}`, () => {
      assert.equal(read({ ...common, ...payload }), 'unreadable');
    });
  }

  it("tells another bot's payload apart, also of a type unknown here", () => {
    assert.equal(read({ ...common, aud: 'them', type: 'ready' }), 'other-bot');
    assert.equal(read({ ...common, aud: 'them', type: 'not-known-here' }), 'other-bot');
    assert.equal(read({ ...common, aud: 7, type: 'ready' }), 'unreadable');
  });

  it('throws at nothing', () => {
    const json = fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)));
    const wild = fc.oneof(json, fc.uint8Array().map(Buffer.from));

    fc.assert(
      fc.property(wild, (payload) => {
        assert.equal(
          readReport(payload, 'us', () => true),
          'unreadable',
        );
        assert.equal(readEnrolmentPayload(payload), undefined);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the envelopes', () => {
  it('throw nothing but a refusal, whatever the bytes', () => {
    const member = fc.oneof(fc.jsonValue(), fc.constantFrom(1, 'a', '', 'eA=='));
    const names = ['v', 'kid', 'id', 'ts', 'seq', 'payload', 'sig'] as const;
    const almost = fc
      .record(Object.fromEntries(names.map((name) => [name, member])), { requiredKeys: [] })
      .map((value) => Buffer.from(JSON.stringify(value)));
    const wild = fc.oneof(almost, fc.uint8Array().map(Buffer.from));

    fc.assert(
      fc.property(wild, (body) => {
        for (const readEnvelope of [readRequestEnvelope, readEnrolmentEnvelope]) {
          try {
            assert.match(readEnvelope(body).signed.toString(), /^v1e?\.a\./);
          } catch (error) {
            assert.ok(error instanceof Refusal && error.code === 'FORM_REFUSED', String(error));
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
