import assert from 'node:assert/strict';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Store } from '../../src/core/ports.ts';
import { MIGRATIONS } from '../../src/store/migrations.ts';
import { openStore } from '../../src/store/open.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { admin, freshDatabase } from '../support/postgres.ts';
import { aNotice, at, cardId, personKey } from './examples.ts';

const clock = new FixedClock();

describe('two replicas on one PostgreSQL', () => {
  let url: string;
  let stores: Store[];
  before(async function () {
    this.timeout(60_000);
    url = await freshDatabase(this);
  });
  beforeEach(async () => {
    stores = await Promise.all([0, 1].map(() => openStore({ kind: 'postgres', url }, { clock })));
  });
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()));
  });

  it('open a new database at the same moment', async () => {
    const versions = await admin(url, 'select version from schema_version order by version');

    assert.deepEqual(
      versions,
      MIGRATIONS.map((_, index) => ({ version: index + 1 })),
    );
  });

  it('never claim one item twice, nor two items of one audience', async () => {
    const [first, second] = stores as [Store, Store];
    await first.write(async (tx) => {
      for (let number = 0; number < 60; number += 1) {
        const audience = { kind: 'person', person: personKey(`p${number % 20}`) } as const;
        await tx.cards.post(cardId(`c-${number}`), audience, aNotice('x'), at('01:00:00'));
      }
    });

    const claims = await Promise.all(
      Array.from({ length: 12 }, (_, turn) =>
        (turn % 2 === 0 ? first : second).outbox.claim(at('01:01:00'), at('01:02:00'), 5),
      ),
    );

    const cards = claims.flat().map((item) => item.card);
    assert.equal(new Set(cards).size, cards.length);
    assert.ok(cards.every((card) => Number(card.slice(2)) < 20));
    assert.ok(cards.length >= 5);
  });

  it('take over what a replica had leased when it died', async () => {
    const [first, second] = stores as [Store, Store];
    const audience = { kind: 'conversation', conversationId: 'lease' } as const;
    await first.write((tx) =>
      tx.cards.post(cardId('lease'), audience, aNotice('x'), at('02:00:00')),
    );
    const mine = (store: Store, time: string) =>
      store.outbox
        .claim(at(time), at('02:05:00'), 100)
        .then((items) => items.filter((item) => item.card === 'lease').length);

    const taken = [
      await mine(first, '02:01:00'),
      await mine(second, '02:04:59'),
      await mine(second, '02:05:00'),
    ];

    assert.deepEqual(taken, [1, 0, 1]);
  });

  it('write one after the other, so nothing that was read is out of date', async () => {
    const add = (store: Store | undefined) =>
      store?.write(async (tx) => {
        const count = Number((await tx.settings.get('count')) ?? 0);
        await tx.settings.set('count', String(count + 1));
      });

    await Promise.all(Array.from({ length: 30 }, (_, turn) => add(stores[turn % 2])));

    assert.equal(await stores[0]?.read((tx) => tx.settings.get('count')), '30');
  });

  it('see what another one imported', async () => {
    const [first, second] = stores as [Store, Store];
    const before = await second.read((tx) => tx.rollOut());
    await first.write((tx) =>
      tx.rows.putPeople([
        {
          key: personKey('sato'),
          name: '佐藤 健',
          nameEn: 'Ken Sato',
          role: 'engineer',
          sites: [],
          language: 'ja',
        },
      ]),
    );

    const after = await second.read((tx) => tx.rollOut());

    assert.deepEqual([before.people.length, after.people.length], [0, 1]);
  });

  it('do their work again when the connection breaks in the middle of it', async () => {
    const [store] = stores as [Store];
    let runs = 0;

    await store.write(async (tx) => {
      runs += 1;
      await tx.settings.set('broken', String(runs));
      if (runs === 1) {
        await admin(
          url,
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and state like 'idle in transaction%'`,
        );
      }
      await tx.settings.set('also', String(runs));
    });

    assert.equal(runs, 2);
    assert.equal(await store.read((tx) => tx.settings.get('broken')), '2');
  });
});

describe('a connection that breaks while PostgreSQL commits', () => {
  it('is asked about, so the work is neither lost nor done twice', async function () {
    this.timeout(60_000);
    const url = await freshDatabase(this);
    const proxy = await cuttingProxy(url);
    const store = await openStore({ kind: 'postgres', url: proxy.url }, { clock });
    let runs = 0;
    proxy.cutAfterNextCommit();

    const answer = await store.write(async (tx) => {
      runs += 1;
      const count = Number((await tx.settings.get('count')) ?? 0);
      await tx.settings.set('count', String(count + 1));
      return count + 1;
    });

    const kept = await store.read((tx) => tx.settings.get('count'));
    await store.close();
    await proxy.close();
    assert.deepEqual([runs, answer, kept, proxy.cuts()], [1, 1, '1', 1]);
  });
});

/** Passes everything on; once asked to, swallows the answer to a commit and cuts the line. */
async function cuttingProxy(target: string) {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let armed = false;
  let cuts = 0;
  const server: Server = createServer((client) => {
    const upstream = connect(Number(port || 5432), hostname);
    let cutting = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (data) => {
      if (armed && data.includes('commit')) {
        armed = false;
        cutting = true;
      }
      upstream.write(data);
    });
    upstream.on('data', (data) => {
      if (!cutting) {
        client.write(data);
        return;
      }
      cuts += 1;
      client.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String(typeof address === 'object' && address ? address.port : 0);
  return {
    url: url.href,
    cutAfterNextCommit: () => {
      armed = true;
    },
    cuts: () => cuts,
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
