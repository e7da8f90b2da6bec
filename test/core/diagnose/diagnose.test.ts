import assert from 'node:assert/strict';
import { diagnoseText, type Expectations } from '../../../src/core/diagnose/index.ts';
import type { Diagnosis } from '../../../src/core/network-check.ts';

const PRIVATE: Expectations = {
  route: 'private',
  siteCode: 'osaka-01',
  location: 'japaneast',
  proxyUrl: 'http://proxy-w.corp.example:8080',
  proxyBypass: ['Arc'],
  privateLinkScopeId:
    '/subscriptions/00000000-0000-4000-8000-00000000000b/resourceGroups/rg-arc-jpe/providers/Microsoft.HybridCompute/privateLinkScopes/pls-jpe',
};

const row = (host: string, cells: string): string => `https://${host} |${cells}\n`;
const ARC = ['gbl.his.arc.azure.com', 'agentserviceapi.guestconfiguration.azure.com'];
const REST = ['login.microsoftonline.com', 'management.azure.com'];
const check = (arc: string, rest: string): string =>
  `ENDPOINT |REACHABLE |PRIVATE |TLS |PROXY\n${ARC.map((host) => row(host, arc)).join('')}${REST.map((host) => row(host, rest)).join('')}`;
const diagnose = (text: string, expected: Expectations = PRIVATE): Diagnosis =>
  diagnoseText(text, expected).diagnosis;

