import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Kid, PersonKey } from '../../../src/core/ids.ts';
import { afterCheck, agentOutcome, burn, holdForPerson } from '../../../src/core/sign-in/ends.ts';
import {
  acknowledge,
  answered,
  confirm,
  decline,
  handOver,
  reveal,
  unexpected,
} from '../../../src/core/sign-in/people.ts';
import { holdCode, ready, watch } from '../../../src/core/sign-in/rounds.ts';
import { codeOf, roundOf, type Step, silentSince } from '../../../src/core/sign-in/step.ts';
import { dueAt, tick } from '../../../src/core/sign-in/time.ts';
import { isEnded, type SignIn } from '../../../src/core/sign-in.ts';
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

const person = fc.constantFrom(ENGINEER, ENGINEER, DEPUTY, LEAD, OPENER, 'suzuki' as PersonKey);
const kid = fc.constantFrom(...Array<Kid>(19).fill(KID), 'kid-2' as Kid);
const round = fc.integer({ min: 1, max: 4 });
const code = fc.constantFrom(...'aaaaaaaaaaab');
const seconds = fc.oneof(
  { weight: 30, arbitrary: fc.integer({ min: 0, max: 9 }) },
  { weight: 1, arbitrary: fc.integer({ min: 30, max: 400 }) },
);

function often<T>(weight: number, arbitrary: fc.Arbitrary<T>) {
  return { weight, arbitrary };
}
const does = <const Name extends string>(name: Name) => fc.constant(name);

const event = fc.oneof(
  often(6, fc.record({ do: does('ready'), kid })),
  often(10, fc.record({ do: does('code'), kid, back: fc.constantFrom(0, 0, 0, 1), code })),
  often(20, fc.record({ do: does('watch'), kid, back: fc.constantFrom(0, 0, 0, 1) })),
  often(20, fc.record({ do: does('number'), right: fc.constantFrom(true, true, true, false) })),
  often(30, fc.record({ do: does('show'), person })),
  often(4, fc.record({ do: does('hand-over'), person })),
  often(4, fc.record({ do: does('acknowledge'), person })),
  often(8, fc.record({ do: does('tick') })),
  often(2, fc.record({ do: does('same-code') })),
  often(1, fc.record({ do: does('unexpected'), person })),
  often(1, fc.record({ do: does('decline'), person })),
  often(1, fc.record({ do: does('stop-all') })),
  often(
    2,
    fc.record({
      do: does('outcome'),
      kid,
      round,
      result: fc.constantFrom('connected', 'failed', 'stopped', 'timeout'),
    }),
  ),
  often(
    1,
    fc.record({
      do: does('after-check'),
      result: fc.constantFrom('right', 'wrong', 'absent', 'not-verified'),
    }),
  ),
);
type Event = typeof event extends fc.Arbitrary<infer E> ? E : never;

function apply(signIn: SignIn, event: Event, now: Date): Step {
  const current = roundOf(signIn.progress)?.number ?? 1;
  switch (event.do) {
    case 'ready':
      return ready(signIn, event.kid, now);
    case 'code': {
      const number = Math.max(1, current - event.back);
      return holdCode(signIn, event.kid, aCode(number, now, `${event.code}${number}`), now);
    }
    case 'watch':
      return watch(signIn, event.kid, Math.max(1, current - event.back), now);
    case 'number':
      return confirm(
        signIn,
        { by: OPENER, how: 'number', number: event.right ? NUMBER : '0000' },
        now,
      );
    case 'show':
      return reveal(answered(signIn, event.person, now), event.person, now);
    case 'unexpected':
      return unexpected(signIn, event.person, now);
    case 'decline':
      return decline(signIn, event.person, now);
    case 'hand-over':
      return handOver(signIn, event.person, now);
    case 'acknowledge':
      return acknowledge(signIn, event.person, now);
    case 'outcome':
      return agentOutcome(signIn, event.kid, event, now);
    case 'tick':
      return tick(signIn, chain(), cardFor, now);
    case 'same-code':
      return holdForPerson(signIn, roundOf(signIn.progress)?.codeMac ?? '', now);
    case 'stop-all':
      return burn(signIn, 'stopped-by-lead', now);
    case 'after-check':
      return afterCheck(signIn, event.result, {}, now);
  }
}

