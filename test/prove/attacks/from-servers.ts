import assert from 'node:assert/strict';
import { base64Text, M1, M2, prompt } from '../whole-bot.ts';
import {
  type Attack,
  CODE,
  confirmed,
  held,
  OTHER,
  opened,
  ready,
  sendCode,
  showsNothing,
  showsToEngineer,
} from './attack.ts';

/** Someone holds a server, its key or its network. */
export const FROM_SERVERS: readonly Attack[] = [
  {
    name: 'stolen key without a sign-in',
    async run(bot) {
      const kit = await bot.kit();
      assert.equal((await sendCode(kit, CODE)).lines.do, 'stop');
      assert.deepEqual(await bot.alerts(), ['code-without-sign-in']);
      assert.equal((await sendCode(kit, OTHER)).lines.do, 'stop');
      assert.equal(await bot.keyState(kit.kid), 'quarantined');
      assert.equal(await bot.card('takahashi'), undefined);
    },
  },
  {
    name: 'stolen key with a sign-in but without the console',
    async run(bot) {
      await held(bot);
      await bot.button('takahashi', 'acknowledge');
      assert.equal(bot.buttonNow('takahashi', 'show-code'), undefined);
      const card = await bot.card('takahashi');
      assert.ok(card);
      showsNothing(
        await bot.teams.press('takahashi', '1', {
          verb: 'show-code',
          data: { card: card.id, button: 'show-code', nonce: bot.app.nonceFor(card, 'show-code') },
        }),
      );
      assert.equal(await bot.state(), 'waiting');
    },
  },
  {
    name: 'code without a go, though a sign-in is open',
    async run(bot) {
      const kit = await opened(bot);
      assert.equal((await sendCode(kit, CODE)).lines.do, 'stop');
      assert.equal(await bot.state(), 'opened');
      assert.deepEqual(await bot.alerts(), ['code-without-sign-in']);
    },
  },
  {
    name: 'code for a round that is still to come',
    async run(bot) {
      const { kit } = await held(bot);
      assert.equal((await sendCode(kit, OTHER, 2)).lines.do, 'stop');
      assert.deepEqual(await bot.alerts(), ['code-without-sign-in']);
      assert.equal(await bot.state(), 'waiting');
    },
  },
  {
    name: "attacker's code superseding a live one",
    async run(bot) {
      const { kit } = await confirmed(bot);
      assert.equal((await sendCode(kit, OTHER)).lines.do, 'stop');
      assert.equal(await bot.state(), 'burned');
      assert.equal(await bot.keyState(kit.kid), 'quarantined');
      assert.deepEqual(await bot.alerts(), ['two-codes']);
      assert.equal(bot.buttonNow('takahashi', 'unexpected')?.action.data.button, 'unexpected');
    },
  },
  {
    name: 'second code after the first was shown',
    async run(bot) {
      const { kit } = await confirmed(bot);
      await showsToEngineer(bot);
      assert.equal((await sendCode(kit, OTHER)).lines.do, 'stop');
      assert.equal(await bot.state(), 'burned');
      showsNothing(await bot.press('takahashi', 'show-code'));
    },
  },
  {
    name: 'new round during a shown code',
    async run(bot) {
      const { kit } = await confirmed(bot);
      await showsToEngineer(bot);
      assert.equal((await ready(kit)).lines.do, 'wait');
      assert.equal(await bot.state(), 'shown');
    },
  },
  {
    name: 'new round unconfirmed: the number of the round before opens nothing',
    async run(bot) {
      const { kit, number } = await confirmed(bot);
      const seen = await bot.button('takahashi', 'show-code');
      assert.equal((await ready(kit)).lines.do, 'go');
      const second = await sendCode(kit, OTHER, 2);
      assert.equal(await bot.state(), 'waiting');
      if (second.lines.number !== number) await bot.say('yamamoto', number);
      showsNothing(await bot.pressSeen('takahashi', seen));
      assert.equal(await bot.state(), 'waiting');
    },
  },
  {
    name: 'same code from two machines',
    async run(bot) {
      await confirmed(bot);
      const kit = await opened(bot, M2);
      await ready(kit);
      assert.equal((await sendCode(kit, CODE)).lines.do, 'stop');
      assert.equal(await bot.state(M2), 'burned');
      assert.equal(await bot.keyState(kit.kid), 'quarantined');
      showsNothing(await bot.press('takahashi', 'show-code'));
      assert.equal((await bot.signIn()).held, 'same-code');
    },
  },
  {
    name: 'lookalike URL in the prompt',
    async run(bot) {
      const kit = await bot.kit();
      for (const page of [
        'https://rnicrosoft.com/devicelogin',
        'https://microsoft.com.evil.example/devicelogin',
        'https://microsoft.com@evil.example/devicelogin',
        'http://microsoft.com/devicelogin',
      ]) {
        await bot.say('yamamoto', `${M1}を接続したい`);
        await ready(kit);
        const text_b64 = base64Text(prompt(CODE, page));
        const { lines } = await kit.send({ type: 'device-code', round: 1, text_b64 });
        assert.equal(lines.do, 'stop', page);
        assert.equal(await bot.state(), 'failed', page);
      }
      assert.ok((await bot.events()).includes('sign-in-prompt-refused'));
      assert.equal(bot.buttonNow('takahashi', 'show-code'), undefined);
    },
  },
  {
    name: 'report after decline',
    async run(bot) {
      const { kit } = await confirmed(bot);
      const seen = await bot.button('takahashi', 'show-code');
      await bot.press('takahashi', 'decline');
      assert.equal(await bot.state(), 'declined');
      assert.equal((await sendCode(kit, OTHER)).lines.do, 'stop');
      assert.equal((await kit.send({ type: 'watch', round: 1 })).lines.do, 'stop');
      assert.equal(await bot.state(), 'declined');
      showsNothing(await bot.pressSeen('takahashi', seen));
    },
  },
  {
    name: 'code for a closed sign-in',
    async run(bot) {
      const { kit } = await held(bot);
      await kit.send({ type: 'outcome', round: 1, result: 'failed', exit_code: 41 });
      assert.equal(await bot.state(), 'failed');
      const late = await sendCode(kit, CODE);
      assert.equal(late.lines.do, 'stop');
      assert.equal(late.lines.number, undefined);
      assert.equal(await bot.state(), 'failed');
      assert.deepEqual(await bot.alerts(), []);
    },
  },
  {
    name: 'code of an older round',
    async run(bot) {
      const { kit } = await held(bot);
      await ready(kit);
      assert.equal((await sendCode(kit, CODE, 1)).lines.do, 'stop');
      assert.equal(await bot.state(), 'code-held');
      assert.deepEqual(await bot.alerts(), []);
    },
  },
  {
    name: 'connected after a burn',
    async run(bot) {
      const { kit } = await confirmed(bot);
      await bot.press('takahashi', 'unexpected');
      assert.equal(await bot.state(), 'burned');
      const told = await kit.send({ type: 'outcome', round: 1, result: 'connected', exit_code: 0 });
      assert.equal(told.status, 403);
      assert.equal(await bot.state(), 'burned');
      assert.ok((await bot.alerts()).includes('unexpected'));
    },
  },
  {
    name: 'connected after a decline: the end stays, and people hear of it',
    async run(bot) {
      const { kit } = await confirmed(bot);
      await bot.press('takahashi', 'decline');
      await kit.send({ type: 'outcome', round: 1, result: 'connected', exit_code: 0 });
      assert.equal(await bot.state(), 'declined');
      assert.deepEqual(await bot.alerts(), ['after-check-wrong']);
    },
  },
  {
    name: 'code in a network check',
    async run(bot) {
      const { kit } = await confirmed(bot);
      const text_b64 = base64Text(`azcmagent check\n${prompt(CODE)}\n`);
      await kit.send({ type: 'network-check', text_b64 });
      assert.equal(await bot.state(), 'burned');
      assert.ok((await bot.alerts()).includes('code-in-text'));
    },
  },
  {
    name: 'machine created by another account',
    async run(bot) {
      const { kit } = await confirmed(bot);
      await showsToEngineer(bot);
      await putMachine(bot, { caller: 'mallory@corp.example' });
      await kit.send({ type: 'outcome', round: 1, result: 'connected', exit_code: 0 });
      await bot.until('a wrong after-check', async () =>
        (await bot.signIn()).afterCheck === 'wrong' ? true : undefined,
      );
      assert.deepEqual(await bot.alerts(), ['after-check-wrong']);
    },
  },
  {
    name: 'code used for a machine that never came',
    async run(bot) {
      const { kit } = await confirmed(bot);
      await showsToEngineer(bot);
      await kit.send({ type: 'outcome', round: 1, result: 'connected', exit_code: 0 });
      bot.clock.forward(31 * 60_000);
      await bot.until('a wrong after-check', async () =>
        (await bot.signIn()).afterCheck === 'wrong' ? true : undefined,
      );
      assert.ok((await bot.alerts()).includes('after-check-wrong'));
    },
  },
  {
    name: 'silent server: a code no one waits for is not shown',
    async run(bot) {
      await confirmed(bot);
      bot.clock.forward(31_000);
      showsNothing(await bot.press('takahashi', 'show-code'));
      assert.equal(await bot.state(), 'confirmed');
    },
  },
];

/** As Azure would know it, once someone connected it. */
async function putMachine(
  bot: Parameters<Attack['run']>[0],
  { caller }: { readonly caller: string },
): Promise<void> {
  const machine = bot.machine(M1);
  const site = bot.rollOut.siteOf(machine);
  const profile = site && bot.rollOut.profileOf(site);
  if (!site || !profile) throw new Error('the sample roll-out lacks a profile');
  const id = `/subscriptions/${profile.subscriptionId}/resourceGroups/${profile.resourceGroup}/providers/Microsoft.HybridCompute/machines/${M1}`;
  bot.azure.fleet.put({
    id,
    name: M1,
    location: profile.location,
    tags: {},
    properties: {
      status: 'Connected',
      vmUuid: '564D0101-0000-4000-8000-000000000001',
      privateLinkScopeResourceId: profile.privateLinkScopeId ?? null,
    },
  });
  const operation = 'Microsoft.HybridCompute/machines/write';
  bot.azure.fleet.activity.push({ resourceId: id, operation, caller, at: bot.clock.now() });
}
