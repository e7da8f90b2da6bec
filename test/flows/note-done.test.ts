import assert from 'node:assert/strict';
import type { MachineName, SiteCode } from '../../src/core/ids.ts';
import { noteDone } from '../../src/flows/note-done.ts';
import { AnswerWorld } from '../support/answer-world.ts';
import { aDiagnosis, anAzureMachine } from '../support/builders.ts';

describe('noteDone', () => {
  let world: AnswerWorld;
  beforeEach(async () => {
    world = await AnswerWorld.make();
  });
  afterEach(() => world.close());

  it('keeps the first moment of done, and the machine stays done when it is lost', async () => {
    const machine = 'SV-OSK-03' as MachineName;
    const now = world.clock.now();
    await world.keepAzure(anAzureMachine(machine));
    await world.store.write(async (tx) => {
      await tx.evidence.dataSeen(machine, 'MDE', now);
      await tx.evidence.dataSeen(machine, 'AMA', now);
      const check = { machine, site: 'osaka-01' as SiteCode, checkedAt: now };
      await tx.evidence.keepCheck({ ...check, diagnosis: aDiagnosis() });
    });

    const first = await world.store.write((tx) => noteDone(tx, world.deps));
    const again = await world.store.write((tx) => noteDone(tx, world.deps, [machine]));
    world.clock.forward(86_400_000);
    await world.keepAzure(anAzureMachine(machine, { status: 'disconnected' }));
    const reply = await world.ask('SV-OSK-03の状態は?', 'takahashi');

    assert.deepEqual([first, again], [[machine], []]);
    assert.ok(reply.notice.kind === 'machine-status');
    const [summary] = reply.notice.machines;
    assert.deepEqual([summary?.stage, summary?.block?.reason], ['done', 'disconnected']);
  });
});
