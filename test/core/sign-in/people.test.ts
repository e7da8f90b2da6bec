import assert from 'node:assert/strict';
import type { Kid, PersonKey } from '../../../src/core/ids.ts';
import { agentOutcome, burn, holdForPerson } from '../../../src/core/sign-in/ends.ts';
import { escalate } from '../../../src/core/sign-in/escalation.ts';
import {
  acknowledge,
  confirm,
  decline,
  handOver,
  reveal,
  unexpected,
} from '../../../src/core/sign-in/people.ts';
import { holdCode, ready, watch } from '../../../src/core/sign-in/rounds.ts';
import { codeOf } from '../../../src/core/sign-in/step.ts';
import type { SignIn } from '../../../src/core/sign-in.ts';
import {
  aCode,
  at,
  cardFor,
  chain,
  DEPUTY,
  ENGINEER,
  KID,
  NUMBER,
  OPENER,
  waiting,
} from './support.ts';

const tried = (number: string) => ({ by: OPENER, how: 'number', number }) as const;

/** Engineer and deputy asked, heard a moment ago, confirmed by the opener. */
function confirmed(now = at('1:50')): SignIn {
  const both = escalate(waiting(), chain(), cardFor, now).signIn;
  const heard = watch(both, KID, 1, now).signIn;
  return confirm(heard, tried(NUMBER), now).signIn;
}

describe('confirm', () => {
  it('takes the right number, twice the same', () => {
    const once = confirm(waiting(), tried(NUMBER), at('1:10'));
    const twice = confirm(once.signIn, tried(NUMBER), at('1:12'));

    assert.equal(once.signIn.progress.state, 'confirmed');
    assert.equal(twice.refused, undefined);
    assert.equal(twice.signIn, once.signIn);
  });

  it('burns the code with the third wrong number', () => {
    const first = confirm(waiting(), tried('0000'), at('1:10'));
    const second = confirm(first.signIn, tried('1111'), at('1:11'));
    const third = confirm(second.signIn, tried('2222'), at('1:12'));
    const right = confirm(third.signIn, tried(NUMBER), at('1:13'));

    assert.equal(second.signIn.progress.state, 'waiting');
    assert.equal(third.signIn.progress.state, 'burned');
    assert.deepEqual(third.alerts, ['wrong-number']);
    assert.equal(right.refused, 'code-over');
  });

  it('gives each code its own three tries', () => {
    let signIn = confirm(waiting(), tried('0000'), at('1:10')).signIn;
    signIn = confirm(signIn, tried('0000'), at('1:11')).signIn;
    signIn = ready(signIn, KID, at('2:00')).signIn;
    signIn = holdCode(signIn, KID, aCode(2, at('2:05')), at('2:05')).signIn;

    assert.equal(codeOf(signIn.progress)?.wrongTries, 0);
    assert.equal(confirm(signIn, tried('0000'), at('2:10')).signIn.progress.state, 'waiting');
  });
});

describe('reveal', () => {
  it('shows nothing before the number was right', () => {
    assert.equal(reveal(waiting(), ENGINEER, at('1:10')).refused, 'not-confirmed');
  });

  it('shows to one person alone', () => {
    const shown = reveal(confirmed(), ENGINEER, at('1:55'));

    assert.equal(shown.signIn.progress.state, 'shown');
    assert.equal(reveal(shown.signIn, DEPUTY, at('1:56')).refused, 'shown-to-other');
  });

  it('shows to no one who was not asked', () => {
    const someone = 'suzuki' as PersonKey;

    assert.equal(reveal(confirmed(), someone, at('1:55')).refused, 'not-your-card');
    assert.equal(reveal(confirmed(), OPENER, at('1:55')).refused, 'not-your-card');
  });

  it('shows three more times and then no more', () => {
    let signIn = confirmed();
    const refused = [];
    for (let time = 1; time <= 5; time++) {
      const step = reveal(signIn, ENGINEER, at('1:55'));
      refused.push(step.refused);
      signIn = step.signIn;
    }

    assert.deepEqual(refused, [undefined, undefined, undefined, undefined, 'shown-enough']);
  });

  it('shows nothing once the server was silent for 30 s', () => {
    assert.equal(reveal(confirmed(at('1:50')), ENGINEER, at('2:19')).refused, undefined);
    assert.equal(reveal(confirmed(at('1:50')), ENGINEER, at('2:20')).refused, 'server-silent');
  });

  it('shows nothing after five minutes', () => {
    const heard = watch(reveal(confirmed(), ENGINEER, at('1:55')).signIn, KID, 1, at('5:59'));

    assert.equal(reveal(heard.signIn, ENGINEER, at('5:59')).refused, undefined);
    assert.equal(reveal(heard.signIn, ENGINEER, at('6:00')).refused, 'code-over');
  });

  it('waits for a person when another machine sent the same code', () => {
    const held = holdForPerson(confirmed(), 'mac-of-code-1', at('1:52')).signIn;
    const lifted = acknowledge(held, ENGINEER, at('1:54')).signIn;

    assert.equal(reveal(held, ENGINEER, at('1:53')).refused, 'held-for-person');
    assert.equal(reveal(lifted, ENGINEER, at('1:55')).refused, undefined);
  });
});

