import assert from 'node:assert/strict';
import { DoorWorld, OSAKA, SV1, SV2 } from '../support/door-world.ts';
import { dotnetHolder, KitClient } from '../support/kit-client.ts';

describe('receiveNetworkCheck', () => {
  let world: DoorWorld;
  let kit: KitClient;
  beforeEach(async () => {
    world = await DoorWorld.start();
    kit = await KitClient.enrolled(world);
  });
  afterEach(() => world.stop());

  const report = (text: string, from = kit, changes: Record<string, unknown> = {}) =>
    from.send({
      type: 'network-check',
      text_b64: Buffer.from(text).toString('base64'),
      ...changes,
    });
  const openAlerts = () => world.store.read((tx) => tx.alerts.listOpen());
  const channelCards = () => world.store.read((tx) => tx.cards.list({ kind: 'channel' }));

  it('keeps the check as evidence and tells the channel what is wrong', async () => {
    const answer = await report('blocked by something');

    assert.deepEqual([answer.status, answer.lines.do, answer.lines.state], [202, 'ok', 'blocked']);
    assert.ok(answer.lines.ja && answer.lines.en);
    const evidence = await world.store.read((tx) => tx.evidence.of(SV1.name));
    assert.equal(evidence.lastCheck?.diagnosis.verdict, 'blocked');
    assert.deepEqual(
      (await openAlerts()).map(({ key }) => key),
      [`network-check:${OSAKA.code}`],
    );
    const [card] = await channelCards();
    assert.equal(card?.notice.kind, 'network-check');
  });

  it('says nothing in the channel about a healthy check', async () => {
    const answer = await report('healthy');

    assert.equal(answer.lines.state, 'healthy');
    assert.equal((await channelCards()).length, 0);
  });

  it('has one card per site, which a healthy check resolves', async () => {
    await report('blocked');
    world.clock.forward(60_000);
    await report('degraded');
    world.clock.forward(60_000);
    await report('healthy');

    const [card, ...others] = await channelCards();
    assert.equal(others.length, 0);
    assert.ok(card?.notice.kind === 'network-check' && card.notice.alert?.resolvedAt);
    assert.equal((await openAlerts()).length, 0);
  });

  it('keeps the alert while another server of the site still fails', async () => {
    const other = await KitClient.enrolled(world, dotnetHolder(), SV2);
    await report('blocked', kit);
    await report('down', other);

    await report('healthy', other);

    assert.equal((await openAlerts()).length, 1);
    const [card] = await channelCards();
    assert.equal(card?.notice.kind === 'network-check' && card.notice.machine, SV1.name);
  });

  it('lets an old check from the spool change nothing that is known better', async () => {
    await report('healthy');

    await report('blocked', kit, { at: kit.now() - 3600 });

    const evidence = await world.store.read((tx) => tx.evidence.of(SV1.name));
    assert.equal(evidence.lastCheck?.diagnosis.verdict, 'healthy');
    assert.equal((await openAlerts()).length, 0);
  });

  it('never dates a check into the future', async () => {
    await report('healthy', kit, { at: kit.now() + 86_400 });

    const evidence = await world.store.read((tx) => tx.evidence.of(SV1.name));
    assert.deepEqual(evidence.lastCheck?.checkedAt, world.clock.now());
  });

  it('reports a device code in the text to the sign-ins', async () => {
    await report('healthy CODE');
    await kit.send({ type: 'status', text_b64: Buffer.from('healthy CODE').toString('base64') });

    assert.equal(world.handlers.codesInText, 2);
  });

  it('keeps the newest of what a server says of itself', async () => {
    await kit.send({ type: 'heartbeat', mde: 'running', ama: 'stopped' });
    await kit.send({ type: 'status', at: kit.now() - 600, mde: 'missing' });

    const kept = await world.store.read((tx) => tx.settings.get(`kit-status:${SV1.name}`));
    assert.deepEqual(JSON.parse(kept ?? '{}'), {
      saidAt: kit.now() * 1000,
      mde: 'running',
      ama: 'stopped',
    });
  });

  it('takes a running Defender service as its contact, and only that', async () => {
    const dataSeenAt = async () =>
      (await world.store.read((tx) => tx.evidence.of(SV1.name))).dataSeenAt;
    await kit.send({ type: 'heartbeat', mde: 'stopped', ama: 'running' });
    assert.deepEqual(await dataSeenAt(), {});

    await kit.send({ type: 'heartbeat', mde: 'running' });

    assert.deepEqual(await dataSeenAt(), { MDE: new Date(kit.now() * 1000) });
  });
});
