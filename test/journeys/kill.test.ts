import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MachineName } from '../../src/core/ids.ts';
import type { Audience } from '../../src/core/notice.ts';
import type { ReadTx } from '../../src/core/ports.ts';
import { findButton } from '../../src/demo/journey.ts';
import { freePort } from '../../src/demo/ports.ts';
import { createRandom } from '../../src/keys/random.ts';
import { silentLog } from '../../src/log.ts';
import { type SimulatedAzure, startSimulatedAzure } from '../../src/sim/azure.ts';
import {
  type BotAnswer,
  type SimulatedConnector,
  simUser,
  startSimulatedConnector,
} from '../../src/sim/connector.ts';
import { type Entra, startEntra } from '../../src/sim/entra.ts';
import { openStore } from '../../src/store/open.ts';
import { run, TABLES } from '../cli/command-line.ts';
import { KitClient } from '../support/kit-client.ts';
import { MADE_CODES } from '../support/made-codes.ts';
import { sampleRollOut } from '../support/sample-roll-out.ts';
import { KillableBot } from './killable-bot.ts';
import { until } from './stage.ts';

const OSAKA = 'SV-OSK-03' as MachineName;
const NAGOYA = 'SV-NGY-03' as MachineName;
const [CODE, OTHER_CODE] = MADE_CODES;
const clock = { now: () => new Date() };

