import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { openAnswerKeys } from '../../src/keys/answer-keys.ts';
import { createVault } from '../../src/keys/vault.ts';
import { DoorWorld } from '../support/door-world.ts';
import { dotnetHolder, KitClient, opensslHolder } from '../support/kit-client.ts';
import { opensslVerifies } from '../support/openssl.ts';

const ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

describe('the door', () => {
  let world: DoorWorld;
  beforeEach(async () => {
    world = await DoorWorld.start();
  });
  afterEach(() => world.stop());

  it('understands a kit that has openssl and nothing else', async () => {
    const holder = opensslHolder();
    try {
      const kit = await KitClient.enrolled(world, holder);

      const ready = await kit.send({ type: 'ready' });
      const check = await kit.send({
        type: 'network-check',
        text_b64: Buffer.from('healthy').toString('base64'),
      });

      assert.deepEqual([ready.status, ready.lines.do], [202, 'go']);
      assert.deepEqual([check.status, check.lines.state], [202, 'healthy']);
    } finally {
      holder.remove();
    }
  });

  it('understands a kit that signs 64 bytes as .NET does, and answers it so', async () => {
    const kit = await KitClient.enrolled(world, dotnetHolder('es256-p1363'));

    const answer = await kit.send({ type: 'ready' });

    const signature = /sig=(\S+)\n$/.exec(answer.text)?.[1] ?? '';
    assert.equal(Buffer.from(signature, 'base64').length, 64);
  });

  it('takes no signature in the encoding of the other kind', async () => {
    const kit = await KitClient.enrolled(world, dotnetHolder('es256-p1363'));
    const { body } = kit.envelope(kit.payload({ type: 'ready' }));
    const { kid, id, ts, seq, payload } = body;
    const der = toDer(Buffer.from(body.sig, 'base64')).toString('base64');

    const answer = await world.post('/api/v1/reports', JSON.stringify({ ...body, sig: der }));

    assert.equal(answer.status, 401);
    assert.ok([kid, id, ts, seq, payload].every((part) => part !== undefined));
  });

  it('gains nothing by a signature that was malleated', async () => {
    const kit = await KitClient.enrolled(world, dotnetHolder('es256-p1363'));
    const { body, id } = kit.envelope(
      kit.payload({ type: 'outcome', round: 1, result: 'stopped', exit_code: 0 }),
    );
    const bytes = Buffer.from(body.sig, 'base64');
    const twinS = ORDER - BigInt(`0x${bytes.subarray(32).toString('hex')}`);
    const twin = Buffer.concat([
      bytes.subarray(0, 32),
      Buffer.from(twinS.toString(16).padStart(64, '0'), 'hex'),
    ]).toString('base64');
    await world.post('/api/v1/reports', JSON.stringify(body));

    const answer = await world.post('/api/v1/reports', JSON.stringify({ ...body, sig: twin }));

    assert.notEqual(twin, body.sig);
    assert.equal(answer.status, 200);
    assert.equal(kit.verified(await answer.text(), id).do, 'ok');
    assert.equal(world.handlers.calls.length, 1);
  });

  it('signs so that no byte of an answer can be changed', async () => {
    const kit = await KitClient.enrolled(world, dotnetHolder('es256-der'));
    const { text } = await kit.send({ type: 'ready' });
    const covered = text.slice(0, text.lastIndexOf('sig='));
    const signature = /sig=(\S+)\n$/.exec(text)?.[1] ?? '';

    assert.equal(opensslVerifies(kit.botKey, covered, signature), true);
    for (const changed of [
      covered.replace('do=go', 'do=ok'),
      covered.replace('round=1', 'round=2'),
      covered.replace(/time=\d+/, 'time=1'),
      `${covered}number=0000\n`,
      covered.replace(/\n/g, '\r\n'),
    ]) {
      assert.equal(opensslVerifies(kit.botKey, changed, signature), false);
    }
  });

  for (const [off, status] of [
    [-301, 401],
    [-300, 202],
    [300, 202],
    [301, 401],
  ] as const) {
    it(`answers ${status} to a clock that is ${off} s off`, async () => {
      const kit = await KitClient.enrolled(world);

      const answer = await kit.send({ type: 'ready' }, { ts: kit.now() + off });

      assert.equal(answer.status, status);
      assert.equal(answer.lines.do, status === 401 ? 'resign' : 'go');
      assert.equal(answer.lines.time, String(kit.now()));
      assert.equal(world.handlers.calls.length, status === 401 ? 0 : 1);
    });
  }

  it('takes the same id once the clock is right', async () => {
    const kit = await KitClient.enrolled(world);
    const payload = kit.payload({ type: 'ready' });
    const off = await kit.sendRaw(payload, { id: 'one', ts: 0 });

    const right = await kit.sendRaw(payload, { id: 'one', ts: Number(off.lines.time) });

    assert.deepEqual([off.status, right.status], [401, 202]);
  });

  it('looks at the clock before the state of the key, and tells no stranger its time', async () => {
    const kit = await KitClient.enrolled(world);
    const { body } = kit.envelope(kit.payload({ type: 'ready' }), { ts: 0 });

    const answer = await world.post('/api/v1/reports', JSON.stringify({ ...body, kid: 'unknown' }));

    assert.equal(answer.status, 401);
    assert.match(await answer.text(), /SIGNATURE_REFUSED/);
  });

  it('decides nothing for a kit whose answer key is lost', async () => {
    const kit = await KitClient.enrolled(world);
    const other = await openAnswerKeys({
      store: world.store,
      vault: createVault(Buffer.alloc(32, 6)),
      now: world.clock.now(),
    });
    Object.assign(world.answerKeys, other);

    const answer = await kit.send({ type: 'ready' });

    assert.equal(answer.status, 503);
    assert.equal(world.handlers.calls.length, 0);
    assert.ok(world.lines.some(({ event }) => event === 'answer-key-unusable'));
  });
});

