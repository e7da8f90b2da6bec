import assert from 'node:assert/strict';
import type { AzureMachine } from '../../src/core/azure.ts';
import type { Evidence } from '../../src/core/evidence.ts';
import type { MachineName } from '../../src/core/ids.ts';
import type { SignIn } from '../../src/core/sign-in.ts';
import { summarizeMachine, summarizeSite } from '../../src/core/site-status.ts';
import { aCheck, anAzureMachine, anEvidence, anExtension } from '../support/builders.ts';
import { sampleRollOut } from '../support/sample-roll-out.ts';

const NOW = new Date('2026-11-25T01:00:00Z');
const minutesAgo = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);
const site = sampleRollOut.site('osaka-01');
const machine = sampleRollOut.machine('SV-OSK-03');
assert.ok(site && machine);
const profile = sampleRollOut.profileOf(site);
const machines = sampleRollOut.machinesAt(site.code);

function summary(changes: Partial<Evidence>) {
  assert.ok(site && machine);
  return summarizeMachine({ machine, site, profile, evidence: anEvidence(changes) }, NOW);
}

describe('the lamps of an extension', () => {
  const lampOf = (changes: Partial<Evidence>) => {
    const ama = summary(changes).extensions.find((one) => one.extension === 'AMA');
    return [ama?.installed, ama?.configured, ama?.dataSeen];
  };
  const azure = (...extensions: ReturnType<typeof anExtension>[]) => ({
    azure: { machine: anAzureMachine('SV-OSK-03', { extensions }), seenAt: NOW },
    azureAsOfAt: NOW,
  });
  const cases: readonly (readonly [string, Partial<Evidence>, readonly string[]])[] = [
    ['Azure was never read', {}, ['not-verified', 'not-verified', 'not-verified']],
    ['Azure has no such machine', { azureAsOfAt: NOW }, ['missing', 'missing', 'missing']],
    ['the machine has none', azure(), ['missing', 'missing', 'missing']],
    [
      'it is installed, no data yet',
      azure(anExtension('AMA')),
      ['ok', 'not-verified', 'not-verified'],
    ],
    [
      'it is being installed',
      azure(anExtension('AMA', { provisioningState: 'creating' })),
      ['working', 'not-verified', 'not-verified'],
    ],
    [
      'it failed',
      azure(anExtension('AMA', { provisioningState: 'failed' })),
      ['failed', 'not-verified', 'not-verified'],
    ],
    [
      'Azure uses a word we do not know',
      azure(anExtension('AMA', { provisioningState: 'unknown' })),
      ['not-verified', 'not-verified', 'not-verified'],
    ],
    [
      'its data came minutes ago',
      { ...azure(anExtension('AMA')), dataSeenAt: { AMA: minutesAgo(5) } },
      ['ok', 'ok', 'ok'],
    ],
    [
      'its data stopped hours ago',
      { ...azure(anExtension('AMA')), dataSeenAt: { AMA: minutesAgo(300) } },
      ['ok', 'not-verified', 'not-verified'],
    ],
    [
      'its last heartbeat is more than 15 minutes old',
      { ...azure(anExtension('AMA')), dataSeenAt: { AMA: minutesAgo(16) } },
      ['ok', 'not-verified', 'not-verified'],
    ],
  ];
  for (const [title, evidence, lamps] of cases) {
    it(`${title}: ${lamps.join(', ')}`, () => {
      assert.deepEqual(lampOf(evidence), lamps);
    });
  }
});

