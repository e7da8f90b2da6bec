import assert from 'node:assert/strict';
import type { AzureMachine } from '../../src/core/azure.ts';
import { createAzurePoll, pollAzure } from '../../src/flows/poll-azure.ts';
import { AnswerWorld } from '../support/answer-world.ts';
import { anAzureMachine } from '../support/builders.ts';
import { sampleRows } from '../support/sample-roll-out.ts';

const SUBSCRIPTION = sampleRows.profiles[0]?.subscriptionId ?? '';

describe('pollAzure', () => {
  let world: AnswerWorld;
  let pages: (readonly AzureMachine[] | Error)[];
  let exists: (resourceId: string) => boolean | Error;
  let asked: string[];
  let logged: string[];
  beforeEach(async () => {
    world = await AnswerWorld.make();
    [pages, asked, logged] = [[], [], []];
    exists = () => true;
  });
  afterEach(() => world.close());

  const note = (event: string) => void logged.push(event);
  const deps = () => {
    const log = { debug: note, info: note, warn: note, error: note };
    const directory = {
      async *listMachines() {
        for (const page of pages) {
          if (page instanceof Error) throw page;
          yield page;
        }
      },
      async isGone(resourceId: string) {
        asked.push(resourceId.split('/').at(-1) ?? '');
        const there = exists(resourceId);
        if (there instanceof Error) throw there;
        return !there;
      },
    };
    return { store: world.store, clock: world.clock, directory, log };
  };
  const poll = () => {
    world.clock.forward(60_000);
    return pollAzure(deps(), AbortSignal.timeout(5_000));
  };
  const kept = () =>
    world.store.read(async (tx) =>
      (await tx.evidence.azureMachines()).map(({ machine }) => machine.name).sort(),
    );
  const asOf = () => world.store.read((tx) => tx.evidence.azureAsOf());
  const [one, two, three] = [
    anAzureMachine('A'),
    anAzureMachine('B'),
    anAzureMachine('C'),
  ] as const;

  it('keeps what it reads and moves the age of the whole', async () => {
    pages = [[one], [two]];

    assert.equal(await poll(), true);

    assert.deepEqual(await kept(), ['A', 'B']);
    assert.deepEqual(await asOf(), world.clock.now());
    assert.deepEqual(logged, ['azure-read']);
  });

  it('asks for no single machine while the fleet stays as it is', async () => {
    pages = [[one, two]];
    await poll();
    await poll();

    assert.deepEqual(asked, []);
  });

  it('that ends half way removes nothing and leaves the age as it was', async () => {
    pages = [[one, two]];
    await poll();
    const before = await asOf();
    pages = [[one], new Error('cut')];

    assert.equal(await poll(), false);

    assert.deepEqual(await kept(), ['A', 'B']);
    assert.deepEqual(await asOf(), before);
    assert.equal(logged.at(-1), 'azure-read-failed');
  });

  it('forgets a machine only once Azure says that it does not exist', async () => {
    pages = [[one, two, three]];
    await poll();
    exists = (id) => !id.endsWith('/B');
    pages = [[one]];

    assert.equal(await poll(), true);

    assert.deepEqual(asked, ['B', 'C']);
    assert.deepEqual(await kept(), ['A', 'C']);
    assert.equal(logged.includes('azure-machines-not-listed'), true);
  });

  it('keeps what it may not ask for any more', async () => {
    pages = [[one, two, three]];
    await poll();
    exists = () => new Error('denied');
    pages = [[one]];

    await poll();

    assert.deepEqual(asked, ['B']);
    assert.deepEqual(await kept(), ['A', 'B', 'C']);
  });

  it('is not complete when nothing came where machines were', async () => {
    pages = [[one, two]];
    await poll();
    const before = await asOf();
    pages = [[]];

    assert.equal(await poll(), false);

    assert.deepEqual(await kept(), ['A', 'B']);
    assert.deepEqual(await asOf(), before);
    assert.equal(logged.at(-1), 'azure-read-empty');
  });

  it('is complete when nothing came and Azure says that all are gone', async () => {
    pages = [[one, two]];
    await poll();
    exists = () => false;
    pages = [[]];

    assert.equal(await poll(), true);

    assert.deepEqual(await kept(), []);
  });

  it('looks at all machines of a complete reading together', async () => {
    const told: (readonly [string, readonly string[]])[][] = [];
    const again = createAzurePoll(deps(), (findings) =>
      told.push(findings.map(({ finding, machines }) => [finding.id, machines])),
    );
    const vmUuid = '4c4c4544-0034-3010-8052-b4c04f4a4332';
    const clone = { ...two, vmUuid, subscriptionId: SUBSCRIPTION };
    pages = [[{ ...one, vmUuid, subscriptionId: SUBSCRIPTION }], [clone], new Error('cut')];
    await again(AbortSignal.timeout(5_000));
    assert.deepEqual(told, []);

    pages = pages.slice(0, 2);
    await again(AbortSignal.timeout(5_000));

    assert.deepEqual(told, [
      [
        ['unknown-machine', ['A']],
        ['unknown-machine', ['B']],
        ['cloned-image', ['A', 'B']],
      ],
    ]);
  });

  it('asks for a hundred machines at most, and goes on the next time', async () => {
    const many = Array.from({ length: 130 }, (_, i) => anAzureMachine(`M${i}`));
    pages = [[one, ...many]];
    await poll();
    exists = () => false;
    pages = [[one]];

    await poll();
    assert.equal((await kept()).length, 31);

    await poll();
    assert.deepEqual(await kept(), ['A']);
    assert.equal(asked.length, 130);
  });
});
