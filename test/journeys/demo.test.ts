import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { typeCode } from '../../src/demo/journey.ts';
import { Stage, until } from './stage.ts';

const BIN = fileURLToPath(new URL('../../bin/arc-onboarding-bot.js', import.meta.url));
const OSAKA = 'SV-OSK-03';
const FUKUOKA = 'SV-FUK-03';

describe('demo --once', function () {
  this.timeout(70_000);

  it('plays a whole journey within 60 s, tells it, and ends with 0', async () => {
    const root = mkdtempSync(join(tmpdir(), 'demo-once-'));
    const data = join(root, 'data');
    const before = performance.now();

    const child = spawn(process.execPath, [BIN, 'demo', '--once', '--data', data], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { LANG: 'ja_JP.UTF-8', PATH: process.env.PATH, TMPDIR: root },
    });
    let out = '';
    let addresses: unknown;
    child.stdout.on('data', (part) => {
      out += part;
      const file = join(data, 'demo.json');
      if (existsSync(file)) addresses = JSON.parse(readFileSync(file, 'utf8'));
    });
    const exit = await new Promise((resolve) => child.on('close', resolve));

    assert.equal(exit, 0, out);
    assert.ok(performance.now() - before < 60_000);
    assert.deepEqual(Object.keys(addresses ?? {}), ['bot', 'azure', 'entra', 'connector']);
    assert.match(out, /SV-NGY-03 の画面に照合番号 \d{4}/);
    assert.match(out, /SV-NGY-03 が Azure に現れ/);
    assert.match(readFileSync(join(data, 'consoles/SV-NGY-03.log'), 'utf8'), /照合番号: \d{4}$/m);
    assert.deepEqual(readdirSync(root), ['data'], 'nothing else is left behind');
    rmSync(root, { recursive: true });
  });
});

