import assert from 'node:assert/strict';
import fc from 'fast-check';
import { agentReleasedAt } from '../../src/core/agent-release.ts';
import type { AzureMachine } from '../../src/core/azure.ts';
import { driftOf } from '../../src/core/drift.ts';
import { DRIFT_WORDS } from '../../src/core/drift-texts.ts';
import type { Evidence } from '../../src/core/evidence.ts';
import { findingsByMachine, fleetFindings } from '../../src/core/fleet-findings.ts';
import type { Profile } from '../../src/core/roll-out.ts';
import { tagsFor } from '../../src/core/roll-out.ts';
import { anAzureMachine, anEvidence } from '../support/builders.ts';
import { sampleRollOut } from '../support/sample-roll-out.ts';

const NOW = new Date('2026-11-25T01:00:00Z');
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ago = (ms: number) => new Date(NOW.getTime() - ms);

function subject(
  name: string,
  changes: Partial<AzureMachine> = {},
  evidence: Partial<Evidence> = {},
) {
  const machine = sampleRollOut.machine(name);
  const site = machine && sampleRollOut.siteOf(machine);
  const profile = site && sampleRollOut.profileOf(site);
  assert.ok(machine && site && profile);
  const azure = anAzureMachine(name, {
    ...(profile.privateLinkScopeId && { privateLinkScopeId: profile.privateLinkScopeId }),
    ...(site.proxyUrl && { proxyUrl: site.proxyUrl }),
    proxyBypass: profile.proxyBypass,
    tags: tagsFor(profile, site),
    agentVersion: '1.67.03504.3207',
    addresses: [(site.subnet ?? '').replace(/\d+\/\d+$/, '11')],
    ...changes,
  });
  const kept = anEvidence({
    machine: machine.name,
    azure: { machine: azure, seenAt: NOW },
    azureAsOfAt: NOW,
    ...evidence,
  });
  return { machine, site, profile, evidence: kept };
}

const idsOf = (...given: Parameters<typeof subject>) =>
  driftOf(subject(...given), NOW).map(({ id, severity }) => `${id} ${severity}`);
const SITE = 'SV-OSK-01';
const BASE = 'SV-KBE-01';
const arrived = { marks: { shippedAt: ago(9 * DAY), arrivedAt: ago(DAY) } };

