import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { createRandom } from '../../src/keys/random.ts';
import { createVault } from '../../src/keys/vault.ts';

const KEY = Buffer.alloc(32, 7);

describe('createVault', () => {
  it('opens what it sealed, for the same context', () => {
    const vault = createVault(KEY);

    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plain, context) => {
        assert.equal(vault.open(vault.seal(plain, context), context), plain);
      }),
      { numRuns: 50 },
    );
  });

  it('opens nothing for another context', () => {
    const vault = createVault(KEY);
    const sealed = vault.seal('secret', 'sign-in 1, round 1');

    assert.equal(vault.open(sealed, 'sign-in 1, round 2'), undefined);
  });

  it('opens nothing under another key, and has another fingerprint and MAC there', () => {
    const vault = createVault(KEY);
    const other = createVault(Buffer.alloc(32, 8));

    assert.equal(other.open(vault.seal('secret', 'c'), 'c'), undefined);
    assert.notEqual(other.fingerprint, vault.fingerprint);
    assert.notEqual(other.mac('data'), vault.mac('data'));
  });

  it('is the same after a restart with the same key', () => {
    const before = createVault(KEY);
    const after = createVault(Buffer.from(KEY));

    assert.equal(after.open(before.seal('secret', 'c'), 'c'), 'secret');
    assert.equal(after.fingerprint, before.fingerprint);
    assert.equal(after.mac('data'), before.mac('data'));
  });

  it('opens nothing when any character was changed, and never throws', () => {
    const vault = createVault(KEY);
    const sealed = vault.seal('secret', 'c');

    for (let at = 0; at < sealed.length; at += 1) {
      const changed = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'Q' : 'A'}${sealed.slice(at + 1)}`;
      assert.equal(vault.open(changed, 'c'), undefined, `character ${at}`);
    }
    for (const wild of ['', 'v1', 'v1...', 'v2.a.b.c', randomBytes(40).toString('base64url')]) {
      assert.equal(vault.open(wild, 'c'), undefined, wild);
    }
  });

  it('seals the same text differently each time', () => {
    const vault = createVault(KEY);

    assert.notEqual(vault.seal('secret', 'c'), vault.seal('secret', 'c'));
  });

  it('refuses a key of another length', () => {
    assert.throws(() => createVault(Buffer.alloc(31)), { code: 'CONFIG_REFUSED' });
  });

  it('hashes as everyone does', () => {
    assert.equal(
      createVault(KEY).sha256('abc'),
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});

describe('createRandom', () => {
  it('makes ids of 128 bits and digits as many as asked for', () => {
    const random = createRandom();

    assert.match(random.id(), /^[A-Za-z0-9_-]{22}$/);
    assert.notEqual(random.id(), random.id());
    assert.match(random.digits(4), /^[0-9]{4}$/);
    assert.match(random.digits(9), /^[0-9]{9}$/);
  });

  it('uses every digit in the first place too', () => {
    const random = createRandom();
    const seen = new Set(Array.from({ length: 500 }, () => random.digits(4)[0]));

    assert.equal(seen.size, 10);
  });
});
