import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CardId, PersonKey, SignInId, SiteCode } from '../../src/core/ids.ts';
import { openStore } from '../../src/store/open.ts';
import { Folder, type Json, type Ran, run, TABLES } from './command-line.ts';

const IDENTITY = {
  MicrosoftAppId: '00000000-0000-4000-8000-0000000000b0',
  MicrosoftAppTenantId: '00000000-0000-4000-8000-00000000000a',
  MicrosoftAppType: 'UserAssignedMSI',
  CODE_KEY: Buffer.alloc(32, 9).toString('base64'),
  PUBLIC_URL: 'https://bot.corp.example',
  PORT: '0',
  METRICS_PORT: '0',
};

/** `start` in this process, until stop() as a signal would end it. */
class StartedBot {
  readonly ended: Promise<Ran>;
  #stop: () => void = () => undefined;
  #errors = '';

  private constructor(folder: Folder, started: () => void) {
    this.ended = folder.with(
      {
        env: IDENTITY,
        onSignal: (stop) => {
          this.#stop = stop;
        },
        onError: (text) => {
          this.#errors = text;
          if (text.includes('"event":"started"')) started();
        },
      },
      'start',
    );
  }

  static async on(folder: Folder): Promise<StartedBot> {
    const { promise: started, resolve } = Promise.withResolvers<void>();
    const bot = new StartedBot(folder, resolve);
    await Promise.race([started, bot.ended.then((ran) => assert.fail(ran.err))]);
    return bot;
  }

  get errors(): string {
    return this.#errors;
  }

  stop(): Promise<Ran> {
    this.#stop();
    return this.ended;
  }
}

