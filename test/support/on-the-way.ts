import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';

export interface Listening {
  readonly server: Server;
  readonly port: number;
  readonly url: string;
}

/** A proxy that answers everything with one status line, and closes. */
export function listenProxy(statusLine: string): Promise<Listening> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(`HTTP/1.1 ${statusLine}\r\ncontent-length: 0\r\n\r\n`));
  });
  return listen(server);
}

/** Something that speaks TLS with this certificate, as an inspecting proxy does. */
export function listenTls(pair: {
  readonly key: string;
  readonly cert: string;
}): Promise<Listening> {
  const server = createTlsServer(pair, (socket) => {
    socket.on('error', () => undefined);
    socket.end();
  });
  server.on('tlsClientError', () => undefined);
  return listen(server);
}

/** A certificate that no system trusts, made by the real openssl. */
export function selfSigned(name: string): { readonly key: string; readonly cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'self-signed-'));
  const at = (file: string): string => join(folder, file);
  const options = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync(
    'openssl',
    ['req', ...options, '-subj', `/CN=${name}`, '-keyout', at('key'), '-out', at('cert')],
    { stdio: 'pipe' },
  );
  const pair = { key: readFileSync(at('key'), 'utf8'), cert: readFileSync(at('cert'), 'utf8') };
  rmSync(folder, { recursive: true });
  return pair;
}

export function closed(server: Server | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (server === undefined) resolve();
    else server.close(() => resolve());
  });
}

async function listen(server: Server): Promise<Listening> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { server, port, url: `http://127.0.0.1:${port}` };
}
