import assert from 'node:assert/strict';
import { M1, WholeBot } from '../prove/whole-bot.ts';
import { dotnetHolder, KitClient } from '../support/kit-client.ts';

describe('a server replaced in a chat', () => {
  let whole: WholeBot;
  beforeEach(async () => {
    whole = await WholeBot.start();
  });
  afterEach(() => whole.close());

  it('ends a sign-in that no key was told of yet', async () => {
    const machine = 'SV-OSK-04' as typeof M1;
    await whole.say('yamamoto', `${machine}を接続したい`);
    const open = () => whole.store.read((tx) => tx.signIns.openFor(machine));
    await whole.until('a sign-in', open);

    await whole.say('takahashi', `${machine}を廃止します`);
    await whole.press('takahashi', 'confirm', { machine });

    assert.equal(await open(), undefined);
    await whole.say('yamamoto', `${machine}を接続したい`);
    await whole.until('the refusal', () =>
      whole.shownTo('yamamoto').find(({ activity }) => /廃止済み/.test(JSON.stringify(activity))),
    );
    assert.equal(await open(), undefined);
  });

  it('ends with a new server enrolled, the old key dead and its sign-in over', async () => {
    const old = await whole.kit();
    await whole.say('yamamoto', `${M1}を接続したい`);
    await whole.until('a sign-in', async () =>
      (await whole.store.read((tx) => tx.signIns.openFor(M1))) ? true : undefined,
    );
    await old.send({ type: 'ready' });

    await whole.say('takahashi', `${M1}を交換します`);
    await whole.press('takahashi', 'confirm');
    const refused = await old.send({ type: 'ready' });
    await whole.say('takahashi', `${M1}の新しいシリアルは JP26009999 です`);
    await whole.say('takahashi', `${M1}のキットをください`);
    const { body } = await whole.press('takahashi', 'show-token');
    const [token = ''] = /(?<=enrolment-token.{0,400}"text":")[\w-]{22}(?=")/.exec(
      JSON.stringify(body),
    ) ?? [''];
    const successor = new KitClient(whole, dotnetHolder());
    const wrong = await new KitClient(whole).enrol(token, {
      name: M1,
      serial: whole.machine(M1).serial,
    });
    const enrolled = await successor.enrol(token, { name: M1, serial: 'JP26009999' });

    assert.equal(await whole.keyState(old.kid), 'closed');
    assert.equal(refused.status, 403);
    const { progress } = await whole.signIn();
    assert.ok(progress.state === 'burned' && progress.reason === 'key-closed');
    assert.equal(wrong.status, 409);
    assert.equal(enrolled.status, 202);
    assert.equal((await successor.send({ type: 'ready' })).status, 202);
  });
});
