import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { createUploadFile, type UploadFile } from '../../src/teams/upload-file.ts';
import { type HttpsServer, startHttpsServer } from '../support/https-server.ts';

const MINE = 'corp-my.sharepoint.com';
const BYTES = Buffer.from('PK made up');

describe('a file put where Teams says', () => {
  let server: HttpsServer;
  const asked: { request: IncomingMessage; body: Buffer }[] = [];
  before(async () => {
    server = await startHttpsServer(
      [MINE, 'other-my.sharepoint.com'],
      async (request, response) => {
        asked.push({ request, body: await buffer(request) });
        if (request.url === '/hang') return;
        const status = Number(request.url?.slice(1)) || 201;
        response.writeHead(status, { location: `https://${MINE}/201` }).end('{}');
      },
    );
  });
  after(() => server.close());
  beforeEach(() => {
    asked.length = 0;
  });

  function uploader(timeoutMs = 5_000): UploadFile {
    return createUploadFile({
      hosts: [MINE],
      port: server.port,
      ca: server.ca,
      timeoutMs,
      lookup: (_, { all }, done) =>
        all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4),
    });
  }

  it('is put at once, whole, with its range and without any token of the bot', async () => {
    const put = await uploader()(`https://${MINE}/upload?guid=made`, BYTES);

    const [{ request, body } = assert.fail('nothing came')] = asked;
    assert.equal(put.outcome, 'done');
    assert.deepEqual([request.method, request.url], ['PUT', '/upload?guid=made']);
    assert.equal(request.headers['content-range'], `bytes 0-${BYTES.length - 1}/${BYTES.length}`);
    assert.equal(request.headers['content-length'], String(BYTES.length));
    assert.equal(request.headers.authorization, undefined);
    assert.deepEqual(body, BYTES);
  });

  it('goes to no host it was not told, and to none without https', async () => {
    const addresses = [
      'https://other-my.sharepoint.com/x',
      `http://${MINE}/x`,
      `https://${MINE}:444/x`,
      `https://user@${MINE}/x`,
      'https://127.0.0.1/x',
      'no address',
    ];

    for (const address of addresses) {
      assert.equal((await uploader()(address, BYTES)).outcome, 'refused', address);
    }
    assert.equal(asked.length, 0);
  });

  it('is not there when the answer says more bytes, elsewhere, or a failure', async () => {
    for (const status of [202, 302, 307, 404, 409, 500]) {
      const put = await uploader()(`https://${MINE}/${status}`, BYTES);

      assert.deepEqual(put, { outcome: 'failed', reason: `status-${status}` });
    }
    assert.equal(asked.length, 6);
  });

  it('ends with the time it has', async () => {
    const put = await uploader(100)(`https://${MINE}/hang`, BYTES);

    assert.deepEqual(put, { outcome: 'failed', reason: 'timeout' });
  });
});