describe('the lamps of what Azure tells beyond the installation', () => {
  const lamps = (changes: Partial<AzureMachine>, evidence: Partial<Evidence> = {}) => {
    const azureMachine = anAzureMachine('SV-OSK-03', changes);
    const azure = { machine: azureMachine, seenAt: NOW };
    return Object.fromEntries(
      summary({ azure, azureAsOfAt: NOW, ...evidence }).extensions.map((one) => [
        one.extension,
        [one.installed, one.configured, one.dataSeen],
      ]),
    );
  };
  const rule = profile?.dcrId?.toLowerCase() ?? '';

  it('AMA is configured once the planned data collection rule is associated', () => {
    assert.deepEqual(lamps({ dataRules: [rule] }).AMA, ['ok', 'ok', 'not-verified']);
    assert.deepEqual(lamps({ dataRules: [] }).AMA, ['ok', 'missing', 'not-verified']);
    assert.deepEqual(lamps({ dataRules: ['/another'] }).AMA, ['ok', 'missing', 'not-verified']);
  });

  it('MDE is configured where the plan is on, and never green where that is unread', () => {
    const seen = { dataSeenAt: { MDE: minutesAgo(5) } };

    assert.deepEqual(lamps({ defenderPlan: 'on' }, seen).MDE, ['ok', 'ok', 'ok']);
    assert.deepEqual(lamps({ defenderPlan: 'off' }, seen).MDE, ['ok', 'missing', 'ok']);
    assert.deepEqual(lamps({}, seen).MDE, ['ok', 'not-verified', 'ok']);
  });

  it('an extension is on its way as long as who deploys it has time, then it is missing', () => {
    const since = (minutes: number) => ({
      extensions: [],
      lastStatusChangeAt: minutesAgo(minutes),
    });
    const installed = (minutes: number) => {
      const { MDE, AMA } = lamps(since(minutes));
      return [MDE?.[0], AMA?.[0]];
    };

    assert.deepEqual(installed(11 * 60), ['working', 'working']);
    assert.deepEqual(installed(13 * 60), ['missing', 'working']);
    assert.deepEqual(installed(25 * 60), ['missing', 'missing']);
  });

  it('the status is unknown once a later reading did not have the machine', () => {
    const azure = { machine: anAzureMachine('SV-OSK-03'), seenAt: minutesAgo(2) };

    assert.equal(summary({ azure, azureAsOfAt: NOW }).status, 'unknown');
    assert.equal(summary({ azure, azureAsOfAt: minutesAgo(2) }).status, 'connected');
  });
});

describe('summarizeMachine', () => {
  it('tells whether Azure was asked at all', () => {
    assert.equal(summary({}).status, 'not-read');
    assert.equal(summary({ azureAsOfAt: NOW }).status, 'not-in-azure');
  });

  it('names the last safe date only while the server is on its way', () => {
    const lost = anAzureMachine('SV', {
      status: 'disconnected',
      lastStatusChangeAt: NOW,
      extensions: [],
    });
    const azure = { azure: { machine: lost, seenAt: NOW } };
    const kobe = sampleRollOut.site('kobe-01');
    assert.ok(kobe && machine);
    const at = (shippedAt?: Date) =>
      summarizeMachine(
        {
          machine,
          site: kobe,
          profile: sampleRollOut.profileOf(kobe),
          evidence: anEvidence({ ...azure, marks: shippedAt ? { shippedAt } : {} }),
        },
        NOW,
      ).lastSafeAt;

    assert.deepEqual(at(NOW), new Date('2027-01-09T01:00:00Z'));
    assert.equal(at(), undefined);
  });

  it('carries the last check and its age', () => {
    const { checkVerdict, checkedAt } = summary({ lastCheck: aCheck(minutesAgo(9)) });

    assert.deepEqual([checkVerdict, checkedAt], ['healthy', minutesAgo(9)]);
  });
});

describe('summarizeSite', () => {
  const evidences = (changes: Record<string, Partial<Evidence>>) =>
    new Map(
      Object.entries(changes).map(([name, one]) => [
        name as MachineName,
        anEvidence({ machine: name as MachineName, ...one }),
      ]),
    );

  it('counts what is done and leaves replaced machines out', () => {
    const known = evidences({
      'SV-OSK-01': { marks: { doneAt: NOW } },
      'SV-OSK-02': { marks: { replacedAt: NOW } },
    });

    const status = summarizeSite(site, profile, machines, known, [], NOW);

    assert.deepEqual([status.done, status.total, status.late], [1, 3, true]);
    assert.ok(!status.machines.some((one) => one.machine === 'SV-OSK-02'));
  });

  it('says who must act, and shows an open sign-in beside the stage', () => {
    const known = evidences({ 'SV-OSK-03': { quarantined: true } });
    const signIn = { machine: 'SV-OSK-04', progress: { state: 'opened' } } as unknown as SignIn;

    const status = summarizeSite(site, profile, machines, known, [signIn], NOW);

    assert.equal(status.waitingFor, 'engineer');
    assert.equal(status.machines.find((one) => one.machine === 'SV-OSK-04')?.openSignIn, 'opened');
  });

  it('is not late any more once all are done', () => {
    const done = Object.fromEntries(machines.map(({ name }) => [name, { marks: { doneAt: NOW } }]));

    const status = summarizeSite(site, profile, machines, evidences(done), [], NOW);

    assert.equal(status.late, false);
  });
});
