import assert from 'node:assert/strict';
import type { MachineName } from '../../src/core/ids.ts';
import { noteAllDone } from '../../src/flows/note-all-done.ts';
import { AnswerWorld } from '../support/answer-world.ts';
import { aCheck, anAzureMachine } from '../support/builders.ts';
import { sampleRows } from '../support/sample-roll-out.ts';

describe('noteAllDone', () => {
  let world: AnswerWorld;
  beforeEach(async () => {
    world = await AnswerWorld.make();
  });
  afterEach(() => world.close());

  it('notes every machine that is done, a hundred to a transaction, with a breath after each', async () => {
    const at = world.clock.now();
    const site = sampleRows.machines[0]?.site;
    const more = Array.from({ length: 150 }, (_, index) => `SV-MORE-${index}` as MachineName);
    assert.ok(site);
    await world.store.write(async (tx) => {
      const [row] = sampleRows.machines;
      if (row) await tx.rows.putMachines(more.map((name) => ({ ...row, name })));
      for (const name of more) {
        await tx.evidence.keepCheck({ ...aCheck(at), machine: name, site });
        await tx.evidence.dataSeen(name, 'MDE', at);
        await tx.evidence.dataSeen(name, 'AMA', at);
      }
    });
    await world.keepAzure(...more.map((name) => anAzureMachine(name)));
    let breaths = 0;

    await noteAllDone(world.store, { clock: world.clock }, async () => {
      breaths += 1;
    });

    const evidence = await world.store.read((tx) => tx.evidence.all());
    const done = [...evidence.values()].filter(({ marks }) => marks.doneAt !== undefined);
    assert.deepEqual(done.map(({ machine }) => machine).sort(), [...more].sort());
    assert.equal(breaths, Math.ceil((sampleRows.machines.length + 150) / 100));
  });
});
