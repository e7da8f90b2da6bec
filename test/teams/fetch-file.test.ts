import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { createFetchFile, type FetchFile } from '../../src/teams/fetch-file.ts';
import { mayFetch } from '../../src/teams/file-hosts.ts';
import { type HttpsServer, startHttpsServer } from '../support/https-server.ts';

const MINE = 'corp-my.sharepoint.com';
const OTHER = 'other-my.sharepoint.com';
const HOSTS = [MINE, 'corp.sharepoint.com'];

describe('mayFetch', () => {
  it('asks only the hosts the bot was told, over https on the usual port', () => {
    const allowed = [`https://${MINE}/x`, 'https://CORP.sharepoint.com/a?tempauth=1'];
    const refused = [
      `http://${MINE}/x`,
      `https://${OTHER}/x`,
      `https://${MINE}.attacker.example/x`,
      `https://x.${MINE}/x`,
      `https://${MINE}:8443/x`,
      `https://user@${MINE}/x`,
      `https://user:pass@${MINE}/x`,
      `https://attacker.example/${MINE}`,
      'https://127.0.0.1/x',
      'file:///etc/passwd',
      'no address',
    ];

    for (const address of allowed) assert.ok(mayFetch(address, HOSTS), address);
    for (const address of refused) assert.ok(!mayFetch(address, HOSTS), address);
    assert.ok(!mayFetch(`https://${MINE}/x`, []));
  });
});

describe('a fetched file', () => {
  let server: HttpsServer;
  const asked: { path: string; host: string; authorization: string | undefined }[] = [];
  before(async () => {
    server = await startHttpsServer([MINE, OTHER, 'corp.sharepoint.com'], (request, response) => {
      const { url = '', headers } = request;
      asked.push({ path: url, host: headers.host ?? '', authorization: headers.authorization });
      ANSWERS[url]?.(response);
    });
  });
  after(() => server.close());
  beforeEach(() => {
    asked.length = 0;
  });

  const ANSWERS: Record<string, (response: ServerResponse) => void> = {
    '/check.txt': (response) => response.end('azcmagent check'),
    '/moved': (response) =>
      response.writeHead(302, { location: 'https://corp.sharepoint.com/check.txt' }).end(),
    '/away': (response) => response.writeHead(302, { location: `https://${OTHER}/x` }).end(),
    '/circle': (response) => response.writeHead(302, { location: '/circle' }).end(),
    '/said-large': (response) => response.writeHead(200, { 'content-length': '2000' }).end(),
    '/large': (response) => void response.writeHead(200).end('x'.repeat(2000)),
    '/gone': (response) => response.writeHead(404).end('gone'),
    '/packed': (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
    '/cut': (response) => {
      response.writeHead(200, { 'content-length': '900' });
      response.write('half');
      setImmediate(() => response.destroy());
    },
    '/slow': () => undefined,
  };

  function fetcher(more: { timeoutMs?: number; ca?: string } = {}): FetchFile {
    return createFetchFile({
      hosts: HOSTS,
      port: server.port,
      ca: server.ca,
      maxBytes: 1000,
      lookup: (_, { all }, done) =>
        all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4),
      ...more,
    });
  }

  it('comes as its bytes, and no token of the bot goes there', async () => {
    const fetched = await fetcher()(`https://${MINE}/check.txt`);

    assert.equal(fetched.outcome, 'read');
    assert.equal('bytes' in fetched && Buffer.from(fetched.bytes).toString(), 'azcmagent check');
    assert.equal(asked[0]?.authorization, undefined);
  });

  it('is followed to another host of the tenant, and to no other', async () => {
    const moved = await fetcher()(`https://${MINE}/moved`);
    const away = await fetcher()(`https://${MINE}/away`);
    const circle = await fetcher()(`https://${MINE}/circle`);

    assert.equal(moved.outcome, 'read');
    assert.deepEqual(away, { outcome: 'refused', reason: 'host' });
    assert.deepEqual(circle, { outcome: 'failed', reason: 'redirects' });
    assert.ok(!asked.some(({ host }) => host.startsWith(OTHER)));
  });

  const failing: readonly [string, object][] = [
    ['said-large', { outcome: 'too-large', reason: 'content-length' }],
    ['large', { outcome: 'too-large', reason: 'body' }],
    ['gone', { outcome: 'failed', reason: 'status-404' }],
    ['packed', { outcome: 'failed', reason: 'encoding' }],
    ['cut', { outcome: 'failed', reason: 'ECONNRESET' }],
  ];
  for (const [path, expected] of failing) {
    it(`is not read when it is ${path}`, async () => {
      assert.deepEqual(await fetcher()(`https://${MINE}/${path}`), expected);
    });
  }

  it('is given up when the answer takes too long', async () => {
    const fetched = await fetcher({ timeoutMs: 60 })(`https://${MINE}/slow`);

    assert.deepEqual(fetched, { outcome: 'failed', reason: 'timeout' });
  });

  it('is not read from a server whose certificate nobody knows', async () => {
    const strict = createFetchFile({
      hosts: HOSTS,
      port: server.port,
      lookup: (_, { all }, done) =>
        all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4),
    });

    const fetched = await strict(`https://${MINE}/check.txt`);

    assert.equal(fetched.outcome, 'failed');
    assert.equal(asked.length, 0);
  });
});
