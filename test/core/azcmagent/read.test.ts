import assert from 'node:assert/strict';
import { readOutputs } from '../../../src/core/azcmagent/read.ts';
import { withinReason } from '../../../src/core/azcmagent/within-reason.ts';

const TABLE = `ENDPOINT                       |REACHABLE  |PRIVATE  |TLS      |PROXY
https://gbl.his.arc.azure.com  |true       |true     |TLS 1.2  |bypassed
`;

describe('readOutputs', () => {
  it('tells a check from its table, whatever order the columns have', () => {
    const [reading] = readOutputs(
      'ENDPOINT |REACHABLE |TLS |PROXY |PRIVATE\nhttps://gbl.his.arc.azure.com |true |TLS 1.3 |not set |false\n',
    );

    assert.equal(reading?.kind, 'check');
    assert.deepEqual(reading?.rows[0], {
      url: 'https://gbl.his.arc.azure.com',
      reachable: true,
      private: false,
      tls: 'TLS 1.3',
      proxy: 'not set',
      from: 'table',
    });
  });

  it('says unknown where the table does', () => {
    const [reading] = readOutputs(
      TABLE.replace('true       |true     |TLS 1.2', 'unknown    |unknown  |unknown'),
    );

    assert.equal(reading?.rows[0]?.reachable, 'unknown');
    assert.equal(reading?.rows[0]?.private, 'unknown');
    assert.equal(reading?.rows[0]?.tls, 'unknown');
  });

  it('keeps several outputs of one paste apart, in order', () => {
    const text = `$ azcmagent config list
Local Configuration Settings
  proxy.url    : http://proxy.corp.example:8080
$ azcmagent check -l japaneast
${TABLE}
$ azcmagent show
Resource Name  : sv-osk-03
Agent Status   : Connected
$ azcmagent check -l japaneast
${TABLE}`;

    const kinds = readOutputs(text).map((one) => one.kind);

    assert.deepEqual(kinds, ['config', 'check', 'show', 'check']);
  });

  it('gives log lines to the table that they come before', () => {
    const log =
      'time="2026-01-01T00:00:00Z" level=error msg="Regional Service Discovery" Error="Get \\"https://gbl.his.arc.azure.com/x\\": EOF" Proxy Status="proxy set via config command"\n';

    const readings = readOutputs(log + TABLE);

    assert.equal(readings.length, 1);
    assert.deepEqual(readings[0]?.complaints[0]?.errors[0]?.reason, 'EOF');
  });

  it('joins what verbose lines say of one address', () => {
    const [reading] =
      readOutputs(`time="2026-01-01T00:00:00Z" level=debug msg="Checking connectivity to https://gbl.his.arc.azure.com, proxy status: proxy is not used"
time="2026-01-01T00:00:01Z" level=debug msg="https://gbl.his.arc.azure.com is available, using cryptographic protocol: TLS 1.3"
time="2026-01-01T00:00:02Z" level=debug msg="Checking connectivity to https://pas.windows.net, proxy status: proxy is not used"
`);

    assert.deepEqual(
      reading?.rows.map((row) => [row.url, row.reachable, row.proxy, row.tls]),
      [
        ['https://gbl.his.arc.azure.com', true, 'not set', 'TLS 1.3'],
        ['https://pas.windows.net', 'unknown', 'not set', 'unknown'],
      ],
    );
  });

  it('reads the kit’s own tests by layer', () => {
    const [reading] = readOutputs(
      'PROBE name=MDE host=x.endpoint.security.microsoft.com port=443 via=proxy dns=skip tcp=ok tls=fail detail=curl: (60) SSL problem\n',
    );

    assert.equal(reading?.kind, 'check');
    assert.deepEqual(reading?.rows[0]?.probe, {
      name: 'MDE',
      host: 'x.endpoint.security.microsoft.com',
      port: 443,
      via: 'proxy',
      dns: 'skip',
      tcp: 'ok',
      tls: 'fail',
      detail: 'curl: (60) SSL problem',
    });
  });

  it('takes JSON in the middle of other lines', () => {
    const readings = readOutputs(`PS C:\\> azcmagent check --json
INFO    Testing connectivity to endpoints that are needed to connect to Azure... This might take a few minutes.
{"https://gbl.his.arc.azure.com": {"reachable": false, "private": true, "proxyStatus": "set"}}
PS C:\\>`);

    assert.deepEqual(
      readings.map((one) => [one.kind, one.rows.length]),
      [['check', 1]],
    );
  });

  it('names the lines it did not understand', () => {
    const [reading] = readOutputs(`${TABLE}よく分からない行です\n`);

    assert.deepEqual(reading?.unread, ['よく分からない行です']);
  });

  it('takes no word for a key that only JavaScript has', () => {
    for (const word of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      const text = `${word}: x\nAgent Status : Connected\n| ${word} | b |\nPROBE name=${word} host=a.b port=1\n`;

      const [reading] = readOutputs(text);

      assert.deepEqual(reading?.facts, { agentStatus: 'Connected' });
      assert.deepEqual(reading?.rows, []);
    }
  });

  it('finds no check in a table of other addresses, and no exit code in a change log', () => {
    const table = readOutputs('| Site | Up |\n| https://example.com | true |\n');
    assert.ok(table.every((one) => one.kind === 'unknown' && one.rows.length === 0));
    const log = readOutputs(`${'a line of history\n'.repeat(20)}v1.2.0-rc1\nexit code 1\n`);
    assert.ok(log.every((one) => one.kind === 'unknown' && one.codes.length === 0));
  });

  it('finds no output in talk, in code of others and in nothing', () => {
    for (const text of [
      '',
      '\n\n',
      'おはようございます',
      '{"name": 1}',
      'version: 3\nservices:\n  web: x',
    ]) {
      assert.ok(readOutputs(text).every((one) => one.kind === 'unknown'));
    }
  });
});

describe('withinReason', () => {
  it('keeps the first and the newest lines of a text nobody pastes, and counts the rest', () => {
    const lines = Array.from({ length: 12_000 }, (_, index) => `line ${index}`);

    const { text, skipped } = withinReason(lines.join('\n'));

    assert.equal(skipped, 2_000);
    assert.equal(text.split('\n').filter(Boolean).length, 10_000 - 1);
    assert.ok(text.startsWith('line 0\n') && text.endsWith('\nline 11999'));
  });

  it('leaves what people paste as it is', () => {
    assert.deepEqual(withinReason(TABLE), { text: TABLE, skipped: 0 });
  });
});