describe('the three journeys', function () {
  this.timeout(60_000);
  let stage: Stage;
  before(async () => {
    stage = await Stage.open([OSAKA, FUKUOKA]);
  });
  after(() => stage.close());

  it('answers a question about a site with its card', async () => {
    const answer = await stage.ask('yamamoto', '大阪支店の状況は?');

    assert.equal(answer.intent, 'site-status');
    assert.match(answer.text, /大阪支店/);
    assert.match(answer.text, new RegExp(`${OSAKA} +ネットワーク確認済み`));
    assert.match(JSON.stringify(answer.card), /大阪支店/);
  });

  it('has told the channel of a failed check, with its cause and who must act', async () => {
    const cards = await stage.inbox('--channel');

    const [fukuoka, ...more] = cards.filter(({ text }) => /福岡支店/.test(text));
    assert.ok(fukuoka);
    assert.deepEqual(more, [], 'one card per problem');
    assert.match(fukuoka.text, /proxy\.bypass|バイパス|bypass/i);
    assert.match(fukuoka.text, /エンジニア/);
    assert.ok(fukuoka.buttons.some(({ id }) => id === 'acknowledge'));
  });

  it('lets an engineer acknowledge that card, by name', async () => {
    const card = (await stage.inbox('--channel')).find(({ text }) => /福岡支店/.test(text));
    assert.ok(card);

    const pressed = await stage.press('watanabe', card.card, 'acknowledge');

    assert.equal(pressed.exit, 0, pressed.text);
    await until('the edit', async () =>
      (await stage.inbox('--channel')).find(
        ({ card: id, text }) => id === card.card && text.includes('渡辺'),
      ),
    );
  });

  it('ends a sign-in that the engineer declines, and tells its opener', async () => {
    await stage.ask('yamamoto', `${OSAKA}を接続したい`);
    await stage.number(OSAKA);
    const { card } = await stage.cardWith('takahashi', OSAKA, 'decline');

    const declined = await stage.press('takahashi', card, 'decline');

    assert.equal(declined.exit, 0, declined.text);
    await stage.cardSaying('yamamoto', OSAKA, /高橋|お断り|断/);
    assert.equal(await stateOf(OSAKA), 'declined');
  });

  it('relays a code to one person alone, hands it over, and connects the server', async () => {
    const before = await stage.number(OSAKA);
    const opened = await stage.ask('yamamoto', `${OSAKA}を接続したい`);
    assert.equal(opened.intent, 'start-sign-in');
    const first = await stage.number(OSAKA, before);

    // Without the number there is no button; a wrong one is refused, and only the opener's counts.
    const takahashis = await stage.cardWith('takahashi', OSAKA, 'unexpected');
    assert.ok(!takahashis.buttons.some(({ id }) => id === 'show-code'));
    assert.equal((await stage.press('takahashi', takahashis.card, 'show-code')).exit, 1);
    const own = await stage.cardWith('yamamoto', OSAKA, 'confirm-number');
    const wrong = first === '0000' ? '1111' : '0000';
    assert.equal((await stage.press('yamamoto', own.card, 'confirm-number', wrong)).exit, 1);
    const stranger = await stage.ask('kobayashi', first);
    assert.doesNotMatch(stranger.text, new RegExp(OSAKA));
    assert.equal((await stage.press('yamamoto', own.card, 'confirm-number', first)).exit, 0);

    // Nobody but the addressee may press, the deputy and the lead included.
    const shown = await stage.cardWith('takahashi', OSAKA, 'show-code');
    for (const other of ['tanaka', 'ito', 'yamamoto', 'morgan']) {
      const refused = await stage.press(other, shown.card, 'show-code');
      assert.equal(refused.exit, 1, other);
      assert.deepEqual(Object.keys(refused), ['exit', 'text']);
    }
    const superseded = await stage.code('takahashi', OSAKA);
    const again = await stage.code('takahashi', OSAKA);
    assert.equal(again, superseded, 'show again, the same code');

    const handed = await stage.press('takahashi', shown.card, 'hand-over');
    assert.equal(handed.exit, 0, handed.text);
    const second = await stage.number(OSAKA, before, first);
    await stage.ask('yamamoto', second);
    const code = await stage.code('tanaka', OSAKA);
    assert.notEqual(code, superseded);
    assert.equal((await stage.press('takahashi', shown.card, 'show-code')).exit, 1);

    await typeCode(stage.world.addresses.entra, code);
    await until('the end', async () => ((await stateOf(OSAKA)) === 'completed' ? true : undefined));
    await until('the server in Azure', async () => {
      const { text } = await stage.ask('yamamoto', '大阪支店の状況は?');
      return /SV-OSK-03 +(Azureに接続済み|拡張機能)/.test(text) ? true : undefined;
    });
    for (const person of ['yamamoto', 'tanaka']) {
      await stage.cardSaying(person, OSAKA, /接続(しました|済み|されました|できました)/);
    }
    const { card } = await stage.cardSaying('tanaka', OSAKA, /接続/);
    assert.equal((await stage.press('tanaka', card, 'show-code')).exit, 1);
  });

  it('stops a server whose sign-in nobody expected, until its engineer lifts that', async () => {
    const kobayashis = await stage.ask('kobayashi', `${FUKUOKA}を接続したい`);
    assert.equal(kobayashis.intent, 'start-sign-in');
    const before = await stage.number(FUKUOKA);
    const { card } = await stage.cardWith('watanabe', FUKUOKA, 'unexpected');

    const burned = await stage.press('watanabe', card, 'unexpected');

    assert.equal(burned.exit, 0, burned.text);
    assert.equal(await stateOf(FUKUOKA), 'burned');
    const evidence = await stage.world.app.store.read((tx) => tx.evidence.of(FUKUOKA as never));
    assert.ok(evidence.quarantined);
    await until('the alert', async () =>
      (await stage.inbox('--channel')).find(
        ({ text }) => text.includes(FUKUOKA) && /身に覚え|受付を停止/.test(text),
      ),
    );
    const refused = await stage.ask('kobayashi', `${FUKUOKA}を接続したい`);
    assert.match(refused.text, /停止/);

    const lifted = await stage.ask('watanabe', `${FUKUOKA}の受付を再開 理由: 本人に電話で確認`);
    assert.doesNotMatch(lifted.text, /できませんでした/, lifted.text);
    await stage.ask('kobayashi', `${FUKUOKA}を接続したい`);
    await stage.ask('kobayashi', await stage.number(FUKUOKA, before));
    await typeCode(stage.world.addresses.entra, await stage.code('watanabe', FUKUOKA));
    await until('the end', async () =>
      (await stateOf(FUKUOKA)) === 'completed' ? true : undefined,
    );
  });

  it('left no code anywhere: not on a screen, in a file, a log, a chat or an inbox', async () => {
    assert.equal(stage.codes.size, 3);
    for (const machine of [OSAKA, FUKUOKA]) {
      await until(`the end of ${machine}'s kit`, () =>
        stage.world.servers.server(machine)?.step === 'connected' ? true : undefined,
      );
    }
    for await (const [what, text] of stage.traces()) {
      for (const code of stage.codes) assert.ok(!text.includes(code), what);
    }
  });

  it('kept a trail of who did what, whose chain holds', async () => {
    const { rows, chain } = await stage.world.app.store.read(async (tx) => ({
      rows: await tx.audit.list(),
      chain: await tx.audit.verify(),
    }));

    assert.equal(chain.brokenAt, undefined);
    const shown = rows.filter(({ event }) => /shown|reveal/.test(event));
    assert.deepEqual(
      shown.map(({ by, machine }) => `${by} ${machine}`),
      [`takahashi ${OSAKA}`, `takahashi ${OSAKA}`, `tanaka ${OSAKA}`, `watanabe ${FUKUOKA}`],
    );
  });

  async function stateOf(machine: string): Promise<string | undefined> {
    const signIn = await stage.world.app.store.read((tx) => tx.signIns.latestFor(machine as never));
    return signIn?.progress.state;
  }
});