describe('handOver', () => {
  it('kills the code and asks the kit for the next round', () => {
    const shown = reveal(confirmed(), ENGINEER, at('1:55')).signIn;

    const handed = handOver(shown, ENGINEER, at('2:00')).signIn;

    assert.equal(handed.progress.state, 'code-held');
    assert.equal(codeOf(handed.progress), undefined);
    assert.equal(watch(handed, KID, 1, at('2:01')).do, 'renew');
    assert.equal(reveal(handed, ENGINEER, at('2:01')).refused, 'card-changed');
  });

  it('lets the deputy take over, but not before 90 s', () => {
    const shown = reveal(confirmed(), ENGINEER, at('1:55')).signIn;

    assert.equal(handOver(shown, DEPUTY, at('3:24')).refused, 'shown-to-other');
    assert.equal(handOver(shown, DEPUTY, at('3:25')).refused, undefined);
  });

  it('is done once, and can be taken back', () => {
    const handed = handOver(reveal(confirmed(), ENGINEER, at('1:55')).signIn, ENGINEER, at('2:00'));
    const again = handOver(handed.signIn, ENGINEER, at('2:01'));
    const back = acknowledge(handed.signIn, ENGINEER, at('2:02')).signIn;

    assert.equal(again.signIn, handed.signIn);
    assert.equal(back.asked[0]?.handedOverAt, undefined);
  });

  it('ends the fourth round', () => {
    let signIn = confirmed();
    for (let round = 2; round <= 4; round++) {
      signIn = ready(signIn, KID, at('2:00')).signIn;
      signIn = holdCode(signIn, KID, aCode(round, at('2:00')), at('2:00')).signIn;
    }
    signIn = confirm(signIn, tried(NUMBER), at('2:05')).signIn;
    signIn = reveal(signIn, ENGINEER, at('2:06')).signIn;

    assert.equal(handOver(signIn, ENGINEER, at('2:10')).signIn.progress.state, 'expired');
  });
});

describe('ends', () => {
  it('lets the first outcome win', () => {
    const declined = decline(confirmed(), ENGINEER, at('2:00')).signIn;
    const connected = { round: 1, result: 'connected' } as const;

    assert.equal(decline(declined, ENGINEER, at('2:01')).signIn, declined);
    assert.equal(agentOutcome(declined, KID, connected, at('2:02')).signIn, declined);
    assert.equal(burn(declined, 'stopped-by-lead', at('2:03')).signIn, declined);
  });

  it('raises an alert when a server connects after its code was burned', () => {
    const burned = unexpected(confirmed(), ENGINEER, at('2:00')).signIn;

    const step = agentOutcome(burned, KID, { round: 1, result: 'connected' }, at('2:30'));

    assert.deepEqual(step.alerts, ['after-check-wrong']);
  });

  it('quarantines with every "I did not expect this", also after the end', () => {
    const connected = { round: 1, result: 'connected' } as const;
    const completed = agentOutcome(confirmed(), KID, connected, at('2:00')).signIn;

    const late = unexpected(completed, ENGINEER, at('3:00'));

    assert.ok(unexpected(confirmed(), ENGINEER, at('2:00')).quarantine);
    assert.ok(late.quarantine);
    assert.equal(late.signIn, completed);
  });

  it('does not end with the failure of a superseded azcmagent', () => {
    const handed = handOver(reveal(confirmed(), ENGINEER, at('1:55')).signIn, ENGINEER, at('2:00'));
    const stopped = { round: 1, result: 'stopped' } as const;
    const other = 'kid-2' as Kid;

    assert.equal(agentOutcome(handed.signIn, KID, stopped, at('2:03')).signIn, handed.signIn);
    assert.equal(agentOutcome(confirmed(), other, stopped, at('2:03')).said.length, 0);
  });

  it('keeps the code of azcmagent that failed', () => {
    const failed = { round: 1, result: 'failed', azcmCode: 'AADSTS53003' } as const;

    const { progress } = agentOutcome(confirmed(), KID, failed, at('2:03')).signIn;

    assert.equal(progress.state, 'failed');
    assert.equal('azcmCode' in progress && progress.azcmCode, 'AADSTS53003');
  });
});
