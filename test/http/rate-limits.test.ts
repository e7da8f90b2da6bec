import assert from 'node:assert/strict';
import { createBuckets } from '../../src/http/rate-limits.ts';
import { createRefusalLog } from '../../src/http/refusal-log.ts';
import { silentLog } from '../../src/log.ts';
import { FixedClock } from '../support/fixed-clock.ts';

describe('createBuckets', () => {
  it('gives the burst at once, then what flows in', () => {
    const clock = new FixedClock();
    const buckets = createBuckets({ clock, perMinute: 60, burst: 2 });
    const take = (): boolean => buckets.take('a').ok;

    assert.deepEqual([take(), take(), take()], [true, true, false]);
    clock.forward(999);
    assert.equal(take(), false);
    clock.forward(1);
    assert.deepEqual([take(), take()], [true, false]);
    clock.forward(3_600_000);
    assert.deepEqual([take(), take(), take()], [true, true, false]);
  });

  it('tells how long to wait, and looking takes nothing', () => {
    const buckets = createBuckets({ clock: new FixedClock(), perMinute: 5, burst: 1 });

    assert.deepEqual([buckets.look('a'), buckets.look('a')], [{ ok: true }, { ok: true }]);
    buckets.take('a');
    assert.deepEqual(buckets.look('a'), { ok: false, waitSeconds: 12 });
    assert.deepEqual(buckets.look('b'), { ok: true });
  });

  it('goes on when the clock is set back', () => {
    const clock = new FixedClock();
    const buckets = createBuckets({ clock, perMinute: 60, burst: 1 });
    buckets.take('a');

    clock.forward(-3_600_000);
    assert.equal(buckets.take('a').ok, false);
    clock.forward(1_000);
    assert.equal(buckets.take('a').ok, true);
  });

  it('remembers so many names and no more, the latest used', () => {
    const buckets = createBuckets({
      clock: new FixedClock(),
      perMinute: 1,
      burst: 1,
      maxNames: 2,
    });
    for (const name of ['a', 'b', 'a', 'c']) buckets.take(name);

    assert.equal(buckets.look('a').ok, false);
    assert.equal(buckets.look('b').ok, true);
    assert.equal(buckets.look('c').ok, false);
  });
});

describe('createRefusalLog', () => {
  it('writes a line a minute per reason and counts the others', () => {
    const clock = new FixedClock();
    const lines: unknown[] = [];
    const log = { ...silentLog, info: (_event: string, facts = {}) => lines.push(facts) };
    const logRefused = createRefusalLog({ log, clock });

    logRefused('refused', 'form', { at: 1 });
    logRefused('refused', 'form', { at: 2 });
    logRefused('refused', 'signature', { at: 3 });
    clock.forward(60_000);
    logRefused('refused', 'form', { at: 4 });

    assert.deepEqual(lines, [
      { reason: 'form', at: 1 },
      { reason: 'signature', at: 3 },
      { reason: 'form', at: 4, unlogged: 1 },
    ]);
  });
});
