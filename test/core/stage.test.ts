import assert from 'node:assert/strict';
import type { Evidence } from '../../src/core/evidence.ts';
import type { Finding } from '../../src/core/network-check.ts';
import type { Profile, Site } from '../../src/core/roll-out.ts';
import { isFresh, isLate, lastSafeAt, type Stage, stageOf } from '../../src/core/stage.ts';
import { aCheck, aFinding, anAzureMachine, anEvidence, anExtension } from '../support/builders.ts';
import { sampleRollOut } from '../support/sample-roll-out.ts';

const NOW = new Date('2026-11-25T01:00:00Z');
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000);

const osaka = must(sampleRollOut.site('osaka-01'));
const kobe = must(sampleRollOut.site('kobe-01'));
const atSite = must(sampleRollOut.profileOf(osaka));
const atBase = must(sampleRollOut.profileOf(kobe));

function must<T>(value: T | undefined): T {
  assert.ok(value);
  return value;
}

function azure(changes: Parameters<typeof anAzureMachine>[1] = {}, seenAt = NOW) {
  return { azure: { machine: anAzureMachine('SV', changes), seenAt }, azureAsOfAt: seenAt };
}

const fresh = { MDE: hoursAgo(0.1), AMA: hoursAgo(0.1) };
const online = {
  status: 'connected',
  addresses: ['fe80::1', '10.36.0.11'],
  proxyUrl: 'http://proxy-w.corp.example:8080/',
} as const;
const travelled = { shippedAt: hoursAgo(72), arrivedAt: hoursAgo(24) };
const healthy = { lastCheck: aCheck(hoursAgo(1)) };

describe('stageOf, connected at the site', () => {
  const cases: readonly (readonly [string, Partial<Evidence>, Stage])[] = [
    ['nothing known', {}, 'planned'],
    ['key enrolled', { marks: { enrolledAt: NOW } }, 'kitted'],
    ['shipped', { marks: { enrolledAt: NOW, shippedAt: NOW } }, 'shipped'],
    ['arrived', { marks: travelled }, 'arrived'],
    ['arrived, then shipped on', { marks: { arrivedAt: hoursAgo(9), shippedAt: NOW } }, 'shipped'],
    ['last check healthy', healthy, 'network-ready'],
    [
      'last check failed',
      { marks: travelled, lastCheck: aCheck(NOW, { verdict: 'blocked' }) },
      'arrived',
    ],
    ['in Azure, no extension', azure({ extensions: [] }), 'connected'],
    [
      'in Azure, disconnected since',
      azure({ status: 'disconnected', extensions: [] }),
      'connected',
    ],
    ['a word of Azure nobody knows', azure({ status: 'unknown', extensions: [] }), 'planned'],
    ['one extension of two', azure({ extensions: [anExtension('MDE')] }), 'connected'],
    ['both extensions', azure(), 'extensions'],
    ['data of one', { ...azure(), dataSeenAt: { MDE: NOW } }, 'extensions'],
    ['old heartbeat', { ...azure(), dataSeenAt: { MDE: NOW, AMA: hoursAgo(2) } }, 'extensions'],
    ['data of both, no check', { ...azure(), dataSeenAt: fresh }, 'data-seen'],
    ['all of it', { ...azure(), dataSeenAt: fresh, ...healthy }, 'done'],
    ['data without Azure proves nothing', { dataSeenAt: fresh }, 'planned'],
    ['once done', { marks: { doneAt: hoursAgo(99) } }, 'done'],
  ];
  for (const [title, changes, stage] of cases) {
    it(`${title}: ${stage}`, () => {
      assert.equal(stageOf(anEvidence(changes), osaka, atSite, NOW).stage, stage);
    });
  }

  it('is not done while a finding of Azure’s picture is open', () => {
    const evidence = anEvidence({ ...azure(), dataSeenAt: fresh, ...healthy });

    const drift = [aFinding({ id: 'scope-differs', owner: 'azure-admin' })];

    assert.deepEqual(stageOf(evidence, osaka, atSite, NOW, drift), {
      stage: 'data-seen',
      block: { reason: 'drift', owner: 'azure-admin', detail: 'scope-differs' },
    });
  });

  it('is never done without a profile that says what done is', () => {
    const evidence = anEvidence({ ...azure(), dataSeenAt: fresh, ...healthy });

    assert.notEqual(stageOf(evidence, osaka, undefined, NOW).stage, 'done');
  });
});

