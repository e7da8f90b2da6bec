import assert from 'node:assert/strict';
import type { NoticeKind, NoticeOf } from '../../src/core/notice.ts';
import type { Reply } from '../../src/core/turn.ts';
import { AnswerWorld } from '../support/answer-world.ts';
import { MADE_CODES } from '../support/made-codes.ts';

// facts: a proxy that refuses by name (`Forbidden` after `Get "https://…":`)
const REFUSED = `level=error msg="Get \\"https://gbl.his.arc.azure.com/discovery?location=japaneast\\": Forbidden"
azcmagent check
ENDPOINT                        REACHABLE  PRIVATE  TLS      PROXY
https://login.microsoftonline.com  false  unknown  unknown  set
https://gbl.his.arc.azure.com      true   true     TLS 1.2  bypassed`;

function expectKind<K extends NoticeKind>(reply: Reply, kind: K): NoticeOf<K> {
  assert.equal(reply.notice.kind, kind, JSON.stringify(reply.notice));
  return reply.notice as NoticeOf<K>;
}

describe('answers about the network', () => {
  let world: AnswerWorld;
  beforeEach(async () => {
    world = await AnswerWorld.make();
  });
  afterEach(() => world.close());

  async function failedCheck(): Promise<void> {
    const site = (await world.store.read((tx) => tx.rollOut())).site('osaka-01');
    const { diagnosis } = world.deps.diagnose(REFUSED, site);
    assert.notEqual(diagnosis.verdict, 'healthy');
    await world.store.write((tx) =>
      tx.evidence.keepCheck({
        machine: 'SV-OSK-01' as never,
        site: 'osaka-01' as never,
        checkedAt: new Date('2026-11-24T23:15:00Z'),
        diagnosis,
        address: '10.33.0.21',
      }),
    );
  }

  it('bring a lead a mail that can be sent as it is', async () => {
    await failedCheck();

    const reply = await world.ask('SV-OSK-01のネットワークチェックの結果は?', 'ito');

    const { findings } = expectKind(reply, 'network-check').diagnosis;
    const mail = findings.find((one) => one.mail)?.mail?.ja ?? '';
    assert.match(mail, /2026-11-25 08:15:00\(日本時間\)/);
    assert.match(mail, /送信元: 10\.33\.0\.21/);
    assert.match(mail, /プロキシ: http:\/\/proxy-w\.corp\.example:8080/);
    assert.match(mail, /宛先\(CONNECT\):\n {2}\S+:443/);
    assert.match(mail, /お願い: /);
  });

  it('bring site staff no mail: writing it is not their task', async () => {
    await failedCheck();

    const reply = await world.ask('SV-OSK-01のネットワークチェックの結果は?', 'yamamoto');

    const { findings } = expectKind(reply, 'network-check').diagnosis;
    assert.ok(findings.length > 0);
    assert.ok(findings.every((one) => one.mail === undefined));
  });

  it('ask the network team after a failed check for what is still closed, and for all on request', async () => {
    const before = expectKind(
      await world.ask('大阪支店の許可するURLの一覧'),
      'endpoint-requirements',
    );
    await failedCheck();
    const after = expectKind(
      await world.ask('大阪支店の許可するURLの一覧'),
      'endpoint-requirements',
    );
    const all = expectKind(await world.ask('大阪支店の許可するURLを全部'), 'endpoint-requirements');

    assert.equal(before.missing, undefined);
    assert.equal(after.missing?.machine, 'SV-OSK-01');
    assert.equal(after.missing?.of, before.rows.length);
    assert.ok(after.rows.length > 0 && after.rows.length < before.rows.length);
    assert.ok(after.rows.some(({ host }) => host === 'login.microsoftonline.com'));
    assert.match(after.from ?? '', /^10\.\d+\.\d+\.0\/24$/);
    assert.deepEqual(all.rows, before.rows);
  });

  describe('a file', () => {
    it('is diagnosed for the server named beside it', async () => {
      const reply = await world.ask('SV-OSK-03の結果です', 'yamamoto', { file: REFUSED });

      const notice = expectKind(reply, 'network-check');
      assert.equal(reply.intent.intent, 'diagnose-text');
      assert.equal(notice.machine, 'SV-OSK-03');
      assert.ok(notice.diagnosis.endpoints.length > 0);
    });

    it('is read as output whatever it looks like, and a code in it or beside it ends a sign-in', async () => {
      const prompt = `To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code ${MADE_CODES[0]} to authenticate.`;

      const inside = await world.ask('', 'yamamoto', { file: prompt });
      const beside = await world.ask(prompt, 'yamamoto', { file: '買い物の一覧' });

      assert.equal(expectKind(inside, 'network-check').diagnosis.kind, 'connect');
      assert.equal(expectKind(beside, 'network-check').diagnosis.kind, 'unknown');
      assert.equal(world.signIns.calls.length, 2);
      assert.doesNotMatch(JSON.stringify([inside, beside]), new RegExp(MADE_CODES[0]));
    });
  });

  describe('DNS records', () => {
    const records = [{ name: 'gbl.his.arc.azure.com', address: '10.13.0.4' }];

    it('are those of the site’s scope, and say which are missing', async () => {
      Object.assign(world.deps, { readScope: async () => ({ records, addresses: [] }) });

      const notice = expectKind(
        await world.ask('大阪支店のDNSレコード', 'yamamoto'),
        'dns-records',
      );

      assert.deepEqual(notice.records, records);
      assert.ok(notice.missing.includes('je.his.arc.azure.com'));
      assert.equal(notice.problem, undefined);
    });

    it('are admitted to be unknown where Azure was not read or hides the names', async () => {
      const unread = expectKind(await world.ask('大阪支店のDNSレコード'), 'dns-records');
      Object.assign(world.deps, {
        readScope: async () => ({ records: [], addresses: ['10.13.0.4'] }),
      });
      const nameless = expectKind(await world.ask('大阪支店のDNSレコード'), 'dns-records');

      assert.equal(unread.problem, 'azure-unread');
      assert.deepEqual([nameless.problem, nameless.addresses], ['no-names', ['10.13.0.4']]);
    });

    it('of another site are refused to site staff', async () => {
      const { reason } = expectKind(await world.ask('札幌のDNSレコード', 'yamamoto'), 'refusal');

      assert.equal(reason, 'not-your-site');
    });
  });

  for (const words of ['DNS Failure', 'Service Unavailable', 'Proxy Authentication Required']) {
    it(`explain “${words}”, read off a screen without its address`, async () => {
      const { finding } = expectKind(
        await world.ask(`${words}と出ます`, 'yamamoto'),
        'explain-error',
      );

      assert.ok(finding && finding.owner !== 'none', words);
      assert.deepEqual(finding.endpoints, []);
    });
  }

  it('explain what X509 says beside it, which is no code of azcmagent', async () => {
    const asked = 'x509: certificate signed by unknown authority';

    const { finding } = expectKind(await world.ask(asked), 'explain-error');

    assert.equal(finding?.id, 'x509-unknown-authority');
  });

  it('give the line with a certificate when it is asked for', async () => {
    const asked = 'SV-OSK-01を証明書で接続するコマンド';

    const { lines } = expectKind(await world.ask(asked), 'commands');

    assert.ok(lines.some((line) => line.includes('--service-principal-cert')));
    assert.ok(lines.every((line) => !line.includes('--use-device-code')));
  });
});
