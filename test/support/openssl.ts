import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A key made and used by the real openssl, as kits on Linux do. */
export interface OpensslKey {
  /** SPKI DER, base64 on one line. */
  readonly publicKey: string;
  /** DER signature, base64 on one line. */
  sign(text: string): string;
  remove(): void;
}

export function opensslKey(curve = 'prime256v1'): OpensslKey {
  const folder = mkdtempSync(join(tmpdir(), 'openssl-key-'));
  const key = join(folder, 'key.pem');
  execFileSync('openssl', ['ecparam', '-name', curve, '-genkey', '-noout', '-out', key], {
    stdio: 'pipe',
  });
  const publicKey = execFileSync('openssl', ['ec', '-in', key, '-pubout', '-outform', 'DER'], {
    stdio: 'pipe',
  }).toString('base64');
  return {
    publicKey,
    sign: (text) =>
      execFileSync('openssl', ['dgst', '-sha256', '-sign', key], {
        input: text,
        stdio: 'pipe',
      }).toString('base64'),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** Whether openssl itself finds a DER signature right. */
export function opensslVerifies(publicKey: string, text: string, signature: string): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'openssl-verify-'));
  const files = { key: join(folder, 'key.der'), sig: join(folder, 'sig') };
  writeFileSync(files.key, Buffer.from(publicKey, 'base64'));
  writeFileSync(files.sig, Buffer.from(signature, 'base64'));
  try {
    const said = execFileSync(
      'openssl',
      ['dgst', '-sha256', '-keyform', 'DER', '-verify', files.key, '-signature', files.sig],
      { input: text, stdio: 'pipe' },
    );
    return said.toString().startsWith('Verified OK');
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
