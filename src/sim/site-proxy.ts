import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A site's proxy and, behind it, the Microsoft hosts that kits try: all on loopback. */
export interface SiteProxy {
  readonly url: string;
  /** The certificate that the hosts behind the proxy show; kits of simulated servers trust it. */
  readonly caFile: string;
  close(): Promise<void>;
}

/** CONNECT to one of `hosts` leads to the simulated host; to any other name it is refused with 503. */
export async function startSiteProxy(options: {
  readonly hosts: readonly string[];
  readonly workDir: string;
}): Promise<SiteProxy> {
  const known = new Set(options.hosts);
  const caFile = join(options.workDir, 'simulated-hosts.pem');
  const keyFile = join(options.workDir, 'simulated-hosts.key');
  await makeCertificate(options.hosts, caFile, keyFile);
  const far = createHttpsServer(
    { cert: await readFile(caFile), key: await readFile(keyFile) },
    (_request, response) => {
      response.statusCode = 404;
      response.end();
    },
  );
  const farPort = await listen(far);

  const sockets = new Set<Socket>();
  const proxy = createHttpServer((request, response) => {
    const host = URL.canParse(request.url ?? '') ? new URL(request.url ?? '').hostname : '';
    response.statusCode = known.has(host) ? 200 : 503;
    response.end();
  });
  proxy.on('connect', (request, socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    if (!known.has((request.url ?? '').replace(/:443$/, ''))) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n');
      return;
    }
    const onward = connect(farPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
    onward.on('close', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  });
  const port = await listen(proxy);
  return {
    url: `http://127.0.0.1:${port}`,
    caFile,
    async close() {
      for (const socket of sockets) socket.destroy();
      far.closeAllConnections();
      proxy.closeAllConnections();
      await Promise.all([closed(far), closed(proxy)]);
    },
  };
}

async function makeCertificate(
  hosts: readonly string[],
  certificate: string,
  key: string,
): Promise<void> {
  const names = hosts.map((host) => `DNS:${host}`).join(',');
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
    ...['-days', '2', '-subj', '/CN=Simulated hosts', '-addext', `subjectAltName=${names}`],
    ...['-keyout', key, '-out', certificate],
  ]);
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
