import assert from 'node:assert/strict';
import type { Kid } from '../../../src/core/ids.ts';
import { confirm, reveal } from '../../../src/core/sign-in/people.ts';
import { hadRound, holdCode, onOurClock, ready, watch } from '../../../src/core/sign-in/rounds.ts';
import { roundOf } from '../../../src/core/sign-in/step.ts';
import type { SignIn } from '../../../src/core/sign-in.ts';
import { aCode, at, ENGINEER, KID, NUMBER, OPENER, opened, waiting } from './support.ts';

function shown(now = at('1:10')): SignIn {
  const confirmed = confirm(waiting(), { by: OPENER, how: 'number', number: NUMBER }, now).signIn;
  return reveal(confirmed, ENGINEER, now).signIn;
}

describe('ready', () => {
  it('opens the first round', () => {
    const step = ready(opened(), KID, at('1:00'));

    assert.equal(step.do, 'go');
    assert.equal(step.signIn.progress.state, 'code-held');
    assert.equal(roundOf(step.signIn.progress)?.number, 1);
  });

  it('supersedes an unshown code of the round before', () => {
    const step = ready(waiting(), KID, at('2:00'));

    assert.equal(step.do, 'go');
    assert.equal(roundOf(step.signIn.progress)?.number, 2);
    assert.ok(!JSON.stringify(step.signIn).includes('sealed-'));
  });

  it('waits while a shown code still runs, and goes on once it ran out', () => {
    assert.equal(ready(shown(), KID, at('3:00')).do, 'wait');
    assert.equal(ready(shown(), KID, at('6:00')).do, 'go');
  });

  it('expires with the fifth round', () => {
    let signIn = opened();
    for (let round = 1; round <= 4; round++) signIn = ready(signIn, KID, at('1:00')).signIn;

    const fifth = ready(signIn, KID, at('1:30'));

    assert.equal(fifth.do, 'stop');
    assert.equal(fifth.signIn.progress.state, 'expired');
  });

  it('waits for a place while too many are open', () => {
    const step = ready({ ...opened(), held: 'places' }, KID, at('1:00'));

    assert.equal(step.do, 'wait');
    assert.equal(step.signIn.progress.state, 'opened');
  });
});

describe('holdCode', () => {
  it('keeps one code and gives the same answer to its repeat', () => {
    const held = waiting();

    const again = holdCode(held, KID, aCode(1, at('1:02')), at('1:02'));

    assert.equal(again.do, 'ok');
    assert.equal(again.signIn, held);
  });

  it('burns both when a second, different code comes in one round', () => {
    const step = holdCode(shown(), KID, aCode(1, at('1:20'), 'another'), at('1:20'));

    assert.equal(step.do, 'stop');
    assert.deepEqual(step.alerts, ['two-codes']);
    assert.ok(step.quarantine);
    assert.equal(step.signIn.progress.state, 'burned');
    assert.ok(!JSON.stringify(step.signIn).includes('sealed-'));
  });

  it('knows a second code even after the first was wiped', () => {
    const wiped = { ...shown() };
    const { code: _, ...rest } = wiped.progress as Extract<SignIn['progress'], { state: 'shown' }>;

    const step = holdCode(
      { ...wiped, progress: rest },
      KID,
      aCode(1, at('7:00'), 'other'),
      at('7:00'),
    );

    assert.deepEqual(step.alerts, ['two-codes']);
  });

  it('stops a code of an older round and keeps nothing of it', () => {
    const second = ready(waiting(), KID, at('2:00')).signIn;

    const step = holdCode(second, KID, aCode(1, at('2:01'), 'late'), at('2:01'));

    assert.equal(step.do, 'stop');
    assert.equal(step.signIn, second);
    assert.deepEqual(step.alerts, []);
  });

  it('takes no code of a key that was never told to go', () => {
    const going = ready(opened(), KID, at('1:00')).signIn;

    const step = holdCode(going, 'kid-2' as Kid, aCode(1, at('1:01')), at('1:01'));

    assert.equal(step.signIn, going);
    assert.ok(!hadRound(going, 'kid-2' as Kid, 1));
    assert.ok(hadRound(going, KID, 1));
  });
});

describe('onOurClock', () => {
  const round = { number: 1, goAt: at('1:00'), kid: KID, heardAt: at('1:00') };

  it('trusts no clock beyond the go and the present', () => {
    assert.deepEqual(onOurClock(round, at('0:10'), at('1:20')), at('1:00'));
    assert.deepEqual(onOurClock(round, at('1:15'), at('1:20')), at('1:15'));
    assert.deepEqual(onOurClock(round, at('4:00'), at('1:20')), at('1:20'));
  });

  it("reads a kit's clock against what it said at the go", () => {
    const slow = { ...round, kitAt: at('0:20') };

    assert.deepEqual(onOurClock(slow, at('0:35'), at('1:20')), at('1:15'));
  });
});

describe('watch', () => {
  it('renews a code that nobody looked at for 210 s', () => {
    assert.equal(watch(waiting(), KID, 1, at('4:29')).do, 'ok');

    const renewed = watch(waiting(), KID, 1, at('4:30'));

    assert.equal(renewed.do, 'renew');
    assert.equal(renewed.signIn.progress.state, 'code-held');
    assert.ok(!JSON.stringify(renewed.signIn).includes('sealed-'));
    assert.equal(watch(renewed.signIn, KID, 1, at('4:33')).do, 'renew');
  });

  it('leaves a shown code alone, however old', () => {
    assert.equal(watch(shown(), KID, 1, at('5:59')).do, 'ok');
    assert.equal(watch(shown(), KID, 1, at('9:00')).do, 'ok');
  });

  it('ends unshown in the fourth round as answered by no one', () => {
    let signIn = opened();
    let now = at('1:00');
    const answers = [];
    for (let round = 1; round <= 4; round++) {
      signIn = ready(signIn, KID, now).signIn;
      signIn = holdCode(signIn, KID, aCode(round, now), now).signIn;
      now = new Date(now.getTime() + 211_000);
      const step = watch(signIn, KID, round, now);
      answers.push(step.do);
      signIn = step.signIn;
    }

    assert.deepEqual(answers, ['renew', 'renew', 'renew', 'stop']);
    assert.equal(signIn.progress.state, 'expired');
  });

  it('stops azcmagent of another round or key', () => {
    assert.equal(watch(waiting(), KID, 2, at('1:03')).do, 'stop');
    assert.equal(watch(waiting(), 'kid-2' as Kid, 1, at('1:03')).do, 'stop');
    assert.equal(watch(opened(), KID, 1, at('1:03')).do, 'stop');
  });
});
