import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { Folder, run, TABLES } from './command-line.ts';

const SECRET = 'p4ssw0rd-of-the-database';

describe('the command line', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => folder.remove());

  it('answers what it cannot read with 2, and help with 0', async () => {
    for (const args of [
      [],
      ['nonsense'],
      ['ask'],
      ['import'],
      ['press', 'card'],
      ['inbox', '--nonsense'],
      ['export', '--format', 'nonsense'],
      ['audit', '--format', 'nonsense'],
      ['audit', '--site', 'nonsense'],
      ['kit', 'nonsense'],
      ['commands', 'nonsense'],
      ['import', folder.path('not-there.csv')],
      ['import', folder.root],
    ]) {
      const { exit, out, err } = await folder.run(...args);
      assert.equal(exit, 2, `${args.join(' ')}: ${err}`);
      assert.equal(out, '');
      assert.notEqual(err, '');
    }

    const help = await run(['--help']);

    assert.equal(help.exit, 0);
    assert.match(help.out, /diagnose/);
  });

  it('speaks the language of the terminal', async () => {
    const args = ['ask', 'help', '--as', 'nobody'];

    const ja = await folder.with({ env: { LANG: 'ja_JP.UTF-8' } }, ...args);
    const en = await folder.with({ env: { LANG: 'C.UTF-8' } }, ...args);

    assert.match(ja.err, /指定してください/);
    assert.match(en.err, /not a key of people\.csv/);
  });

  it('lets --data beat DATA_DIR', async () => {
    const other = folder.path('other');

    await folder.with({ env: { DATA_DIR: other } }, 'import', ...TABLES);

    assert.ok(existsSync(`${folder.data}/store.db`));
    assert.ok(!existsSync(other));
  });

  it('takes DATA_DIR, a new folder too, and says where nothing was imported yet', async () => {
    const env = { DATA_DIR: folder.path('new/folder') };

    const { exit, out, err } = await run(['ask', 'help', '--json'], { env });

    assert.equal(exit, 0);
    assert.equal(JSON.parse(out).intent, 'help');
    assert.match(err, /new\/folder/);
    assert.match(err, /import/);
  });

  it('refuses a data folder together with a database, whichever way both are given', async () => {
    const DATABASE_URL = `postgresql://bot:${SECRET}@127.0.0.1/bot`;
    const DATABASE_URL_FILE = folder.path('database-url');
    writeFileSync(DATABASE_URL_FILE, DATABASE_URL);

    for (const ran of [
      await folder.with({ env: { DATABASE_URL } }, 'doctor'),
      await folder.with({ env: { DATABASE_URL_FILE } }, 'doctor'),
      await run(['doctor'], { env: { DATABASE_URL, DATA_DIR: folder.data } }),
      await run(['start'], { env: { DATABASE_URL, DATA_DIR: folder.data } }),
    ]) {
      assert.equal(ran.exit, 78);
      assert.equal(ran.out, '');
      assert.match(ran.err, /DATABASE_URL/);
      assert.ok(!ran.err.includes(SECRET));
    }
    assert.ok(!existsSync(folder.data));
  });

  it('names all mistakes of the settings together when it is to start, and no value', async () => {
    const env = {
      DATA_DIR: folder.data,
      PORT: 'port-by-mistake',
      CODE_KEY: 'key-by-mistake',
      SIGN_IN: 'device-code',
      PUBLIC_URL: 'ftp://url-by-mistake',
      LOG_LEVEL: 'level-by-mistake',
    };

    const { exit, out, err } = await run(['start'], { env });

    assert.equal(exit, 78);
    assert.equal(out, '');
    for (const name of [
      'MicrosoftAppId',
      'MicrosoftAppTenantId',
      'MicrosoftAppPassword',
      'PORT',
      'CODE_KEY',
      'SIGN_IN_POLICY',
      'PUBLIC_URL',
      'LOG_LEVEL',
    ]) {
      assert.match(err, new RegExp(`^${name}: `, 'm'));
    }
    assert.doesNotMatch(err, /by-mistake/);
    assert.ok(!existsSync(folder.data));
  });

  it('refuses a CODE_KEY that lies beside what it seals', async () => {
    const at = (name: string) => ({ CODE_KEY_FILE: folder.path(name), DATA_DIR: folder.data });
    mkdirSync(folder.data);
    for (const name of ['data/key', 'data-key']) {
      writeFileSync(folder.path(name), Buffer.alloc(32, 1).toString('base64'));
    }

    const inside = await run(['export'], { env: at('data/key') });
    const outside = await run(['export'], { env: at('data-key') });

    assert.equal(inside.exit, 78);
    assert.match(inside.err, /^CODE_KEY_FILE: /m);
    assert.equal(outside.exit, 0);
  });

  it('needs no password with a managed identity', async () => {
    const env = { MicrosoftAppType: 'UserAssignedMSI' };

    const { exit, err } = await run(['start'], { env });

    assert.equal(exit, 78);
    assert.doesNotMatch(err, /MicrosoftAppPassword/);
  });
});
