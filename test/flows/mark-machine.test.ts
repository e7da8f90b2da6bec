import assert from 'node:assert/strict';
import type { Kid, MachineName } from '../../src/core/ids.ts';
import type { Notice } from '../../src/core/notice.ts';
import type { KitKey } from '../../src/core/ports.ts';
import type { Reply } from '../../src/core/turn.ts';
import { confirmMark } from '../../src/flows/mark-machine.ts';
import { AnswerWorld } from '../support/answer-world.ts';

describe('marks', () => {
  let world: AnswerWorld;
  beforeEach(async () => {
    world = await AnswerWorld.make();
  });
  afterEach(() => world.close());

  const press = async (reply: Reply, as: string): Promise<Notice | undefined> => {
    const id = reply.confirm?.card;
    assert.ok(id, JSON.stringify(reply.notice));
    const card = await world.store.read((tx) => tx.cards.get(id));
    assert.ok(card);
    return confirmMark(
      world.deps,
      {
        person: world.person(as),
        card: id,
        button: 'confirm',
        nonce: 'made',
        inputs: {},
        via: 'execute',
        scope: 'personal',
      },
      card,
    );
  };
  const keyOf = (machine: string, kid: Kid): KitKey => ({
    kid,
    machine: machine as MachineName,
    publicKey: 'AA==',
    alg: 'es256-der',
    serial: 'JP26001403',
    vmUuid: 'made',
    state: 'active',
    enrolledAt: world.clock.now(),
    ack: 0,
    botKey: 'AA==',
    strayCodes: 0,
  });
  const marksOf = async (machine: string) =>
    (await world.store.read((tx) => tx.evidence.of(machine as MachineName))).marks;
  const events = async () =>
    (await world.store.read((tx) => tx.audit.list())).map((row) => row.event);

  it('are set by the press, not by the sentence, and the card tells who did it', async () => {
    const reply = await world.ask('SV-OSK-03が届きました', 'yamamoto');
    assert.deepEqual(await marksOf('SV-OSK-03'), {});

    const notice = await press(reply, 'yamamoto');

    assert.ok(notice?.kind === 'marked' && notice.what === 'arrived');
    assert.deepEqual(await marksOf('SV-OSK-03'), { arrivedAt: world.clock.now() });
    assert.deepEqual((await world.cardsOf('yamamoto'))[0]?.notice, notice);
    assert.deepEqual(await events(), ['marked-arrived']);
  });

  it('are the same when pressed twice', async () => {
    const reply = await world.ask('SV-OSK-03の電源を入れました', 'yamamoto');
    const first = await press(reply, 'yamamoto');
    world.clock.forward(60_000);

    const second = await press(reply, 'yamamoto');

    assert.deepEqual(second, first);
    assert.deepEqual(await events(), ['marked-powered-on']);
  });

  it('of a whole site are those that are still on their way', async () => {
    await world.mark('SV-OSK-01', { shippedAt: world.clock.now() });
    world.clock.forward(1000);
    await world.mark('SV-OSK-01', { arrivedAt: world.clock.now() });

    const reply = await world.ask('大阪支店に3台とも届きました', 'yamamoto');

    assert.ok(reply.notice.kind === 'confirm');
    assert.deepEqual(reply.notice.machines, ['SV-OSK-02', 'SV-OSK-03', 'SV-OSK-04']);
  });

  it('need someone who may: staff at their site, any engineer for shipping, the site’s for replacing', async () => {
    const cases = [
      ['SV-SPR-01が届きました', 'yamamoto', 'not-your-site'],
      ['SV-OSK-03を発送しました', 'yamamoto', 'not-allowed'],
      ['SV-OSK-03を発送しました', 'sato', undefined],
      ['SV-OSK-03を交換します', 'sato', 'not-allowed'],
      ['SV-OSK-03を交換します', 'takahashi', undefined],
      ['SV-OSK-03が届きました', 'morgan', 'not-allowed'],
    ] as const;
    for (const [text, as, reason] of cases) {
      const { notice } = await world.ask(text, as);

      assert.equal(notice.kind === 'refusal' ? notice.reason : undefined, reason, `${text} ${as}`);
    }
  });

  it('are refused to someone who lost the right between question and press', async () => {
    const reply = await world.ask('SV-OSK-03が届きました', 'yamamoto');
    const moved = { ...world.person('yamamoto'), sites: [] };
    const id = reply.confirm?.card;
    assert.ok(id);
    const card = await world.store.read((tx) => tx.cards.get(id));
    assert.ok(card);

    const via = { via: 'execute', scope: 'personal', nonce: 'made', inputs: {} } as const;
    const answer = await confirmMark(
      world.deps,
      { person: moved, card: id, button: 'confirm', ...via },
      card,
    );

    assert.ok(answer?.kind === 'refusal');
    assert.deepEqual(await marksOf('SV-OSK-03'), {});
  });

  it('of a replacement close the old server’s keys', async () => {
    const kid = 'kid-1' as Kid;
    await world.store.write((tx) => tx.kits.putKey(keyOf('SV-OSK-03', kid)));

    const notice = await press(await world.ask('SV-OSK-03を交換します', 'takahashi'), 'takahashi');

    assert.ok(notice?.kind === 'marked' && notice.what === 'replaced');
    assert.equal((await world.store.read((tx) => tx.kits.key(kid)))?.state, 'closed');
  });

  it('of a retired server close its keys, take it out of the totals and leave its history', async () => {
    const kid = 'kid-1' as Kid;
    await world.store.write((tx) => tx.kits.putKey(keyOf('SV-OSK-03', kid)));
    const totals = async () => {
      const { notice } = await world.ask('全体の進捗は?', 'ito');
      assert.ok(notice.kind === 'rollout-status');
      return notice.total;
    };
    const before = await totals();

    const asked = await world.ask('SV-OSK-03を廃止します', 'takahashi');
    const notice = await press(asked, 'takahashi');
    const again = await world.ask('SV-OSK-03を廃止します', 'takahashi');

    assert.ok(notice?.kind === 'marked' && notice.what === 'retired');
    assert.ok((await marksOf('SV-OSK-03')).retiredAt);
    assert.equal((await world.store.read((tx) => tx.kits.key(kid)))?.state, 'closed');
    assert.equal(await totals(), before - 1);
    assert.ok(again.notice.kind === 'refusal' && again.notice.reason === 'already-done');
    const history = await world.ask('SV-OSK-03の履歴', 'takahashi');
    assert.ok(history.notice.kind === 'history');
    assert.deepEqual(
      history.notice.rows.map(({ event }) => event),
      ['machine-retired'],
    );
  });

  it('of retiring are for the site’s engineers and leads, one server at a time', async () => {
    const reasons = [];
    for (const as of ['yamamoto', 'sato', 'morgan', 'takahashi', 'ito']) {
      const { notice } = await world.ask('retire SV-OSK-03', as);
      reasons.push(notice.kind === 'refusal' ? notice.reason : notice.kind);
    }
    const site = await world.ask('大阪支店を廃止します', 'ito');

    const no = 'not-allowed';
    assert.deepEqual(reasons, [no, no, no, 'confirm', 'confirm']);
    assert.ok(site.notice.kind === 'refusal' && site.notice.reason === 'machine-needed');
  });

  it('open the sign-ins of several servers when that was the question', async () => {
    const reply = await world.ask('SV-OSK-03とSV-OSK-04を接続したい', 'yamamoto');
    assert.deepEqual(world.signIns.calls, []);

    await press(reply, 'yamamoto');

    assert.deepEqual(world.signIns.calls, [
      'open SV-OSK-03 by yamamoto',
      'open SV-OSK-04 by yamamoto',
    ]);
    const [card] = await world.cardsOf('yamamoto');
    assert.ok(card?.notice.kind === 'confirm' && !card.notice.pending);
  });

  describe('taken back', () => {
    const arrive = async () =>
      press(await world.ask('SV-OSK-03とSV-OSK-04が届きました', 'yamamoto'), 'yamamoto');

    it('all that were made at once, within a day, and the audit keeps both', async () => {
      await arrive();
      world.clock.forward(23 * 3_600_000);

      const { notice } = await world.ask('取り消し', 'yamamoto');

      assert.ok(notice.kind === 'marked' && notice.what === 'undone');
      assert.deepEqual(notice.machines, ['SV-OSK-03', 'SV-OSK-04']);
      assert.deepEqual([await marksOf('SV-OSK-03'), await marksOf('SV-OSK-04')], [{}, {}]);
      assert.equal((await events()).length, 4);
    });

    it('only the machine named', async () => {
      await arrive();

      await world.ask('SV-OSK-04の到着を取り消してください', 'takahashi');

      assert.deepEqual(
        [await marksOf('SV-OSK-03'), await marksOf('SV-OSK-04')],
        [{ arrivedAt: world.clock.now() }, {}],
      );
    });

    it('not after a day, not twice, and not by someone who may not make that mark', async () => {
      await arrive();
      const other = await world.ask('SV-OSK-03を取り消し', 'nakamura');
      assert.ok(other.notice.kind === 'refusal' && other.notice.reason === 'not-allowed');

      await world.ask('取り消し', 'yamamoto');
      const twice = await world.ask('取り消し', 'yamamoto');
      await arrive();
      world.clock.forward(24 * 3_600_000 + 1);
      const late = await world.ask('取り消し', 'yamamoto');

      for (const { notice } of [twice, late]) {
        assert.ok(notice.kind === 'refusal' && notice.reason === 'nothing-to-undo');
      }
    });
  });
});
