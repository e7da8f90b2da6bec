import assert from 'node:assert/strict';
import fc from 'fast-check';
import { backoffMs } from '../../src/delivery/backoff.ts';
import { SendLimits } from '../../src/delivery/send-limits.ts';
import { FixedClock } from '../support/fixed-clock.ts';

describe('send limits', () => {
  it('let 70 % of what Teams allows through and say when there is room again', () => {
    const limits = new SendLimits();
    const clock = new FixedClock();
    const start = clock.now().getTime();

    const answers = [1, 2, 3, 4, 5].map(() => limits.take('chat', 1, clock.now()));

    assert.deepEqual(answers.slice(0, 4), [undefined, undefined, undefined, undefined]);
    assert.equal(answers[4]?.getTime(), start + 1_000);
  });

  it('keep conversations apart, and the whole tenant under its own limit', () => {
    const limits = new SendLimits();
    const clock = new FixedClock();

    const passed = Array.from({ length: 50 }, (_, chat) => limits.take(`${chat}`, 1, clock.now()));

    assert.equal(passed.filter((wait) => wait === undefined).length, 35);
  });

  it('hold a conversation for as long as the connector asked', () => {
    const limits = new SendLimits();
    const clock = new FixedClock();
    const until = new Date(clock.now().getTime() + 9_000);

    limits.pause('chat', until);

    assert.deepEqual(limits.take('chat', 1, clock.now()), until);
    assert.equal(limits.take('other', 1, clock.now()), undefined);
  });

  it('let a card with more messages than a window holds pass on its own', () => {
    const limits = new SendLimits();
    const clock = new FixedClock();

    const first = limits.take('chat', 9, clock.now());
    const second = limits.take('chat', 1, clock.now());

    assert.equal(first, undefined);
    assert.ok(second);
  });

  it('never let more through than Teams allows, and never wait for ever', () => {
    const teams = [
      [7, 1_000],
      [8, 2_000],
      [60, 30_000],
      [1_800, 3_600_000],
    ] as const;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 120 }), (pauses) => {
        const limits = new SendLimits();
        const clock = new FixedClock();
        const sent: number[] = [];
        for (const pause of pauses) {
          clock.forward(pause);
          const wait = limits.take('chat', 1, clock.now());
          if (wait) {
            clock.set(wait);
            assert.equal(limits.take('chat', 1, clock.now()), undefined);
          }
          sent.push(clock.now().getTime());
        }
        for (const [count, windowMs] of teams) {
          for (const [index, at] of sent.entries()) {
            const inWindow = sent.slice(index).filter((later) => later < at + windowMs).length;
            assert.ok(inWindow <= count);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('backoffMs', () => {
  it('doubles up to five minutes, half of it spread by jitter', () => {
    assert.deepEqual(
      [0, 1, 2, 8, 9, 40].map((attempts) => backoffMs(attempts, 1)),
      [1_000, 2_000, 4_000, 256_000, 300_000, 300_000],
    );
    assert.equal(backoffMs(2, 0), 2_000);
  });
});
