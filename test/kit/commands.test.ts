import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { OpsBotError } from '../../src/core/errors.ts';
import type { MachineName } from '../../src/core/ids.ts';
import { commandsFor, connectStory } from '../../src/kit/commands.ts';
import { quote } from '../../src/kit/shell.ts';
import { OSAKA, PROFILE, SV1 } from '../support/door-world.ts';

const SCOPE =
  '/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/rg-arc/providers/Microsoft.HybridCompute/privateLinkScopes/pls-jpe';
const profile = {
  ...PROFILE,
  privateLinkScopeId: SCOPE,
  tags: { Datacenter: '{code}', StateOrDistrict: '{prefecture}' },
};
const site = { ...OSAKA, prefecture: '大阪府', proxyUrl: 'http://proxy-w.corp.example:8080' };
const linux = { ...SV1, os: 'Red Hat Enterprise Linux 9' };
const windows = { ...SV1, os: 'Windows Server 2022' };

describe('commandsFor', () => {
  it('gives the exact lines that connect a Linux server', () => {
    const { shell, lines } = commandsFor('connect', linux, site, profile);

    assert.equal(shell, 'bash');
    assert.deepEqual(lines, [
      'sudo azcmagent config set proxy.url http://proxy-w.corp.example:8080',
      'sudo azcmagent config set proxy.bypass Arc',
      "sudo azcmagent config set extensions.allowlist 'Microsoft.Azure.AzureDefenderForServers/MDE.Linux,Microsoft.Azure.Monitor/AzureMonitorLinuxAgent'",
      `sudo azcmagent connect --tenant-id ${profile.tenantId} --subscription-id ${profile.subscriptionId} --resource-group rg-arc --location japaneast --resource-name SV-OSK-01 --cloud AzureCloud --private-link-scope ${SCOPE} --tags 'Datacenter=osaka-01,StateOrDistrict=大阪府' --use-device-code`,
    ]);
  });

  it('takes down what is left of an expired machine before it is connected again', () => {
    for (const [machine, agent] of [
      [linux, 'sudo azcmagent'],
      [windows, '& "$env:ProgramFiles\\AzureConnectedMachineAgent\\azcmagent.exe"'],
    ] as const) {
      const { lines } = commandsFor('connect', machine, site, profile, { expired: true });
      const story = connectStory(machine, site, profile, { expired: true });

      const [removed, disconnected, ...rest] = lines;
      assert.match(
        removed ?? '',
        /^az connectedmachine delete --name '?SV-OSK-01'? --resource-group /,
      );
      assert.equal(disconnected, `${agent} disconnect --force-local-only`);
      assert.deepEqual(rest, commandsFor('connect', machine, site, profile).lines);
      assert.deepEqual(
        story.lines.filter((line) => !line.startsWith('#')).slice(0, 2),
        lines.slice(0, 2),
      );
    }
  });

  it('gives the lines of a Windows server, with MDE in the registry', () => {
    const { shell, lines } = commandsFor('proxy', windows, site, profile);

    assert.equal(shell, 'powershell');
    assert.equal(
      lines[0],
      `& "$env:ProgramFiles\\AzureConnectedMachineAgent\\azcmagent.exe" config set proxy.url 'http://proxy-w.corp.example:8080'`,
    );
    assert.ok(
      lines.some((line) => /TelemetryProxyServer .* 'proxy-w\.corp\.example:8080'$/.test(line)),
    );
    assert.ok(lines.some((line) => line.startsWith('az connectedmachine extension create ')));
  });

  it('asks for the certificate instead of a code where device code is blocked', () => {
    const bash = commandsFor('connect', linux, site, profile, { auth: 'certificate' }).lines;
    const powershell = commandsFor('connect', windows, site, profile, {
      auth: 'certificate',
    }).lines;

    assert.match(
      bash.at(-1) ?? '',
      /--service-principal-id "\$APP_ID" --service-principal-cert "\$CERT"$/,
    );
    assert.match(powershell.at(-1) ?? '', /--service-principal-cert-thumbprint \$Thumbprint$/);
    for (const line of [...bash, ...powershell]) assert.doesNotMatch(line, /device-code/);
  });

  it('always names the tenant, and checks private link where there is one', () => {
    const connect = commandsFor('connect', undefined, site, PROFILE).lines.at(-1) ?? '';

    assert.match(connect, / --tenant-id /);
    assert.doesNotMatch(connect, /--resource-name|--private-link-scope/);
    assert.deepEqual(commandsFor('check', linux, site, profile).lines, [
      'sudo azcmagent check --location japaneast --enable-pls-check',
    ]);
    assert.deepEqual(commandsFor('check', linux, site, PROFILE).lines, [
      'sudo azcmagent check --location japaneast',
    ]);
  });

  for (const [name, wrong] of Object.entries({
    'a name of 55 characters': () =>
      commandsFor('connect', { ...linux, name: 'A'.repeat(55) as MachineName }, site, profile),
    'a resource id with a command in it': () =>
      commandsFor('connect', linux, site, { ...profile, privateLinkScopeId: `${SCOPE};reboot` }),
    'a proxy with a password': () =>
      commandsFor('proxy', linux, { ...site, proxyUrl: 'http://u:p@proxy:8080' }, profile),
    'a region that is none': () =>
      commandsFor('check', linux, site, { ...profile, location: 'Japan East' }),
    'a tag with a quote': () =>
      commandsFor('connect', linux, site, { ...profile, tags: { City: "O'saka" } }),
    'a tag that begins another': () =>
      commandsFor('connect', linux, site, { ...profile, tags: { City: 'a,b=c' } }),
    'a bypass word that is none': () =>
      commandsFor('proxy', linux, site, { ...profile, proxyBypass: ['Arc', '*'] }),
    'a tag with a bidi control': () =>
      commandsFor('connect', linux, site, { ...profile, tags: { City: 'a\u202eb' } }),
  })) {
    it(`refuses ${name}`, () => {
      assert.throws(
        wrong,
        (error) => error instanceof OpsBotError && error.code === 'VALUE_REFUSED',
      );
    });
  }
});

