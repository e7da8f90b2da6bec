import assert from 'node:assert/strict';
import { createServer as createHttpServer, request as httpRequest } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Registry } from 'prom-client';
import { createClientAddress } from '../../src/http/client-address.ts';
import type { Gate } from '../../src/http/gate.ts';
import { createDoorLimits } from '../../src/http/rate-limits.ts';
import { createMetricsServer } from '../../src/http/request-metrics.ts';
import { type BotServer, createServer, type ServerDeps } from '../../src/http/server.ts';
import { silentLog } from '../../src/log.ts';
import { DoorWorld } from '../support/door-world.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { KitClient } from '../support/kit-client.ts';

const OPEN_GATE: Gate = { admit: async () => ({ check: () => undefined }) };

async function aServer(changes: Partial<ServerDeps> = {}): Promise<BotServer> {
  const clock = new FixedClock();
  const server = createServer({
    clock,
    log: silentLog,
    limits: createDoorLimits(clock),
    gate: OPEN_GATE,
    onActivity: async (_request, response) => {
      response.end();
    },
    isReady: async () => true,
    clientAddress: createClientAddress(''),
    newRequestId: () => 'request',
    ...changes,
  });
  await server.listen(0, '127.0.0.1');
  return server;
}

/** Everything a raw connection gets until it is closed. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let got = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => {
      got += chunk.toString();
    });
    socket.on('close', () => resolve(got)).on('error', reject);
  });
}

describe('createServer', () => {
  let server: BotServer;
  afterEach(() => server.close());
  const url = (path: string): string => `http://127.0.0.1:${server.port}${path}`;

  it('says that it lives, and whether it is ready', async () => {
    let isReady = true;
    server = await aServer({ isReady: async () => isReady });

    const live = await fetch(url('/livez'));
    const ready = await fetch(url('/readyz'));
    isReady = false;
    const notReady = await fetch(url('/readyz'));

    assert.deepEqual([live.status, ready.status, notReady.status], [200, 200, 503]);
  });

  it('answers unknown paths and methods in both languages', async () => {
    server = await aServer();
    const answerTo = async (path: string, method: string) => {
      const response = await fetch(url(path), { method });
      const { code, message } = (await response.json()) as { code: string; message: object };
      return [response.status, code, Object.keys(message).join(), response.headers.get('allow')];
    };

    assert.deepEqual(await answerTo('/nothing?x=1', 'GET'), [404, 'NOT_FOUND', 'ja,en', null]);
    assert.deepEqual(await answerTo('/api/messages', 'GET'), [
      405,
      'METHOD_REFUSED',
      'ja,en',
      'POST',
    ]);
    assert.deepEqual(await answerTo('/livez', 'DELETE'), [405, 'METHOD_REFUSED', 'ja,en', 'GET']);
    assert.deepEqual(await answerTo('/%ff', 'GET'), [404, 'NOT_FOUND', 'ja,en', null]);
  });

  it('has no door for kits where none was given', async () => {
    server = await aServer();

    assert.equal((await fetch(url('/api/v1/reports'), { method: 'POST' })).status, 404);
  });

  it('answers every failure with the same sentence, and nothing of its text', async () => {
    const fail = new Error('password=hunter2 at /home/bot');
    const failures: Partial<ServerDeps>[] = [
      { onActivity: () => Promise.reject(fail) },
      { isReady: () => Promise.reject(fail) },
      {
        onActivity: async (_request, response) => {
          response.statusCode = 501;
          response.end(fail.message);
        },
      },
      { onActivity: async () => undefined },
      { gate: { admit: () => Promise.reject(fail) } },
    ];
    const bodies = new Set<string>();
    for (const changes of failures) {
      server = await aServer(changes);
      const path = changes.isReady ? '/readyz' : '/api/messages';
      const response = await fetch(url(path), {
        method: changes.isReady ? 'GET' : 'POST',
        ...(!changes.isReady && { body: '{}' }),
      });
      assert.ok(response.status >= 500, String(response.status));
      bodies.add(await response.text());
      await server.close();
    }
    server = await aServer();

    assert.equal(bodies.size, 1);
    assert.match([...bodies].join(), /^\{"code":"UNAVAILABLE"/);
  });

  it('names neither itself nor its software', async () => {
    server = await aServer();

    const { headers } = await fetch(url('/livez'));

    assert.equal(headers.get('server'), null);
    assert.equal(headers.get('x-powered-by'), null);
  });

  it('takes a body up to 256 KiB for messages, also in chunks', async () => {
    const lengths: number[] = [];
    server = await aServer({
      onActivity: async ({ body }, response) => {
        lengths.push((body as { text: string }).text.length);
        response.end();
      },
    });
    const sendChunked = (length: number): Promise<number> =>
      new Promise((resolve, reject) => {
        const outgoing = httpRequest(url('/api/messages'), { method: 'POST' }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        outgoing.on('error', reject);
        outgoing.write('{"text":"');
        outgoing.write('x'.repeat(length));
        outgoing.end('"}');
      });

    assert.equal(await sendChunked(256 * 1024 - 11), 200);
    assert.equal(await sendChunked(256 * 1024 - 10), 413);
    assert.deepEqual(lengths, [256 * 1024 - 11]);
  });

  it('refuses headers over 16 KiB', async () => {
    server = await aServer();

    const got = await raw(
      server.port,
      `GET /livez HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(17_000)}\r\n\r\n`,
    );

    assert.match(got, /^HTTP\/1\.1 431 /);
  });

  it('answers an Expect header and goes on', async () => {
    server = await aServer();
    const post = 'POST /api/messages HTTP/1.1\r\nHost: x\r\nConnection: close\r\n';

    const hundred = await raw(
      server.port,
      `${post}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}`,
    );
    const odd = await raw(server.port, `${post}Expect: magic\r\nContent-Length: 2\r\n\r\n{}`);

    assert.match(hundred, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
    assert.match(odd, /^HTTP\/1\.1 417 /);
  });

  it('answers an upgrade like the request it came with', async () => {
    server = await aServer();

    const got = await raw(
      server.port,
      'GET /livez HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n',
    );

    assert.match(got, /^HTTP\/1\.1 200 /);
  });

  it('refuses two lengths for one body, and a length beside chunks', async () => {
    server = await aServer();
    const post = 'POST /api/messages HTTP/1.1\r\nHost: x\r\n';

    const two = await raw(server.port, `${post}Content-Length: 2\r\nContent-Length: 5\r\n\r\n{}`);
    const both = await raw(
      server.port,
      `${post}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    );

    assert.match(two, /^HTTP\/1\.1 400 /);
    assert.match(both, /^HTTP\/1\.1 400 /);
  });

  it('says why when its port is taken', async () => {
    server = await aServer();
    const second = createServer({
      clock: new FixedClock(),
      log: silentLog,
      limits: createDoorLimits(new FixedClock()),
      gate: OPEN_GATE,
      onActivity: async () => undefined,
      isReady: async () => true,
      clientAddress: createClientAddress(''),
      newRequestId: () => 'request',
    });

    await assert.rejects(second.listen(server.port, '127.0.0.1'), { code: 'EADDRINUSE' });
  });

  it('leaves writeHead of other servers in the process as Node has it', async () => {
    server = await aServer();
    const other = createHttpServer((_request, response) => {
      response.writeHead(404).end('none');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;

    const response = await fetch(`http://127.0.0.1:${port}/`);
    const text = await response.text();
    other.closeAllConnections();
    other.close();

    assert.deepEqual([response.status, text], [404, 'none']);
  });

  it('counts requests by route and status, on a port of their own', async () => {
    const registry = new Registry();
    server = await aServer({ registry });
    const metrics = createMetricsServer({ registry, log: silentLog });
    await metrics.listen(0);
    await (await fetch(url('/livez'))).text();
    await (await fetch(url('/api/messages'), { method: 'POST', body: '{' })).text();

    const response = await fetch(`http://127.0.0.1:${metrics.port}/metrics`);
    const text = await response.text();
    const elsewhere = await fetch(`http://127.0.0.1:${metrics.port}/`);
    await metrics.close();

    assert.match(text, /http_requests_total\{route="\/livez",status="200"\} 1/);
    assert.match(text, /http_requests_total\{route="\/api\/messages",status="400"\} 1/);
    assert.equal(elsewhere.status, 404);
    assert.equal((await fetch(url('/metrics'))).status, 404);
  });
});

describe('limits of the door', () => {
  let world: DoorWorld;
  beforeEach(async () => {
    world = await DoorWorld.start({ clientAddress: createClientAddress('127.0.0.1') });
  });
  afterEach(() => world.stop());

  const fail = (path: string, address = '198.51.100.7'): Promise<Response> =>
    world.post(path, 'no json', { 'X-Forwarded-For': address });

  it('gives each key 20 at once and then one a second', async () => {
    const kit = await KitClient.enrolled(world);
    const statuses: number[] = [];
    for (let sent = 0; sent < 21; sent += 1) {
      statuses.push((await kit.send({ type: 'ready' })).status);
    }
    const refused = await kit.send({ type: 'ready' }, { id: 'held' });
    world.clock.forward(1_000);
    const later = await kit.send({ type: 'ready' }, { id: 'held' });

    assert.deepEqual(
      [statuses.filter((status) => status === 202).length, statuses.at(-1)],
      [20, 429],
    );
    assert.equal(refused.headers.get('retry-after'), '1');
    assert.match(refused.text, /TOO_MANY/);
    assert.equal(later.status, 202);
  });

  it('counts failures alone, per address', async () => {
    const kit = await KitClient.enrolled(world);
    const statuses: number[] = [];
    for (let sent = 0; sent < 31; sent += 1) {
      statuses.push((await fail('/api/v1/reports')).status);
    }

    assert.deepEqual(new Set(statuses.slice(0, 30)), new Set([400]));
    assert.equal(statuses[30], 429);
    assert.equal((await fail('/api/v1/reports', '198.51.100.8')).status, 400);
    assert.equal((await kit.send({ type: 'ready' })).status, 202);
  });

  it('gives an address five failed enrolments a minute, and everyone together sixty', async () => {
    const statusesOf = async (address: string, times: number): Promise<number[]> => {
      const statuses: number[] = [];
      for (let sent = 0; sent < times; sent += 1) {
        statuses.push((await fail('/api/v1/enroll', address)).status);
      }
      return statuses;
    };

    assert.deepEqual(await statusesOf('198.51.100.1', 6), [400, 400, 400, 400, 400, 429]);
    for (let other = 2; other <= 12; other += 1) await statusesOf(`198.51.100.${other}`, 5);
    assert.deepEqual(await statusesOf('198.51.100.13', 1), [429]);
    world.clock.forward(60_000);
    assert.deepEqual(await statusesOf('198.51.100.13', 1), [400]);
  });

  it('writes one line a minute about strangers, whatever they send', async () => {
    for (let sent = 0; sent < 10; sent += 1) await fail('/api/v1/reports');
    world.clock.forward(60_000);
    await fail('/api/v1/reports');

    const lines = world.lines.filter(({ event }) => event === 'request-refused');
    assert.equal(lines.length, 2);
    assert.equal(lines[1]?.facts.unlogged, 9);
    assert.equal(lines[0]?.facts.address, '198.51.100.7');
  });
});
