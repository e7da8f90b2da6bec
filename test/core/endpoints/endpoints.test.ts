import assert from 'node:assert/strict';
import { diagnoseText } from '../../../src/core/diagnose/index.ts';
import {
  BYPASS_WORDS,
  ENDPOINTS,
  entryFor,
  missingRows,
  privateLinkHosts,
  requestForm,
  requirementsFor,
} from '../../../src/core/endpoints/index.ts';
import type { Profile, Site } from '../../../src/core/roll-out.ts';

const profile = {
  name: 'jpe-site',
  tenantId: '00000000-0000-4000-8000-00000000000a',
  subscriptionId: '00000000-0000-4000-8000-00000000000b',
  resourceGroup: 'rg-arc-jpe',
  location: 'japaneast',
  cloud: 'AzureCloud',
  privateLinkScopeId: '/subscriptions/x/privateLinkScopes/pls-jpe',
  proxyBypass: ['Arc'],
  tags: {},
  connectAt: 'site',
  timeZone: 'Asia/Tokyo',
  extensions: ['MDE', 'AMA'],
  deployedBy: { MDE: 'defender', AMA: 'policy' },
  workspaceId: '00000000-0000-4000-8000-00000000000c',
} as unknown as Profile;
const { privateLinkScopeId: _, ...open } = profile;
const publicProfile = open as Profile;
const site = { code: 'osaka-01', proxyUrl: 'http://proxy-w.corp.example:8080' } as unknown as Site;
const BOT = 'bot.corp.example';

describe('the catalogue', () => {
  it('has a source, ports and words for every entry', () => {
    assert.equal(ENDPOINTS.length, 63);
    for (const one of ENDPOINTS) {
      assert.ok(
        one.sources.length > 0 && one.sources.every((url) => url.startsWith('https://')),
        one.id,
      );
      assert.ok(one.ports.length > 0 && one.hosts.length > 0, one.id);
      assert.ok(one.purpose.ja.length > 0 && one.purpose.en.length > 0, one.id);
    }
  });

  const known: readonly (readonly [string, string])[] = [
    ['https://gbl.his.arc.azure.com', 'his'],
    ['je.his.arc.azure.com:443', 'his'],
    ['https://japaneast-gas.guestconfiguration.azure.com/x', 'gc'],
    ['https://login.microsoftonline.com', 'entra-login'],
    ['https://japaneast.login.microsoft.com', 'entra-login-regional'],
    ['https://azgnrelay-japaneast-l1.servicebus.windows.net', 'gns-servicebus'],
    ['https://japaneast.handler.control.monitor.azure.com', 'ama-region-handler'],
    ['https://00000000-0000-4000-8000-00000000000c.ods.opinsights.azure.com', 'ama-ods'],
    ['https://x.endpoint.security.microsoft.com', 'mde-streamlined'],
    ['https://gbl.his.arc.azure.us', 'gov-his'],
    ['https://management.chinacloudapi.cn', 'cn-arm'],
  ];
  for (const [address, id] of known) {
    it(`knows ${address} as ${id}`, () => {
      assert.equal(entryFor(address)?.id, id);
    });
  }

  it('does not take strangers, lookalikes and the bare family for its own', () => {
    for (const address of [
      'https://example.com',
      'https://his.arc.azure.com.evil.example',
      'https://evilhis.arc.azure.com',
      'https://registry-1.docker.io',
      '',
    ]) {
      assert.equal(entryFor(address), undefined, address);
    }
  });

  it('knows Japan East by name and marks Japan West as not verified', () => {
    assert.deepEqual(privateLinkHosts('japaneast').verified, true);
    assert.ok(privateLinkHosts('japaneast').hosts.includes('je.his.arc.azure.com'));
    assert.equal(privateLinkHosts('japanwest').verified, false);
    assert.equal(privateLinkHosts('brazilsouth').verified, false);
  });

  it('knows which word of proxy.bypass covers what', () => {
    assert.deepEqual(entryFor('https://gbl.his.arc.azure.com')?.bypass, ['Arc']);
    assert.deepEqual(entryFor('https://guestnotificationservice.azure.com')?.bypass, []);
    assert.deepEqual(Object.keys(BYPASS_WORDS).sort(), ['AAD', 'AMA', 'ARM', 'Arc', 'ArcData']);
  });
});

