import assert from 'node:assert/strict';
import { snoozeAlert } from '../../src/flows/alerts.ts';
import { startForgetting, sweep } from '../../src/flows/sweep.ts';
import { MADE_CODES } from '../support/made-codes.ts';
import { M1, M2, PEOPLE, RelayWorld } from './sign-in/relay-world.ts';

const [CODE, OTHER] = MADE_CODES;

describe('sweep', () => {
  let world: RelayWorld;
  beforeEach(async () => {
    world = await RelayWorld.start();
  });
  afterEach(() => world.stop());

  it('does nothing twice when two sweeps run at once', async () => {
    await world.held(CODE);
    world.clock.forward(46_000);

    const ran = await Promise.all([sweep(world.deps), sweep(world.deps)]);

    assert.equal(ran[0] + ran[1], 1);
    assert.equal((await world.cards('tanaka')).length, 1);
    const asked = (await world.events()).filter((event) => event === 'sign-in-asked');
    assert.equal(asked.length, 2);
  });

  it('runs the others when one timer fails, and tries that one again', async () => {
    await world.held(CODE, M1);
    await world.held(OTHER, M2);
    world.clock.forward(46_000);
    let calls = 0;
    const canReach: typeof world.deps.canReach = async (tx, person) => {
      calls += 1;
      if (calls === 1) throw new Error('once');
      return world.deps.canReach(tx, person);
    };

    assert.equal(await sweep({ ...world.deps, canReach }), 2);
    assert.equal((await world.cards('tanaka')).length, 1);
    assert.ok(world.lines.some((line) => line.startsWith('timer-failed')));
    world.clock.forward(30_000);
    await sweep(world.deps);

    assert.equal((await world.cards('tanaka')).length, 2);
  });

  it('expires what was never started', async () => {
    await world.flows.open(PEOPLE.yamamoto, M1);

    await world.silence(30 * 60);

    assert.equal(await world.state(), 'expired');
    assert.equal((await world.card('yamamoto')).notice.reason, 'never-started');
  });

  it('wakes a snoozed alert', async () => {
    await world.code(CODE);
    await world.store.write(async (tx) => {
      const [alert] = await tx.alerts.listOpen();
      assert.ok(alert);
      await snoozeAlert(tx, world.deps, alert.id, PEOPLE.ito);
    });

    await world.silence(4 * 60 * 60 + 1);

    const open = await world.store.read((tx) => tx.alerts.listOpen());
    assert.equal(open[0]?.state, 'open');
  });

  it('forgets requests again and again', async () => {
    await world.held(CODE);
    await startForgetting(world.deps);
    await world.press('takahashi', 'decline');
    const kept = () => world.store.read((tx) => tx.kits.request(`kid-${M1}` as never, 'request-1'));
    assert.ok(await kept());

    await world.silence(2 * 60 * 60);

    assert.equal(await kept(), undefined);
    await world.silence(60);
    assert.equal(await world.sweep(), 0);
    world.clock.forward(10 * 60 * 1000);
    assert.equal(await world.sweep(), 1);
  });
});