/** Done again at once, these change nothing more. */
const REPEATABLE = new Set(['code', 'watch', 'unexpected', 'decline', 'hand-over']);
const ALSO_REPEATABLE = new Set(['acknowledge', 'outcome', 'tick', 'same-code', 'after-check']);

const steps = fc.array(fc.tuple(event, seconds, fc.boolean()), { minLength: 20, maxLength: 60 });

describe('any order of events', () => {
  it('never shows a code to two people, after its end, or unconfirmed', () => {
    let showings = 0;
    fc.assert(
      fc.property(steps, (events) => {
        let signIn = waiting(at('0:00'));
        let now = at('0:00');
        const seenBy = new Map<string, Set<string>>();
        const answers = new Map<string, number>();
        const gone = new Set<string>();
        for (const [event, wait, asks] of events) {
          now = new Date(now.getTime() + wait * 1000);
          if (asks) signIn = tick(signIn, chain(), cardFor, now).signIn;
          const before = signIn;
          const step = apply(before, event, now);
          signIn = step.signIn;
          const held = codeOf(signIn.progress);
          const was = codeOf(before.progress);
          if (was && was.sealed !== held?.sealed) gone.add(was.sealed);

          if (isEnded(before.progress)) assert.deepEqual(signIn.progress, before.progress);
          if (isEnded(signIn.progress)) assert.ok(!JSON.stringify(signIn).includes('sealed-'));
          assert.ok((signIn.kids?.length ?? 0) <= 4);
          assert.equal(new Set(signIn.asked.map((one) => one.person)).size, signIn.asked.length);
          if (held) assert.ok(!gone.has(held.sealed), 'a code that is gone never comes back');
          if (before.progress.state === 'shown' && event.do === 'tick') {
            assert.equal(signIn.progress.state, 'shown');
          }

          if (event.do === 'show' && !step.refused) {
            showings++;
            assert.ok(was && now < was.expiresAt);
            assert.ok(['confirmed', 'shown'].includes(before.progress.state));
            assert.equal(silentSince(before.progress, now), undefined);
            const people = seenBy.get(was.sealed) ?? new Set();
            seenBy.set(was.sealed, people.add(event.person));
            answers.set(was.sealed, (answers.get(was.sealed) ?? 0) + 1);
            assert.equal(people.size, 1);
            assert.ok((answers.get(was.sealed) ?? 0) <= 4);
          }
        }
      }),
      { numRuns: 600 },
    );
    assert.ok(
      showings > 20,
      `${showings}: the events reach the showing often enough to mean something`,
    );
  });

  it('is the same when an event is repeated', () => {
    fc.assert(
      fc.property(steps, (events) => {
        let signIn = opened();
        let now = at('0:00');
        for (const [event, wait] of events) {
          now = new Date(now.getTime() + wait * 1000);
          signIn = apply(signIn, event, now).signIn;
          if (!REPEATABLE.has(event.do) && !ALSO_REPEATABLE.has(event.do)) continue;
          const again = apply(signIn, event, now);
          assert.deepEqual(again.signIn, signIn, event.do);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('is never due again at once after time was told', () => {
    fc.assert(
      fc.property(steps, (events) => {
        let signIn = opened();
        let now = at('0:00');
        for (const [event, wait] of events) {
          now = new Date(now.getTime() + wait * 1000);
          signIn = tick(apply(signIn, event, now).signIn, chain(), cardFor, now).signIn;
          const due = dueAt(signIn, now);
          assert.ok(due === undefined || due > now);
        }
      }),
      { numRuns: 100 },
    );
  });
});
