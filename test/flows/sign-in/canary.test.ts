import assert from 'node:assert/strict';
import { MADE_CODES } from '../../support/made-codes.ts';
import { M1, PEOPLE, RelayWorld } from './relay-world.ts';

const [CODE, SECOND] = MADE_CODES;

describe('a code', () => {
  let world: RelayWorld;
  beforeEach(async () => {
    world = await RelayWorld.start();
  });
  afterEach(() => world.stop());

  async function assertNowhere(code: string): Promise<void> {
    assert.ok(world.onDisk().includes(M1), 'what is kept would be found');
    assert.equal(world.onDisk().includes(code), false, 'store, WAL and all');
    assert.equal(world.lines.join('\n').includes(code), false, 'log');
    const cards = await Promise.all(
      (['takahashi', 'tanaka', 'ito', 'yamamoto', 'channel'] as const).map((who) =>
        world.cards(who),
      ),
    );
    assert.equal(JSON.stringify(cards).includes(code), false, 'cards');
    const audit = await world.store.read((tx) => tx.audit.list());
    assert.equal(JSON.stringify(audit).includes(code), false, 'audit');
  }

  it('stands in the reveal answer and nowhere else, while it lives and after its end', async () => {
    await world.confirmed(CODE);
    await assertNowhere(CODE);
    const shown = await world.press('takahashi', 'show-code');
    assert.equal(shown.reveal?.userCode, CODE);
    assert.equal(JSON.stringify(shown.notice).includes(CODE), false);
    await assertNowhere(CODE);

    const sealed = (await world.store.read((tx) => tx.signIns.latestFor(M1)))?.progress;
    const held = sealed && 'code' in sealed ? sealed.code?.sealed : undefined;
    assert.ok(held);
    await world.outcome('connected');
    await world.sweep();

    await assertNowhere(CODE);
    const kept = await world.store.read((tx) => tx.signIns.latestFor(M1));
    assert.equal(JSON.stringify(kept).includes(held), false);
  });

  it('leaves no trace when it is dropped, doubled, superseded or pasted', async () => {
    await world.code(CODE);
    await assertNowhere(CODE);
    await world.held(CODE);
    await world.ready();
    await world.code(CODE, 1);
    await world.code(SECOND, 2);
    await world.code(CODE, 2);

    assert.equal(await world.state(), 'burned');
    await assertNowhere(CODE);
    await assertNowhere(SECOND);
  });

  it('is in no answer to a kit', async () => {
    await world.flows.open(PEOPLE.yamamoto, M1);
    await world.ready();
    const answers = [await world.code(CODE), await world.watch(), await world.ready()];

    assert.equal(JSON.stringify(answers).includes(CODE), false);
  });
});
