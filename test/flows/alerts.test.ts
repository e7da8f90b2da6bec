import assert from 'node:assert/strict';
import type { MachineName, SiteCode } from '../../src/core/ids.ts';
import type { Alert } from '../../src/core/ports.ts';
import {
  acknowledgeAlert,
  alertOfCard,
  assignAlert,
  clearAlert,
  raiseAlert,
  resolveAlert,
  snoozeAlert,
  wakeAlert,
} from '../../src/flows/alerts.ts';
import { AnswerWorld } from '../support/answer-world.ts';
import { aDiagnosis, aFinding } from '../support/builders.ts';

const FUKUOKA = 'fukuoka-01' as SiteCode;

describe('alerts', () => {
  let world: AnswerWorld;
  beforeEach(async () => {
    world = await AnswerWorld.make();
  });
  afterEach(() => world.close());

  const raise = (id = 'proxy-bypass-missing'): Promise<Alert> =>
    world.store.write((tx) =>
      raiseAlert(tx, world.deps, {
        key: 'network-check:fukuoka-01',
        what: 'network-check',
        site: FUKUOKA,
        machine: 'SV-FUK-01' as MachineName,
        checkedAt: world.clock.now(),
        diagnosis: aDiagnosis({ verdict: 'blocked', findings: [aFinding({ id })] }),
      }),
    );
  const kept = (alert: Alert) => world.store.read((tx) => tx.alerts.get(alert.id));
  const audited = async () =>
    (await world.store.read((tx) => tx.audit.list())).map((row) => `${row.event} ${row.by ?? ''}`);

  it('tell one problem on one card, brought up to date by edits', async () => {
    const first = await raise('dns-failure');
    const again = await raise('tls-inspected');

    const [card, ...others] = await world.channelCards();
    assert.equal(again.id, first.id);
    assert.equal(others.length, 0);
    assert.ok(card?.notice.kind === 'network-check');
    assert.equal(card.notice.diagnosis.findings[0]?.id, 'tls-inspected');
    assert.deepEqual(card.notice.alert, { id: first.id });
  });

  it('are acknowledged by name, by whoever stands for the site, once', async () => {
    const alert = await raise();
    const by = (key: string) =>
      world.store.write((tx) => acknowledgeAlert(tx, world.deps, alert.id, world.person(key)));

    assert.deepEqual(await by('yamamoto'), { kind: 'refusal', reason: 'not-allowed' });
    assert.equal((await by('kobayashi')).kind, 'done');
    assert.equal((await by('kobayashi')).kind, 'done');
    const late = await by('watanabe');

    assert.ok(late.kind === 'refusal' && late.reason === 'already-done');
    const [card] = await world.channelCards();
    assert.ok(card?.notice.kind === 'network-check');
    assert.equal(card.notice.alert?.acknowledgedBy?.name, '小林 凛');
    assert.deepEqual(await audited(), ['alert-raised ', 'alert-acknowledged kobayashi']);
  });

  it('come back after snoozing, and the site’s engineer hears of it', async () => {
    const alert = await raise();
    const staff = await world.store.write((tx) =>
      snoozeAlert(tx, world.deps, alert.id, world.person('kobayashi')),
    );
    assert.equal(staff.kind, 'refusal');

    await world.store.write((tx) =>
      snoozeAlert(tx, world.deps, alert.id, world.person('watanabe')),
    );
    world.clock.forward(4 * 3_600_000);
    const due = await world.store.write((tx) => tx.timers.takeDue(world.clock.now(), 10));
    await world.store.write((tx) => wakeAlert(tx, world.deps, alert.id));

    assert.deepEqual(
      due.map(({ kind, subject }) => [kind, subject]),
      [['alert-snooze', alert.id]],
    );
    assert.equal((await kept(alert))?.state, 'open');
    const [copy] = await world.cardsOf('watanabe');
    assert.ok(copy?.notice.kind === 'network-check');
    assert.equal((await world.store.read((tx) => alertOfCard(tx, copy)))?.id, alert.id);
  });

  it('end on every card that speaks of them, and a new one starts anew', async () => {
    const alert = await raise();
    const watanabe = world.person('watanabe');
    await world.store.write((tx) =>
      assignAlert(tx, world.deps, alert.id, world.person('ito'), watanabe),
    );
    await world.store.write((tx) => resolveAlert(tx, world.deps, alert.id, watanabe));

    for (const card of [...(await world.channelCards()), ...(await world.cardsOf('watanabe'))]) {
      assert.ok(card.notice.kind === 'network-check');
      assert.deepEqual(card.notice.alert?.resolvedAt, world.clock.now());
    }
    assert.notEqual((await raise()).id, alert.id);
  });

  it('are not given to someone who may not act on them', async () => {
    const alert = await raise();

    const answer = await world.store.write((tx) =>
      assignAlert(tx, world.deps, alert.id, world.person('ito'), world.person('yamamoto')),
    );

    assert.equal(answer.kind, 'refusal');
    assert.equal((await kept(alert))?.state, 'open');
  });

  it('are cleared when the problem goes away by itself', async () => {
    const alert = await raise();

    await world.store.write((tx) => clearAlert(tx, world.deps, alert.key));
    await world.store.write((tx) => clearAlert(tx, world.deps, alert.key));

    assert.equal((await kept(alert))?.state, 'resolved');
    assert.deepEqual(await audited(), ['alert-raised ', 'alert-resolved ']);
  });
});
