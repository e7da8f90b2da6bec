import assert from 'node:assert/strict';
import type { Person } from '../../../src/core/roll-out.ts';
import { nonceFor } from '../../../src/flows/sign-in/index.ts';
import { createVault } from '../../../src/keys/vault.ts';
import { codeIn, M1, type WholeBot } from '../whole-bot.ts';
import { type Attack, CODE, confirmed, held, showsNothing, showsToEngineer } from './attack.ts';
import { groupActivity } from './with-numbers.ts';

/** Someone is in the tenant, or beside it, and has seen or forwarded a card. */
export const WITH_CARDS: readonly Attack[] = [
  {
    name: "another user's click, a deputy's and a lead's too",
    async run(bot) {
      await confirmed(bot);
      const seen = await bot.button('takahashi', 'show-code');
      for (const who of ['tanaka', 'ito', 'yamamoto', 'suzuki', 'inoue']) {
        showsNothing(await bot.pressSeen(who, seen));
      }
      assert.equal(await bot.state(), 'confirmed');
      await showsToEngineer(bot);
    },
  },
  {
    name: "another user's decline and unexpected on the engineer's card",
    async run(bot) {
      await confirmed(bot);
      for (const button of ['decline', 'unexpected', 'acknowledge'] as const) {
        const seen = bot.buttonNow('takahashi', button);
        if (seen) for (const who of ['tanaka', 'ito', 'yamamoto']) await bot.pressSeen(who, seen);
      }
      assert.equal(await bot.state(), 'confirmed');
      await showsToEngineer(bot);
    },
  },
  {
    name: 'reveal by site staff',
    async run(bot) {
      await confirmed(bot);
      const seen = await bot.button('takahashi', 'show-code');
      assert.equal(bot.buttonNow('yamamoto', 'show-code'), undefined);
      showsNothing(await bot.pressSeen('yamamoto', seen));
      await bot.say('yamamoto', `${M1} コードを表示`);
      assert.equal(await bot.state(), 'confirmed');
    },
  },
  {
    name: 'reveal by site staff whom the roll-out names as engineer',
    async run(bot) {
      await confirmed(bot);
      const seen = await bot.button('takahashi', 'show-code');
      await changePerson(bot, 'takahashi', { role: 'site-staff' });
      showsNothing(await bot.pressSeen('takahashi', seen));
      assert.equal(await bot.state(), 'confirmed');
    },
  },
  {
    name: 'reveal by the auditor',
    async run(bot) {
      await confirmed(bot);
      const seen = await bot.button('takahashi', 'show-code');
      showsNothing(await bot.pressSeen('morgan', seen));
      await bot.say('morgan', `${M1} show code`);
      assert.equal(bot.buttonNow('morgan', 'show-code'), undefined);
      assert.equal(await bot.state(), 'confirmed');
    },
  },
  {
    name: 'guest of the tenant',
    async run(bot) {
      await confirmed(bot);
      const seen = await bot.button('takahashi', 'show-code');
      await bot.teams.installFor('guest');
      showsNothing(await bot.pressSeen('guest', seen), await bot.teams.say('guest', `${M1}の状況`));
      const told = JSON.stringify(bot.shownTo('guest').map((one) => one.activity));
      assert.doesNotMatch(told, /SV-OSK|大阪/);
    },
  },
  {
    name: "stranger with a colleague's name",
    async run(bot) {
      await confirmed(bot);
      const seen = await bot.button('takahashi', 'show-code');
      await bot.teams.installFor('stranger');
      showsNothing(await bot.pressSeen('stranger', seen));
      assert.equal(await bot.state(), 'confirmed');
    },
  },
  {
    name: 'forwarded card: pressed in a channel',
    async run(bot) {
      await confirmed(bot);
      const { activityId, action } = await bot.button('takahashi', 'show-code');
      const conversationId = bot.team.channels.General ?? '';
      showsNothing(await bot.teams.press('takahashi', activityId, action, { conversationId }));
      assert.equal(await bot.state(), 'confirmed');
      await showsToEngineer(bot);
    },
  },
  {
    name: 'forwarded card: pressed in a group chat',
    async run(bot) {
      await confirmed(bot);
      const { action } = await bot.button('takahashi', 'show-code');
      const { verb, data } = action;
      showsNothing(
        await bot.teams.deliver({
          ...groupActivity(bot, 'takahashi'),
          type: 'invoke',
          name: 'adaptiveCard/action',
          value: { action: { type: 'Action.Execute', verb, data }, trigger: 'manual' },
        }),
      );
      assert.equal(await bot.state(), 'confirmed');
      await showsToEngineer(bot);
    },
  },
  {
    name: 'press on the channel copy',
    async run(bot) {
      await confirmed(bot);
      const { channelCard } = await bot.signIn();
      const card = await bot.store.read((tx) => tx.cards.get(channelCard as never));
      assert.ok(card);
      const conversationId = bot.team.channels.General ?? '';
      for (const button of ['show-code', 'decline', 'unexpected', 'acknowledge'] as const) {
        const data = { card: card.id, button, nonce: bot.app.nonceFor(card, button) };
        showsNothing(
          await bot.teams.press('takahashi', '1', { verb: button, data }, { conversationId }),
        );
      }
      assert.equal(await bot.state(), 'confirmed');
    },
  },
  {
    name: 'replay of the reveal by someone else',
    async run(bot) {
      await confirmed(bot);
      const seen = await bot.button('takahashi', 'show-code');
      assert.equal(codeIn((await bot.pressSeen('takahashi', seen)).body), CODE);
      for (const who of ['tanaka', 'ito', 'yamamoto']) showsNothing(await bot.pressSeen(who, seen));
    },
  },
  {
    name: 'replay of the reveal: four answers to the same person, no fifth',
    async run(bot) {
      await confirmed(bot);
      const seen = await bot.button('takahashi', 'show-code');
      const codes: (string | undefined)[] = [];
      for (let time = 1; time <= 6; time += 1) {
        codes.push(codeIn((await bot.pressSeen('takahashi', seen)).body));
      }
      assert.deepEqual(codes, [CODE, CODE, CODE, CODE, undefined, undefined]);
      const shown = (await bot.events()).filter((event) => event.startsWith('sign-in-shown'));
      assert.equal(shown.length, 4);
    },
  },
  {
    name: 'replay of the reveal after the end',
    async run(bot) {
      const { kit } = await confirmed(bot);
      const seen = await bot.button('takahashi', 'show-code');
      assert.equal(codeIn((await bot.pressSeen('takahashi', seen)).body), CODE);
      await kit.send({ type: 'outcome', round: 1, result: 'failed', exit_code: 41 });
      showsNothing(await bot.pressSeen('takahashi', seen));
    },
  },
  {
    name: "replay of the reveal after the code's five minutes",
    async run(bot) {
      await confirmed(bot);
      const seen = await bot.button('takahashi', 'show-code');
      assert.equal(codeIn((await bot.pressSeen('takahashi', seen)).body), CODE);
      bot.clock.forward(301_000);
      showsNothing(await bot.pressSeen('takahashi', seen));
      await bot.until('the wiped code', async () => {
        const { progress } = await bot.signIn();
        return progress.state === 'shown' && !progress.code ? true : undefined;
      });
    },
  },
  {
    name: 'two nonces at once: engineer and deputy',
    async run(bot) {
      const { kit } = await confirmed(bot);
      bot.clock.forward(25_000);
      await kit.send({ type: 'watch', round: 1 });
      bot.clock.forward(25_000);
      await kit.send({ type: 'watch', round: 1 });
      bot.clock.forward(45_000);
      await kit.send({ type: 'watch', round: 1 });
      const buttons = {
        takahashi: await bot.button('takahashi', 'show-code'),
        tanaka: await bot.button('tanaka', 'show-code'),
      };
      const answers = await Promise.all([
        bot.pressSeen('takahashi', buttons.takahashi),
        bot.pressSeen('tanaka', buttons.tanaka),
      ]);
      assert.equal(answers.filter(({ body }) => codeIn(body) === CODE).length, 1);
    },
  },
  {
    name: 'same nonce twice at once',
    async run(bot) {
      await confirmed(bot);
      const seen = await bot.button('takahashi', 'show-code');
      const both = await Promise.all([1, 2].map(() => bot.pressSeen('takahashi', seen)));
      assert.deepEqual(
        both.map(({ body }) => codeIn(body)),
        [CODE, CODE],
      );
      const { lastShown } = await bot.signIn();
      assert.deepEqual([lastShown?.to, lastShown?.times], ['takahashi', 2]);
    },
  },
  {
    name: 'Submit instead of Execute',
    async run(bot) {
      await confirmed(bot);
      const { activityId, action } = await bot.button('takahashi', 'show-code');
      showsNothing(await bot.teams.submit('takahashi', activityId, action));
      assert.equal(await bot.state(), 'confirmed');
      assert.doesNotMatch(JSON.stringify(bot.shownTo('takahashi')), new RegExp(CODE));
    },
  },
  {
    name: 'Submit of a dialog’s button as a message',
    options: { reveal: 'dialog' },
    async run(bot) {
      await confirmed(bot);
      const { activityId, action } = await bot.button('takahashi', 'show-code');
      showsNothing(await bot.teams.submit('takahashi', activityId, action));
      assert.equal(await bot.state(), 'confirmed');
    },
  },
  {
    name: 'Execute where only a dialog shows codes',
    options: { reveal: 'dialog' },
    async run(bot) {
      await confirmed(bot);
      const { activityId, action } = await bot.button('takahashi', 'show-code');
      showsNothing(await bot.teams.press('takahashi', activityId, action));
      showsNothing(await bot.teams.openDialog('takahashi', activityId, action));
      showsNothing(await bot.teams.submitDialog('takahashi', action));
      assert.equal(await bot.state(), 'confirmed');
    },
  },
  {
    name: "dialog's nonce taken by another person",
    options: { reveal: 'dialog' },
    async run(bot) {
      await confirmed(bot);
      const { activityId, action } = await bot.button('takahashi', 'show-code');
      const opened = await bot.teams.openDialog('takahashi', activityId, action);
      showsNothing(opened);
      const submit = dialogButton(opened.body);
      for (const who of ['tanaka', 'ito', 'yamamoto']) {
        showsNothing(await bot.teams.submitDialog(who, submit));
      }
      const answer = await bot.teams.submitDialog('takahashi', submit);
      assert.equal(codeIn(answer.body), CODE);
    },
  },
  {
    name: 'automatic refresh',
    async run(bot) {
      await confirmed(bot);
      const { activityId, action } = await bot.button('takahashi', 'show-code');
      showsNothing(
        await bot.teams.press('takahashi', activityId, action, { trigger: 'automatic' }),
      );
      assert.equal(await bot.state(), 'confirmed');
      for (const { activity } of bot.shownTo('takahashi')) {
        assert.doesNotMatch(JSON.stringify(activity), /"refresh"/);
      }
    },
  },
  {
    name: 'edited action data: nonce, button and card',
    async run(bot) {
      await confirmed(bot);
      const { activityId, action } = await bot.button('takahashi', 'show-code');
      const card = await bot.card('takahashi');
      const yamamotos = await bot.card('yamamoto');
      assert.ok(card && yamamotos);
      const forged = createVault(Buffer.alloc(32, 8));
      const nonces = [
        '',
        'x'.repeat(43),
        bot.app.nonceFor(card, 'acknowledge'),
        bot.app.nonceFor(yamamotos, 'show-code'),
        bot.app.nonceFor({ ...card, revision: card.revision + 1 }, 'show-code'),
        nonceFor(forged, card, 'show-code'),
      ];
      for (const nonce of nonces) {
        const data = { ...action.data, nonce };
        showsNothing(await bot.teams.press('takahashi', activityId, { ...action, data }));
      }
      for (const changes of [{ card: yamamotos.id }, { card: 'no-such-card' }, { button: '' }]) {
        const data = { ...action.data, ...changes };
        showsNothing(await bot.teams.press('takahashi', activityId, { ...action, data }));
      }
      assert.equal(await bot.state(), 'confirmed');
      await showsToEngineer(bot);
    },
  },
  {
    name: 'edited action data: a decline turned into Show code before the number',
    async run(bot) {
      await held(bot);
      const { activityId, action } = await bot.button('takahashi', 'decline');
      const data = { ...action.data, button: 'show-code' };
      showsNothing(
        await bot.teams.press('takahashi', activityId, { ...action, verb: 'show-code', data }),
      );
      assert.equal(await bot.state(), 'waiting');
    },
  },
  {
    name: 'role changed between card and click',
    async run(bot) {
      await confirmed(bot);
      const seen = await bot.button('takahashi', 'show-code');
      await changePerson(bot, 'takahashi', { role: 'auditor' });
      showsNothing(await bot.pressSeen('takahashi', seen));
      assert.equal(await bot.state(), 'confirmed');
    },
  },
  {
    name: 'object id moved to another account between card and click',
    async run(bot) {
      await confirmed(bot);
      const seen = await bot.button('takahashi', 'show-code');
      const aadObjectId = '00000000-0000-4000-8000-0000000009ff';
      await changePerson(bot, 'takahashi', { aadObjectId });
      showsNothing(await bot.pressSeen('takahashi', seen));
      assert.equal(await bot.state(), 'confirmed');
    },
  },
  {
    name: 'own sign-in alone where two persons are asked for',
    options: { twoPersons: true },
    async run(bot) {
      const kit = await bot.kit();
      await bot.say('takahashi', `${M1}を接続したい`);
      assert.equal((await kit.send({ type: 'ready' })).lines.do, 'go');
      const { lines } = await kit.send({
        type: 'device-code',
        round: 1,
        text_b64: Buffer.from(
          `open the page https://microsoft.com/devicelogin and enter the code ${CODE} to authenticate.`,
        ).toString('base64'),
      });
      await bot.say('takahashi', lines.number ?? '');
      assert.equal(bot.buttonNow('takahashi', 'show-code'), undefined);
      await bot.button('tanaka', 'acknowledge');
    },
  },
  {
    name: 'deputy takes a shown code before its time',
    async run(bot) {
      const { kit } = await confirmed(bot);
      for (let times = 0; times < 4; times += 1) {
        bot.clock.forward(25_000);
        await kit.send({ type: 'watch', round: 1 });
      }
      const seen = await bot.button('tanaka', 'show-code');
      await showsToEngineer(bot);
      showsNothing(await bot.pressSeen('tanaka', seen));
      assert.equal(bot.buttonNow('tanaka', 'hand-over'), undefined);
      assert.equal(await bot.state(), 'shown');
    },
  },
  {
    name: 'handed over: who passed the code on sees it no more',
    async run(bot) {
      await confirmed(bot);
      const seen = await bot.button('takahashi', 'show-code');
      const shown = await bot.pressSeen('takahashi', seen);
      assert.equal(codeIn(shown.body), CODE);
      const card = await bot.card('takahashi');
      assert.ok(card);
      const data = {
        card: card.id,
        button: 'hand-over',
        nonce: bot.app.nonceFor(card, 'hand-over'),
      };
      await bot.teams.press('takahashi', seen.activityId, { verb: 'hand-over', data });
      assert.equal(await bot.state(), 'code-held');
      showsNothing(await bot.pressSeen('takahashi', seen));
    },
  },
  {
    name: 'code in a notification, a summary or a stored message',
    async run(bot) {
      await confirmed(bot);
      await showsToEngineer(bot);
      const conversations = ['takahashi', 'tanaka', 'ito', 'yamamoto'].map((who) =>
        bot.teams.personal(who),
      );
      for (const id of [...conversations, ...Object.values(bot.team.channels)]) {
        assert.doesNotMatch(JSON.stringify(bot.teams.messages(id)), new RegExp(CODE));
      }
    },
  },
];

async function changePerson(bot: WholeBot, key: string, changes: Partial<Person>): Promise<void> {
  const person = bot.rollOut.person(key);
  if (!person) throw new Error(`no ${key}`);
  await bot.store.write((tx) => tx.rows.putPeople([{ ...person, ...changes }]));
}

/** The one button of a dialog that asks for the code. */
function dialogButton(body: unknown): { data: Record<string, unknown> } {
  const found = JSON.stringify(body).match(
    /\{"card":"[^"]+","button":"show-code","nonce":"[^"]+"\}/,
  );
  if (!found) throw new Error('the dialog has no Show code');
  return { data: JSON.parse(found[0]) as Record<string, unknown> };
}
