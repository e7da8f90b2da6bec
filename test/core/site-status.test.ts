import assert from 'node:assert/strict';
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
      ['ok', 'ok', 'not-verified'],
    ],
  ];
  for (const [title, evidence, lamps] of cases) {
    it(`${title}: ${lamps.join(', ')}`, () => {
      assert.deepEqual(lampOf(evidence), lamps);
    });
  }
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
