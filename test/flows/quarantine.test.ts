import assert from 'node:assert/strict';
import type { Kid, PersonKey } from '../../src/core/ids.ts';
import { liftQuarantine, quarantineKey } from '../../src/flows/quarantine.ts';
import { replaceMachineKey } from '../../src/flows/replace.ts';
import { DoorWorld, ENGINEER, STAFF, SV1 } from '../support/door-world.ts';
import { dotnetHolder, KitClient } from '../support/kit-client.ts';

const LEAD = { ...ENGINEER, key: 'sato' as PersonKey, role: 'lead' as const };

describe('quarantine', () => {
  let world: DoorWorld;
  let kit: KitClient;
  beforeEach(async () => {
    world = await DoorWorld.start();
    kit = await KitClient.enrolled(world);
  });
  afterEach(() => world.stop());

  const quarantine = async (): Promise<void> => {
    await world.store.write(async (tx) => {
      const key = await tx.kits.key(kit.kid as Kid);
      assert.ok(key);
      await quarantineKey(tx, world.deps, key, 'unexpected');
    });
  };
  const lift = (by = ENGINEER) =>
    world.store.write((tx) =>
      liftQuarantine(tx, world.deps, { machine: SV1, by, reason: '現地で確認しました' }),
    );
  const audited = async (event: string) =>
    (await world.store.read((tx) => tx.audit.list({ machine: SV1.name }))).filter(
      (row) => row.event === event,
    );

  it('stops the key, its sign-in and nothing twice', async () => {
    await quarantine();
    await quarantine();

    const alerts = await world.store.read((tx) => tx.alerts.listOpen());
    const evidence = await world.store.read((tx) => tx.evidence.of(SV1.name));
    assert.equal(evidence.quarantined, true);
    assert.equal(alerts.length, 1);
    assert.deepEqual(world.handlers.stopped, [SV1.name]);
    assert.equal((await audited('key-quarantined')).length, 1);
  });

  it('is lifted by the site engineer with a reason, which is audited', async () => {
    await quarantine();

    const notice = await lift();

    assert.equal(notice.kind, 'quarantine-lifted');
    assert.equal((await kit.send({ type: 'ready' })).status, 202);
    const [row] = await audited('quarantine-lifted');
    assert.equal(row?.by, ENGINEER.key);
    assert.equal(row?.facts.reason, '現地で確認しました');
    assert.equal((await world.store.read((tx) => tx.alerts.listOpen())).length, 0);
  });

  it('is lifted by a lead, but not by site staff or another engineer', async () => {
    await quarantine();

    const refused = [await lift(STAFF), await lift({ ...ENGINEER, key: 'abe' as PersonKey })];
    const lifted = await lift(LEAD);

    assert.deepEqual(
      refused.map((notice) => notice.kind === 'refusal' && notice.reason),
      ['not-allowed', 'not-allowed'],
    );
    assert.equal(lifted.kind, 'quarantine-lifted');
  });

  it('says so when there is nothing to lift', async () => {
    const notice = await lift();

    assert.equal(notice.kind === 'refusal' && notice.reason, 'already-done');
  });
});

describe('replaceMachineKey', () => {
  let world: DoorWorld;
  beforeEach(async () => {
    world = await DoorWorld.start();
  });
  afterEach(() => world.stop());

  it('closes the key and lets the new server enrol with its serial', async () => {
    const kit = await KitClient.enrolled(world);
    world.clock.forward(1000);
    const { token } = await world.store.write((tx) =>
      replaceMachineKey(tx, world.deps, { machine: SV1, serial: 'NEW-1', by: 'takahashi' }),
    );
    world.clock.forward(1000);

    const oldServer = await kit.send({ type: 'ready' });
    const wrongSerial = await new KitClient(world).enrol(token);
    const newServer = new KitClient(world, dotnetHolder());
    const enrolled = await newServer.enrol(token, { serial: 'NEW-1' });

    assert.deepEqual([oldServer.status, oldServer.lines.code], [403, undefined]);
    assert.match(wrongSerial.text, /MACHINE_MISMATCH/);
    assert.equal(enrolled.status, 202);
    assert.equal((await newServer.send({ type: 'ready' })).status, 202);
    assert.deepEqual(world.handlers.stopped, [SV1.name]);
  });

  it('works for a server that was lost in transit', async () => {
    await KitClient.enrolled(world);
    world.clock.forward(1000);
    await world.store.write((tx) => tx.evidence.mark(SV1.name, { shippedAt: world.clock.now() }));
    world.clock.forward(1000);
    const { token } = await world.store.write((tx) =>
      replaceMachineKey(tx, world.deps, { machine: SV1, serial: 'NEW-1', by: 'takahashi' }),
    );
    world.clock.forward(1000);

    const newServer = new KitClient(world);
    const enrolled = await newServer.enrol(token, { serial: 'NEW-1' });

    assert.equal(enrolled.status, 202);
    assert.equal((await newServer.send({ type: 'ready' })).status, 202);
  });
});