describe('driftOf', () => {
  it('finds nothing where a machine is as planned', () => {
    assert.deepEqual(idsOf(SITE), []);
    assert.deepEqual(idsOf(BASE, {}, arrived), []);
  });

  it('finds nothing while Azure does not know the machine', () => {
    const { machine, site, profile } = subject(SITE);
    const evidence = anEvidence({ azureAsOfAt: NOW });

    assert.deepEqual(driftOf({ machine, site, profile, evidence }, NOW), []);
  });

  const cases: readonly (readonly [string, Partial<AzureMachine>, readonly string[]])[] = [
    ['another proxy', { proxyUrl: 'http://other:8080' }, ['drift-proxy-url error']],
    ['no proxy where one is planned', { proxyUrl: '' }, ['drift-proxy-url error']],
    ['no bypass', { proxyBypass: [] }, ['drift-proxy-bypass error']],
    ['a bypass in other letters, and more', { proxyBypass: ['ARC', 'AMA'] }, []],
    ['a scope in other letters', { privateLinkScopeId: scopeId().toUpperCase() }, []],
    ['another scope', { privateLinkScopeId: '/other' }, ['drift-private-link-scope-wrong error']],
    ['no tags', { tags: {} }, ['drift-tag-sql warning', 'drift-tags warning']],
    ['an empty allow list', { extensionAllowList: [] }, ['drift-allow-list-open info']],
    [
      'an allow list without ours',
      { extensionAllowList: ['Acme/Thing'] },
      ['drift-allow-list error'],
    ],
    [
      'an allow list with ours',
      {
        extensionAllowList: [
          'microsoft.azure.monitor/azuremonitorwindowsagent',
          'Microsoft.Azure.AzureDefenderForServers/MDE.Windows',
        ],
      },
      [],
    ],
    ['an old agent', { agentVersion: '1.50.02800.1' }, ['drift-agent-old warning']],
    ['an agent of no version', { agentVersion: 'newest' }, []],
    ['an address elsewhere', { addresses: ['192.0.2.7'] }, ['address-elsewhere info']],
    [
      'a silence of 20 minutes',
      { status: 'disconnected', lastStatusChangeAt: ago(20 * MINUTE) },
      ['heartbeat-late warning'],
    ],
    [
      'a silence of 40 minutes',
      { status: 'disconnected', lastStatusChangeAt: ago(40 * MINUTE) },
      ['heartbeat-down error'],
    ],
  ];
  for (const [title, changes, expected] of cases) {
    it(`of ${title}: ${expected.join(', ') || 'nothing'}`, () => {
      assert.deepEqual(idsOf(SITE, changes), expected);
    });
  }

  function scopeId(): string {
    return sampleRollOut.profiles.find((one) => one.privateLinkScopeId)?.privateLinkScopeId ?? '';
  }

  it('of a scope that is missing, or that a public plan does not name', () => {
    const planned = subject(SITE);
    const without = { ...planned.evidence.azure?.machine } as AzureMachine & {
      privateLinkScopeId?: string;
    };
    delete without.privateLinkScopeId;
    const evidence = anEvidence({ azure: { machine: without, seenAt: NOW } });
    const ids = (profile: Profile, of: Evidence) =>
      driftOf({ ...planned, profile, evidence: of }, NOW).map(({ id }) => id);
    const { privateLinkScopeId: _, ...open } = planned.profile;

    assert.deepEqual(ids(planned.profile, evidence), ['drift-private-link-scope-missing']);
    assert.deepEqual(ids(open, planned.evidence), ['drift-private-link-scope-unplanned']);
    assert.deepEqual(ids(open, evidence), []);
  });

  it('warns of the 45 days at 30, 14 and 7 of them, and when they are over', () => {
    const silentFor = (days: number) =>
      idsOf(SITE, { status: 'disconnected', lastStatusChangeAt: ago(days * DAY) }).filter((id) =>
        id.startsWith('expiry'),
      );

    assert.deepEqual(silentFor(14), []);
    assert.deepEqual(silentFor(15.5), ['expiry-ahead info']);
    assert.deepEqual(silentFor(31.5), ['expiry-ahead warning']);
    assert.deepEqual(silentFor(38.5), ['expiry-ahead error']);
    assert.deepEqual(silentFor(45.5), ['expiry-passed error']);
  });

  it('is silent about a server in the truck, but for the 45 days', () => {
    const marks = { shippedAt: ago(20 * DAY) };
    const lost = {
      status: 'disconnected',
      lastStatusChangeAt: ago(20 * DAY),
      proxyUrl: '',
    } as const;

    assert.deepEqual(idsOf(BASE, { ...lost, addresses: ['10.0.0.1'] }, { marks }), [
      'expiry-ahead info',
    ]);
  });

  it('does not hold the base’s proxy and network against a server that has not reported since', () => {
    const atBase = { proxyUrl: 'http://proxy-base:8080', addresses: ['10.0.0.1'] };
    const unpacked = {
      ...atBase,
      status: 'disconnected',
      lastStatusChangeAt: ago(9 * DAY),
    } as const;

    assert.deepEqual(idsOf(BASE, atBase), []);
    assert.deepEqual(idsOf(BASE, unpacked, arrived), []);
    assert.deepEqual(idsOf(BASE, atBase, arrived), [
      'drift-proxy-url error',
      'address-elsewhere info',
    ]);
  });

  it('is silent about a predecessor, and about a machine that has left the roll-out', () => {
    const lost = { status: 'disconnected', lastStatusChangeAt: ago(9 * DAY) } as const;
    const successor = { marks: { replacedAt: ago(2 * DAY), enrolledAt: ago(DAY) } };

    assert.deepEqual(idsOf(SITE, lost), ['heartbeat-down error']);
    assert.deepEqual(idsOf(SITE, lost, successor), []);
    assert.deepEqual(idsOf(SITE, lost, { marks: { retiredAt: ago(DAY) } }), []);
  });

  it('asks for no bypass where an Arc gateway is in use', () => {
    const { profile, ...rest } = subject(SITE, { proxyBypass: [] });
    const ids = driftOf({ ...rest, profile: { ...profile, gatewayId: '/gateway' } }, NOW);

    assert.deepEqual(ids, []);
  });

  it('gives the command that sets it right, and no value that is none', () => {
    const found = driftOf(
      subject(SITE, { proxyUrl: 'http://me:pw@old:1', proxyBypass: ['AMA'] }),
      NOW,
    );
    const { site } = subject(SITE);

    assert.deepEqual(
      found.map(({ commands }) => commands),
      [
        [`azcmagent config set proxy.url "${site.proxyUrl}"`],
        ['azcmagent config set proxy.bypass "AMA,Arc"'],
      ],
    );
    assert.equal(found[0]?.evidence?.proxy, 'http://old:1');
    const hostile = subject(SITE, { proxyUrl: '' });
    const planned = { ...hostile.site, proxyUrl: 'http://x" & calc' };
    assert.deepEqual(driftOf({ ...hostile, site: planned }, NOW)[0]?.commands, []);
  });

  it('says every finding in both languages', () => {
    for (const [id, { cause, remedy, source }] of Object.entries(DRIFT_WORDS)) {
      for (const text of [cause.ja, remedy.ja]) assert.match(text, /[。]$/, id);
      for (const text of [cause.en, remedy.en]) assert.match(text, /[.?]$/, id);
      assert.match(source, /^https:\/\/learn\.microsoft\.com\//);
    }
  });

  it('reads whatever Azure says', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.array(fc.string()),
        fc.dictionary(fc.string(), fc.string()),
        fc.date({ noInvalidDate: true }),
        (word, words, tags, lastStatusChangeAt) => {
          const changes = { proxyUrl: word, agentVersion: word, privateLinkScopeId: word };
          const more = { proxyBypass: words, extensionAllowList: words, addresses: words };
          idsOf(SITE, { ...changes, ...more, tags, lastStatusChangeAt, status: 'disconnected' });
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('agentReleasedAt', () => {
  it('follows one version a month', () => {
    assert.deepEqual(agentReleasedAt('1.67.03504.3207'), new Date('2026-08-31T00:00:00Z'));
    assert.deepEqual(agentReleasedAt('1.58.03228.700'), new Date('2025-11-30T00:00:00Z'));
    assert.equal(agentReleasedAt('2.0'), undefined);
    assert.equal(agentReleasedAt(undefined), undefined);
  });
});

describe('fleetFindings', () => {
  const profile = sampleRollOut.profiles[0];
  assert.ok(profile);
  const seen = (name: string, changes: Partial<AzureMachine> = {}) =>
    anAzureMachine(name, {
      subscriptionId: profile.subscriptionId,
      resourceGroup: profile.resourceGroup.toUpperCase(),
      resourceId: `/${changes.resourceGroup ?? ''}/${name}`,
      ...changes,
    });
  const UUID = '4c4c4544-0034-3010-8052-b4c04f4a4332';
  const SWAPPED = '44454c4c-3400-1030-8052-b4c04f4a4332';
  const found = (...fleet: Parameters<typeof fleetFindings>[1]) =>
    fleetFindings(sampleRollOut, fleet).map(({ finding, machines }) => [finding.id, machines]);

  it('finds nothing in a fleet as planned', () => {
    assert.deepEqual(found(seen('SV-OSK-01', { vmUuid: UUID }), seen('SV-OSK-02')), []);
  });

  it('finds a server in our group that no row names, and none in another group', () => {
    const elsewhere = seen('OTHER', { resourceGroup: 'rg-theirs' });

    assert.deepEqual(found(seen('STRANGER'), elsewhere), [['unknown-machine', ['STRANGER']]]);
  });

  it('finds a name that Azure has twice, wherever the other stands', () => {
    const twice = seen('sv-osk-01', { resourceGroup: 'rg-theirs' });

    assert.deepEqual(found(seen('SV-OSK-01'), twice), [
      ['duplicate-name', ['SV-OSK-01', 'sv-osk-01']],
    ]);
  });

  it('finds clones by the uuid in either byte order, or the agent’s id, and names both once', () => {
    const both = ['SV-OSK-01', 'SV-OSK-02'];

    assert.deepEqual(
      found(seen('SV-OSK-01', { vmUuid: UUID }), seen('SV-OSK-02', { vmUuid: SWAPPED })),
      [['cloned-image', both]],
    );
    const vmId = '00000000-0000-4000-8000-0000000000d2';
    const ids = { vmId, vmUuid: UUID };
    assert.deepEqual(found(seen('SV-OSK-01', ids), seen('SV-OSK-02', ids)), [
      ['cloned-image', both],
    ]);
  });

  it('stands against every machine it names', () => {
    const clones = [seen('SV-OSK-01', { vmUuid: UUID }), seen('SV-OSK-02', { vmUuid: UUID })];

    const byMachine = findingsByMachine(fleetFindings(sampleRollOut, clones));

    assert.deepEqual([...byMachine.keys()], ['sv-osk-01', 'sv-osk-02']);
    assert.equal(byMachine.get('sv-osk-01')?.[0]?.severity, 'critical');
  });
});
