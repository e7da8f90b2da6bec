import assert from 'node:assert/strict';
import type { Kid } from '../../src/core/ids.ts';
import { DoorWorld, SV1, SV2 } from '../support/door-world.ts';
import { dotnetHolder, KitClient, opensslHolder } from '../support/kit-client.ts';

const HOUR_MS = 60 * 60 * 1000;

describe('enrolMachine', () => {
  let world: DoorWorld;
  beforeEach(async () => {
    world = await DoorWorld.start();
  });
  afterEach(() => world.stop());

  const keysOf = (name = SV1.name) => world.store.read((tx) => tx.kits.keysOf(name));
  const openAlerts = async (): Promise<string[]> =>
    (await world.store.read((tx) => tx.alerts.listOpen())).map((alert) => alert.what);

  for (const makeHolder of [opensslHolder, () => ({ ...dotnetHolder(), remove: () => {} })]) {
    const holder = makeHolder();
    after(() => holder.remove());

    it(`keeps a key that signs ${holder.alg}, and marks the machine enrolled`, async () => {
      const kit = new KitClient(world, holder);

      const answer = await kit.enrol(await world.token());
      const used = await kit.send({ type: 'ready' });

      assert.equal(answer.status, 202);
      assert.equal(answer.lines.do, 'ok');
      assert.equal(used.status, 202);
      const [key] = await keysOf();
      assert.equal(key?.kid, kit.kid);
      assert.equal(key?.state, 'active');
      const evidence = await world.store.read((tx) => tx.evidence.of(SV1.name));
      assert.deepEqual(evidence.marks.enrolledAt, world.clock.now());
    });
  }

  it('answers a repeat with the same kid', async () => {
    const token = await world.token();
    const kit = new KitClient(world);
    await kit.enrol(token);
    const { kid } = kit;

    const again = await kit.enrol(token);

    assert.equal(again.status, 200);
    assert.equal(again.lines.kid, kid);
    assert.equal((await keysOf()).length, 1);
  });

  it('still answers a repeat when the token is over', async () => {
    const token = await world.token();
    const kit = new KitClient(world);
    await kit.enrol(token);
    world.clock.forward(100 * HOUR_MS);

    assert.equal((await kit.enrol(token)).status, 200);
  });

  it('takes a token for 72 hours and not longer', async () => {
    const token = await world.token();
    world.clock.forward(72 * HOUR_MS);

    const answer = await new KitClient(world).enrol(token);

    assert.deepEqual([answer.status, answer.lines], [403, {}]);
    assert.match(answer.text, /TOKEN_REFUSED/);
    assert.equal((await keysOf()).length, 0);
  });

  it('takes the newest token of a machine alone', async () => {
    const older = await world.token();
    const newer = await world.token();

    assert.equal((await new KitClient(world).enrol(older)).status, 403);
    assert.equal((await new KitClient(world).enrol(newer)).status, 202);
  });

  it('keeps only the hash of a token', async () => {
    const token = await world.token();

    const kept = await world.store.read((tx) => tx.kits.token(world.vault.sha256(token)));
    const audited = await world.store.read((tx) => tx.audit.list());

    assert.ok(kept);
    assert.ok(!JSON.stringify([kept, audited]).includes(token));
  });

  it('signs nothing for a stranger, right clock or wrong', async () => {
    const kit = new KitClient(world);

    const unknown = await kit.enrol('A'.repeat(22));
    const lateToo = await kit.enrol('A'.repeat(22), {}, { ts: kit.now() - 4000 });

    for (const answer of [unknown, lateToo]) {
      assert.equal(answer.status, 403);
      assert.match(answer.contentType, /^application\/json/);
    }
    assert.deepEqual(await openAlerts(), []);
  });

  it('asks whoever has a token to sign again by its time', async () => {
    const kit = new KitClient(world);

    const answer = await kit.enrol(await world.token(), {}, { ts: kit.now() + 301 });

    assert.equal(answer.status, 401);
    assert.equal(answer.lines.do, 'resign');
    assert.equal((await keysOf()).length, 0);
  });

  it('quarantines the key when its token comes with another key', async () => {
    const token = await world.token();
    const kit = new KitClient(world);
    await kit.enrol(token);

    const thief = await new KitClient(world).enrol(token);
    const used = await kit.send({ type: 'ready' });

    assert.deepEqual([thief.status, thief.lines], [403, {}]);
    assert.deepEqual([used.status, used.lines.do], [403, 'stop']);
    assert.equal((await keysOf()).length, 1);
    assert.deepEqual(await openAlerts(), ['token-misused']);
    assert.equal((await kit.enrol(token)).status, 403);
  });

  for (const changed of ['serial', 'vmUuid']) {
    it(`quarantines the key when its token comes with another ${changed}`, async () => {
      const token = await world.token();
      const kit = new KitClient(world);
      await kit.enrol(token);

      const answer = await kit.enrol(token, { [changed]: 'another' });

      assert.equal(answer.status, 403);
      assert.equal((await keysOf())[0]?.state, 'quarantined');
      assert.deepEqual(await openAlerts(), ['token-misused']);
    });
  }

  it('changes nothing for another serial than imported, and keeps the token good', async () => {
    const token = await world.token();
    const kit = new KitClient(world);

    const mixedUp = await kit.enrol(token, { serial: SV2.serial });
    const right = await kit.enrol(token, { serial: 'vmware-564d01' });

    assert.equal(mixedUp.status, 409);
    assert.match(mixedUp.text, /MACHINE_MISMATCH/);
    assert.equal(right.status, 202);
    assert.deepEqual(await openAlerts(), ['token-misused']);
  });

  it('changes nothing for another machine name', async () => {
    const answer = await new KitClient(world).enrol(await world.token(), { name: SV2.name });

    assert.match(answer.text, /MACHINE_MISMATCH/);
    assert.equal((await keysOf()).length + (await keysOf(SV2.name)).length, 0);
  });

  it('leaves an active key alone when a second token brings another one', async () => {
    const kit = await KitClient.enrolled(world);

    const second = await new KitClient(world).enrol(await world.token());
    const same = await kit.enrol(await world.token());

    assert.match(second.text, /ALREADY_ENROLLED/);
    assert.deepEqual([same.status, same.lines.kid], [200, kit.kid]);
    assert.equal((await kit.send({ type: 'ready' })).status, 202);
  });

  it('refuses a key that is enrolled for another machine', async () => {
    const kit = await KitClient.enrolled(world);
    const token = await world.token(SV2);

    const answer = await new KitClient(world, kit.holder).enrol(token, {
      name: SV2.name,
      serial: SV2.serial,
    });

    assert.match(answer.text, /KEY_TAKEN/);
    assert.equal((await keysOf(SV2.name)).length, 0);
  });

  it('refuses what is meant for another bot, or holds a key of another bot', async () => {
    const token = await world.token();
    const kit = new KitClient(world);

    const otherBot = await kit.enrol(token, { aud: 'other' });
    const otherKey = await kit.enrol(token, { botKey: dotnetHolder().publicKey });

    assert.match(otherBot.text, /OTHER_BOT/);
    assert.match(otherKey.text, /BOT_KEY_UNKNOWN/);
    assert.equal((await kit.enrol(token)).status, 202);
  });

  it('enrols nothing while the machine is in transit, and alerts', async () => {
    const token = await world.token();
    await world.store.write((tx) => tx.evidence.mark(SV1.name, { shippedAt: world.clock.now() }));
    world.clock.forward(HOUR_MS);

    const answer = await new KitClient(world).enrol(token);

    assert.equal(answer.status, 403);
    assert.deepEqual(await openAlerts(), ['report-in-transit']);
    assert.equal((await keysOf()).length, 0);
  });

  it('spends a token once when two servers bring it at the same moment', async () => {
    const token = await world.token();
    const answers = await Promise.all([
      new KitClient(world).enrol(token),
      new KitClient(world).enrol(token),
    ]);

    const statuses = answers.map(({ status }) => status).sort();

    assert.deepEqual(statuses, [202, 403]);
    const keys = await keysOf();
    assert.deepEqual(
      keys.map(({ state }) => state),
      ['quarantined'],
    );
    assert.ok(await world.store.read((tx) => tx.kits.key(keys[0]?.kid as Kid)));
  });
});
