import assert from 'node:assert/strict';
import type { CardId } from '../../src/core/ids.ts';
import type { Card } from '../../src/core/notice.ts';
import { MADE_CODES } from '../support/made-codes.ts';
import { M1, PEOPLE, RelayWorld } from './sign-in/relay-world.ts';

const [CODE] = MADE_CODES;

describe('pressButton', () => {
  let world: RelayWorld;
  beforeEach(async () => {
    world = await RelayWorld.start();
  });
  afterEach(() => world.stop());

  async function alertCard(): Promise<Card> {
    const found = (await world.cards('channel')).find((card) => card.notice.kind === 'alert');
    assert.ok(found);
    return found;
  }

  async function cardWith(notice: Card['notice'], who: 'yamamoto' | 'takahashi'): Promise<Card> {
    const id = world.deps.random.id() as CardId;
    return world.store.write(async (tx) => {
      await tx.cards.post(id, { kind: 'person', person: PEOPLE[who].key }, notice, new Date());
      const card = await tx.cards.get(id);
      assert.ok(card);
      return card;
    });
  }

  it('takes an alert on, snoozes and resolves it from the channel', async () => {
    await world.code(CODE);
    const scope = 'channel';

    const taken = await world.press('takahashi', 'acknowledge', { on: await alertCard(), scope });
    const staff = await world.press('yamamoto', 'resolve', { on: await alertCard(), scope });
    const done = await world.press('takahashi', 'resolve', { on: await alertCard(), scope });

    assert.deepEqual([taken.refused, staff.refused, done.refused], [false, true, false]);
    assert.deepEqual(await world.alerts(), []);
  });

  it('assigns an alert to the site’s engineer when no one is named', async () => {
    await world.code(CODE);

    await world.press('ito', 'assign', { on: await alertCard(), scope: 'channel' });

    const [alert] = await world.store.read((tx) => tx.alerts.listOpen());
    assert.equal(alert?.acknowledgedBy, 'takahashi');
  });

  it('opens a sign-in from a card for a machine of that card alone', async () => {
    const on = await cardWith({ kind: 'no-check-yet', machine: M1 }, 'yamamoto');

    const other = await world.press('yamamoto', 'open-sign-in', {
      on,
      inputs: { machine: 'SV-OSK-02' },
    });
    const opened = await world.press('yamamoto', 'open-sign-in', { on });
    const again = await world.press('yamamoto', 'open-sign-in', { on });

    assert.equal(other.refused, true);
    assert.equal(opened.notice.kind, 'sign-in');
    assert.deepEqual(again.notice, opened.notice);
    assert.equal(await world.state(), 'opened');
  });

  it('hands buttons of other rooms on, once', async () => {
    let presses = 0;
    world.deps = {
      ...world.deps,
      pressElsewhere: async () => {
        presses += 1;
        return { kind: 'done', what: 'assigned' };
      },
    };
    const on = await cardWith({ kind: 'no-check-yet' }, 'yamamoto');

    const first = await world.press('yamamoto', 'confirm', { on });
    const second = await world.press('yamamoto', 'confirm', { on });

    assert.equal(presses, 1);
    assert.deepEqual(second, first);
  });

  it('refuses a button that no room knows', async () => {
    const on = await cardWith({ kind: 'no-check-yet' }, 'yamamoto');

    assert.equal((await world.press('yamamoto', 'approve', { on })).refused, true);
  });

  it('takes a press on what was drawn a few edits ago', async () => {
    await world.held(CODE);
    const drawn = await world.card('takahashi');
    await world.pass(50);
    const number = await world.signIn();
    const code = 'code' in number.progress ? number.progress.code : undefined;
    await world.flows.confirmNumber(PEOPLE.yamamoto, code?.matchNumber ?? '', M1, 'personal');
    assert.notEqual((await world.card('takahashi')).revision, drawn.revision);

    const answer = await world.press('takahashi', 'decline', { on: drawn });

    assert.equal(answer.refused, false);
    assert.equal(await world.state(), 'declined');
  });

  it('answers the repeat of a press the same, also after more has happened', async () => {
    await world.held(CODE);
    const on = await world.card('takahashi');
    const first = await world.press('takahashi', 'acknowledge', { on });
    await world.press('takahashi', 'decline');

    assert.deepEqual(await world.press('takahashi', 'acknowledge', { on }), first);
  });

  it('knows only people of the roll-out', async () => {
    await world.held(CODE);
    const stranger = { ...PEOPLE.takahashi, key: 'stranger' as never };

    const answer = await world.press('takahashi', 'acknowledge', { person: stranger });

    assert.equal(answer.notice.kind === 'refusal' && answer.notice.reason, 'not-known');
  });
});
