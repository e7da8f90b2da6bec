import assert from 'node:assert/strict';
import type { AzureMachine, ProvisioningState } from '../../src/core/azure.ts';
import type { MachineName } from '../../src/core/ids.ts';
import { obstacle, planRepair } from '../../src/core/repair/plan.ts';
import { begin, observe, recheck } from '../../src/core/repair/steps.ts';
import type { RepairMachine, RepairPlan, RepairStep } from '../../src/core/repair.ts';
import type { Deployer } from '../../src/core/roll-out.ts';
import { anAzureMachine, anExtension } from '../support/builders.ts';

const NAME = 'SV-OSK-01' as MachineName;
const START = new Date('2026-11-25T01:00:00Z');
const minute = (minutes: number): Date => new Date(START.getTime() + minutes * 60_000);

function azure(state: ProvisioningState | 'absent', message?: string): AzureMachine {
  const extension = anExtension('AMA', {
    ...(state !== 'absent' && { provisioningState: state }),
    ...(message && { message }),
  });
  return anAzureMachine(NAME, { extensions: state === 'absent' ? [] : [extension] });
}

function machine(step: RepairStep, plan: RepairPlan = 'reinstall', begun?: boolean): RepairMachine {
  return {
    machine: NAME,
    plan,
    step,
    sinceAt: START,
    ...(begun !== undefined && { begun }),
  };
}

describe('the plan of a repair', () => {
  const cases: readonly [ProvisioningState | 'absent', Deployer, boolean, string][] = [
    ['absent', 'bot', false, 'install waiting'],
    ['absent', 'policy', true, 'theirs'],
    ['absent', 'defender', true, 'theirs'],
    ['failed', 'bot', false, 'reinstall waiting'],
    ['canceled', 'bot', false, 'reinstall waiting'],
    ['failed', 'policy', false, 'remove waiting'],
    ['creating', 'bot', false, 'reinstall watching'],
    ['updating', 'bot', false, 'reinstall watching'],
    ['deleting', 'defender', false, 'remove watching'],
    ['succeeded', 'bot', false, 'fine'],
    ['succeeded', 'bot', true, 'reinstall waiting'],
    ['succeeded', 'policy', true, 'theirs'],
    ['unknown', 'bot', false, 'fine'],
  ];
  for (const [state, deployer, named, expected] of cases) {
    const how = named ? 'named' : 'of a site';
    it(`for ${state}, ${how}, deployed by ${deployer}: ${expected}`, () => {
      const plan = planRepair(NAME, azure(state), 'AMA', deployer, named, START);

      assert.equal(plan.trouble ?? `${plan.plan} ${plan.step}`, expected);
    });
  }

  it('touches no machine that Azure does not know or does not reach', () => {
    const off = anAzureMachine(NAME, { status: 'disconnected', extensions: [] });

    const unknown = planRepair(NAME, undefined, 'AMA', 'bot', true, START);
    const away = planRepair(NAME, off, 'AMA', 'bot', true, START);

    assert.deepEqual([unknown.trouble, away.trouble], ['not-in-azure', 'not-connected']);
  });
});