describe('openAnswerKeys', () => {
  let world: DoorWorld;
  beforeEach(async () => {
    world = await DoorWorld.start();
  });
  afterEach(() => world.stop());

  const open = (codeKey = Buffer.alloc(32, 5)) =>
    openAnswerKeys({
      store: world.store,
      vault: createVault(codeKey),
      now: world.clock.now(),
    });

  it('makes a P-256 key once and finds it again after a restart', async () => {
    const again = await open();

    assert.equal(again.current(), world.answerKeys.current());
    const spki = Buffer.from(again.current(), 'base64');
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    assert.equal(key.asymmetricKeyDetails?.namedCurve, 'prime256v1');
  });

  it('keeps the private half sealed', async () => {
    const kept = await world.store.read((tx) => tx.settings.get('answer-keys'));

    assert.ok(kept);
    assert.doesNotMatch(kept, /PRIVATE|MIGHAgEA/);
  });

  it('hears of a key that another replica made', async () => {
    const replica = await open();
    const next = await replica.rotate(world.clock.now());

    assert.equal(await world.answerKeys.knows(next), true);
    assert.equal(world.answerKeys.current(), next);
  });

  it('makes a new key under another CODE_KEY and finds the old one when that comes back', async () => {
    const old = world.answerKeys.current();

    const other = await open(Buffer.alloc(32, 6));
    const back = await open();

    assert.notEqual(other.current(), old);
    assert.equal(await other.knows(old), false);
    assert.equal(await back.knows(old), true);
    assert.equal(await back.sign('no such key', 'es256-der', Buffer.from('x')), undefined);
  });
});

function toDer(p1363: Buffer): Buffer {
  const integer = (half: Buffer): Buffer => {
    const trimmed = half.subarray(half.findIndex((byte) => byte !== 0));
    const body = (trimmed[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), trimmed]) : trimmed;
    return Buffer.concat([Buffer.from([2, body.length]), body]);
  };
  const body = Buffer.concat([integer(p1363.subarray(0, 32)), integer(p1363.subarray(32))]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}