describe('diagnoseText', () => {
  it('calls all private rows failing behind the proxy one missing bypass, with this site’s command', () => {
    const { findings, verdict } = diagnose(
      check('false|true|unknown|set', 'true|false|TLS 1.2|set'),
    );

    assert.equal(verdict, 'blocked');
    assert.deepEqual(
      findings.map((one) => one.id),
      ['proxy-bypass-missing'],
    );
    assert.deepEqual(
      findings[0]?.endpoints,
      ARC.map((host) => `https://${host}`),
    );
    assert.equal(findings[0]?.commands[0], 'azcmagent config set proxy.bypass "Arc"');
    assert.match(findings[0]?.commands[1] ?? '', /--location japaneast --enable-pls-check$/);
  });

  it('gives every endpoint its expected and its actual road', () => {
    const { endpoints } = diagnose(
      check('true|true|TLS 1.2|bypassed', 'true|false|TLS 1.2|not set'),
    );

    assert.deepEqual(
      endpoints.map((one) => [one.expectedRoute, one.actualRoute, one.verdict]),
      [
        ['private', 'private', 'ok'],
        ['private', 'private', 'ok'],
        ['proxy', 'direct', 'wrong-route'],
        ['proxy', 'direct', 'wrong-route'],
      ],
    );
  });

  it('makes a finding of what answers by the wrong road', () => {
    const { findings, verdict } = diagnose(
      check('true|true|TLS 1.2|set', 'true|false|TLS 1.2|set'),
    );

    assert.equal(verdict, 'degraded');
    assert.deepEqual(
      findings.map((one) => one.id),
      ['wrong-route-by-proxy'],
    );
  });

  it('never passes what was not tested', () => {
    const { endpoints, verdict } = diagnose(
      check('unknown|unknown|unknown|set', 'true|false|TLS 1.2|set'),
    );

    assert.equal(endpoints[0]?.verdict, 'not-tested');
    assert.equal(verdict, 'unknown');
  });

  it('tells a public address, another scope’s address and no answer apart, with different owners', () => {
    const failed = (reason: string): string =>
      `FATAL   required endpoints unavailable: https://gbl.his.arc.azure.com/ (error: Get "https://gbl.his.arc.azure.com/connectivitytest": ${reason})`;
    const scoped = { ...PRIVATE, scopeAddresses: ['10.13.0.4'] };

    const found = [
      diagnose(check('true|false|TLS 1.2|bypassed', 'true|false|TLS 1.2|set')),
      diagnose(failed('dial tcp 10.99.0.4:443: i/o timeout'), scoped),
      diagnose(
        failed('dial tcp: lookup gbl.his.arc.azure.com on 10.0.0.1:53: i/o timeout'),
        scoped,
      ),
    ].map(({ findings }) => `${findings[0]?.id} ${findings[0]?.owner}`);

    assert.deepEqual(found, [
      'private-dns-public network',
      'dns-other-scope azure-admin',
      'dns-server-silent site',
    ]);
  });

  it('lets a public site use its proxy, or go out directly when it has none', () => {
    const text = check('true|false|TLS 1.2|set', 'true|false|TLS 1.2|set');

    assert.equal(
      diagnose(text, { route: 'public', siteCode: 'x', proxyUrl: 'http://p:8080' }).verdict,
      'healthy',
    );
    assert.equal(diagnose(text, { route: 'public' }).verdict, 'healthy');
    assert.equal(
      diagnose(text, { route: 'public', siteCode: 'x' }).findings[0]?.id,
      'wrong-route-not-direct',
    );
  });

  it('removes a code before anything else, says so, and keeps a text without it', () => {
    const text =
      'To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code MADECODE1 to authenticate.';

    const { diagnosis, cleaned, codeRemoved } = diagnoseText(text, PRIVATE);

    assert.ok(codeRemoved);
    assert.ok(cleaned.includes('[code removed]'));
    assert.deepEqual(
      diagnosis.findings.map((one) => one.id),
      ['device-code-in-text'],
    );
    assert.ok(!JSON.stringify([diagnosis, cleaned]).includes('MADECODE1'));
  });

  it('shows no secret of the text in any answer', () => {
    const { diagnosis, cleaned } = diagnoseText(
      'Using HTTPS Proxy : http://svc:p4ssw0rd@proxy.corp.example:8080\nAgent Status : Connected\nResource Name : sv-1\n',
      PRIVATE,
    );

    assert.ok(!JSON.stringify([diagnosis, cleaned]).includes('p4ssw0rd'));
    assert.ok(diagnosis.facts.proxyUrl?.includes('[credentials removed]'));
  });

  it('answers several outputs with one document each, and the whole with the worst', () => {
    const { kind, parts, verdict, facts } = diagnose(
      `Config property proxy.url set to value http://proxy-w.corp.example:8080\n\n${check('false|true|unknown|set', 'true|false|TLS 1.2|set')}`,
    );

    assert.equal(kind, 'config');
    assert.equal(verdict, 'blocked');
    assert.deepEqual(
      parts?.map((part) => part.kind),
      ['config', 'check'],
    );
    assert.equal(facts.proxyUrl, 'http://proxy-w.corp.example:8080');
  });

  it('ranks the worst first', () => {
    const { findings } = diagnose(
      `${check('true|true|TLS 1.0|set', 'true|false|TLS 1.2|set')}${row('pas.windows.net', 'false|false|unknown|set')}`,
    );

    assert.deepEqual(
      findings.map((one) => one.severity),
      ['error', 'warning', 'warning'],
    );
  });

  it('does not raise an alarm over what went wrong on the way to a good end', () => {
    const { verdict, findings } = diagnose(
      'ERROR   Get "https://gbl.his.arc.azure.com/": EOF\n  INFO    Connected machine to Azure\n',
    );

    assert.equal(verdict, 'healthy');
    assert.deepEqual(
      findings.map((one) => one.severity),
      ['info'],
    );
  });

  it('is never surer than sure', () => {
    const { findings } = diagnose(
      'PROBE name=MDE host=x.endpoint.security.microsoft.com port=443 via=proxy dns=skip tcp=fail tls=skip detail=curl 56, connect 407, http 000, proxyconnect tcp: dial tcp\n',
    );

    assert.deepEqual(
      findings.map((one) => [one.id, one.confidence]),
      [['proxy-auth-required', 0.95]],
    );
  });

  it('says that it could not read what it could not read', () => {
    const { kind, verdict, findings } = diagnose('プリンターの紙が詰まりました。');

    assert.deepEqual([kind, verdict, findings], ['unknown', 'unknown', []]);
  });

  it('puts a value into a command only where it has the shape of one', () => {
    const { findings } = diagnose(
      check('false|false|unknown|not set', 'false|false|unknown|not set'),
      {
        route: 'public',
        siteCode: 'x',
        proxyUrl: 'http://p:8080"; rm -rf /',
        location: 'japaneast && reboot',
      },
    );

    assert.ok(findings.length > 0);
    assert.ok(!JSON.stringify(findings).includes('rm -rf'));
    assert.ok(!JSON.stringify(findings).includes('reboot'));
  });

  for (const piece of [
    'Get "https://gbl.his.arc.azure.com/": x509: ',
    'https://gbl.his.arc.azure.com |f\n',
    'Agent Status : Connected\n',
    'PROBE name=AMA host=a.b port=443 via=proxy dns=ok tcp=ok tls=fail detail=x\n',
    'proxy.url : http://a:1\n',
    '{"endpoint":"https://a.b","reachable":\n',
    'INFO    Connecting machine to Azure...\n',
    'AZCM0026: Network Error\n',
    'time="2026-01-01T00:00:00Z" level=error msg="',
    '&lt;br&gt;',
    '(',
  ]) {
    it(`gets through a megabyte of ${piece.trim().slice(0, 40)}`, () => {
      const text = piece.repeat(Math.ceil(1_000_000 / piece.length));

      assert.equal(typeof diagnose(text).verdict, 'string');
    });
  }
});