describe('a bot that was started', () => {
  let folder: Folder;
  let bot: StartedBot;
  // Without a profile there is no Azure to read.
  before(async () => {
    folder = new Folder();
    await folder.run('import', ...TABLES.slice(1));
    await keepCard(folder.data);
    bot = await StartedBot.on(folder);
  });
  after(async () => {
    await bot.stop();
    folder.remove();
  });

  it('is reached by other commands on its data folder', async () => {
    const { exit, document } = await folder.json('ask', '大阪支店の状況は?');
    const exported = await folder.json('export');

    assert.equal(exit, 0);
    assert.deepEqual(document.slots, { sites: ['osaka-01'] });
    assert.equal(exported.document.machines.length, 62);
  });

  it('takes an import while it runs', async () => {
    const { exit, document } = await folder.json('import', ...TABLES.slice(1));

    assert.equal(exit, 0);
    assert.equal(document.counts.machines.same, 62);
  });

  it('refuses a second bot on its data folder, and stays', async () => {
    const second = await folder.with({ env: IDENTITY }, 'start');

    assert.equal(second.exit, 1);
    assert.match(second.err, /already runs/);
    assert.equal((await folder.run('ask', 'help')).exit, 0);
  });

  it('lets nobody change anything from a terminal', async () => {
    const opened = await folder.json('ask', 'SV-OSK-03を接続したい', '--as', 'yamamoto');
    const [card] = (await folder.json('inbox', '--as', 'takahashi')).document;
    const pressed = await folder.json('press', card.card, 'unexpected', '--as', 'takahashi');

    assert.equal(opened.exit, 0);
    assert.equal(opened.document.confirm, undefined);
    assert.match(opened.document.text, /見ることだけ/);
    assert.equal(pressed.exit, 1);
    assert.deepEqual(Object.keys(pressed.document), ['text']);
    const { rows } = (await folder.json('audit')).document;
    assert.deepEqual([...new Set(rows.map((row: Json) => row.event))], ['imported']);
  });

  it('shows the cards of a person or the channel as promised', async () => {
    const { exit, document } = await folder.json('inbox', '--as', 'takahashi');
    const channel = await folder.json('inbox', '--channel');
    const text = await folder.run('inbox', '--as', 'takahashi');

    assert.equal(exit, 0);
    const [card] = document;
    assert.deepEqual(Object.keys(card), ['card', 'at', 'text', 'buttons', 'content']);
    assert.equal(new Date(card.at).toISOString(), card.at);
    assert.equal(card.content.type, 'AdaptiveCard');
    assert.deepEqual(Object.keys(card.buttons[0]), ['id', 'label', 'inputs']);
    assert.deepEqual(channel.document, []);
    assert.match(text.out, /unexpected\(/);
  });

  it('refuses a press that names nobody, and one on a card that is not there', async () => {
    const nobody = await folder.run('press', 'card', 'acknowledge');
    const gone = await folder.json('press', 'card', 'acknowledge', '--as', 'ito');

    assert.equal(nobody.exit, 2);
    assert.equal(gone.exit, 1);
    assert.equal(typeof gone.document.text, 'string');
  });

  it('tells why something cannot be done, as it would without a bot between', async () => {
    const { exit, out, err } = await folder.run('kit', 'SV-OSK-03', '--out', folder.path('kits'));

    assert.equal(exit, 2);
    assert.equal(out, '');
    assert.match(err, /SV-OSK-03/);
  });

  it('listens in a folder of its own that nobody else enters', () => {
    const socket = readFileSync(join(folder.data, 'bot.socket'), 'utf8');

    assert.ok(Buffer.byteLength(socket) < 107);
    assert.equal(dirname(dirname(socket)), tmpdir());
    assert.equal(statSync(dirname(socket)).mode & 0o777, 0o700);
    assert.equal(statSync(folder.data).mode & 0o777, 0o700);
    for (const name of readdirSync(folder.data)) {
      assert.equal(statSync(join(folder.data, name)).mode & 0o077, 0, name);
    }
  });

  it('ends with 0 when asked to, writes nothing to stdout, and lets go of its folder', async () => {
    const socket = readFileSync(join(folder.data, 'bot.socket'), 'utf8');

    const { exit, out } = await bot.stop();
    const next = await StartedBot.on(folder);
    await next.stop();

    assert.equal(exit, 0);
    assert.equal(out, '');
    assert.ok(!existsSync(dirname(socket)));
    assert.equal((await folder.run('ask', 'help')).exit, 0);
  });

  it('logs JSON lines on stderr without the key', () => {
    for (const line of bot.errors.trimEnd().split('\n')) JSON.parse(line);
    assert.ok(!bot.errors.includes(IDENTITY.CODE_KEY));
  });
});

describe('commands on one data folder', () => {
  it('wait for each other', async () => {
    const folder = new Folder();

    const runs = await Promise.all(TABLES.map((table) => folder.run('import', table)));

    assert.deepEqual(
      runs.map(({ exit, err }) => (exit === 0 ? '' : err)),
      ['', '', '', ''],
    );
    assert.equal((await folder.json('export')).document.people.length, 15);
    folder.remove();
  });

  it('wait for a bot that is starting, and then speak with it', async () => {
    const folder = new Folder();
    await folder.run('import', ...TABLES.slice(1));

    const [bot, asked] = await Promise.all([StartedBot.on(folder), folder.run('ask', 'help')]);

    assert.equal(asked.exit, 0);
    await bot.stop();
    folder.remove();
  });

  it('get over a pointer that a killed bot left behind', async () => {
    const folder = await Folder.imported();
    writeFileSync(join(folder.data, 'bot.socket'), join(folder.root, 'nobody-listens'));

    const { exit } = await run(['--data', folder.data, 'ask', 'help']);

    assert.equal(exit, 0);
    folder.remove();
  });
});

/** A sign-in card of takahashi's, as if it had been posted. */
async function keepCard(dataDir: string): Promise<void> {
  const at = new Date('2026-11-25T01:00:00Z');
  const store = await openStore({ kind: 'sqlite', dataDir }, { clock: { now: () => at } });
  const card = 'card-of-takahashi' as CardId;
  const takahashi = 'takahashi' as PersonKey;
  await store.write(async (tx) => {
    const rollOut = await tx.rollOut();
    const machine = rollOut.machine('SV-OSK-03');
    assert.ok(machine);
    await tx.cards.post(
      card,
      { kind: 'person', person: takahashi },
      {
        kind: 'sign-in',
        view: 'asked',
        signIn: 'sign-in-1' as SignInId,
        machine: machine.name,
        site: { code: 'osaka-01' as SiteCode, name: '大阪支店', nameEn: 'Osaka Branch' },
        state: 'waiting',
        round: 1,
        openedBy: { key: 'yamamoto' as PersonKey, name: '山本 陽', nameEn: 'Haru Yamamoto' },
        openedAt: at,
        buttons: ['confirm-number', 'unexpected'],
      },
      at,
    );
  });
  const [item] = await store.outbox.claim(at, new Date(at.getTime() + 1), 10);
  assert.ok(item);
  const where = { conversationId: 'c', activityId: 'a', revision: 1 };
  await store.outbox.posted(item, at, where);
  await store.close();
}