describe('a bot that is killed again and again', function () {
  this.timeout(120_000);
  let root: string;
  let dataDir: string;
  let entra: Entra;
  let azure: SimulatedAzure;
  let connector: SimulatedConnector;
  let bot: KillableBot;
  let channel: string;

  before(async () => {
    root = mkdtempSync(join(tmpdir(), 'killed-'));
    dataDir = join(root, 'data');
    const imported = await run(['--data', dataDir, 'import', ...TABLES]);
    assert.equal(imported.exit, 0, imported.err);
    const tenantId = sampleRollOut.profiles[0]?.tenantId ?? '';
    entra = await startEntra({ port: 0, log: silentLog, random: createRandom(), clock });
    azure = await startSimulatedAzure({ now: clock.now, callerOf: () => undefined });
    connector = await startSimulatedConnector({
      tenantId,
      users: sampleRollOut.people.map(simUser),
    });
    bot = new KillableBot({
      ...{ dataDir, tenantId, codeKey: randomBytes(32).toString('base64') },
      ...{ port: await freePort(0), azureUrl: azure.url, entraUrl: entra.url },
    });
    connector.connectBot(`${bot.url}/api/messages`);
    await bot.start();
    for (const key of ['takahashi', 'tanaka', 'yamamoto', 'inoue', 'ito']) {
      answered(await connector.installFor(key));
    }
    const team = await connector.installInTeam('Arc', ['General'], 'ito');
    channel = team.channels.General ?? '';
  });
  after(async () => {
    await bot.stop();
    await Promise.all([connector.close(), entra.close(), azure.close()]);
    rmSync(root, { recursive: true, force: true });
  });

  it('loses nothing that it acknowledged in a sign-in that ends well', async () => {
    const kit = await enrolled(OSAKA, (enrol) => bot.survives(12, enrol));
    await bot.survives(1, message(kit, CHECK));
    await until('the alert', () => textsIn(channel).find((text) => text.includes('大阪支店')));

    await bot.survives(4, () => says('yamamoto', '大阪支店の状況は?'));
    await until('the site card', () => textsOf('yamamoto').find((text) => /0\/4/.test(text)));

    await bot.survives(8, () => says('yamamoto', `${OSAKA}を接続したい`));
    const go = await bot.survives(3, message(kit, { type: 'ready' }));
    assert.deepEqual([go.do, go.round], ['go', '1']);

    // The connector takes the card, and the bot dies before it hears so.
    const conversationId = connector.personal('takahashi');
    connector.faults.push({ on: 'post', conversationId, kept: true, answer: { hang: true } });
    const held = await bot.survives(6, message(kit, deviceCode(CODE)));
    const number = held.number ?? '';
    assert.match(number, /^\d{4}$/);
    await until('the card', () => findButton({ connector }, 'takahashi', 'unexpected'));

    await bot.survives(10, () => says('yamamoto', number));
    await message(kit, { type: 'watch', round: 1 })();
    await until('the button', () => findButton({ connector }, 'takahashi', 'show-code'));
    const shown = await bot.survives(5, () => presses('takahashi', 'show-code'));
    assert.ok(shown.includes(CODE));
    assert.ok((await presses('takahashi', 'show-code')).includes(CODE), 'shown again');

    const connected = { type: 'outcome', round: 1, result: 'connected', exit_code: 0 };
    await bot.survives(7, message(kit, connected));
    for (const person of ['yamamoto', 'takahashi']) {
      await until(`the end for ${person}`, () =>
        textsOf(person).find((text) => text.includes(OSAKA) && text.includes('接続しました')),
      );
    }
    assert.ok(!(await presses('takahashi', 'show-code')).includes(CODE), 'not after its end');
  });

  it('keeps what an engineer decided, whenever it dies', async () => {
    const kit = await enrolled(NAGOYA, (enrol) => enrol());
    await says('inoue', `${NAGOYA}を接続したい`);
    await message(kit, { type: 'ready' })();
    const held = await message(kit, deviceCode(OTHER_CODE))();
    await says('inoue', held.number ?? '');
    const { activityId, action } = await until('the button', () =>
      findButton({ connector }, 'tanaka', 'show-code'),
    );

    await bot.survives(9, () => presses('tanaka', 'decline'));

    assert.equal((await message(kit, { type: 'watch', round: 1 })()).do, 'stop');
    const late = answered(await connector.press('tanaka', activityId, action));
    assert.ok(!late.includes(OTHER_CODE));
    await until('the end', () =>
      textsOf('inoue').find((text) => text.includes(NAGOYA) && text.includes('田中')),
    );
  });

  it('has everything in its store and its chats, once, and no code in either', async () => {
    await until('an empty outbox', async () => {
      const { out } = await run(['--data', dataDir, 'doctor', '--json']);
      const store = JSON.parse(out).checks.find((one: { check: string }) => one.check === 'store');
      return /; 0 to send, 0 undeliverable/.test(store.text.en) ? true : undefined;
    });
    await bot.stop();
    const left = readdirSync(root).filter((name) => name.startsWith('arc-bot-'));
    assert.deepEqual(left, [], 'a killed bot’s socket folder goes when the next one starts');
    const store = await openStore({ kind: 'sqlite', dataDir }, { clock });
    const { rows, chain, osaka, nagoya, check, undelivered } = await store.read(async (tx) => ({
      rows: await tx.audit.list(),
      chain: await tx.audit.verify(),
      osaka: await tx.signIns.latestFor(OSAKA),
      nagoya: await tx.signIns.latestFor(NAGOYA),
      check: await tx.evidence.latestCheck(OSAKA),
      undelivered: await cardsNotDelivered(tx),
    }));
    await store.close();

    assert.ok(bot.kills >= 20, `${bot.kills} kills`);
    assert.equal(chain.brokenAt, undefined);
    assert.equal(osaka?.progress.state, 'completed');
    assert.equal(nagoya?.progress.state, 'declined');
    assert.equal(check?.diagnosis.verdict, 'down');
    assert.deepEqual(undelivered, []);
    const events = rows.filter(({ machine }) => machine === OSAKA).map(({ event }) => event);
    for (const once of [
      'machine-enrolled',
      'sign-in-opened',
      'sign-in-go',
      'sign-in-code-held',
      'sign-in-confirmed',
      'sign-in-shown',
      'sign-in-completed',
    ]) {
      assert.equal(events.filter((event) => event === once).length, 1, `${once}: ${events}`);
    }
    for (const name of readdirSync(dataDir)) {
      const bytes = readFileSync(join(dataDir, name), 'latin1');
      for (const code of [CODE, OTHER_CODE]) assert.ok(!bytes.includes(code), name);
    }
    const chats = sampleRollOut.people.map(({ key }) => connector.personal(key));
    const said = [...chats, channel].flatMap(textsIn).join('\n');
    for (const code of [CODE, OTHER_CODE]) assert.ok(!said.includes(code), 'chats');
    for (const code of [CODE, OTHER_CODE]) assert.ok(!bot.log.includes(code), 'log');
  });

  /** Enrols with a kit as an operator would write it; `how` does the request. */
  async function enrolled(
    name: MachineName,
    how: (enrol: () => Promise<void>) => Promise<void>,
  ): Promise<KitClient> {
    const out = join(root, 'kits');
    const wrote = await run(['--data', dataDir, 'kit', name, '--with-token', '--out', out]);
    assert.equal(wrote.exit, 0, wrote.err);
    const settings = readFileSync(join(out, name, 'settings.conf'), 'utf8');
    const setting = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(settings)?.[1] ?? '';
    const token = readFileSync(join(out, name, 'token'), 'utf8').trim();
    const kit = new KitClient({
      aud: setting('aud'),
      answerKeys: { current: () => setting('bot_key') },
      clock: clock as never,
      token: async () => token,
      post: (path, body, headers = {}) =>
        fetch(`${bot.url}${path}`, { method: 'POST', body, headers }),
    });
    const serial = sampleRollOut.machine(name)?.serial ?? '';
    const attempt = { id: `enrol-${name}`, ts: kit.now() };
    await how(async () => {
      const { status, text, lines } = await kit.enrol(token, { name, serial }, attempt);
      assert.ok(status === 200 || status === 202, text);
      assert.ok(kit.kid === lines.kid);
    });
    return kit;
  }

  /** One message of a kit: sent again, it has the same id and payload and the next seq. */
  function message(kit: KitClient, payload: Record<string, unknown>) {
    const raw = kit.payload(payload);
    const id = kit.newId();
    return async (): Promise<Readonly<Record<string, string>>> => {
      const { status, text, lines } = await kit.sendRaw(raw, { id });
      assert.ok(status === 200 || status === 202, text);
      return lines;
    };
  }

  async function says(person: string, text: string): Promise<void> {
    answered(await connector.say(person, text));
  }

  /** Presses the newest such button in someone's chat; what comes back is what they alone see. */
  async function presses(person: string, button: string): Promise<string> {
    const found = findButton({ connector }, person, button);
    if (!found) return `no ${button}`;
    return answered(await connector.press(person, found.activityId, found.action));
  }

  function textsOf(person: string): string[] {
    return textsIn(connector.personal(person));
  }

  function textsIn(conversationId: string): string[] {
    return connector.messages(conversationId).map(({ activity }) => JSON.stringify(activity));
  }

  /** Cards whose newest version is in no chat. */
  async function cardsNotDelivered(tx: ReadTx): Promise<string[]> {
    const chats = sampleRollOut.people.map(({ key }) => ({
      audience: { kind: 'person', person: key } as Audience,
      place: connector.personal(key),
    }));
    const missing: string[] = [];
    for (const { audience, place } of [
      ...chats,
      { audience: { kind: 'channel' } as Audience, place: channel },
    ]) {
      const ids = new Set(connector.messages(place).map(({ id }) => id));
      for (const card of await tx.cards.list(audience)) {
        const isThere = card.activityId !== undefined && ids.has(card.activityId);
        if (isThere && card.postedRevision === card.revision) continue;
        missing.push(`${card.notice.kind} ${card.revision} for ${place}`);
      }
    }
    return missing;
  }
});

function answered({ status, body }: BotAnswer): string {
  assert.ok(status >= 200 && status < 300, `${status}`);
  return JSON.stringify(body ?? '');
}

const CHECK = {
  type: 'network-check',
  text_b64: Buffer.from(
    readFileSync(
      new URL('../corpus/cases/sample-check-fail-dead-proxy-2023-09.txt', import.meta.url),
    ),
  ).toString('base64'),
};

function deviceCode(code: string) {
  const text = `To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code ${code} to authenticate.`;
  return { type: 'device-code', round: 1, text_b64: Buffer.from(text).toString('base64') };
}
