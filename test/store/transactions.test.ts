import assert from 'node:assert/strict';
import { AsyncResource } from 'node:async_hooks';
import { onBothEngines } from './on-both-engines.ts';

onBothEngines('a transaction', (given) => {
  it('keeps nothing of work that throws', async () => {
    const work = given.store.write(async (tx) => {
      await tx.settings.set('half', 'done');
      throw new Error('no');
    });

    await assert.rejects(work, /no/);
    assert.equal(await given.store.read((tx) => tx.settings.get('half')), undefined);
  });

  it('has one writer at a time, so what it reads stays true', async () => {
    const add = () =>
      given.store.write(async (tx) => {
        const count = Number((await tx.settings.get('count')) ?? 0);
        await new Promise((resolve) => setImmediate(resolve));
        await tx.settings.set('count', String(count + 1));
      });

    await Promise.all(Array.from({ length: 20 }, add));

    assert.equal(await given.store.read((tx) => tx.settings.get('count')), '20');
  });

  it('reads one moment, whatever is written meanwhile', async () => {
    await given.store.write((tx) => tx.settings.set('moment', 'before'));
    let write: Promise<void> | undefined;

    const seen = await given.store.read(async (tx) => {
      const first = await tx.settings.get('moment');
      write = outside(() => given.store.write((w) => w.settings.set('moment', 'after')));
      await write;
      return [first, await tx.settings.get('moment')];
    });

    assert.deepEqual(seen, ['before', 'before']);
    assert.equal(await given.store.read((tx) => tx.settings.get('moment')), 'after');
  });

  it('says so when the store is asked inside of a transaction, instead of waiting for itself', async () => {
    const nested = given.store.write(() => given.store.write(async () => undefined));

    await assert.rejects(nested, /use its tx/);
    await assert.rejects(
      given.store.read(() => given.store.outbox.depth()),
      /use its tx/,
    );
  });

  it('lets work that a transaction started go on by itself afterwards', async () => {
    let later: (() => Promise<void>) | undefined;
    await given.store.write(async () => {
      later = bindHere(() => given.store.write((tx) => tx.settings.set('later', 'yes')));
    });

    await later?.();

    assert.equal(await given.store.read((tx) => tx.settings.get('later')), 'yes');
  });
});

/** Runs as another request would: outside of the transaction that is open here. */
const outside = AsyncResource.bind((run: () => Promise<void>): Promise<void> => run());

/** Runs as something would that a transaction started and did not wait for. */
const bindHere = <T>(run: () => T): (() => T) => AsyncResource.bind(run);