describe('quote', () => {
  const hostile = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).filter(printable);
  const nasty = fc
    .array(
      fc.constantFrom(
        ...`'"\`$()\\;|&<>*?[]{}!#~ -=,\t`.replace('\t', '').split(''),
        '$(id)',
        '大阪',
      ),
      { minLength: 1, maxLength: 30 },
    )
    .map((parts) => parts.join(''));

  it('brings every value through a real bash unchanged', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(hostile, nasty), { minLength: 1, maxLength: 20 }), (values) => {
        const words = values.map((value) => quote('bash', value)).join(' ');

        const printed = execFileSync('bash', ['-c', `printf '%s\\0' ${words}`]);

        assert.deepEqual(printed.toString('utf8').split('\0').slice(0, -1), values);
      }),
      { numRuns: 40 },
    );
  });

  it('doubles every character that PowerShell takes for a quote', () => {
    assert.equal(quote('powershell', "a'b\u2019c\u2018d"), "'a''b\u2019\u2019c\u2018\u2018d'");
  });

  it('refuses what would end the line', () => {
    for (const value of ['a\nb', 'a\rb', 'a\0b', 'a\u2028b']) {
      assert.throws(() => quote('bash', value), OpsBotError);
      assert.throws(() => quote('powershell', value), OpsBotError);
    }
  });
});

/** Quotable, and the same after UTF-8 (no lone surrogates). */
function printable(value: string): boolean {
  return !/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u.test(value);
}

describe('connectStory', () => {
  it('tells all of one server in the order it is run', () => {
    const { lines } = connectStory(linux, site, profile);

    assert.deepEqual(
      lines.filter((line) => line.startsWith('#')),
      ['# config', '# MDE: proxy', '# check', '# connect', '# AMA: proxy (Azure CLI)'],
    );
    const parts = (['proxy', 'check', 'connect'] as const).flatMap(
      (what) => commandsFor(what, linux, site, profile).lines,
    );
    assert.deepEqual(new Set(lines.filter((line) => !line.startsWith('#'))), new Set(parts));
  });

  it('leaves out what a site without a proxy does not need', () => {
    const { proxyUrl: _, ...direct } = site;

    const { lines } = connectStory(windows, direct, profile, { auth: 'certificate' });

    assert.ok(!lines.some((line) => /proxy/i.test(line)));
    assert.match(lines.at(-1) ?? '', /--service-principal-cert-thumbprint \$Thumbprint$/);
  });
});
