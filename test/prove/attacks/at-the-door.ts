import assert from 'node:assert/strict';
import { issueToken } from '../../../src/flows/enrolment-token.ts';
import { type Answered, dotnetHolder, KitClient } from '../../support/kit-client.ts';
import { base64Text, M1, M2, prompt, type WholeBot } from '../whole-bot.ts';
import {
  type Attack,
  CODE,
  confirmed,
  held,
  OTHER,
  ready,
  sendCode,
  showsToEngineer,
} from './attack.ts';
import { malleated } from './malleate.ts';

/** Someone speaks to the HTTP door: with a key, a copy of one, or none. */
export const AT_THE_DOOR: readonly Attack[] = [
  {
    name: 'cloned key: one seq with two ids',
    async run(bot) {
      const { kit } = await confirmed(bot);
      const payload = kit.payload({ type: 'watch', round: 1 });
      await kit.sendRaw(payload, { seq: 9, id: 'mine' });
      const clone = await kit.sendRaw(payload, { seq: 9, id: 'theirs' });
      assert.deepEqual([clone.status, clone.lines.do], [403, 'stop']);
      assert.equal(await bot.keyState(kit.kid), 'quarantined');
      assert.equal(await bot.state(), 'burned');
      assert.deepEqual(await bot.alerts(), ['key-cloned']);
    },
  },
  {
    name: 'cloned key: one id passed twice',
    async run(bot) {
      const { kit } = await confirmed(bot);
      const payload = kit.payload({ type: 'watch', round: 1 });
      await kit.sendRaw(payload, { seq: 50 });
      const first = await kit.sendRaw(payload, { seq: 20, id: 'late' });
      assert.equal(first.lines.code, 'SEQ_PASSED');
      const second = await kit.sendRaw(payload, { seq: 21, id: 'late' });
      assert.deepEqual([second.status, second.lines.do], [403, 'stop']);
      assert.equal(await bot.keyState(kit.kid), 'quarantined');
      assert.equal(await bot.state(), 'burned');
    },
  },
  {
    name: 'replay of a whole request',
    async run(bot) {
      const { kit } = await held(bot);
      const { body } = kit.envelope(kit.payload({ type: 'watch', round: 1 }));
      const first = await bot.post('/api/v1/reports', JSON.stringify(body));
      const again = await bot.post('/api/v1/reports', JSON.stringify(body));
      assert.deepEqual([first.status, again.status], [202, 200]);
      assert.equal(await bot.keyState(kit.kid), 'active');
    },
  },
  {
    name: 'replay of a code under a new seq: the answer of before, no second code',
    async run(bot) {
      const { kit, number } = await held(bot);
      const payload = kit.payload({
        type: 'device-code',
        round: 1,
        text_b64: base64Text(prompt(CODE)),
      });
      const again = await kit.sendRaw(payload);
      assert.deepEqual([again.lines.do, again.lines.number], ['ok', number]);
      assert.equal(await bot.state(), 'waiting');
    },
  },
  {
    name: 'kit’s clock shifted ahead',
    async run(bot) {
      const { kit } = await held(bot);
      const late = await kit.send(
        { type: 'outcome', round: 1, result: 'failed', exit_code: 1 },
        { ts: kit.now() + 301 },
      );
      isResign(late);
      assert.equal(await bot.state(), 'waiting');
    },
  },
  {
    name: 'kit’s clock shifted back',
    async run(bot) {
      const { kit } = await held(bot);
      const late = await kit.send(
        { type: 'outcome', round: 1, result: 'failed', exit_code: 1 },
        { ts: kit.now() - 302 },
      );
      isResign(late);
      assert.equal(await bot.state(), 'waiting');
    },
  },
  {
    name: "kit's word for when it read the code gives it no longer life",
    async run(bot) {
      const kit = await bot.kit();
      await bot.say('yamamoto', `${M1}を接続したい`);
      const at = kit.now() + 250;
      await kit.sendRaw(kit.payload({ type: 'ready', at: kit.now() }));
      const text_b64 = base64Text(prompt(CODE));
      const { lines } = await kit.sendRaw(
        kit.payload({ type: 'device-code', round: 1, at, text_b64 }),
      );
      const lifeSeconds = Number(lines.until) - kit.now();
      assert.ok(lifeSeconds <= 300, `${lifeSeconds}`);
    },
  },
  {
    name: 'serverTime before a signature',
    async run(bot) {
      const { kit } = await held(bot);
      const { body } = kit.envelope(kit.payload({ type: 'ready' }), { ts: 1 });
      for (const sig of [
        Buffer.alloc(64, 1).toString('base64'),
        Buffer.alloc(70).toString('base64'),
      ]) {
        await isAnonymous(await bot.post('/api/v1/reports', JSON.stringify({ ...body, sig })), 401);
      }
      const answer = await bot.post('/api/v1/reports', JSON.stringify({ ...body, kid: 'unknown' }));
      assert.doesNotMatch(await isAnonymous(answer, 401), /time/i);
    },
  },
  {
    name: 'unknown key',
    async run(bot) {
      const { kit } = await held(bot);
      const stranger = new KitClient(bot);
      stranger.kid = 'nobody';
      const none = await stranger.send({ type: 'ready' });
      const wrong = new KitClient(bot);
      wrong.kid = kit.kid;
      const forged = await wrong.send({ type: 'ready' });
      assert.deepEqual([none.status, forged.status], [401, 401]);
      assert.equal(none.text, forged.text, 'unknown and wrong are answered alike');
      assert.deepEqual([none.lines, forged.lines], [{}, {}]);
    },
  },
  {
    name: 'revoked key',
    async run(bot) {
      const { kit } = await held(bot);
      await closeKey(bot, kit.kid);
      for (const answer of [
        await ready(kit),
        await sendCode(kit, OTHER),
        await kit.send({ type: 'watch', round: 1 }),
      ]) {
        assert.deepEqual(
          [answer.status, answer.lines.do, answer.lines.number],
          [403, 'stop', undefined],
        );
      }
    },
  },
  {
    name: 'quarantined key: every type',
    async run(bot) {
      const { kit } = await confirmed(bot);
      await bot.press('takahashi', 'unexpected');
      for (const type of ['ready', 'heartbeat', 'status']) {
        const { status, lines } = await kit.send({ type });
        assert.deepEqual([status, lines.do, lines.code], [403, 'stop', 'QUARANTINED'], type);
      }
    },
  },
  {
    name: 'quarantine lifted by site staff, by another site’s engineer, by the auditor',
    async run(bot) {
      const { kit } = await confirmed(bot);
      await bot.press('takahashi', 'unexpected');
      for (const who of ['yamamoto', 'suzuki', 'morgan']) {
        await bot.say(who, `${M1}の受付停止を解除して 理由: テスト`);
        const confirm = bot.buttonNow(who, 'confirm');
        if (confirm) await bot.pressSeen(who, confirm);
      }
      assert.equal(await bot.keyState(kit.kid), 'quarantined');
    },
  },
  {
    name: 'token twice, with another key',
    async run(bot) {
      const token = await bot.token(bot.machine(M1));
      const mine = new KitClient(bot);
      const given = { name: M1, serial: bot.machine(M1).serial };
      assert.equal((await mine.enrol(token, given)).status, 202);
      const theirs = await new KitClient(bot).enrol(token, given);
      assert.deepEqual([theirs.status, theirs.lines], [403, {}]);
      assert.equal(await bot.keyState(mine.kid), 'quarantined');
      assert.equal((await bot.alerts()).length, 1);
    },
  },
  {
    name: 'token from another serial',
    async run(bot) {
      const token = await bot.token(bot.machine(M1));
      const kit = new KitClient(bot);
      const wrong = await kit.enrol(token, { name: M1, serial: 'ANOTHER-SERIAL' });
      assert.deepEqual([wrong.status, wrong.lines], [409, {}]);
      assert.equal((await bot.alerts()).length, 1);
      assert.equal(await bot.store.read((tx) => tx.kits.activeKeyOf(M1)), undefined);
    },
  },
  {
    name: 'token of another machine',
    async run(bot) {
      const token = await bot.token(bot.machine(M1));
      const answer = await new KitClient(bot).enrol(token, {
        name: M2,
        serial: bot.machine(M2).serial,
      });
      assert.notEqual(answer.status, 202);
      assert.equal(await bot.store.read((tx) => tx.kits.activeKeyOf(M2)), undefined);
    },
  },
  {
    name: 'token that is over, guessed or empty',
    async run(bot) {
      const token = await bot.token(bot.machine(M1));
      bot.clock.forward(73 * 3_600_000);
      const given = { name: M1, serial: bot.machine(M1).serial };
      for (const tried of [token, 'A'.repeat(22), '']) {
        const answer = await new KitClient(bot).enrol(tried, given);
        assert.ok(answer.status === 403 || answer.status === 400, `${answer.status}`);
        assert.deepEqual(answer.lines, {});
      }
    },
  },
  {
    name: 'enrolment of a machine that has a key',
    async run(bot) {
      const { kit } = await held(bot);
      const token = await bot.store.write((tx) => issueToken(tx, bot.app, M1));
      const answer = await new KitClient(bot).enrol(token, {
        name: M1,
        serial: bot.machine(M1).serial,
      });
      assert.notEqual(answer.status, 202);
      assert.equal(await bot.keyState(kit.kid), 'active');
      assert.equal(await bot.state(), 'waiting');
    },
  },
  {
    name: 'body changed after signing',
    async run(bot) {
      const { kit } = await held(bot);
      const failed = kit.payload({ type: 'outcome', round: 1, result: 'failed', exit_code: 1 });
      const { body } = kit.envelope(kit.payload({ type: 'watch', round: 1 }));
      for (const changes of [
        { payload: failed },
        { seq: body.seq + 1 },
        { ts: body.ts + 1 },
        { id: `${body.id}x` },
      ]) {
        await isAnonymous(
          await bot.post('/api/v1/reports', JSON.stringify({ ...body, ...changes })),
          401,
        );
      }
      assert.equal(await bot.state(), 'waiting');
    },
  },
  {
    name: 'signature malleated: another signature of the same request is a repeat',
    async run(bot) {
      const { kit } = await held(bot);
      const { body } = kit.envelope(kit.payload({ type: 'watch', round: 1 }));
      const first = await bot.post('/api/v1/reports', JSON.stringify(body));
      const sig = malleated(body.sig);
      const again = await bot.post('/api/v1/reports', JSON.stringify({ ...body, sig }));
      assert.notEqual(sig, body.sig);
      assert.deepEqual([first.status, again.status], [202, 200]);
      const acks = await bot.store.read((tx) => tx.kits.key(kit.kid as never));
      assert.deepEqual([acks?.ack, acks?.state], [body.seq, 'active']);
    },
  },
  {
    name: 'signature with bytes behind it, or in the other form',
    async run(bot) {
      const { kit } = await held(bot);
      const { body } = kit.envelope(kit.payload({ type: 'watch', round: 1 }));
      const bytes = Buffer.from(body.sig, 'base64');
      const longer = Buffer.concat([bytes, Buffer.alloc(1)]).toString('base64');
      for (const sig of [longer, bytes.subarray(0, 63).toString('base64'), '']) {
        const answer = await bot.post('/api/v1/reports', JSON.stringify({ ...body, sig }));
        assert.equal(answer.status, 401);
      }
    },
  },
  {
    name: 'base64 with blanks',
    async run(bot) {
      const { kit } = await held(bot);
      const { body } = kit.envelope(kit.payload({ type: 'watch', round: 1 }));
      const half = Math.floor(body.payload.length / 2);
      for (const payload of [
        `${body.payload.slice(0, half)} ${body.payload.slice(half)}`,
        `${body.payload.slice(0, half)}\n${body.payload.slice(half)}`,
        `${body.payload} `,
        body.payload.replaceAll('=', ''),
        body.payload.replace(/.$/, '_'),
      ]) {
        if (payload === body.payload) continue;
        const sig = kit.holder.sign(`v1.${body.kid}.${body.id}.${body.ts}.${body.seq}.${payload}`);
        await isAnonymous(
          await bot.post('/api/v1/reports', JSON.stringify({ ...body, payload, sig })),
          400,
        );
      }
      await isAnonymous(
        await bot.post('/api/v1/reports', JSON.stringify({ ...body, sig: ` ${body.sig}` })),
        400,
      );
    },
  },
  {
    name: 'id with other bytes',
    async run(bot) {
      const { kit } = await held(bot);
      for (const id of ['a\nb', 'a=b', 'é', 'a b', '', 'x'.repeat(65), 'a\u0000', 'ａ']) {
        const { body } = kit.envelope(kit.payload({ type: 'watch', round: 1 }), { id });
        await isAnonymous(await bot.post('/api/v1/reports', JSON.stringify(body)), 400);
      }
      assert.equal(await bot.keyState(kit.kid), 'active');
    },
  },
  {
    name: 'same id with another payload',
    async run(bot) {
      const { kit } = await held(bot);
      await kit.send({ type: 'watch', round: 1 }, { id: 'once' });
      const other = await kit.send(
        { type: 'outcome', round: 1, result: 'failed', exit_code: 1 },
        { id: 'once' },
      );
      assert.deepEqual([other.status, other.lines.code], [409, 'ID_REUSED']);
      assert.equal(await bot.state(), 'waiting');
    },
  },
  {
    name: 'members twice, members too many, prototype members',
    async run(bot) {
      const { kit } = await held(bot);
      const { body } = kit.envelope(kit.payload({ type: 'watch', round: 1 }));
      const text = JSON.stringify(body);
      for (const changed of [
        text.replace('{', '{"kid":"other",'),
        text.replace('{', '{"more":1,'),
        text.replace('{', '{"__proto__":{"kid":"x"},'),
        `${text}{}`,
        `[${text}]`,
      ]) {
        await isAnonymous(await bot.post('/api/v1/reports', changed), 400);
      }
    },
  },
  {
    name: 'request for another bot',
    async run(bot) {
      const { kit } = await held(bot);
      const answer = await kit.send({ type: 'ready', aud: 'another-bot' });
      assert.deepEqual([answer.status, answer.lines.code], [409, 'OTHER_BOT']);
      assert.equal(await bot.state(), 'waiting');
    },
  },
  {
    name: 'compressed body, bomb and none',
    async run(bot) {
      const { kit } = await held(bot);
      const { body } = kit.envelope(kit.payload({ type: 'watch', round: 1 }));
      for (const encoding of ['gzip', 'deflate', 'br']) {
        const answer = await fetch(`${bot.url}/api/v1/reports`, {
          method: 'POST',
          headers: { 'content-encoding': encoding },
          body: JSON.stringify(body),
        });
        assert.equal(answer.status, 415);
      }
      assert.equal((await kit.send({ type: 'watch', round: 1 })).status, 202);
    },
  },
  {
    name: 'brute force over requests',
    async run(bot) {
      const { kit } = await held(bot);
      const forged = new KitClient(bot);
      forged.kid = kit.kid;
      const statuses = new Set<number>();
      for (let request = 1; request <= 40; request += 1) {
        statuses.add((await forged.send({ type: 'ready' })).status);
      }
      assert.deepEqual([...statuses], [401, 429]);
      assert.equal(await bot.state(), 'waiting');
      bot.clock.forward(61_000);
      assert.equal((await kit.send({ type: 'watch', round: 1 })).status, 202);
    },
  },
  {
    name: 'one key that floods',
    async run(bot) {
      const { kit } = await held(bot);
      const statuses: number[] = [];
      for (let request = 1; request <= 30; request += 1) {
        statuses.push((await kit.send({ type: 'watch', round: 1 })).status);
      }
      assert.ok(statuses.includes(429));
      assert.equal(await bot.keyState(kit.kid), 'active');
    },
  },
  {
    name: 'report in transit',
    async run(bot) {
      const { kit } = await held(bot);
      await bot.store.write((tx) =>
        tx.evidence.mark(M1, { shippedAt: new Date(bot.clock.now().getTime() - 3_600_000) }),
      );
      for (const answer of [
        await ready(kit),
        await sendCode(kit, OTHER),
        await kit.send({ type: 'heartbeat' }),
      ]) {
        assert.deepEqual(
          [answer.status, answer.lines.do, answer.lines.code],
          [403, 'stop', undefined],
        );
      }
      assert.equal((await bot.alerts()).length, 1);
    },
  },
  {
    name: 'opening in transit',
    async run(bot) {
      await bot.store.write((tx) => tx.evidence.mark(M1, { shippedAt: bot.clock.now() }));
      await bot.say('yamamoto', `${M1}を接続したい`);
      assert.equal(await bot.store.read((tx) => tx.signIns.latestFor(M1)), undefined);
    },
  },
  {
    name: 'old key after arrival: only its successor, and that with the number',
    async run(bot) {
      const kit = await bot.kit();
      const shippedAt = new Date(bot.clock.now().getTime() - 3_600_000);
      await bot.store.write((tx) =>
        tx.evidence.mark(M1, { shippedAt, arrivedAt: bot.clock.now() }),
      );
      bot.clock.forward(1_000);
      const late = await ready(kit);
      assert.ok(late.status === 403 || late.lines.do !== 'go');
      const holder = dotnetHolder();
      const made = await kit.send({
        type: 'successor',
        publicKey: holder.publicKey,
        alg: holder.alg,
      });
      assert.match(made.lines.number ?? '', /^\d{4}$/);
      const next = new KitClient(bot, holder);
      next.kid = made.lines.kid ?? '';
      const early = await next.send({ type: 'ready' });
      assert.deepEqual([early.status, early.lines.code], [403, 'NUMBER_NEEDED']);
      for (const who of ['inoue', 'suzuki']) await bot.say(who, `${M1} ${made.lines.number}`);
      assert.equal(await bot.keyState(next.kid), 'successor-pending');
    },
  },
  {
    name: 'key of one server speaking for another',
    async run(bot) {
      const { kit } = await confirmed(bot);
      const other = await bot.kit(M2);
      other.kid = kit.kid;
      assert.equal((await sendCode(other, OTHER)).status, 401);
      assert.equal(await bot.state(), 'confirmed');
      await showsToEngineer(bot);
    },
  },
];

function isResign({ status, lines }: Answered): void {
  assert.deepEqual([status, lines.do, lines.code], [401, 'resign', 'CLOCK']);
}

/** Unsigned, and says nothing of the bot. */
async function isAnonymous(answer: Response, status: number): Promise<string> {
  assert.equal(answer.status, status);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
  const text = await answer.text();
  assert.doesNotMatch(text, /sig=|"time"/);
  return text;
}

async function closeKey(bot: WholeBot, kid: string): Promise<void> {
  await bot.store.write(async (tx) => {
    const key = await tx.kits.key(kid as never);
    if (key) await tx.kits.putKey({ ...key, state: 'closed' });
  });
}
