import assert from 'node:assert/strict';
import { type Chain, escalate } from '../../../src/core/sign-in/escalation.ts';
import { answered, confirm, handOver, reveal } from '../../../src/core/sign-in/people.ts';
import { holdCode, ready } from '../../../src/core/sign-in/rounds.ts';
import type { SignIn } from '../../../src/core/sign-in.ts';
import {
  aCode,
  at,
  cardFor,
  chain,
  DEPUTY,
  ENGINEER,
  KID,
  LEAD,
  NUMBER,
  OPENER,
  opened,
  waiting,
} from './support.ts';

const asked = (signIn: SignIn) => signIn.asked.map((one) => one.person);
const askedAt = (signIn: SignIn, time: string, people: Chain = chain()) =>
  asked(escalate(signIn, people, cardFor, at(time)).signIn);

function firstCode(people: Chain): SignIn {
  const going = ready(opened(), KID, at('1:00')).signIn;
  const held = holdCode(going, KID, aCode(1, at('1:00')), at('1:00')).signIn;
  return escalate(held, people, cardFor, at('1:00')).signIn;
}

describe('escalate', () => {
  it('asks the engineer at once, the deputy after 45 s, the lead after 90 s', () => {
    assert.deepEqual(asked(waiting()), [ENGINEER]);
    assert.deepEqual(askedAt(waiting(), '1:44'), [ENGINEER]);
    assert.deepEqual(askedAt(waiting(), '1:45'), [ENGINEER, DEPUTY]);
    assert.deepEqual(askedAt(waiting(), '2:30'), [ENGINEER, DEPUTY, LEAD]);
  });

  it('asks no one twice', () => {
    const twice = escalate(waiting(), chain(), cardFor, at('1:00')).signIn;

    assert.deepEqual(twice, waiting());
  });

  it('stops with any press', () => {
    assert.deepEqual(askedAt(answered(waiting(), ENGINEER, at('1:20')), '9:00'), [ENGINEER]);
  });

  it('skips at once whoever cannot be reached', () => {
    assert.deepEqual(asked(firstCode(chain([ENGINEER]))), [DEPUTY]);
    assert.deepEqual(askedAt(firstCode(chain([ENGINEER])), '1:45', chain([ENGINEER])), [
      DEPUTY,
      LEAD,
    ]);
  });

  it('raises an alert when no one can be reached, and tries again with the next code', () => {
    const nobody = chain([ENGINEER, DEPUTY, LEAD]);
    const going = ready(opened(), KID, at('1:00')).signIn;
    const held = holdCode(going, KID, aCode(1, at('1:00')), at('1:00')).signIn;

    const step = escalate(held, nobody, cardFor, at('1:00'));
    const second = ready(step.signIn, KID, at('4:40')).signIn;
    const again = holdCode(second, KID, aCode(2, at('4:45')), at('4:45')).signIn;

    assert.deepEqual(step.alerts, ['person-unreachable']);
    assert.deepEqual(askedAt(again, '4:45'), [ENGINEER]);
  });

  it("lets the opener's number stop the clock for 45 s", () => {
    const number = { by: OPENER, how: 'number', number: NUMBER } as const;
    const confirmed = confirm(waiting(), number, at('1:30')).signIn;

    assert.deepEqual(askedAt(confirmed, '2:29'), [ENGINEER]);
    assert.deepEqual(askedAt(confirmed, '2:30'), [ENGINEER, DEPUTY]);
    assert.deepEqual(askedAt(confirmed, '3:15'), [ENGINEER, DEPUTY, LEAD]);
  });

  it('asks the next person with the first code after a hand-over', () => {
    const number = { by: OPENER, how: 'number', number: NUMBER } as const;
    const confirmed = confirm(waiting(), number, at('1:10')).signIn;
    const shown = reveal(confirmed, ENGINEER, at('1:20')).signIn;
    const handed = handOver(shown, ENGINEER, at('1:30')).signIn;
    const second = ready(handed, KID, at('1:33')).signIn;

    const held = holdCode(second, KID, aCode(2, at('1:40')), at('1:40')).signIn;

    assert.deepEqual(askedAt(held, '1:40'), [ENGINEER, DEPUTY]);
  });
});
