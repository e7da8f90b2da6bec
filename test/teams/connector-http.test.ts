import assert from 'node:assert/strict';
import { ConnectorFailure } from '../../src/teams/connector-failure.ts';
import { ConnectorHttp } from '../../src/teams/connector-http.ts';
import { outcomeOf } from '../../src/teams/outcome.ts';
import { FixedClock } from '../support/fixed-clock.ts';

describe('one call to the connector', () => {
  const http = new ConnectorHttp(new FixedClock(), 20);
  after(() => http.close());

  const failing = (call: () => Promise<never>): Promise<unknown> =>
    http.attempt(call).catch((failure: unknown) => failure);

  it('certainly posted nothing when no token could be had', async () => {
    const failure = await failing(() => Promise.reject(new Error('Entra is away')));

    assert.ok(failure instanceof ConnectorFailure);
    assert.deepEqual(outcomeOf(failure, 'post'), { outcome: 'retryable', reason: 'not-sent' });
  });

  it('ends even when the token never comes', async () => {
    // The timer of the attempt does not keep the process alive by itself.
    const alive = setInterval(() => undefined, 1_000);
    const failure = await failing(() => new Promise(() => undefined));
    clearInterval(alive);

    assert.deepEqual(outcomeOf(failure, 'post'), { outcome: 'retryable', reason: 'not-sent' });
  });

  it('is a fault of ours when anything else was thrown', () => {
    assert.deepEqual(outcomeOf(new TypeError('no'), 'post'), {
      outcome: 'terminal',
      reason: 'TypeError',
    });
  });
});
