import assert from 'node:assert/strict';
import type { Kid } from '../../src/core/ids.ts';
import { confirmSuccessor, expireSuccessor, waitingSuccessor } from '../../src/flows/successor.ts';
import { DoorWorld, ENGINEER, STAFF, SV1 } from '../support/door-world.ts';
import { dotnetHolder, KitClient, type KitHolder } from '../support/kit-client.ts';

const MINUTE_MS = 60_000;

describe('a successor key', () => {
  let world: DoorWorld;
  let old: KitClient;
  beforeEach(async () => {
    world = await DoorWorld.start();
    old = await KitClient.enrolled(world);
    world.clock.forward(MINUTE_MS);
    await world.store.write((tx) => tx.evidence.mark(SV1.name, { shippedAt: world.clock.now() }));
    world.clock.forward(60 * MINUTE_MS);
    await world.store.write((tx) => tx.evidence.mark(SV1.name, { arrivedAt: world.clock.now() }));
  });
  afterEach(() => world.stop());

  const register = async (holder: KitHolder): Promise<{ kit: KitClient; number: string }> => {
    const { publicKey, alg } = holder;
    const answer = await old.send({ type: 'successor', publicKey, alg });
    assert.equal(answer.status, 202, answer.text);
    const kit = new KitClient(world, holder);
    kit.kid = answer.lines.kid ?? '';
    return { kit, number: answer.lines.number ?? '' };
  };
  const confirm = (number: string, by = STAFF) =>
    world.store.write((tx) => confirmSuccessor(tx, world.deps, { machine: SV1, number, by }));
  const wrong = (number: string): string => (number === '0000' ? '0001' : '0000');
  const stateOf = async (kit: KitClient) =>
    (await world.store.read((tx) => tx.kits.key(kit.kid as Kid)))?.state;

  it('waits, may only watch, and works once its number was sent', async () => {
    const { kit, number } = await register(dotnetHolder());

    const watching = await kit.send({ type: 'watch', round: 0 });
    const early = await kit.send({ type: 'ready' });
    assert.deepEqual([watching.lines.do, watching.lines.state], ['wait', 'successor-pending']);
    assert.deepEqual([early.status, early.lines.code], [403, 'NUMBER_NEEDED']);

    assert.equal(await confirm(number), 'right');

    const confirmed = await kit.send({ type: 'watch', round: 0 });
    const ready = await kit.send({ type: 'ready' });
    assert.deepEqual([confirmed.lines.do, confirmed.lines.state], ['ok', 'active']);
    assert.equal(ready.lines.do, 'go');
  });

  it('makes the old key dead, and any use of that an alert', async () => {
    const { number } = await register(dotnetHolder());
    await confirm(number);

    const used = await old.send({ type: 'successor', ...dotnetHolder() });
    const alerts = await world.store.read((tx) => tx.alerts.listOpen());

    assert.deepEqual([used.status, used.lines.do, used.lines.code], [403, 'stop', undefined]);
    assert.deepEqual(
      alerts.map(({ what }) => what),
      ['old-key-used'],
    );
    assert.equal(await stateOf(old), 'closed');
  });

  it('brings the same kid and number when the same key asks again', async () => {
    const holder = dotnetHolder();
    const first = await register(holder);

    const again = await register(holder);

    assert.equal(again.kit.kid, first.kit.kid);
    assert.equal(again.number, first.number);
  });

  it('is replaced by another one, whose engineer is told', async () => {
    const first = await register(dotnetHolder());
    const second = await register(dotnetHolder());

    const dead = await first.kit.send({ type: 'watch', round: 0 });
    const cards = await world.store.read((tx) =>
      tx.cards.list({ kind: 'person', person: ENGINEER.key }),
    );
    const confirmedFirst = first.number === second.number ? 'right' : await confirm(first.number);
    const confirmedSecond = await confirm(second.number);

    assert.deepEqual([dead.status, dead.lines.code], [403, 'NUMBER_OVER']);
    assert.equal(cards.length, 1);
    assert.equal(cards[0]?.notice.kind === 'alert' && cards[0].notice.what, 'successor-replaced');
    assert.ok(first.number === second.number || confirmedFirst === 'wrong');
    assert.equal(confirmedSecond, 'right');
    assert.equal(await stateOf(first.kit), 'closed');
    assert.equal(await stateOf(second.kit), 'active');
  });

  it('lives 30 minutes without its number; then the same key gets a new one', async () => {
    const holder = dotnetHolder();
    const { kit, number } = await register(holder);
    world.clock.forward(30 * MINUTE_MS);

    const over = await kit.send({ type: 'watch', round: 0 });
    const late = await confirm(number);
    await world.store.write((tx) => expireSuccessor(tx, kit.kid as Kid, world.clock.now()));
    const again = await register(holder);

    assert.deepEqual([over.status, over.lines.code], [403, 'NUMBER_OVER']);
    assert.equal(late, 'nothing-waits');
    assert.equal(again.kit.kid, kit.kid);
    assert.equal(await confirm(again.number), 'right');
  });

  it('dies after three wrong numbers', async () => {
    const { kit, number } = await register(dotnetHolder());

    const said = [
      await confirm(wrong(number)),
      await confirm(wrong(number)),
      await confirm(wrong(number)),
      await confirm(number),
    ];

    assert.deepEqual(said, ['wrong', 'wrong', 'number-dead', 'nothing-waits']);
    assert.equal(await stateOf(kit), 'closed');
    assert.equal(await stateOf(old), 'active');
  });

  it('is confirmed by people of that site and its engineer, and by no one else', async () => {
    const { number } = await register(dotnetHolder());
    const elsewhere = { ...STAFF, sites: [] };
    const auditor = { ...ENGINEER, role: 'auditor' as const };
    const foreign = { ...ENGINEER, key: 'suzuki' as typeof ENGINEER.key };

    assert.equal(await confirm(number, elsewhere), 'not-allowed');
    assert.equal(await confirm(number, auditor), 'not-allowed');
    assert.equal(await confirm(number, foreign), 'not-allowed');
    assert.equal(await confirm(number, ENGINEER), 'right');
  });

  it('is found for a bare number while it waits', async () => {
    const { kit, number } = await register(dotnetHolder());
    const find = () => world.store.read((tx) => waitingSuccessor(tx, SV1.name, world.clock.now()));

    assert.equal((await find())?.kid, kit.kid);
    await confirm(number);
    assert.equal(await find(), undefined);
  });

  it('cannot be a key that is already enrolled, nor one that is none', async () => {
    const itself = await old.send({ type: 'successor', ...old.holder });
    const none = await old.send({ type: 'successor', publicKey: 'eA==', alg: 'es256-der' });

    assert.deepEqual([itself.status, itself.lines.code], [409, 'KEY_TAKEN']);
    assert.deepEqual([none.status, none.lines.code], [403, 'SUCCESSOR_NEEDED']);
  });
});
