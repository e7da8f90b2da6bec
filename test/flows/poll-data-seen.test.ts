import assert from 'node:assert/strict';
import type { Heartbeat } from '../../src/core/azure.ts';
import type { MachineName } from '../../src/core/ids.ts';
import { createDataSeenPoll } from '../../src/flows/poll-data-seen.ts';
import { AnswerWorld } from '../support/answer-world.ts';
import { sampleRows } from '../support/sample-roll-out.ts';

const WORKSPACE = '00000000-0000-4000-8000-00000000000c';
const SUBSCRIPTION = sampleRows.profiles[0]?.subscriptionId ?? '';

describe('the poll of what data arrived', () => {
  let world: AnswerWorld;
  let rows: readonly Heartbeat[] | Error;
  let asked: (readonly [string, number])[];
  let warned: string[];
  let poll: (signal: AbortSignal) => Promise<boolean>;
  beforeEach(async () => {
    world = await AnswerWorld.make();
    await world.store.write(async (tx) => {
      await tx.rows.putProfiles(
        sampleRows.profiles.map((row) => ({ ...row, workspaceId: WORKSPACE })),
      );
    });
    [rows, asked, warned] = [[], [], []];
    const quiet = () => {};
    poll = createDataSeenPoll({
      store: world.store,
      clock: world.clock,
      log: { debug: quiet, info: quiet, error: quiet, warn: (event) => warned.push(event) },
      async *heartbeats(workspace, machines) {
        asked.push([workspace, machines]);
        if (rows instanceof Error) throw rows;
        yield rows;
      },
    });
  });
  afterEach(() => world.close());

  const read = () => poll(AbortSignal.timeout(5_000));
  const seen = async (machine: string) =>
    (await world.store.read((tx) => tx.evidence.of(machine as MachineName))).dataSeenAt.AMA;
  const row = (
    computer: string,
    group: string | undefined,
    seenAt = world.clock.now(),
  ): Heartbeat => ({
    computer,
    seenAt,
    resourceId: group
      ? `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.HybridCompute/machines/${computer}`
      : '',
  });

  it('asks a workspace once for all machines and keeps the proof by name, without case', async () => {
    rows = [row('sv-osk-01', 'RG-ARC-JPE'), row('SV-OSK-02.corp.example', undefined)];

    assert.equal(await read(), true);

    assert.deepEqual(asked, [[WORKSPACE, sampleRows.machines.length]]);
    assert.deepEqual(await seen('SV-OSK-01'), world.clock.now());
    assert.deepEqual(await seen('SV-OSK-02'), world.clock.now());
  });

  it('does not count another group’s server of the same name, nor unknown ones', async () => {
    rows = [row('SV-OSK-01', 'rg-elsewhere'), row('UNKNOWN', 'rg-arc-jpe')];

    await read();

    assert.equal(await seen('SV-OSK-01'), undefined);
  });

  it('never dates a proof into the future', async () => {
    const now = world.clock.now();
    rows = [row('SV-OSK-01', 'rg-arc-jpe', new Date(now.getTime() + 3_600_000))];

    await read();

    assert.deepEqual(await seen('SV-OSK-01'), now);
  });

  it('writes a proof anew once it is three minutes younger', async () => {
    const first = world.clock.now();
    rows = [row('SV-OSK-01', 'rg-arc-jpe')];
    await read();
    world.clock.forward(2 * 60_000);
    rows = [row('SV-OSK-01', 'rg-arc-jpe')];
    await read();
    assert.deepEqual(await seen('SV-OSK-01'), first);

    world.clock.forward(60_000);
    rows = [row('SV-OSK-01', 'rg-arc-jpe')];
    await read();

    assert.deepEqual(await seen('SV-OSK-01'), world.clock.now());
  });

  it('that fails takes nothing back', async () => {
    rows = [row('SV-OSK-01', 'rg-arc-jpe')];
    await read();
    rows = new Error('cut');

    assert.equal(await read(), false);

    assert.ok(await seen('SV-OSK-01'));
    assert.deepEqual(warned, ['heartbeats-not-read']);
  });
});
