import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real https server on loopback that goes by other names, with an authority made for it. */
export interface HttpsServer {
  readonly port: number;
  /** PEM of the authority that its certificate comes from. */
  readonly ca: string;
  close(): Promise<void>;
}

export async function startHttpsServer(
  names: readonly string[],
  answer: RequestListener,
): Promise<HttpsServer> {
  const { ca, cert, key } = made(names);
  const server = createServer({ cert, key }, answer);
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    ca,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function made(names: readonly string[]): { ca: string; cert: string; key: string } {
  const folder = mkdtempSync(join(tmpdir(), 'https-server-'));
  const at = (name: string): string => join(folder, name);
  const openssl = (...words: readonly string[]): void =>
    void execFileSync('openssl', words, { stdio: 'pipe' });
  try {
    const key = (name: string): void =>
      openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', at(name));
    key('ca.key');
    openssl(
      ...['req', '-x509', '-new', '-key', at('ca.key'), '-subj', '/CN=Made authority'],
      ...['-days', '2', '-out', at('ca.pem')],
    );
    key('server.key');
    const subject = `/CN=${names[0] ?? ''}`;
    openssl('req', '-new', '-key', at('server.key'), '-subj', subject, '-out', at('server.csr'));
    writeFileSync(at('names'), `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}\n`);
    openssl(
      ...['x509', '-req', '-in', at('server.csr'), '-CA', at('ca.pem'), '-CAkey', at('ca.key')],
      ...['-CAcreateserial', '-days', '2', '-extfile', at('names'), '-out', at('server.pem')],
    );
    const read = (name: string): string => readFileSync(at(name), 'utf8');
    return { ca: read('ca.pem'), cert: read('server.pem'), key: read('server.key') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
