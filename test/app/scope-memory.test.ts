import assert from 'node:assert/strict';
import type { ReadTx } from '../../src/core/ports.ts';
import { type Profile, RollOut } from '../../src/core/roll-out.ts';
import { silentLog } from '../../src/log.ts';
import { ScopeMemory } from '../../src/scope-memory.ts';

const PROFILE = {
  name: 'jpe',
  privateLinkScopeId: '/subscriptions/S/scopes/PLS',
} as unknown as Profile;
const rollOut = new RollOut({ profiles: [PROFILE], sites: [], machines: [], people: [] });
const store = {
  read: <T>(work: (tx: ReadTx) => Promise<T>) => work({ rollOut: async () => rollOut } as ReadTx),
};

describe('ScopeMemory', () => {
  it('knows no address before Azure told one', () => {
    assert.deepEqual(new ScopeMemory().of(PROFILE), []);
  });

  it('keeps what it had when a scope cannot be read', async () => {
    const memory = new ScopeMemory();
    const records = [{ address: '10.13.0.4' }, { address: '10.13.0.4' }];
    const told = async () => ({ records, addresses: ['10.13.0.5'] });
    await memory.learn({ store, log: silentLog, readScope: told }, AbortSignal.timeout(1000));

    const fails = () => Promise.reject(new Error('away'));
    await memory.learn({ store, log: silentLog, readScope: fails }, AbortSignal.timeout(1000));

    assert.deepEqual(memory.of(PROFILE), ['10.13.0.4', '10.13.0.5']);
  });

  it('is asked by the scope of the profile, without case, and knows nothing of a public one', async () => {
    const memory = new ScopeMemory();
    const told = async () => ({ records: [], addresses: ['10.13.0.5'] });
    await memory.learn({ store, log: silentLog, readScope: told }, AbortSignal.timeout(1000));

    const lower = { ...PROFILE, privateLinkScopeId: '/subscriptions/s/scopes/pls' };
    const { privateLinkScopeId: _, ...open } = PROFILE;

    assert.deepEqual(memory.of(lower), ['10.13.0.5']);
    assert.deepEqual(memory.of(open), []);
    assert.deepEqual(memory.of(undefined), []);
  });
});
