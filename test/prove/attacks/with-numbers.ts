import assert from 'node:assert/strict';
import { M1, M2 } from '../whole-bot.ts';
import {
  type Attack,
  CODE,
  confirmed,
  held,
  OTHER,
  opened,
  ready,
  sendCode,
  showsToEngineer,
} from './attack.ts';

/** Someone knows, guesses or passes on the console's number. */
export const WITH_NUMBERS: readonly Attack[] = [
  {
    name: 'wrong number three times',
    async run(bot) {
      const { kit, wrong } = await held(bot);
      for (let time = 1; time <= 3; time += 1) await bot.say('yamamoto', wrong);
      assert.equal(await bot.state(), 'burned');
      assert.deepEqual(await bot.alerts(), ['wrong-number']);
      assert.equal((await kit.send({ type: 'watch', round: 1 })).lines.do, 'stop');
    },
  },
  {
    name: 'brute force of the number over sign-ins: fifteen tries an hour',
    async run(bot) {
      const kit = await bot.kit();
      let tries = 0;
      for (let opening = 1; opening <= 8; opening += 1) {
        await bot.say('yamamoto', `${M1}を接続したい`);
        const { lines } = await ready(kit);
        if (lines.do !== 'go') continue;
        const code = await sendCode(kit, `MADE${String(opening).padStart(5, '0')}`);
        const wrong = code.lines.number === '0000' ? '1111' : '0000';
        for (let time = 1; time <= 4; time += 1) await bot.say('yamamoto', wrong);
      }
      tries = (await bot.events()).filter((event) => event === 'sign-in-number-wrong').length;
      assert.equal(tries, 15);
      assert.ok(!(await bot.events()).includes('sign-in-confirmed'));
    },
  },
  {
    name: 'number sent by someone who did not open it',
    async run(bot) {
      const { number } = await held(bot);
      for (const who of ['inoue', 'suzuki', 'morgan', 'ito', 'tanaka']) {
        await bot.say(who, `${M1} ${number}`);
        await bot.say(who, number);
      }
      assert.equal(await bot.state(), 'waiting');
      assert.ok(!(await bot.events()).includes('sign-in-number-wrong'));
      await bot.say('yamamoto', number);
      assert.equal(await bot.state(), 'confirmed');
    },
  },
  {
    name: 'wrong numbers of strangers count against no one',
    async run(bot) {
      const { number, wrong } = await held(bot);
      for (let time = 1; time <= 4; time += 1) await bot.say('suzuki', `${M1} ${wrong}`);
      assert.equal(await bot.state(), 'waiting');
      await bot.say('yamamoto', number);
      assert.equal(await bot.state(), 'confirmed');
    },
  },
  {
    name: 'caller with the right number: only as a call back to the number on file, and audited so',
    async run(bot) {
      const { number } = await held(bot);
      const phone = bot.rollOut.person('yamamoto')?.phone ?? 'none';
      await bot.button('takahashi', 'confirm-number');
      const words = JSON.stringify(bot.shownTo('takahashi').map((one) => one.activity));
      assert.ok(words.includes(phone), 'whom to call stands on the card');
      await bot.press('takahashi', 'confirm-number', { inputs: { number } });
      const rows = await bot.store.read((tx) => tx.audit.list());
      const said = rows.find((row) => row.event === 'sign-in-confirmed');
      assert.deepEqual([said?.by, said?.facts.how], ['takahashi', 'phone']);
    },
  },
  {
    name: 'caller with the right number where two persons are asked for',
    options: { twoPersons: true },
    async run(bot) {
      const { number } = await held(bot);
      await bot.button('takahashi', 'acknowledge');
      assert.equal(bot.buttonNow('takahashi', 'confirm-number'), undefined);
      await bot.say('takahashi', `${M1} ${number}`);
      assert.equal(await bot.state(), 'waiting');
    },
  },
  {
    name: 'number in the team channel',
    async run(bot) {
      const { number } = await held(bot);
      const channel = bot.team.channels.General ?? '';
      await bot.teams.sayInChannel('yamamoto', channel, `${M1} ${number}`);
      assert.equal(await bot.state(), 'waiting');
    },
  },
  {
    name: 'number in a group chat',
    async run(bot) {
      const { number } = await held(bot);
      await inGroup(bot, 'yamamoto', `${M1} ${number}`);
      assert.equal(await bot.state(), 'waiting');
      assert.ok(!(await bot.events()).includes('sign-in-number-wrong'));
    },
  },
  {
    name: 'bare number with two codes waiting is asked about, not tried',
    async run(bot) {
      const first = await held(bot, CODE, M1);
      const second = await held(bot, OTHER, M2);
      await bot.say('yamamoto', first.number === second.number ? first.wrong : second.number);
      assert.deepEqual([await bot.state(M1), await bot.state(M2)], ['waiting', 'waiting']);
      assert.ok(!(await bot.events()).includes('sign-in-number-wrong'));
      await bot.say('yamamoto', `${M2} ${second.number}`);
      assert.deepEqual([await bot.state(M1), await bot.state(M2)], ['waiting', 'confirmed']);
    },
  },
  {
    name: 'same press of a wrong number again and again is one try',
    async run(bot) {
      const { wrong } = await held(bot);
      const { activityId, action } = await bot.button('yamamoto', 'confirm-number');
      for (let time = 1; time <= 5; time += 1) {
        await bot.teams.press('yamamoto', activityId, { ...action, inputs: { number: wrong } });
      }
      assert.equal(await bot.state(), 'waiting');
      const tries = (await bot.events()).filter((event) => event === 'sign-in-number-wrong');
      assert.equal(tries.length, 1);
    },
  },
  {
    name: 'number of an earlier sign-in',
    async run(bot) {
      const { kit, number } = await held(bot);
      await kit.send({ type: 'outcome', round: 1, result: 'failed', exit_code: 41 });
      await bot.say('yamamoto', `${M1}を接続したい`);
      await ready(kit);
      const next = await sendCode(kit, OTHER);
      if (next.lines.number !== number) await bot.say('yamamoto', number);
      assert.equal(await bot.state(), 'waiting');
    },
  },
  {
    name: 'code pasted into the chat is burned',
    async run(bot) {
      await confirmed(bot);
      const text = `${M1} To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code ${CODE} to authenticate.`;
      await bot.say('yamamoto', text);
      assert.equal(await bot.state(), 'burned');
      assert.ok((await bot.alerts()).includes('code-in-text'));
    },
  },
  {
    name: 'stranger who pastes a code burns nothing',
    async run(bot) {
      await confirmed(bot);
      const text = `${M1} open the page https://microsoft.com/devicelogin and enter the code ${OTHER} to authenticate.`;
      await bot.say('inoue', text);
      assert.equal(await bot.state(), 'confirmed');
      await showsToEngineer(bot);
    },
  },
  {
    name: 'opening by someone of another site, by the auditor, by a stranger',
    async run(bot) {
      await bot.kit();
      for (const who of ['inoue', 'morgan', 'stranger', 'guest']) {
        await bot.teams.installFor(who);
        await bot.teams.say(who, `${M1}を接続したい`);
      }
      const none = await bot.store.read((tx) => tx.signIns.latestFor(M1));
      assert.equal(none, undefined);
    },
  },
  {
    name: 'opening after the kill switch, and every open one burned',
    async run(bot) {
      const { kit } = await confirmed(bot);
      const seen = await bot.button('takahashi', 'show-code');
      await bot.say('ito', 'サインインを全停止');
      if ((await bot.state()) !== 'burned') await bot.press('ito', 'confirm', { machine: '' });
      assert.equal(await bot.state(), 'burned');
      assert.equal((await ready(kit)).lines.do, 'stop');
      const { body } = await bot.pressSeen('takahashi', seen);
      assert.doesNotMatch(JSON.stringify(body), /MADECODE/);
      await bot.say('yamamoto', `${M2}を接続したい`);
      assert.equal(await bot.store.read((tx) => tx.signIns.latestFor(M2)), undefined);
    },
  },
  {
    name: 'kill switch by someone who is no lead',
    async run(bot) {
      await confirmed(bot);
      for (const who of ['yamamoto', 'takahashi', 'morgan'])
        await bot.say(who, 'サインインを全停止');
      assert.equal(await bot.state(), 'confirmed');
    },
  },
  {
    name: 'opening again and again is one sign-in',
    async run(bot) {
      await opened(bot);
      for (let opening = 1; opening <= 6; opening += 1) {
        await bot.say('yamamoto', `${M1}を接続したい`);
      }
      const count = await bot.store.read((tx) => tx.signIns.countSince(M1, new Date(0)));
      assert.equal(count, 1);
    },
  },
];

/** As Teams tells of a message in a group chat the bot was added to. */
export async function inGroup(
  bot: Parameters<Attack['run']>[0],
  who: string,
  text: string,
): Promise<void> {
  await bot.teams.deliver({
    ...groupActivity(bot, who),
    type: 'message',
    textFormat: 'plain',
    text,
  });
}

export function groupActivity(bot: Parameters<Attack['run']>[0], who: string) {
  const person = bot.rollOut.person(who);
  const tenant = bot.rollOut.profiles[0]?.tenantId;
  return {
    id: '1',
    timestamp: bot.clock.now().toISOString(),
    channelId: 'msteams',
    serviceUrl: bot.teams.serviceUrl,
    from: { id: `29:${who}`, name: who, aadObjectId: person?.aadObjectId },
    recipient: { id: '28:bot', name: 'bot' },
    conversation: {
      id: '19:group@thread.v2',
      conversationType: 'groupChat',
      isGroup: true,
      tenantId: tenant,
    },
    channelData: { tenant: { id: tenant } },
  };
}
