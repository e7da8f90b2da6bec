import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import { OpsBotError } from '../core/errors.ts';
import type { Vault } from '../core/ports.ts';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const SEALED = /^v1\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]*)\.([A-Za-z0-9_-]{22})$/;

/** Seals and MACs under CODE_KEY. Each use has a key of its own (HKDF, RFC 5869), so that none weakens another. */
export function createVault(codeKey: Buffer): Vault {
  if (codeKey.length !== KEY_BYTES) {
    throw new OpsBotError('CONFIG_REFUSED', 'CODE_KEY: must be 32 bytes, base64');
  }
  const derive = (use: string): Buffer =>
    Buffer.from(hkdfSync('sha256', codeKey, '', `arc-onboarding-bot ${use}`, KEY_BYTES));
  const sealKey = derive('seal');
  const macKey = derive('mac');
  const fingerprint = createHmac('sha256', derive('fingerprint')).update('v1').digest('base64url');

  return {
    fingerprint,

    seal(plain, context) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', sealKey, iv, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(context, 'utf8'));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return ['v1', ...[iv, body, cipher.getAuthTag()].map(base64url)].join('.');
    },

    open(sealed, context) {
      const [, iv, body, tag] = SEALED.exec(sealed) ?? [];
      if (iv === undefined || body === undefined || tag === undefined) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', sealKey, Buffer.from(iv, 'base64url'), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(context, 'utf8'));
      decipher.setAuthTag(Buffer.from(tag, 'base64url'));
      try {
        const plain = [decipher.update(Buffer.from(body, 'base64url')), decipher.final()];
        return Buffer.concat(plain).toString('utf8');
      } catch {
        return undefined;
      }
    },

    mac: (data) => createHmac('sha256', macKey).update(data, 'utf8').digest('base64url'),
    sha256: (data) => createHash('sha256').update(data, 'utf8').digest('hex'),
  };
}

function base64url(bytes: Buffer): string {
  return bytes.toString('base64url');
}
