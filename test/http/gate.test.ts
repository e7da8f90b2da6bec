import assert from 'node:assert/strict';
import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { createClientAddress } from '../../src/http/client-address.ts';
import { createDemoGate, createTeamsGate, type Gate } from '../../src/http/gate.ts';
import { createDoorLimits } from '../../src/http/rate-limits.ts';
import { type BotServer, createServer } from '../../src/http/server.ts';
import { createSigningKeys } from '../../src/http/signing-keys.ts';
import { silentLog } from '../../src/log.ts';
import { FixedClock } from '../support/fixed-clock.ts';

const APP_ID = '0f0f0f0f-0000-4000-8000-000000000001';
const TENANT = '11111111-1111-4111-8111-111111111111';
const ISSUER = 'https://api.botframework.com';
const SERVICE_URL = 'https://smba.trafficmanager.net/jp/';

/** Bot Framework's metadata and keys, on loopback. */
class FakeLogin {
  server!: Server;
  readonly paths: string[] = [];
  readonly keys: Record<string, unknown>[] = [];
  /** What happens to the next requests. */
  mode: 'answer' | 'hang' | 'fail' | 'elsewhere' = 'answer';

  async start(): Promise<void> {
    this.server = createHttpServer((request, response) => {
      this.paths.push(request.url ?? '');
      if (this.mode === 'hang') return;
      if (this.mode === 'fail') {
        response.statusCode = 500;
        response.end();
        return;
      }
      const origin = this.mode === 'elsewhere' ? 'http://127.0.0.1:1' : this.origin;
      const isKeys = request.url === '/keys';
      response.end(JSON.stringify(isKeys ? { keys: this.keys } : { jwks_uri: `${origin}/keys` }));
    });
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const clock = new FixedClock();
const nowSeconds = (): number => Math.floor(clock.now().getTime() / 1000);

async function startServer(gate: Gate, seen: unknown[]): Promise<BotServer> {
  const server = createServer({
    clock,
    log: silentLog,
    limits: createDoorLimits(clock),
    gate,
    onActivity: async ({ body }, response) => {
      seen.push(body);
      response.statusCode = 200;
      response.end();
    },
    isReady: async () => true,
    clientAddress: createClientAddress(''),
    newRequestId: () => 'request',
  });
  await server.listen(0, '127.0.0.1');
  return server;
}

const activity = (changes: Record<string, unknown> = {}) => ({
  type: 'message',
  channelId: 'msteams',
  serviceUrl: SERVICE_URL,
  from: { id: '29:1', aadObjectId: 'x' },
  conversation: { id: 'a:1', tenantId: TENANT },
  channelData: { tenant: { id: TENANT } },
  ...changes,
});

describe('createTeamsGate', () => {
  const login = new FakeLogin();
  const seen: unknown[] = [];
  let server: BotServer;
  let key: CryptoKey;
  let otherKey: CryptoKey;
  let unendorsedKey: CryptoKey;

  const addKey = async (kid: string, endorsements?: string[]): Promise<CryptoKey> => {
    const pair = await generateKeyPair('RS256', { extractable: true });
    const { n, e } = await exportJWK(pair.publicKey);
    login.keys.push({ kty: 'RSA', use: 'sig', kid, n, e, ...(endorsements && { endorsements }) });
    return pair.privateKey;
  };
  before(async () => {
    await login.start();
    key = await addKey('k1', ['msteams', 'webchat']);
    unendorsedKey = await addKey('k2', ['directline']);
    otherKey = (await generateKeyPair('RS256')).privateKey;
    const keys = createSigningKeys({
      metadataUrl: `${login.origin}/metadata`,
      clock,
      log: silentLog,
    });
    server = await startServer(
      createTeamsGate({ appId: APP_ID, tenantId: TENANT, keys, clock }),
      seen,
    );
  });
  after(async () => {
    await server.close();
    await login.stop();
  });
  beforeEach(() => {
    seen.length = 0;
  });

  interface Token {
    readonly claims?: Record<string, unknown>;
    readonly header?: Record<string, unknown>;
    readonly key?: CryptoKey | Uint8Array;
  }
  const token = ({ claims = {}, header = {}, key: signWith = key }: Token = {}): Promise<string> =>
    new SignJWT({
      iss: ISSUER,
      aud: APP_ID,
      nbf: nowSeconds(),
      exp: nowSeconds() + 3600,
      serviceurl: SERVICE_URL,
      ...claims,
    })
      .setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header })
      .sign(signWith, { crit: { x: false } });
  const send = async (
    authorization: string | undefined,
    body: unknown = activity(),
  ): Promise<{ status: number; code: unknown }> => {
    const response = await fetch(`http://127.0.0.1:${server.port}/api/messages`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...(authorization !== undefined && { Authorization: authorization }),
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      code: text === '' ? undefined : (JSON.parse(text) as { code: unknown }).code,
    };
  };
  const bearer = async (given: Token = {}): Promise<string> => `Bearer ${await token(given)}`;

  it('lets a Teams activity of this tenant through', async () => {
    assert.deepEqual(await send(await bearer()), { status: 200, code: undefined });
    assert.deepEqual(seen, [activity()]);
  });

  for (const aud of [`api://${APP_ID}`, `api://botid-${APP_ID}`]) {
    it(`takes the audience ${aud}`, async () => {
      assert.equal((await send(await bearer({ claims: { aud } }))).status, 200);
    });
  }

  it('takes a clock that is five minutes off, and not more', async () => {
    assert.equal((await send(await bearer({ claims: { exp: nowSeconds() - 290 } }))).status, 200);
    assert.equal((await send(await bearer({ claims: { exp: nowSeconds() - 310 } }))).status, 401);
  });

  const refused: Record<string, () => Promise<string | undefined>> = {
    'no token': async () => undefined,
    'an empty header': async () => '',
    'another scheme': async () => `Basic ${await token()}`,
    'no JWT': async () => 'Bearer abc',
    'two tokens': async () => `${await bearer()}, ${await bearer()}`,
    'alg none': async () =>
      `Bearer ${new UnsecuredJWT({ iss: ISSUER, aud: APP_ID, serviceurl: SERVICE_URL }).setExpirationTime('1h').encode()}x`,
    'a wrong key under a known kid': () => bearer({ key: otherKey }),
    'an unknown kid': () => bearer({ header: { kid: 'k9' } }),
    'no kid': () => bearer({ header: { kid: undefined } }),
    'the public key used as an HMAC secret': () =>
      bearer({ header: { alg: 'HS256' }, key: new TextEncoder().encode(String(login.keys[0]?.n)) }),
    'a changed payload': async () => {
      const [head, , sig] = (await token()).split('.');
      const claims = Buffer.from(
        JSON.stringify({ iss: ISSUER, aud: APP_ID, exp: nowSeconds() + 60 }),
      );
      return `Bearer ${head}.${claims.toString('base64url')}.${sig}`;
    },
    'an expired token': () => bearer({ claims: { exp: nowSeconds() - 4000 } }),
    'a token without exp': () => bearer({ claims: { exp: undefined } }),
    'nbf in the future': () => bearer({ claims: { nbf: nowSeconds() + 4000 } }),
    'another audience': () => bearer({ claims: { aud: 'another-app' } }),
    'no audience': () => bearer({ claims: { aud: undefined } }),
    'the Bot Framework itself as audience': () => bearer({ claims: { aud: ISSUER } }),
    'another issuer': () => bearer({ claims: { iss: 'https://sts.windows.net/x/' } }),
    'the issuer with a slash': () => bearer({ claims: { iss: `${ISSUER}/` } }),
    'the emulator issuer': () =>
      bearer({ claims: { iss: 'https://login.microsoftonline.com/botframework.com/v2.0' } }),
    'no issuer': () => bearer({ claims: { iss: undefined } }),
    'no serviceurl': () => bearer({ claims: { serviceurl: undefined } }),
    'an empty serviceurl': () => bearer({ claims: { serviceurl: '' } }),
    'a serviceurl that is none': () => bearer({ claims: { serviceurl: 7 } }),
    'a token of a person': () => bearer({ claims: { scp: 'access_as_user' } }),
    'a key not endorsed for Teams': () => bearer({ key: unendorsedKey, header: { kid: 'k2' } }),
    'an unknown critical header': () => bearer({ header: { crit: ['x'], x: 1 } }),
  };
  for (const [name, make] of Object.entries(refused)) {
    it(`refuses ${name} with 401`, async () => {
      const authorization = await make();

      assert.deepEqual(await send(authorization), { status: 401, code: 'TOKEN_OF_TEAMS_REFUSED' });
      assert.equal(seen.length, 0);
    });
  }

  const elsewhere = 'https://evil.trafficmanager.net/jp/';
  const foreign = '99999999-9999-4999-8999-999999999999';
  const notHere: Record<string, [Record<string, unknown>, Record<string, unknown>?]> = {
    'another channel': [{ channelId: 'directline' }],
    'an empty channel': [{ channelId: '' }],
    'a foreign conversation': [{ conversation: { id: 'a:1', tenantId: foreign } }],
    'a conversation without tenant': [{ conversation: { id: 'a:1' } }],
    'a foreign channelData tenant': [{ channelData: { tenant: { id: foreign } } }],
    'no channelData': [{ channelData: undefined }],
    'a foreign sender': [{ from: { id: '29:1', tenantId: foreign } }],
    'a service on another host': [{ serviceUrl: elsewhere }, { serviceurl: elsewhere }],
    'another service than the token says': [{ serviceUrl: 'https://smba.trafficmanager.net/de/' }],
    'a service over http': [
      { serviceUrl: SERVICE_URL.replace('https', 'http') },
      { serviceurl: SERVICE_URL.replace('https', 'http') },
    ],
    'a service on another port': [
      { serviceUrl: 'https://smba.trafficmanager.net:8443/jp/' },
      { serviceurl: 'https://smba.trafficmanager.net:8443/jp/' },
    ],
    'a host that only begins alike': [
      { serviceUrl: 'https://smba.trafficmanager.net.evil.example/' },
      { serviceurl: 'https://smba.trafficmanager.net.evil.example/' },
    ],
    'user information before the host': [
      { serviceUrl: 'https://smba.trafficmanager.net@evil.example/' },
    ],
    'an empty serviceUrl': [{ serviceUrl: '' }],
  };
  for (const [name, [changes, claims]] of Object.entries(notHere)) {
    it(`refuses an activity with ${name} with 403`, async () => {
      const authorization = await bearer(claims ? { claims } : {});

      assert.deepEqual(await send(authorization, activity(changes)), {
        status: 403,
        code: 'ACTIVITY_REFUSED',
      });
      assert.equal(seen.length, 0);
    });
  }

  it('takes a serviceUrl with and without its last slash for the same', async () => {
    const response = await send(await bearer(), activity({ serviceUrl: SERVICE_URL.slice(0, -1) }));

    assert.equal(response.status, 200);
  });

  for (const [name, body] of Object.entries({
    'no activity': '[]',
    'an activity without type': JSON.stringify(activity({ type: undefined })),
    'broken JSON': '{"type":',
    'a member twice': '{"type":"message","type":"invoke"}',
  })) {
    it(`refuses ${name} with 400`, async () => {
      assert.deepEqual(await send(await bearer(), body), { status: 400, code: 'FORM_REFUSED' });
    });
  }

  it('answers before any of the body has come', async () => {
    const head = [
      'POST /api/messages HTTP/1.1',
      'Host: x',
      'Content-Length: 100000',
      'Authorization: Bearer a.b.c',
    ];
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`${head.join('\r\n')}\r\n\r\n`);

    const [first] = (await new Promise<Buffer[]>((resolve) => {
      socket.once('data', (chunk) => resolve([chunk]));
    })) as [Buffer];
    socket.destroy();

    assert.match(first.toString(), /^HTTP\/1\.1 401 /);
  });
});

