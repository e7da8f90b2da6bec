import assert from 'node:assert/strict';
import { AnswerWorld } from '../support/answer-world.ts';
import { anAzureMachine } from '../support/builders.ts';

describe('a machine that Azure calls Expired', () => {
  let world: AnswerWorld;
  beforeEach(async () => {
    world = await AnswerWorld.make();
    await world.keepAzure(anAzureMachine('SV-OSK-03', { status: 'expired' }));
  });
  afterEach(() => world.close());

  it('is disconnected by the lines that connect it again', async () => {
    const { notice } = await world.ask('SV-OSK-03の接続コマンドは?', 'takahashi');
    const other = await world.ask('SV-OSK-04の接続コマンドは?', 'takahashi');

    assert.ok(notice.kind === 'commands' && other.notice.kind === 'commands');
    assert.match(
      notice.lines.join('\n'),
      /az connectedmachine delete [\s\S]*disconnect --force-local-only/,
    );
    assert.match(notice.lines.at(-1) ?? '', /azcmagent connect /);
    assert.doesNotMatch(other.notice.lines.join('\n'), /disconnect/);
  });

  it('has that as its next step, for the engineer', async () => {
    const { notice } = await world.ask('SV-OSK-03の次の手順は?', 'takahashi');

    assert.ok(notice.kind === 'next-step');
    assert.deepEqual(
      notice.steps.map(({ step, owner }) => [step, owner]),
      [['reconnect', 'engineer']],
    );
  });

  it('says no more of disconnecting once it was replaced', async () => {
    await world.mark('SV-OSK-03', { replacedAt: world.clock.now() });

    const { notice } = await world.ask('SV-OSK-03の接続コマンドは?', 'takahashi');

    assert.ok(notice.kind === 'commands');
    assert.doesNotMatch(notice.lines.join('\n'), /disconnect/);
  });
});
