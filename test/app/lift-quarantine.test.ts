import assert from 'node:assert/strict';
import { runCommand } from '../../src/cli/commands.ts';
import { M1, WholeBot } from '../prove/whole-bot.ts';
import type { KitClient } from '../support/kit-client.ts';

describe('a quarantine lifted by a sentence', () => {
  let whole: WholeBot;
  let kit: KitClient;
  beforeEach(async () => {
    whole = await WholeBot.start();
    kit = await whole.kit();
    await whole.store.write(async (tx) => {
      const key = await tx.kits.key(kit.kid as never);
      assert.ok(key);
      await tx.kits.putKey({ ...key, state: 'quarantined' });
    });
  });
  afterEach(() => whole.close());

  const said = (who: string, words: RegExp): Promise<true> =>
    whole.until(`${words} to ${who}`, () =>
      whole.shownTo(who).some(({ activity }) => words.test(JSON.stringify(activity)))
        ? true
        : undefined,
    );
  const audited = async () => {
    const call = { command: 'audit', args: [], language: 'ja' } as const;
    const options = { site: whole.machine(M1).site, json: true };
    const { exit, out = '' } = await runCommand(
      whole.app,
      { ...call, options },
      { mayChange: false },
    );
    assert.equal(exit, 0);
    const { rows } = JSON.parse(out) as {
      rows: { event: string; by?: string; facts: Record<string, string> }[];
    };
    return rows.filter(({ event }) => event === 'quarantine-lifted');
  };

  it('asks for the reason first, then takes the server back, and the audit says who and why', async () => {
    await whole.say('takahashi', `${M1}の受付停止を解除してください`);
    await said('takahashi', /理由が要ります/);
    assert.equal(await whole.keyState(kit.kid), 'quarantined');

    await whole.say('takahashi', `${M1}の受付停止を解除してください。理由: 現地で本人に確認済み`);
    await said('takahashi', /現地で本人に確認済み/);

    assert.equal(await whole.keyState(kit.kid), 'active');
    assert.equal((await kit.send({ type: 'ready' })).status, 202);
    const [row = assert.fail('not in the audit'), ...more] = await audited();
    assert.equal(more.length, 0);
    assert.deepEqual([row.by, row.facts.reason], ['takahashi', '現地で本人に確認済み']);
  });

  it('is heard in English too', async () => {
    await whole.say('ito', `lift the quarantine of ${M1}, reason: seen at the console`);
    await said('ito', /seen at the console/);

    assert.equal(await whole.keyState(kit.kid), 'active');
    assert.deepEqual(
      (await audited()).map(({ facts }) => facts.reason),
      ['seen at the console'],
    );
  });

  it('is refused to who may not, with a reason or without', async () => {
    for (const who of ['yamamoto', 'suzuki', 'morgan']) {
      await whole.say(who, `${M1}の受付停止を解除して 理由: 試し`);
      await whole.until(`an answer to ${who}`, () =>
        whole
          .shownTo(who)
          .some(({ activity }) => /できませんでした|not possible/.test(JSON.stringify(activity)))
          ? true
          : undefined,
      );
    }

    assert.equal(await whole.keyState(kit.kid), 'quarantined');
    assert.deepEqual(await audited(), []);
  });
});