describe('requirementsFor', () => {
  it('splits a private link site into private names and the rest by proxy', () => {
    const rows = requirementsFor(site, profile, BOT);
    const privateHosts = rows.filter((row) => row.route === 'private').map((row) => row.host);

    assert.deepEqual(privateHosts.sort(), [
      'agentserviceapi.guestconfiguration.azure.com',
      'gbl.his.arc.azure.com',
      'japan-ats.his.arc.azure.com',
      'japaneast-gas.guestconfiguration.azure.com',
      'je.his.arc.azure.com',
    ]);
    assert.equal(rows.find((row) => row.host === 'login.microsoftonline.com')?.route, 'proxy');
    assert.ok(!rows.some((row) => row.host.includes('blob.core')));
  });

  it('ends with the bot’s own host, marked as ours', () => {
    const last = requirementsFor(site, profile, BOT).at(-1);

    assert.deepEqual(
      [last?.host, last?.when, last?.ours, last?.route],
      [BOT, 'kit', true, 'proxy'],
    );
  });

  it('names families where the road is public, and goes out directly where there is no proxy', () => {
    const rows = requirementsFor(
      { ...site, proxyUrl: undefined } as unknown as Site,
      publicProfile,
      BOT,
    );

    assert.ok(rows.some((row) => row.host === '*.his.arc.azure.com'));
    assert.ok(rows.some((row) => row.host === '*.blob.core.windows.net'));
    assert.deepEqual([...new Set(rows.map((row) => row.route))], ['direct']);
  });

  it('fills the region and the workspace in, and lists a host once', () => {
    const hosts = requirementsFor(site, profile, BOT).map((row) => row.host);

    assert.ok(hosts.includes('japaneast.handler.control.monitor.azure.com'));
    assert.ok(hosts.includes(`${profile.workspaceId}.ods.opinsights.azure.com`));
    assert.equal(new Set(hosts).size, hosts.length);
    assert.ok(!hosts.some((host) => host.includes('<region>')));
  });

  it('keeps to one road, one extension, or one system when asked to', () => {
    assert.ok(
      requirementsFor(site, profile, BOT, { route: 'private' }).every(
        (row) => row.route === 'private',
      ),
    );
    assert.ok(
      requirementsFor(site, profile, BOT, { extension: 'MDE' }).some(
        (row) => row.host === '*.endpoint.security.microsoft.com',
      ),
    );
    assert.ok(
      !requirementsFor(site, profile, BOT, { extension: 'MDE' }).some((row) =>
        row.host.includes('his.arc'),
      ),
    );
    assert.ok(
      !requirementsFor(site, profile, BOT, { os: 'windows' }).some(
        (row) => row.host === 'packages.microsoft.com' && row.when === 'install-and-upgrade',
      ),
    );
  });

  it('tells which names are only a guess', () => {
    const rows = requirementsFor(site, { ...profile, location: 'japanwest' }, BOT);

    assert.equal(rows.find((row) => row.host === 'gbl.his.arc.azure.com')?.verified, true);
    assert.equal(
      rows.find((row) => row.host === 'japanwest-gas.guestconfiguration.azure.com')?.verified,
      false,
    );
  });

  it('works with no site at all', () => {
    assert.ok(requirementsFor(undefined, undefined, undefined).length > 20);
  });
});

describe('missingRows', () => {
  it('keeps only what a check showed to be closed, families by their member', () => {
    const rows = requirementsFor(site, publicProfile, BOT);
    const { diagnosis } = diagnoseText(
      'https://login.microsoftonline.com |false |false |unknown |set\nhttps://je.his.arc.azure.com |false |false |unknown |set\nhttps://management.azure.com |true |false |TLS 1.2 |set\n',
    );

    const missing = missingRows(rows, diagnosis).map((row) => row.host);

    assert.deepEqual(missing.sort(), ['*.his.arc.azure.com', 'login.microsoftonline.com']);
  });
});

describe('requestForm', () => {
  it('has the columns that network teams ask for, and says what is not verified', () => {
    const rows = requirementsFor(site, { ...profile, location: 'japanwest' }, BOT);

    const [header, ...lines] = requestForm(rows, { lang: 'ja', from: '10.22.0.0/24' });

    assert.deepEqual(header, [
      '送信元',
      '宛先',
      'ポート',
      '経路',
      '用途',
      '時期',
      'TLS検査除外',
      '根拠URL',
    ]);
    assert.equal(lines.length, rows.length);
    assert.ok(lines.every((line) => line.length === 8 && line[0] === '10.22.0.0/24'));
    assert.ok(lines.some((line) => line[1]?.endsWith('(未確認)')));
  });
});
