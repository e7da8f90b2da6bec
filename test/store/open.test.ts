import assert from 'node:assert/strict';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OpsBotError } from '../../src/core/errors.ts';
import type { Audience } from '../../src/core/notice.ts';
import { NETWORK_MAGIC, networkFuse } from '../../src/store/data-folder.ts';
import { MIGRATIONS, migrate } from '../../src/store/migrations.ts';
import { openStore, storeExists } from '../../src/store/open.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { aNotice, at, cardId } from './examples.ts';
import { onBothEngines, sqlitePlace } from './on-both-engines.ts';

const clock = new FixedClock();
const code = (expected: string) => (error: unknown) =>
  error instanceof OpsBotError && error.code === expected;

describe('openStore on a data folder', () => {
  let place: ReturnType<typeof sqlitePlace>;
  beforeEach(() => {
    place = sqlitePlace();
  });
  afterEach(() => place.remove());

  it('makes a folder and files that only their owner can read', async () => {
    const store = await openStore(place.options, { clock });

    const modes = ['', 'store.db', 'store.db-wal', 'lock.db'].map(
      (name) => statSync(join(place.dataDir, name)).mode & 0o777,
    );

    await store.close();
    assert.deepEqual(modes, [0o700, 0o600, 0o600, 0o600]);
  });

  it('takes a folder that is there already, whatever is in it', async () => {
    mkdirSync(place.dataDir);
    writeFileSync(join(place.dataDir, 'notes.txt'), 'mine');

    const store = await openStore(place.options, { clock });

    await store.close();
    assert.equal(storeExists(place.dataDir), true);
  });

  it('makes nothing when the store must exist', async () => {
    const opening = openStore({ ...place.options, mustExist: true }, { clock });

    await assert.rejects(opening, code('STORE_REFUSED'));
    assert.equal(existsSync(place.dataDir), false);
    assert.equal(storeExists(place.dataDir), false);
  });

  it('finds again what was kept', async () => {
    const first = await openStore(place.options, { clock });
    await first.write((tx) => tx.settings.set('aud', 'x'));
    await first.close();

    const second = await openStore({ ...place.options, mustExist: true }, { clock });

    assert.equal(await second.read((tx) => tx.settings.get('aud')), 'x');
    await second.close();
  });

  it('lets go of what a dead relay had taken, and says that it may be out', async () => {
    const killed = await openStore(place.options, { clock });
    const audience: Audience = { kind: 'channel' };
    await killed.write((tx) =>
      tx.cards.post(cardId('c-1'), audience, aNotice('x'), at('01:00:00')),
    );
    await killed.outbox.claim(at('01:00:01'), at('01:00:31'), 1);
    await killed.close();

    const store = await openStore(place.options, { clock });
    const due = await store.outbox.nextDue();
    const [item] = await store.outbox.claim(at('01:00:02'), at('01:00:32'), 1);
    await store.close();

    assert.deepEqual(due, at('01:00:00'));
    assert.deepEqual([item?.card, item?.ambiguous], ['c-1', true]);
  });

  it('refuses a second opener once its wait is over', async () => {
    const first = await openStore(place.options, { clock });
    let waited = 0;
    const wait = async (ms: number) => {
      waited += ms;
    };

    const opening = openStore(
      { kind: 'sqlite', dataDir: place.dataDir, lockWaitMs: 10_000, wait },
      { clock },
    );

    await assert.rejects(opening, code('STORE_BUSY'));
    assert.equal(waited, 10_000);
    await first.close();
  });

  it('lets a second opener in when the first one leaves', async () => {
    const first = await openStore(place.options, { clock });
    let waits = 0;
    const wait = async () => {
      waits += 1;
      if (waits === 3) await first.close();
    };

    const second = await openStore(
      { kind: 'sqlite', dataDir: place.dataDir, lockWaitMs: 10_000, wait },
      { clock },
    );

    assert.equal(waits, 3);
    await second.close();
  });

  it('keeps nothing of a migration that fails, and goes on from there later', async () => {
    const engine = await openSqlite({
      dataDir: place.dataDir,
      lockWaitMs: 0,
      wait: async () => undefined,
    });
    const broken = {
      name: 'broken',
      up: async (db: Parameters<(typeof MIGRATIONS)[0]['up']>[0]) => {
        await db.schema.createTable('half').addColumn('id', 'integer').execute();
        throw new Error('no');
      },
    };

    await assert.rejects(migrate(engine, clock, [...MIGRATIONS, broken]), /no/);

    const tables = await engine.read((db) => db.introspection.getTables());
    await migrate(engine, clock, MIGRATIONS);
    await engine.close();
    assert.equal(
      tables.some((table) => table.name === 'half'),
      false,
    );
  });
});

describe('refuseNetworkFolder', () => {
  it('knows the file systems that machines share', () => {
    assert.deepEqual(
      [0x6969, 0xff534d42, 0xfe534d42, 0x01021997].map((magic) => NETWORK_MAGIC.get(magic)),
      ['nfs', 'cifs', 'smb2', '9p'],
    );
    assert.equal(NETWORK_MAGIC.get(0xef53), undefined);
  });

  it('tells remote from local storage behind FUSE', () => {
    assert.equal(networkFuse('fuse.sshfs'), 'fuse.sshfs');
    assert.equal(networkFuse('fuse.blobfuse2'), 'fuse.blobfuse2');
    assert.equal(networkFuse('fuse.fuse-overlayfs'), undefined);
  });
});

onBothEngines(
  'a store of a newer program',
  (given) => {
    it('is refused', async () => {
      await given.sql(
        "insert into schema_version (version, name, applied_at) values (99, 'later', 0)",
      );

      const opening = given.reopen();

      await assert.rejects(opening, code('STORE_NEWER'));
    });
  },
  { ownDatabase: true },
);