describe('a step of a repair', () => {
  const cases: readonly [RepairMachine, ProvisioningState | 'absent', number, string][] = [
    [machine('watching'), 'creating', 29, 'watching'],
    [machine('watching'), 'creating', 31, 'waiting'],
    [machine('watching'), 'failed', 1, 'waiting'],
    [machine('watching'), 'succeeded', 1, 'done'],
    [machine('watching'), 'absent', 1, 'waiting'],
    [machine('watching', 'remove'), 'absent', 1, 'done'],
    [machine('removing', 'reinstall', true), 'failed', 5, 'removing'],
    [machine('removing', 'reinstall', true), 'deleting', 59, 'removing'],
    [machine('removing', 'reinstall', true), 'deleting', 61, 'too-long'],
    [machine('removing', 'reinstall', true), 'absent', 1, 'removed'],
    [machine('removing', 'remove', true), 'absent', 1, 'done'],
    [machine('removing', 'reinstall', false), 'failed', 1, 'removing'],
    [machine('removing', 'reinstall', false), 'failed', 3, 'waiting'],
    [machine('removing', 'reinstall', false), 'absent', 3, 'removed'],
    [machine('installing', 'install', false), 'absent', 1, 'installing'],
    [machine('installing', 'install', false), 'absent', 3, 'waiting'],
    [machine('installing', 'reinstall', false), 'absent', 3, 'removed'],
    [machine('installing', 'install', true), 'absent', 4, 'installing'],
    [machine('installing', 'install', true), 'absent', 6, 'failed'],
    [machine('installing', 'install', true), 'creating', 59, 'installing'],
    [machine('installing', 'install', true), 'creating', 61, 'too-long'],
    [machine('installing', 'install', true), 'succeeded', 2, 'done'],
    [machine('installing', 'install', true), 'failed', 2, 'failed'],
  ];
  for (const [before, state, minutes, expected] of cases) {
    const sent = before.begun === undefined ? '' : before.begun ? ' (taken)' : ' (unanswered)';
    it(`${before.plan}: ${before.step}${sent} with ${state} after ${minutes} min is ${expected}`, () => {
      const next = observe(before, 'AMA', azure(state), minute(minutes));

      assert.equal(next.trouble ?? next.step, expected);
    });
  }

  it('stands still while Azure does not know the machine', () => {
    const before = machine('removing', 'reinstall', true);

    assert.equal(observe(before, 'AMA', undefined, minute(1)), before);
  });

  it('is known to have been taken once Azure shows it', () => {
    const removing = observe(
      machine('removing', 'remove', false),
      'AMA',
      azure('deleting'),
      minute(1),
    );
    const installing = observe(
      machine('installing', 'install', false),
      'AMA',
      azure('creating'),
      minute(1),
    );

    assert.deepEqual([removing.begun, installing.begun], [true, true]);
  });

  it('deletes first unless there is nothing to delete', () => {
    const steps = [machine('waiting'), machine('removed'), machine('waiting', 'install')].map(
      (one) => begin(one, minute(1)).step,
    );

    assert.deepEqual(steps, ['removing', 'installing', 'installing']);
  });

  it('follows what others did while it waited', () => {
    const now = minute(1);
    const gone = recheck(machine('waiting'), 'AMA', azure('absent'), now);
    const done = recheck(machine('waiting', 'install'), 'AMA', azure('succeeded'), now);
    const busy = recheck(machine('waiting', 'install'), 'AMA', azure('creating'), now);
    const broken = recheck(machine('waiting', 'install'), 'AMA', azure('failed'), now);
    const removed = recheck(machine('waiting', 'remove'), 'AMA', azure('absent'), now);
    const healed = recheck(
      { ...machine('waiting'), broken: 'failed' },
      'AMA',
      azure('succeeded'),
      now,
    );
    const stuck = recheck(
      { ...machine('waiting'), broken: 'stuck' },
      'AMA',
      azure('creating'),
      now,
    );
    const asked = recheck(machine('waiting'), 'AMA', azure('succeeded'), now);

    assert.deepEqual(
      [gone, done, busy, broken, removed, healed, stuck, asked].map(
        ({ plan, step, trouble }) => trouble ?? `${plan} ${step}`,
      ),
      [
        'install waiting',
        'install done',
        'reinstall watching',
        'reinstall waiting',
        'remove done',
        'fine',
        'reinstall waiting',
        'reinstall waiting',
      ],
    );
  });
});

describe('the allow list of a machine', () => {
  const type = 'Microsoft.Azure.Monitor/AzureMonitorWindowsAgent';
  const listed = (extensionAllowList?: readonly string[]) =>
    anAzureMachine(NAME, extensionAllowList ? { extensionAllowList } : {});

  it("must be there for the bot's second identity, not for a person's rights", () => {
    for (const list of [undefined, []]) {
      assert.equal(obstacle(listed(list), 'bot-identity', type), 'no-allow-list');
      assert.equal(obstacle(listed(list), 'on-behalf-of', type), undefined);
    }
  });

  it('must name what is installed, in any case of letters', () => {
    assert.equal(obstacle(listed([type.toLowerCase()]), 'bot-identity', type), undefined);
    assert.equal(obstacle(listed(['Other/One']), 'on-behalf-of', type), 'not-on-allow-list');
    assert.equal(obstacle(listed(['Other/One']), 'on-behalf-of', undefined), undefined);
  });
});
