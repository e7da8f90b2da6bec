import assert from 'node:assert/strict';
import { afterCheck, agentOutcome } from '../../../src/core/sign-in/ends.ts';
import { mayContinue } from '../../../src/core/sign-in/open.ts';
import { confirm, reveal } from '../../../src/core/sign-in/people.ts';
import { ready, watch } from '../../../src/core/sign-in/rounds.ts';
import { silentSince } from '../../../src/core/sign-in/step.ts';
import { dueAt, tick } from '../../../src/core/sign-in/time.ts';
import type { SignIn } from '../../../src/core/sign-in.ts';
import { at, cardFor, chain, ENGINEER, KID, NUMBER, OPENER, opened, waiting } from './support.ts';

const run = (signIn: SignIn, time: string) => tick(signIn, chain(), cardFor, at(time)).signIn;

function shown(): SignIn {
  const number = { by: OPENER, how: 'number', number: NUMBER } as const;
  const confirmed = confirm(waiting(), number, at('1:10')).signIn;
  return reveal(confirmed, ENGINEER, at('1:15')).signIn;
}

describe('tick', () => {
  it('expires a sign-in that never got a code after 30 minutes', () => {
    assert.deepEqual(dueAt(opened(), at('0:00')), at('30:00'));
    assert.equal(run(opened(), '29:59').progress.state, 'opened');
    assert.equal(run(opened(), '30:00').progress.state, 'expired');
  });

  it('expires after a go without a code, but leaves the kit its ten minutes', () => {
    const going = ready(opened(), KID, at('25:00')).signIn;

    assert.equal(run(going, '34:59').progress.state, 'code-held');
    assert.equal(run(going, '35:00').progress.state, 'expired');
  });

  it('lets an unshown code run out after five minutes', () => {
    const over = run(waiting(), '6:00');

    assert.equal(over.progress.state, 'code-held');
    assert.ok(!JSON.stringify(over).includes('sealed-'));
  });

  it('wipes a shown code after five minutes and ends nothing', () => {
    const over = run(shown(), '6:00');

    assert.equal(over.progress.state, 'shown');
    assert.ok(!JSON.stringify(over).includes('sealed-'));
    assert.equal(run(over, '300:00').progress.state, 'shown');
  });

  it('is due when the next person is asked, the server falls silent, or the code runs out', () => {
    const heard = watch(waiting(), KID, 1, at('1:20')).signIn;
    const silent = run(heard, '1:50');

    assert.deepEqual(dueAt(heard, at('1:20')), at('1:45'));
    assert.deepEqual(dueAt(run(heard, '1:46'), at('1:46')), at('1:50'));
    assert.deepEqual(silentSince(silent.progress, at('1:50')), at('1:20'));
  });

  it('is due at 90 s after showing, when others may take over', () => {
    const heard = watch(shown(), KID, 1, at('2:44')).signIn;

    assert.deepEqual(dueAt(heard, at('2:44')), at('2:45'));
    assert.deepEqual(dueAt(heard, at('2:46')), at('3:14'));
  });
});

describe('mayContinue', () => {
  it('holds for ten minutes after running out, and never after a burn', () => {
    const expired = run(opened(), '30:00');

    assert.ok(mayContinue(expired, at('39:59')));
    assert.ok(!mayContinue(expired, at('40:00')));
    assert.ok(!mayContinue(opened(), at('1:00')));
    assert.deepEqual(dueAt(expired, at('30:00')), at('40:00'));
  });
});

describe('afterCheck', () => {
  it('ends a shown sign-in of which the kit said nothing', () => {
    const right = afterCheck(shown(), 'right', { account: 'onboard@corp.example' }, at('13:15'));
    const absent = afterCheck(shown(), 'absent', {}, at('13:15'));
    const silent = afterCheck(shown(), 'not-verified', {}, at('13:15'));

    assert.equal(right.signIn.progress.state, 'completed');
    assert.equal(absent.signIn.progress.state, 'expired');
    assert.equal(silent.signIn.afterCheck, 'not-verified');
    assert.deepEqual(silent.alerts, []);
  });

  it('raises an alert when Azure shows another outcome than planned', () => {
    const connected = { round: 1, result: 'connected' } as const;
    const completed = agentOutcome(shown(), KID, connected, at('2:00')).signIn;

    const wrong = afterCheck(completed, 'wrong', { why: 'account' }, at('2:30'));

    assert.deepEqual(wrong.alerts, ['after-check-wrong']);
    assert.deepEqual(wrong.signIn.progress, completed.progress);
    assert.equal(afterCheck(wrong.signIn, 'right', {}, at('2:40')).signIn, wrong.signIn);
  });
});
