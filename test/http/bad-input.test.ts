import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Kid } from '../../src/core/ids.ts';
import { DoorWorld } from '../support/door-world.ts';
import { base64, dotnetHolder, KitClient } from '../support/kit-client.ts';

interface BadRequest {
  readonly body: string | Buffer;
  readonly headers?: Record<string, string>;
  readonly status: number;
  readonly code: string;
}

describe('bad input at the door', () => {
  let world: DoorWorld;
  let kit: KitClient;
  before(async () => {
    world = await DoorWorld.start();
    kit = await KitClient.enrolled(world);
  });
  after(() => world.stop());
  // Failures of one address are counted; each case stands for another minute.
  afterEach(() => world.clock.forward(60_000));

  const good = () => kit.envelope(kit.payload({ type: 'ready' })).body;
  const goodText = () => JSON.stringify(good());
  const kept = () =>
    world.store.read(async (tx) => ({
      key: await tx.kits.key(kit.kid as Kid),
      audit: (await tx.audit.verify()).rows,
      alerts: await tx.alerts.listOpen(),
    }));

  /** A signature that fits the changed members, so that only the form is wrong. */
  const signed = (changes: Record<string, unknown>): string => {
    const body = { ...good(), ...changes };
    const { kid, id, ts, seq, payload } = body;
    return JSON.stringify({
      ...body,
      sig: kit.holder.sign(`v1.${kid}.${id}.${ts}.${seq}.${payload}`),
    });
  };
  const form = (body: string | Buffer): BadRequest => ({ body, status: 400, code: 'FORM_REFUSED' });
  const unsigned = (body: string): BadRequest => ({ body, status: 401, code: 'SIGNATURE_REFUSED' });
  const spaced = (text: string): string => `${text.slice(0, 8)} ${text.slice(8)}`;

  const cases: Record<string, () => BadRequest> = {
    'an empty body': () => form(''),
    'a truncated body': () => form(goodText().slice(0, -20)),
    'binary noise': () => form(randomBytes(2000)),
    'bytes that are not UTF-8': () =>
      form(
        Buffer.concat([
          Buffer.from('{"v":1,"kid":"'),
          Buffer.from([0xc3, 0x28]),
          Buffer.from('"}'),
        ]),
      ),
    'a byte order mark': () => form(`\uFEFF${goodText()}`),
    'a body of 1 MB': () => ({ body: 'x'.repeat(1_000_000), status: 413, code: 'TOO_LARGE' }),
    'one byte more than 64 KiB': () => ({
      body: ' '.repeat(64 * 1024 + 1),
      status: 413,
      code: 'TOO_LARGE',
    }),
    'gzip that is none': () => ({
      body: 'this is no gzip',
      headers: { 'Content-Encoding': 'gzip' },
      status: 415,
      code: 'ENCODING_REFUSED',
    }),
    'real gzip': () => ({
      body: gzipSync(goodText()),
      headers: { 'Content-Encoding': 'gzip' },
      status: 415,
      code: 'ENCODING_REFUSED',
    }),
    'Content-Encoding: identity': () => ({
      body: goodText(),
      headers: { 'Content-Encoding': 'identity' },
      status: 415,
      code: 'ENCODING_REFUSED',
    }),
    'an array': () => form(`[${goodText()}]`),
    null: () => form('null'),
    'one member more': () => form(signed({ extra: 1 })),
    'one member less': () => form(JSON.stringify({ ...good(), seq: undefined })),
    'a member twice': () => form(goodText().replace('{"v":1,', '{"v":1,"v":1,')),
    'a member twice, once escaped': () =>
      form(goodText().replace('{"v":1,', '{"v":1,"\\u0076":1,')),
    'a member named __proto__': () => form(goodText().replace('{', '{"__proto__":{"v":1},')),
    'a member named constructor': () => form(goodText().replace('{', '{"constructor":1,')),
    'JSON nested 10,000 deep': () => form(`${'['.repeat(10_000)}${']'.repeat(10_000)}`),
    'version 2': () => form(signed({ v: 2 })),
    'version "1"': () => form(signed({ v: '1' })),
    'an id with a dot': () => form(signed({ id: 'a.b' })),
    'an id with a line break': () => form(signed({ id: 'a\nb' })),
    'an id with other bytes': () => form(signed({ id: 'ａｂｃ' })),
    'an id with a zero byte': () => form(signed({ id: 'a\u0000' })),
    'an empty id': () => form(signed({ id: '' })),
    'an id of 65 characters': () => form(signed({ id: 'a'.repeat(65) })),
    'a kid that walks folders': () => form(signed({ kid: '../../etc' })),
    'seq 0': () => form(signed({ seq: 0 })),
    'a negative seq': () => form(signed({ seq: -1 })),
    'half a seq': () => form(signed({ seq: 1.5 })),
    'an unsafe seq': () => form(signed({ seq: 2 ** 53 })),
    'a seq beyond numbers': () => form(goodText().replace(/"seq":\d+/, '"seq":1e999')),
    'a seq as text': () => form(signed({ seq: '7' })),
    'a negative ts': () => form(signed({ ts: -1 })),
    'base64 with a blank': () => form(signed({ payload: spaced(good().payload) })),
    'base64 with a line break': () =>
      form(signed({ payload: good().payload.replace(/^.{8}/, '$&\n') })),
    'base64 without padding': () => form(signed({ payload: 'eyJhIjoxfQ' })),
    base64url: () => form(signed({ payload: '_-8=' })),
    'base64 with leftover bits': () => form(signed({ payload: 'eB==' })),
    'a signature with a blank': () => form(JSON.stringify({ ...good(), sig: spaced(good().sig) })),
    'an empty signature': () => unsigned(JSON.stringify({ ...good(), sig: '' })),
    'a signature of something else': () =>
      unsigned(JSON.stringify({ ...good(), sig: kit.holder.sign('something else') })),
    'a signature by another key': () => {
      const body = good();
      const { kid, id, ts, seq, payload } = body;
      const sig = dotnetHolder().sign(`v1.${kid}.${id}.${ts}.${seq}.${payload}`);
      return unsigned(JSON.stringify({ ...body, sig }));
    },
    'a payload changed after signing': () =>
      unsigned(JSON.stringify({ ...good(), payload: kit.payload({ type: 'watch', round: 1 }) })),
    'an id changed after signing': () => unsigned(JSON.stringify({ ...good(), id: 'another' })),
    'a seq changed after signing': () => unsigned(JSON.stringify({ ...good(), seq: 999 })),
    'a ts changed after signing': () => unsigned(JSON.stringify({ ...good(), ts: 1 })),
    'an unknown machine': () => unsigned(signed({ kid: 'no-such-key' })),
    'an unknown machine with a clock that is off': () =>
      unsigned(signed({ kid: 'no-such-key', ts: 1 })),
  };
  for (const [name, make] of Object.entries(cases)) {
    it(`answers ${name} clearly and changes nothing`, async () => {
      const before = await kept();
      const { body, headers = {}, status, code } = make();

      const response = await world.post('/api/v1/reports', body, headers);
      const answer = JSON.parse(await response.text()) as Record<string, unknown>;

      assert.deepEqual([response.status, answer.code], [status, code]);
      assert.deepEqual(Object.keys(answer), ['code', 'message']);
      assert.deepEqual(Object.keys(answer.message as object), ['ja', 'en']);
      assert.deepEqual(await kept(), before);
      assert.equal(world.handlers.calls.length, 0);
    });
  }

  it('answers an unknown machine exactly like a wrong signature', async () => {
    const unknown = await world.post('/api/v1/reports', signed({ kid: 'no-such-key' }));
    const wrong = await world.post(
      '/api/v1/reports',
      JSON.stringify({ ...good(), sig: kit.holder.sign('else') }),
    );

    assert.equal(await unknown.text(), await wrong.text());
    const headersOf = (response: Response) =>
      [...response.headers].filter(([name]) => name !== 'date');
    assert.deepEqual(headersOf(unknown), headersOf(wrong));
  });

  it('refuses an enrolment over 4 KiB, and one that is no JSON', async () => {
    const large = await world.post('/api/v1/enroll', ' '.repeat(4097));
    const broken = await world.post('/api/v1/enroll', '{"v":1');
    const report = await world.post('/api/v1/enroll', goodText());

    assert.deepEqual([large.status, broken.status, report.status], [413, 400, 400]);
  });

  it('refuses an enrolment whose key is none, or whose signature is not by it', async () => {
    const newcomer = new KitClient(world);
    const p384 = await newcomer.enrol('A'.repeat(22), { publicKey: base64('no key') });
    const stranger = await newcomer.enrol('A'.repeat(22), { publicKey: dotnetHolder().publicKey });

    assert.deepEqual([p384.status, stranger.status], [400, 401]);
  });

  it('goes on after clients that hang up in the middle', async () => {
    const half = 'POST /api/v1/reports HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{"v":1,';
    for (const text of [half, 'GARBAGE\r\n\r\n', 'POST /api/v1/reports HTTP/1.1\r\nHost: x\r\n']) {
      await new Promise<void>((resolve) => {
        const socket = connect(world.server.port, '127.0.0.1', () => {
          socket.write(text, () => {
            socket.destroy();
          });
        });
        socket.on('error', () => undefined).on('close', () => resolve());
      });
    }

    const answer = await kit.send({ type: 'ready' });
    world.handlers.calls.length = 0;

    assert.equal(answer.status, 202);
    assert.deepEqual(
      world.lines.filter(({ level }) => level === 'error'),
      [],
    );
  });
});