describe('createSigningKeys', () => {
  const login = new FakeLogin();
  beforeEach(async () => {
    login.paths.length = 0;
    login.keys.length = 0;
    login.mode = 'answer';
    await login.start();
  });
  afterEach(() => login.stop());

  const open = () =>
    createSigningKeys({
      metadataUrl: `${login.origin}/metadata`,
      clock,
      log: silentLog,
      timeoutMs: 50,
    });
  const rsa = (kid: string) => ({ kty: 'RSA', kid, n: 'AQAB', e: 'AQAB' });

  it('reads the keys once for many who ask at the same moment', async () => {
    login.keys.push(rsa('a'));
    const keys = open();

    await Promise.all(Array.from({ length: 20 }, () => keys.find('a')));

    assert.deepEqual(login.paths, ['/metadata', '/keys']);
  });

  it('looks for an unknown kid at most every 30 s', async () => {
    const keys = open();
    assert.equal(await keys.find('a'), undefined);
    login.keys.push(rsa('a'));

    clock.forward(29_000);
    const early = await keys.find('a');
    clock.forward(2_000);
    const later = await keys.find('a');

    assert.equal(early, undefined);
    assert.equal(later?.kid, 'a');
    assert.equal(login.paths.length, 4);
  });

  it('keeps the keys it has when they cannot be read again', async () => {
    login.keys.push(rsa('a'));
    const keys = open();
    await keys.find('a');
    login.mode = 'fail';
    clock.forward(25 * 60 * 60 * 1000);

    assert.equal((await keys.find('a'))?.kid, 'a');
  });

  for (const mode of ['hang', 'fail', 'elsewhere'] as const) {
    it(`says that keys are unavailable when the metadata ${mode === 'elsewhere' ? 'leads elsewhere' : `${mode}s`}`, async () => {
      login.mode = mode;

      await assert.rejects(open().find('a'), { name: 'KeysUnavailable' });
    });
  }

  it('makes the gate answer 503 with the fixed sentence', async () => {
    login.mode = 'fail';
    const gate = createTeamsGate({ appId: APP_ID, tenantId: TENANT, keys: open(), clock });
    const server = await startServer(gate, []);
    const header = Buffer.from('{"alg":"RS256","kid":"a"}').toString('base64url');

    const response = await fetch(`http://127.0.0.1:${server.port}/api/messages`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${header}.e30.AAAA` },
      body: '{}',
    });
    const answer = (await response.json()) as { code: string };
    await server.close();

    assert.deepEqual([response.status, answer.code], [503, 'UNAVAILABLE']);
  });
});

describe('createDemoGate', () => {
  const seen: unknown[] = [];
  let server: BotServer;
  before(async () => {
    server = await startServer(createDemoGate(), seen);
  });
  after(() => server.close());

  const send = async (body: unknown, headers: Record<string, string> = {}): Promise<number> => {
    const response = await fetch(`http://127.0.0.1:${server.port}/api/messages`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    await response.arrayBuffer();
    return response.status;
  };
  const local = activity({ serviceUrl: 'http://127.0.0.1:56150/_connector' });

  it('needs no token on loopback', async () => {
    assert.equal(await send(local), 200);
    assert.equal(await send(activity({ serviceUrl: 'http://localhost:56150/_connector' })), 200);
  });

  it('never answers to anywhere but this machine', async () => {
    for (const serviceUrl of [
      SERVICE_URL,
      'http://10.0.0.1/',
      'http://127.0.0.1.evil.example/',
      '',
    ]) {
      assert.equal(await send(activity({ serviceUrl })), 403, serviceUrl);
    }
  });

  it('takes nothing that was forwarded, or that a web page sent', async () => {
    assert.equal(await send(local, { 'X-Forwarded-For': '127.0.0.1' }), 401);
    assert.equal(await send(local, { Origin: 'https://evil.example' }), 401);
  });

  it('takes nothing from another machine', async () => {
    const request = { socket: { remoteAddress: '10.0.0.9' }, headers: {} } as IncomingMessage;

    await assert.rejects(createDemoGate().admit(request), { code: 'TOKEN_OF_TEAMS_REFUSED' });
  });
});
