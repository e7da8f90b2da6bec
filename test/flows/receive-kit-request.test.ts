import assert from 'node:assert/strict';
import type { Kid } from '../../src/core/ids.ts';
import type { KitKey } from '../../src/core/ports.ts';
import { quarantineKey } from '../../src/flows/quarantine.ts';
import { DoorWorld, OSAKA, SV1, SV2 } from '../support/door-world.ts';
import { dotnetHolder, KitClient } from '../support/kit-client.ts';

const MINUTE_MS = 60_000;

describe('receiveKitRequest', () => {
  let world: DoorWorld;
  let kit: KitClient;
  beforeEach(async () => {
    world = await DoorWorld.start();
    kit = await KitClient.enrolled(world);
  });
  afterEach(() => world.stop());

  const keyOf = async (client: KitClient): Promise<KitKey> => {
    const key = await world.store.read((tx) => tx.kits.key(client.kid as Kid));
    assert.ok(key);
    return key;
  };
  const openAlerts = async (): Promise<string[]> =>
    (await world.store.read((tx) => tx.alerts.listOpen())).map((alert) => alert.what);
  const mark = (marks: Record<string, Date | null>) =>
    world.store.write((tx) => tx.evidence.mark(SV1.name, marks));

  it('hands each type to its flow and answers 202 with the ack', async () => {
    const answer = await kit.send({ type: 'ready', mode: 'connect' });

    assert.equal(answer.status, 202);
    assert.equal(answer.lines.do, 'go');
    assert.equal(answer.lines.round, '1');
    assert.equal(answer.lines.ack, '1');
    assert.deepEqual(
      world.handlers.calls.map(({ type, machine }) => [type, machine]),
      [['ready', SV1.name]],
    );
  });

  it('passes a device code on as text, and the whole payload of an outcome', async () => {
    const text_b64 = Buffer.from('コードは ABCD です', 'utf8').toString('base64');

    const code = await kit.send({ type: 'device-code', round: 1, text_b64 });
    const outcome = await kit.send({
      type: 'outcome',
      round: 1,
      result: 'failed',
      exit_code: 42,
      text_b64,
    });

    assert.equal(code.lines.number, '4821');
    assert.equal(outcome.lines.do, 'ok');
    const at = new Date(world.clock.now().setMilliseconds(0));
    const text = { text: 'コードは ABCD です', decodedAs: 'utf-8' };
    assert.deepEqual(
      world.handlers.calls.map(({ payload }) => payload),
      [
        { at, type: 'device-code', round: 1, text },
        { at, type: 'outcome', round: 1, result: 'failed', exitCode: 42, text },
      ],
    );
  });

  it('answers a repeat as before and does nothing twice', async () => {
    const payload = kit.payload({ type: 'device-code', round: 1, text_b64: 'eA==' });
    const first = await kit.sendRaw(payload, { id: 'the-id' });

    const again = await kit.sendRaw(payload, { id: 'the-id' });

    assert.equal(first.status, 202);
    assert.equal(again.status, 200);
    const { time: _t1, ack: ack1, ...before } = first.lines;
    const { time: _t2, ack: ack2, ...after } = again.lines;
    assert.deepEqual(after, before);
    assert.deepEqual([ack1, ack2], ['1', '2']);
    assert.equal(world.handlers.calls.length, 1);
  });

  it('gives a replayed request its old answer and nothing else', async () => {
    const payload = kit.payload({ type: 'ready' });
    await kit.sendRaw(payload, { id: 'one', seq: 1 });
    await kit.sendRaw(kit.payload({ type: 'ready' }), { id: 'two', seq: 2 });

    const replayed = await kit.sendRaw(payload, { id: 'one', seq: 1 });

    assert.equal(replayed.status, 200);
    assert.equal(replayed.lines.ack, '2');
    assert.equal(world.handlers.calls.length, 2);
    assert.equal((await keyOf(kit)).state, 'active');
  });

  it('refuses the same id with another payload', async () => {
    await kit.send({ type: 'outcome', round: 1, result: 'connected', exit_code: 0 }, { id: 'x' });

    const other = await kit.send(
      { type: 'outcome', round: 1, result: 'failed', exit_code: 1 },
      { id: 'x' },
    );

    assert.equal(other.status, 409);
    assert.equal(other.lines.code, 'ID_REUSED');
    assert.equal(world.handlers.calls.length, 1);
  });

  it('tells a passed seq apart, keeps nothing of it, and takes it with the next seq', async () => {
    await kit.send({ type: 'ready' }, { seq: 5 });
    const payload = kit.payload({ type: 'outcome', round: 1, result: 'stopped', exit_code: 0 });

    const passed = await kit.sendRaw(payload, { id: 'late', seq: 3 });
    const sentAgain = await kit.sendRaw(payload, { id: 'late', seq: 6 });

    assert.equal(passed.status, 409);
    assert.equal(passed.lines.code, 'SEQ_PASSED');
    assert.equal(passed.lines.do, 'resign');
    assert.equal(passed.lines.ack, '5');
    assert.equal(sentAgain.status, 202);
    assert.deepEqual(
      world.handlers.calls.map(({ type }) => type),
      ['ready', 'outcome'],
    );
  });

  it('takes the very same passed attempt twice for a replay', async () => {
    await kit.send({ type: 'ready' }, { seq: 5 });
    const payload = kit.payload({ type: 'ready' });
    await kit.sendRaw(payload, { id: 'late', seq: 3 });

    const replayed = await kit.sendRaw(payload, { id: 'late', seq: 3 });

    assert.equal(replayed.lines.code, 'SEQ_PASSED');
    assert.equal((await keyOf(kit)).state, 'active');
  });

  it('quarantines a key whose one seq came with two ids', async () => {
    const clone = new KitClient(world, kit.holder);
    clone.kid = kit.kid;
    await kit.send({ type: 'ready' }, { id: 'of-the-server', seq: 4 });

    const answer = await clone.send({ type: 'ready' }, { id: 'of-the-clone', seq: 4 });

    assert.equal(answer.status, 403);
    assert.equal(answer.lines.do, 'stop');
    assert.equal((await keyOf(kit)).state, 'quarantined');
    assert.deepEqual(await openAlerts(), ['key-cloned']);
    assert.deepEqual(world.handlers.stopped, [SV1.name]);
  });

  it('quarantines a key whose one id was passed twice', async () => {
    await kit.send({ type: 'ready' }, { seq: 9 });
    const payload = kit.payload({ type: 'ready' });
    await kit.sendRaw(payload, { id: 'behind', seq: 5 });

    const answer = await kit.sendRaw(payload, { id: 'behind', seq: 6 });

    assert.equal(answer.status, 403);
    assert.equal((await keyOf(kit)).state, 'quarantined');
    assert.deepEqual(await openAlerts(), ['key-cloned']);
  });

  it('answers a quarantined key with stop, whatever it sends, also a repeat', async () => {
    const payload = kit.payload({ type: 'ready' });
    await kit.sendRaw(payload, { id: 'before' });
    const key = await keyOf(kit);
    await world.store.write((tx) => quarantineKey(tx, world.deps, key, 'unexpected'));

    const answers = [
      await kit.sendRaw(payload, { id: 'before' }),
      await kit.send({ type: 'watch', round: 1 }),
      await kit.send({ type: 'network-check', text_b64: 'eA==' }),
      await kit.send({ type: 'no-such-type' }),
      await kit.send({ type: 'ready', aud: 'other' }),
    ];

    for (const { status, lines } of answers) {
      assert.deepEqual([status, lines.do, lines.code], [403, 'stop', 'QUARANTINED']);
    }
    assert.equal(world.handlers.calls.length, 1);
  });

  it('answers what it cannot read, and what another bot should get, without keeping it', async () => {
    const unreadable = await kit.send({ type: 'ready', surprise: 1 });
    const notJson = await kit.sendRaw(Buffer.from('{"type":').toString('base64'));
    const otherBot = await kit.send({ type: 'ready', aud: 'other' });

    assert.deepEqual([unreadable.status, unreadable.lines.code], [409, 'PAYLOAD_REFUSED']);
    assert.deepEqual([notJson.status, notJson.lines.code], [409, 'PAYLOAD_REFUSED']);
    assert.deepEqual([otherBot.status, otherBot.lines.code], [409, 'OTHER_BOT']);
    assert.equal((await keyOf(kit)).ack, 0);
    assert.equal(world.handlers.calls.length, 0);
  });

  it('uses up no id when a flow fails', async () => {
    world.handlers.failure = new Error('the disk is full of secrets');
    const payload = kit.payload({ type: 'ready' });
    const failed = await kit.sendRaw(payload, { id: 'tried' });
    world.handlers.failure = undefined;

    const again = await kit.sendRaw(payload, { id: 'tried' });

    assert.equal(failed.status, 503);
    assert.doesNotMatch(failed.text, /disk|secret/);
    assert.equal(again.status, 202);
    assert.equal(again.lines.ack, '2');
  });

  it('remembers polls for an hour and everything else for 35 days', async () => {
    await kit.send({ type: 'watch', round: 1 }, { id: 'poll' });
    await kit.send({ type: 'outcome', round: 1, result: 'stopped', exit_code: 0 }, { id: 'end' });
    const remembered = async (): Promise<boolean[]> =>
      world.store.write(async (tx) => {
        await tx.kits.forgetRequests(world.clock.now());
        const found = [
          await tx.kits.request(kit.kid as Kid, 'poll'),
          await tx.kits.request(kit.kid as Kid, 'end'),
        ];
        return found.map((request) => request !== undefined);
      });

    world.clock.forward(59 * MINUTE_MS);
    assert.deepEqual(await remembered(), [true, true]);
    world.clock.forward(2 * MINUTE_MS);
    assert.deepEqual(await remembered(), [false, true]);
    world.clock.forward(34 * 24 * 60 * MINUTE_MS);
    assert.deepEqual(await remembered(), [false, true]);
    world.clock.forward(24 * 60 * MINUTE_MS);
    assert.deepEqual(await remembered(), [false, false]);
  });

  it('keeps no payload, only its MAC', async () => {
    const text_b64 = Buffer.from('a very telling text').toString('base64');
    await kit.send({ type: 'device-code', round: 1, text_b64 }, { id: 'told' });

    const kept = await world.store.read((tx) => tx.kits.request(kit.kid as Kid, 'told'));

    assert.ok(kept);
    assert.doesNotMatch(JSON.stringify(kept), /telling/);
    assert.ok(!JSON.stringify(kept).includes(text_b64));
    assert.match(kept.mac, /^[A-Za-z0-9_-]{43}$/);
  });

  describe('in transit', () => {
    it('is closed without detail, with one alert per machine and hour', async () => {
      await mark({ shippedAt: world.clock.now() });
      world.clock.forward(31 * MINUTE_MS);

      const first = await kit.send({ type: 'ready' });
      world.clock.forward(MINUTE_MS);
      await kit.send({ type: 'status' });
      const audited = await world.store.read((tx) => tx.audit.list({ machine: SV1.name }));

      assert.equal(first.status, 403);
      assert.deepEqual(Object.keys(first.lines), ['v', 'id', 'time', 'do']);
      assert.deepEqual(await openAlerts(), ['report-in-transit']);
      assert.equal(audited.filter(({ event }) => event === 'report-in-transit').length, 1);
      assert.equal(world.handlers.calls.length, 0);
    });

    it('raises no alert in the first 30 minutes', async () => {
      await mark({ shippedAt: world.clock.now() });
      world.clock.forward(29 * MINUTE_MS);

      const answer = await kit.send({ type: 'ready' });
      const audited = await world.store.read((tx) => tx.audit.list({ machine: SV1.name }));

      assert.equal(answer.status, 403);
      assert.deepEqual(await openAlerts(), []);
      assert.ok(audited.some(({ event }) => event === 'report-just-shipped'));
    });

    it('lets a key that travelled do nothing but register its successor', async () => {
      world.clock.forward(MINUTE_MS);
      await mark({ shippedAt: world.clock.now() });
      world.clock.forward(60 * MINUTE_MS);
      await mark({ arrivedAt: world.clock.now() });

      const refused = await kit.send({ type: 'network-check', text_b64: 'eA==' });
      const successor = dotnetHolder();
      const taken = await kit.send({
        type: 'successor',
        publicKey: successor.publicKey,
        alg: successor.alg,
      });

      assert.deepEqual([refused.status, refused.lines.code], [403, 'SUCCESSOR_NEEDED']);
      assert.equal(taken.status, 202);
      assert.match(taken.lines.number ?? '', /^[0-9]{4}$/);
    });
  });

  it('alerts when a closed key is used, and says nothing to it', async () => {
    const key = await keyOf(kit);
    await world.store.write((tx) => tx.kits.putKey({ ...key, state: 'closed' }));

    const answer = await kit.send({ type: 'ready' });

    assert.equal(answer.status, 403);
    assert.deepEqual(Object.keys(answer.lines), ['v', 'id', 'time', 'do']);
    assert.deepEqual(await openAlerts(), ['old-key-used']);
  });

  it('asks a kit to wait while the profile of its site is not imported', async () => {
    const profile = 'not-yet' as typeof OSAKA.profile;
    await world.store.write((tx) => tx.rows.putSites([{ ...OSAKA, profile }]));
    const payload = kit.payload({ type: 'ready' });
    const early = await kit.sendRaw(payload, { id: 'early' });
    await world.store.write((tx) => tx.rows.putSites([OSAKA]));

    const later = await kit.sendRaw(payload, { id: 'early' });

    assert.deepEqual(
      [early.status, early.lines.do, early.lines.code],
      [403, 'wait', 'ROLL_OUT_INCOMPLETE'],
    );
    assert.equal(later.status, 202);
  });

  it('keeps the seqs and ids of two servers apart', async () => {
    const other = await KitClient.enrolled(world, dotnetHolder(), SV2);

    const one = await kit.send({ type: 'ready' }, { id: 'same', seq: 1 });
    const two = await other.send({ type: 'ready' }, { id: 'same', seq: 1 });

    assert.deepEqual([one.status, two.status], [202, 202]);
    assert.equal(world.handlers.calls.length, 2);
  });

  it('answers with the key a kit knows until it names the new one', async () => {
    const old = world.answerKeys.current();
    const next = await world.answerKeys.rotate(world.clock.now());

    const before = await kit.send({ type: 'ready' });
    kit.botKey = next;
    const named = await kit.send({ type: 'ready', botKey: next });
    const after = await kit.send({ type: 'ready' });

    assert.notEqual(next, old);
    assert.equal(before.lines.bot_key, next);
    assert.equal(named.lines.bot_key, undefined);
    assert.equal(after.lines.bot_key, undefined);
    assert.equal((await keyOf(kit)).botKey, next);
  });

  it('never goes back to an older answer key, whatever an old report names', async () => {
    const old = world.answerKeys.current();
    const next = await world.answerKeys.rotate(world.clock.now());
    kit.botKey = next;
    await kit.send({ type: 'ready', botKey: next });

    const spooled = await kit.send({ type: 'status', botKey: old });
    const nonsense = await kit.send({ type: 'status', botKey: 'nonsense' });

    assert.deepEqual([spooled.status, nonsense.status], [202, 202]);
    assert.equal((await keyOf(kit)).botKey, next);
  });
});