describe('stageOf, connected at the base', () => {
  const seen = { ...azure(online), dataSeenAt: fresh };
  const cases: readonly (readonly [string, Partial<Evidence>, Stage])[] = [
    ['in Azure at the base', azure({ extensions: [] }), 'connected'],
    ['data seen at the base', { ...azure(), dataSeenAt: fresh }, 'data-seen'],
    ['shipped after that', { ...seen, marks: { shippedAt: hoursAgo(2) } }, 'shipped'],
    [
      'arrived, silent since',
      {
        ...azure({ ...online, status: 'disconnected', lastStatusChangeAt: hoursAgo(70) }),
        marks: travelled,
        dataSeenAt: { MDE: hoursAgo(73), AMA: hoursAgo(73) },
      },
      'arrived',
    ],
    ['all newer than the arrival', { ...seen, marks: travelled }, 'back-online'],
    [
      'Azure heard before the arrival',
      { ...azure(online, hoursAgo(30)), dataSeenAt: fresh, marks: travelled },
      'arrived',
    ],
    [
      'heartbeat from before the arrival',
      { ...seen, dataSeenAt: { MDE: NOW, AMA: hoursAgo(30) }, marks: travelled },
      'arrived',
    ],
    [
      'an address of the base',
      { ...azure({ ...online, addresses: ['10.10.0.5'] }), dataSeenAt: fresh, marks: travelled },
      'arrived',
    ],
    [
      'the proxy of the base',
      {
        ...azure({ ...online, proxyUrl: 'http://proxy-e.corp.example:8080' }),
        dataSeenAt: fresh,
        marks: travelled,
      },
      'arrived',
    ],
    ['and a healthy check', { ...seen, marks: travelled, ...healthy }, 'done'],
  ];
  for (const [title, changes, stage] of cases) {
    it(`${title}: ${stage}`, () => {
      assert.equal(stageOf(anEvidence(changes), kobe, atBase, NOW).stage, stage);
    });
  }
});

describe('what blocks a machine', () => {
  const lost = azure({ status: 'disconnected', lastStatusChangeAt: hoursAgo(3) });
  const blockedBy = (
    changes: Partial<Evidence>,
    site: Site = osaka,
    profile: Profile = atSite,
    drift: readonly Finding[] = [],
  ) => stageOf(anEvidence(changes), site, profile, NOW, drift).block;

  it('is the quarantine before anything else', () => {
    assert.deepEqual(blockedBy({ ...lost, quarantined: true }), {
      reason: 'quarantined',
      owner: 'engineer',
    });
  });

  it('is the expiry of the agent, even on the way', () => {
    const expired = azure({ status: 'expired' });

    assert.equal(blockedBy(expired)?.reason, 'expired');
    assert.equal(
      blockedBy({ ...expired, marks: { shippedAt: hoursAgo(1) } }, kobe, atBase)?.reason,
      'expired',
    );
  });

  it('is a lost connection, but not on the way and not before it is switched on again', () => {
    assert.deepEqual(blockedBy(lost), { reason: 'disconnected', owner: 'site' });
    assert.equal(
      blockedBy({ ...lost, marks: { shippedAt: hoursAgo(4) } }, kobe, atBase),
      undefined,
    );
    const arrived = { shippedAt: hoursAgo(4), arrivedAt: hoursAgo(2) };
    assert.equal(blockedBy({ ...lost, marks: arrived }, kobe, atBase), undefined);
  });

  it('stays done when the connection is lost later', () => {
    const evidence = anEvidence({ ...lost, marks: { doneAt: hoursAgo(50) } });

    assert.deepEqual(stageOf(evidence, osaka, atSite, NOW), {
      stage: 'done',
      block: { reason: 'disconnected', owner: 'site' },
    });
  });

  it('names the cause and owner of a failed check', () => {
    const findings = [aFinding({ severity: 'warning', id: 'old' }), aFinding()];
    const lastCheck = aCheck(NOW, { verdict: 'blocked', findings });

    assert.deepEqual(blockedBy({ lastCheck }), {
      reason: 'network-check-failed',
      owner: 'network',
      detail: 'proxy-bypass-missing',
    });
  });

  it('prefers a check made after the connection was lost', () => {
    const failed = { verdict: 'down', findings: [aFinding()] } as const;

    assert.equal(
      blockedBy({ ...lost, lastCheck: aCheck(hoursAgo(1), failed) })?.reason,
      'network-check-failed',
    );
    assert.equal(
      blockedBy({ ...lost, lastCheck: aCheck(hoursAgo(9), failed) })?.reason,
      'disconnected',
    );
  });

  it('does not hold a check of the base against a server that has left it', () => {
    const lastCheck = aCheck(hoursAgo(80), { verdict: 'blocked', findings: [aFinding()] });

    assert.equal(
      blockedBy({ ...azure(online), marks: travelled, lastCheck }, kobe, atBase),
      undefined,
    );
  });

  it('is a failed extension at once, a missing one only after its deployer’s time', () => {
    const failed = azure({
      extensions: [anExtension('MDE', { provisioningState: 'failed' }), anExtension('AMA')],
    });
    const missing = (hours: number, has: 'MDE' | 'AMA' = 'MDE') =>
      azure({ extensions: [anExtension(has)], lastStatusChangeAt: hoursAgo(hours) });

    assert.deepEqual(blockedBy(failed), {
      reason: 'extension-failed',
      owner: 'azure-admin',
      detail: 'MDE',
    });
    assert.equal(blockedBy(missing(2)), undefined);
    // Policy looks every 24 hours, Defender takes up to 12.
    assert.equal(blockedBy(missing(20)), undefined);
    assert.deepEqual(blockedBy(missing(25)), {
      reason: 'extension-missing',
      owner: 'azure-admin',
      detail: 'AMA',
    });
    assert.equal(blockedBy(missing(13, 'AMA'))?.detail, 'MDE');
  });

  it('is no trouble when the machine has left the roll-out', () => {
    const replaced = { ...lost, marks: { replacedAt: hoursAgo(1) } };

    const now = stageOf(anEvidence(replaced), osaka, atSite, NOW);

    assert.deepEqual([now.history, now.block], ['replaced', undefined]);
  });
});

