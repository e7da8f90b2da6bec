import assert from 'node:assert/strict';
import type { Notice } from '../../src/core/notice.ts';
import { AnswerWorld } from '../support/answer-world.ts';

const SAID = 'SV-OSK-03の新しいシリアルは JP26009999 です';

describe('the serial of a replaced server’s successor', () => {
  let world: AnswerWorld;
  beforeEach(async () => {
    world = await AnswerWorld.make();
    await world.mark('SV-OSK-03', { enrolledAt: world.clock.now() });
    world.clock.forward(1000);
    await world.mark('SV-OSK-03', { replacedAt: world.clock.now() });
    world.clock.forward(1000);
  });
  afterEach(() => world.close());

  const serialOf = async (name: string) =>
    (await world.store.read((tx) => tx.rollOut())).machine(name)?.serial;
  const what = (notice: Notice) => {
    if (notice.kind === 'refusal') return notice.reason;
    return notice.kind === 'marked' ? notice.what : notice.kind;
  };

  it('is kept as it was said, and the audit knows the one before', async () => {
    const before = await serialOf('SV-OSK-03');

    const { notice } = await world.ask(SAID, 'takahashi');

    assert.equal(what(notice), 'new-serial');
    assert.equal(await serialOf('SV-OSK-03'), 'JP26009999');
    const [row] = await world.store.read((tx) => tx.audit.list());
    assert.deepEqual(
      [row?.event, row?.by, row?.facts],
      ['serial-set', 'takahashi', { serial: 'JP26009999', before }],
    );
  });

  it('is read in the words people use', async () => {
    for (const [text, serial] of [
      ['SV-OSK-03 の新しいシリアル番号:JP26009998', 'JP26009998'],
      ['SV-OSK-03のシリアル番号は5CD1234ABCになりました', '5CD1234ABC'],
      ['the new serial number of SV-OSK-03 is 5CD-1234.X9.', '5CD-1234.X9'],
      ['新しいシリアルは「JP26009997」、SV-OSK-03です', 'JP26009997'],
    ] as const) {
      const { notice } = await world.ask(text, 'takahashi');

      assert.deepEqual([what(notice), await serialOf('SV-OSK-03')], ['new-serial', serial], text);
    }
  });

  it('is changed by none who may not replace, of no server in service, and never to another’s', async () => {
    const before = await serialOf('SV-OSK-03');
    const other = await serialOf('SV-OSK-01');
    const cases = [
      [SAID, 'yamamoto', 'not-allowed'],
      [SAID, 'sato', 'not-allowed'],
      [SAID, 'morgan', 'not-allowed'],
      ['SV-OSK-01の新しいシリアルは JP26009999 です', 'takahashi', 'not-replaced'],
      [`SV-OSK-03の新しいシリアルは ${other?.toLowerCase()} です`, 'takahashi', 'serial-taken'],
      ['SV-OSK-03の新しいシリアルはまだ分かりませんが送ります', 'takahashi', undefined],
      ['SV-OSK-03の新しいシリアルを送ります', 'takahashi', 'serial-needed'],
    ] as const;
    for (const [text, as, reason] of cases) {
      const { notice } = await world.ask(text, as);

      if (reason) assert.equal(what(notice), reason, text);
      assert.notEqual(what(notice), 'new-serial');
    }

    assert.equal(await serialOf('SV-OSK-03'), before);
    assert.equal(await serialOf('SV-OSK-01'), other);
  });

  it('stays once the successor has enrolled', async () => {
    await world.mark('SV-OSK-03', { enrolledAt: world.clock.now() });

    const { notice } = await world.ask(SAID, 'takahashi');

    assert.equal(what(notice), 'not-replaced');
  });

  it('changes nothing in a terminal that only reads', async () => {
    const { notice } = await world.ask(SAID, 'takahashi', { mayChange: false, scope: 'terminal' });

    assert.equal(what(notice), 'read-only');
  });
});
