import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';

/** How a signature is written: as openssl does, or as .NET does. */
export type Es256Alg = 'es256-der' | 'es256-p1363';

const ENCODING = {
  'es256-der': 'der',
  'es256-p1363': 'ieee-p1363',
} as const satisfies Record<Es256Alg, 'der' | 'ieee-p1363'>;

/** SubjectPublicKeyInfo of an uncompressed point on P-256 (RFC 5480): the only form taken. */
const SPKI_PREFIX = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex');
const SPKI_BYTES = 91;

/** A P-256 public key out of its SPKI, base64; undefined for anything else, also for a point off the curve. */
export function readPublicKey(spki: string): KeyObject | undefined {
  const der = Buffer.from(spki, 'base64');
  if (der.toString('base64') !== spki || der.length !== SPKI_BYTES) return undefined;
  if (!der.subarray(0, SPKI_PREFIX.length).equals(SPKI_PREFIX)) return undefined;
  try {
    return createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

/**
 * Whether `signature` is this key's over `data`. Takes one ECDSA verification whatever is wrong with key or
 * encoding, so that its length tells nothing. Both S of a signature are taken (openssl and .NET make both):
 * whoever uses this must not know a message again by its signature.
 */
export function verifyEs256(spki: string, alg: Es256Alg, data: Buffer, signature: Buffer): boolean {
  const key = readPublicKey(spki);
  const wellFormed = alg === 'es256-der' ? isStrictDer(signature) : signature.length === 64;
  if (!key || !wellFormed) {
    verify(
      'sha256',
      data,
      { key: key ?? stranger().key, dsaEncoding: 'der' },
      stranger().signature,
    );
    return false;
  }
  return verify('sha256', data, { key, dsaEncoding: ENCODING[alg] }, signature);
}

export function signEs256(privateKey: KeyObject, alg: Es256Alg, data: Buffer): Buffer {
  return sign('sha256', data, { key: privateKey, dsaEncoding: ENCODING[alg] });
}

/** A new P-256 pair: the public half as SPKI, the private half as PKCS #8, both DER in base64. */
export function makeKeyPair(): { publicKey: string; privateKey: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  });
  return { publicKey: publicKey.toString('base64'), privateKey: privateKey.toString('base64') };
}

export function readPrivateKey(pkcs8: string): KeyObject {
  return createPrivateKey({ key: Buffer.from(pkcs8, 'base64'), format: 'der', type: 'pkcs8' });
}

/** A public key that no one holds the other half of, for callers that have none to check against. */
export function strangersKey(): string {
  return stranger().spki;
}

let made: { key: KeyObject; spki: string; signature: Buffer } | undefined;
function stranger(): { key: KeyObject; spki: string; signature: Buffer } {
  if (!made) {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    made = {
      key: pair.publicKey,
      spki: pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
      signature: sign('sha256', Buffer.from('nothing'), pair.privateKey),
    };
  }
  return made;
}

/** ECDSA-Sig-Value in DER and in no other BER: short lengths, two minimal positive integers, nothing after. */
function isStrictDer(bytes: Buffer): boolean {
  if (bytes.length < 8 || bytes.length > 72) return false;
  if (bytes[0] !== 0x30 || bytes[1] !== bytes.length - 2) return false;
  const afterR = endOfInteger(bytes, 2);
  return afterR !== undefined && endOfInteger(bytes, afterR) === bytes.length;
}

function endOfInteger(bytes: Buffer, at: number): number | undefined {
  const length = bytes[at + 1];
  const first = bytes[at + 2];
  if (bytes[at] !== 0x02 || length === undefined || first === undefined) return undefined;
  if (length < 1 || length > 33 || at + 2 + length > bytes.length) return undefined;
  if (first >= 0x80) return undefined;
  const second = bytes[at + 3] ?? 0;
  if (first === 0 && (length === 1 || second < 0x80)) return undefined;
  return at + 2 + length;
}
