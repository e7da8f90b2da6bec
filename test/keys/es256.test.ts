import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import {
  makeKeyPair,
  readPrivateKey,
  readPublicKey,
  signEs256,
  strangersKey,
  verifyEs256,
} from '../../src/keys/es256.ts';
import { type OpensslKey, opensslKey, opensslVerifies } from '../support/openssl.ts';

const ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

describe('verifyEs256', () => {
  let key: OpensslKey;
  before(() => {
    key = opensslKey();
  });
  after(() => key.remove());

  const check = (text: string, signature: Buffer, alg: 'es256-der' | 'es256-p1363' = 'es256-der') =>
    verifyEs256(key.publicKey, alg, Buffer.from(text), signature);

  it('takes what openssl signs', () => {
    const signature = Buffer.from(key.sign('v1.a.b.1.2.cGF5'), 'base64');

    assert.equal(check('v1.a.b.1.2.cGF5', signature), true);
    assert.equal(check('v1.a.b.1.3.cGF5', signature), false);
  });

  it('takes 64 bytes from a key of .NET, and neither encoding for the other', () => {
    const pair = makeKeyPair();
    const text = Buffer.from('v1.a.b.1.2.cGF5');
    const privateKey = readPrivateKey(pair.privateKey);
    const der = signEs256(privateKey, 'es256-der', text);
    const p1363 = signEs256(privateKey, 'es256-p1363', text);

    assert.equal(p1363.length, 64);
    assert.equal(verifyEs256(pair.publicKey, 'es256-p1363', text, p1363), true);
    assert.equal(verifyEs256(pair.publicKey, 'es256-der', text, der), true);
    assert.equal(verifyEs256(pair.publicKey, 'es256-der', text, p1363), false);
    assert.equal(verifyEs256(pair.publicKey, 'es256-p1363', text, der), false);
  });

  it('takes only the one DER writing of a signature', () => {
    const strict = Buffer.from(key.sign('text'), 'base64');
    const { r, s } = integersOf(strict);
    const padded = Buffer.concat([Buffer.from([0]), r]);
    const cases: Record<string, Buffer> = {
      'a byte after it': Buffer.concat([strict, Buffer.from([0])]),
      'cut short': strict.subarray(0, -1),
      'a padded integer': sequence(padded, s),
      'a long form length': Buffer.concat([
        Buffer.from([0x30, 0x81, strict.length - 2]),
        strict.subarray(2),
      ]),
      'a third integer': sequence(r, s, Buffer.from([1])),
      'one integer': sequence(r),
      empty: Buffer.alloc(0),
      'another tag': Buffer.concat([Buffer.from([0x31]), strict.subarray(1)]),
    };

    assert.equal(check('text', sequence(r, s)), true);
    for (const [name, bytes] of Object.entries(cases)) {
      assert.equal(check('text', bytes), false, name);
    }
  });

  it('refuses zero and the order itself as r and s', () => {
    const n = Buffer.from(ORDER.toString(16), 'hex');
    const zero = Buffer.alloc(32);

    for (const half of [zero, n]) {
      assert.equal(check('text', Buffer.concat([half, half]), 'es256-p1363'), false);
    }
  });

  it('takes the malleated twin of a signature, so nothing may be known again by its signature', () => {
    const { r, s } = integersOf(Buffer.from(key.sign('text'), 'base64'));
    const twin = ORDER - BigInt(`0x${s.toString('hex')}`);
    const twinBytes = Buffer.from(twin.toString(16).padStart(64, '0'), 'hex');

    assert.equal(check('text', sequence(r, minimal(twinBytes))), true);
  });

  it('finds nothing right for a key no one has', () => {
    const signature = Buffer.from(key.sign('text'), 'base64');

    assert.equal(verifyEs256(strangersKey(), 'es256-der', Buffer.from('text'), signature), false);
  });

  it('signs what openssl verifies', () => {
    const pair = makeKeyPair();
    const signature = signEs256(
      readPrivateKey(pair.privateKey),
      'es256-der',
      Buffer.from('v=a1\nid=x\n'),
    ).toString('base64');

    assert.equal(opensslVerifies(pair.publicKey, 'v=a1\nid=x\n', signature), true);
    assert.equal(opensslVerifies(pair.publicKey, 'v=a1\nid=y\n', signature), false);
  });
});

describe('readPublicKey', () => {
  const spki = (namedCurve: string): Buffer =>
    generateKeyPairSync('ec', { namedCurve }).publicKey.export({ type: 'spki', format: 'der' });

  it('reads a P-256 key in the one form', () => {
    assert.ok(readPublicKey(makeKeyPair().publicKey));
  });

  it('refuses every other key and every other writing', () => {
    const good = Buffer.from(makeKeyPair().publicKey, 'base64');
    const offCurve = Buffer.from(good);
    offCurve[90] = (offCurve[90] ?? 0) ^ 1;
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
    const cases: Record<string, string> = {
      'P-384': spki('P-384').toString('base64'),
      secp256k1: spki('secp256k1').toString('base64'),
      RSA: rsa.export({ type: 'spki', format: 'der' }).toString('base64'),
      'a point off the curve': offCurve.toString('base64'),
      'a byte more': Buffer.concat([good, Buffer.from([0])]).toString('base64'),
      'base64 with a blank': good.toString('base64').replace(/^.{10}/, '$& '),
      base64url: good.toString('base64url'),
      nothing: '',
    };

    for (const [name, text] of Object.entries(cases)) {
      assert.equal(readPublicKey(text), undefined, name);
    }
  });

  it('makes keys that are read and sign', () => {
    const pair = makeKeyPair();
    const signature = sign('sha256', Buffer.from('x'), readPrivateKey(pair.privateKey));

    assert.equal(verifyEs256(pair.publicKey, 'es256-der', Buffer.from('x'), signature), true);
  });
});

function integersOf(der: Buffer): { r: Buffer; s: Buffer } {
  const rLength = der[3] ?? 0;
  const r = der.subarray(4, 4 + rLength);
  return { r, s: der.subarray(6 + rLength) };
}

function sequence(...integers: Buffer[]): Buffer {
  const parts = integers.map((bytes) => Buffer.concat([Buffer.from([0x02, bytes.length]), bytes]));
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

function minimal(bytes: Buffer): Buffer {
  let at = 0;
  while (at < bytes.length - 1 && bytes[at] === 0) at += 1;
  const trimmed = bytes.subarray(at);
  return (trimmed[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), trimmed]) : trimmed;
}
