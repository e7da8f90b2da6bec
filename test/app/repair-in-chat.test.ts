import assert from 'node:assert/strict';
import { readConfig } from '../../src/config.ts';
import { OpsBotError } from '../../src/core/errors.ts';
import { RollOut } from '../../src/core/roll-out.ts';
import { followRepairs } from '../../src/flows/repair/index.ts';
import { putMachine } from '../azure/given.ts';
import { WholeBot, type WholeBotOptions } from '../prove/whole-bot.ts';
import { sampleRows } from '../support/sample-roll-out.ts';

const M = 'SV-OSK-01';
const AMA = 'AzureMonitorWindowsAgent';
const SECOND = '00000000-0000-4000-8000-0000000000b2';
const byBot = new RollOut({
  ...sampleRows,
  profiles: sampleRows.profiles.map((row) => ({
    ...row,
    deployedBy: { MDE: 'bot', AMA: 'bot' } as const,
  })),
});

describe('a repair in a chat', () => {
  let whole: WholeBot;
  afterEach(() => whole.close());

  const start = async (options: WholeBotOptions): Promise<void> => {
    whole = await WholeBot.start({ rollOut: byBot, ...options });
    const id = putMachine(whole.azure.fleet, M, {
      agentConfiguration: { extensionsAllowList: [`Microsoft.Azure.Monitor/${AMA}`] },
    });
    const properties = {
      publisher: 'Microsoft.Azure.Monitor',
      type: AMA,
      provisioningState: 'Failed',
    };
    whole.azure.fleet.putExtension(id, { name: AMA, properties });
    assert.ok(await whole.bot.readAzure());
  };
  const shown = (who: string, words: RegExp) =>
    whole.until(`${words} for ${who}`, () =>
      whole.shownTo(who).find(({ activity }) => words.test(JSON.stringify(activity))),
    );

  it('is not done by a bot that may not write, which says how to do it', async () => {
    await start({});

    await whole.say('takahashi', `${M}のAMAを入れ直して`);

    await shown('takahashi', /az connectedmachine extension delete/);
    assert.deepEqual(whole.azure.writes.taken, []);
  });

  it('is approved by someone else and told on one card each, to its end', async () => {
    await start({ env: { WRITE: 'bot-identity', WRITE_CLIENT_ID: SECOND } });

    await whole.say('takahashi', `${M}のAMAを入れ直して`);
    const first = await shown('tanaka', /承認待ち/);
    await whole.press('tanaka', 'approve', { machine: M });
    await whole.app.repairs.idle();
    for (let looks = 0; looks < 2; looks++) {
      whole.clock.forward(90_000);
      await followRepairs(whole.app.repairs.deps);
    }
    const last = await shown('tanaka', /修復が終わりました/);
    await shown('takahashi', /修復が終わりました/);

    assert.equal(first.id, last.id);
    assert.deepEqual(
      whole.azure.writes.taken.map(({ line }) => line.split(' ')[0]),
      ['DELETE', 'PUT'],
    );
    const repairs = (await whole.events()).filter((event) => /repair|extension/.test(event));
    assert.deepEqual(repairs, [
      'repair-asked',
      'repair-approved',
      'extension-removing',
      'extension-removed',
      'extension-installing',
      'extension-done',
    ]);
  });

  it("is not done with the approver's rights where no token can be asked for", async () => {
    await start({ env: { WRITE: 'on-behalf-of' } });

    await whole.say('takahashi', `${M}のAMAを入れ直して`);
    const { body } = await whole.press('takahashi', 'approve', { machine: M });

    assert.match(JSON.stringify(body), /権限を確認できませんでした/);
    assert.deepEqual(whole.azure.writes.taken, []);
  });
});

describe('settings of writing', () => {
  const mistakes = (env: Record<string, string>): string => {
    try {
      readConfig(env);
      return '';
    } catch (error) {
      assert.ok(error instanceof OpsBotError && error.code === 'CONFIG_REFUSED');
      return error.message;
    }
  };

  it('ask for a second identity of its own', () => {
    const bot = { WRITE: 'bot-identity' };

    assert.match(mistakes(bot), /WRITE_CLIENT_ID/);
    assert.match(mistakes({ ...bot, WRITE_CLIENT_ID: SECOND, MicrosoftAppId: SECOND }), /another/);
    assert.match(mistakes({ ...bot, WRITE_CLIENT_ID: SECOND, AZURE_CLIENT_ID: SECOND }), /another/);
    assert.match(mistakes({ ...bot, WRITE_CLIENT_ID: 'writer' }), /WRITE_CLIENT_ID/);
    assert.equal(mistakes({ ...bot, WRITE_CLIENT_ID: SECOND }), '');
  });

  it('ask for an application that exposes an API, to borrow rights', () => {
    const borrowed = { WRITE: 'on-behalf-of', MicrosoftAppType: 'UserAssignedMSI' };

    assert.match(mistakes(borrowed), /SingleTenant/);
    assert.equal(mistakes({ WRITE: 'on-behalf-of' }), '');
  });
});