describe('a replaced machine', () => {
  it('counts again once its successor has enrolled, without what its predecessor had reached', () => {
    const marks = {
      ...travelled,
      replacedAt: hoursAgo(5),
      enrolledAt: hoursAgo(1),
      doneAt: hoursAgo(9),
    };
    const old = {
      ...azure({ lastStatusChangeAt: hoursAgo(90) }),
      dataSeenAt: { MDE: hoursAgo(9) },
    };

    const now = stageOf(anEvidence({ marks, ...old }), osaka, atSite, NOW);

    assert.deepEqual(now, { stage: 'kitted' });
  });
});

describe('isLate', () => {
  it('goes by the calendar at the site', () => {
    const site: Site = { ...osaka, plannedDate: '2026-11-24' };
    const lateEvening = new Date('2026-11-24T14:59:59Z');
    const midnightInTokyo = new Date('2026-11-24T15:00:00Z');

    assert.equal(isLate(site, atSite, false, lateEvening), false);
    assert.equal(isLate(site, atSite, false, midnightInTokyo), true);
    assert.equal(isLate(site, atSite, true, midnightInTokyo), false);
  });

  it('is not said of a site without a date', () => {
    const { plannedDate: _, ...undated } = osaka;

    assert.equal(isLate(undated, atSite, false, NOW), false);
  });
});

describe('lastSafeAt', () => {
  it('is 45 days after the last heartbeat that is known', () => {
    const lost = anEvidence(
      azure({ status: 'disconnected', lastStatusChangeAt: new Date('2026-11-01T00:00:00Z') }),
    );

    assert.deepEqual(lastSafeAt(lost), new Date('2026-12-16T00:00:00Z'));
    assert.equal(lastSafeAt(anEvidence()), undefined);
  });
});

describe('isFresh', () => {
  it('asks AMA for the last hour and MDE for the last seven days', () => {
    assert.equal(isFresh('AMA', hoursAgo(1), NOW), true);
    assert.equal(isFresh('AMA', hoursAgo(1.1), NOW), false);
    assert.equal(isFresh('MDE', hoursAgo(24 * 7), NOW), true);
    assert.equal(isFresh('MDE', hoursAgo(24 * 7 + 1), NOW), false);
    assert.equal(isFresh('MDE', undefined, NOW), false);
  });
});
