import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KitReport } from '../../src/core/kit-request.ts';
import type { KitAnswer } from '../../src/core/ports.ts';
import type { Site } from '../../src/core/roll-out.ts';
import { confirmSuccessor } from '../../src/flows/successor.ts';
import { type SimulatedAzure, startSimulatedAzure } from '../../src/sim/azure.ts';
import { type Entra, startEntra } from '../../src/sim/entra.ts';
import { DoorWorld, OSAKA, PROFILE, STAFF, SV1 } from '../support/door-world.ts';
import { columns, KitServer, type Ran } from '../support/kit-world.ts';

const SITE: Site = {
  ...OSAKA,
  proxyUrl: 'http://proxy-w.corp.example:8080',
  subnet: '10.34.0.0/24',
};
const BASE: Site = { ...SITE, kind: 'base', proxyUrl: 'http://proxy-e.corp.example:8080' };
const TABLE = /^ENDPOINT +\|REACHABLE +\|PRIVATE/m;
const NUMBER_WORD = '照合番号';

type Script = Partial<Record<'ready' | 'watch' | 'deviceCode' | 'outcome', Answerer>>;
type Answerer = (report: KitReport & { text?: { text: string } }) => KitAnswer | Promise<KitAnswer>;

describe('onboard.sh against the bot', function () {
  this.timeout(60_000);
  let world: DoorWorld;
  let entra: Entra;
  let azure: SimulatedAzure;
  let server: KitServer;
  const reports: (KitReport & { text?: { text: string } })[] = [];

  before(async () => {
    const clock = { now: () => new Date() };
    entra = await startEntra({
      ...{ port: 0, log: quiet, random: testRandom, clock },
      intervalSeconds: 1,
    });
    azure = await startSimulatedAzure({
      now: clock.now,
      callerOf: (token) => entra.accountOf(token),
    });
  });
  after(async () => {
    await entra.close();
    await azure.close();
  });
  beforeEach(async () => {
    reports.length = 0;
    azure.fleet.machines.clear();
    entra.refuseWith(undefined);
    world = await DoorWorld.start();
    Object.assign(world.clock, { now: () => new Date() });
  });
  afterEach(async () => {
    server?.remove();
    await world.stop();
  });

  async function layOut(
    changes: Partial<Parameters<typeof KitServer.layOut>[0]> = {},
  ): Promise<KitServer> {
    server = await KitServer.layOut({
      machine: SV1,
      site: SITE,
      profile: PROFILE,
      bot: { url: world.url, aud: world.aud, botKey: world.answerKeys.current() },
      ...(changes.token === undefined && { token: await world.token() }),
      entraUrl: entra.url,
      azureUrl: azure.url,
      ...changes,
    });
    return server;
  }

  async function prepared(
    changes: Partial<Parameters<typeof KitServer.layOut>[0]> = {},
  ): Promise<KitServer> {
    const kit = await layOut(changes);
    const ran = await kit.run('prepare');
    assert.equal(ran.code, 0, ran.screen);
    return kit;
  }

  function script(answers: Script): void {
    const fallbacks: Record<string, KitAnswer> = {
      ready: { status: 202, do: 'go', round: 1 },
      watch: { status: 202, do: 'ok' },
      deviceCode: { status: 202, do: 'ok', round: 1, number: '4821' },
      outcome: { status: 202, do: 'ok' },
    };
    for (const name of ['ready', 'watch', 'deviceCode', 'outcome'] as const) {
      const handler = async (_tx: unknown, { payload }: { payload: KitReport }) => {
        reports.push(payload);
        return (await answers[name]?.(payload)) ?? fallbacks[name];
      };
      Object.assign(world.handlers, { [name]: handler });
    }
  }

  const types = (): string[] => reports.map(({ type }) => type);
  const outcomes = () => reports.filter((report) => report.type === 'outcome');

  describe('prepare', () => {
    it('enrols with the token, deletes it, and sets the proxies of agent, AMA and MDE', async () => {
      const kit = await layOut();

      const { code, screen } = await kit.run('prepare');

      assert.equal(code, 0, screen);
      assertGoodScreen(screen);
      const key = await world.store.read((tx) => tx.kits.activeKeyOf(SV1.name));
      assert.equal(key?.kid, kit.state('key/kid').trim());
      assert.equal(key?.vmUuid, kit.folder.vmUuid);
      assert.equal(existsSync(join(kit.folder.kit, 'token')), false);
      assert.match(kit.agentState('config'), /^proxy\.url=http:\/\/proxy-w\.corp\.example:8080$/m);
      assert.match(kit.agentState('config'), /^proxy\.bypass=Arc$/m);
      assert.match(
        kit.agentState('config'),
        /^extensions\.allowlist=.*MDE\.Linux,.*AzureMonitorLinuxAgent$/m,
      );
      const etc = (path: string): string => readFileSync(join(kit.root, 'root/etc', path), 'utf8');
      assert.match(
        etc('opt/microsoft/mdatp/managed/mdatp_managed.json'),
        /"proxy":"http:\/\/proxy-w/,
      );
      assert.match(
        etc('systemd/system/azuremonitor-coreagent.service.d/proxy.conf'),
        /http_proxy=http:/,
      );
    });

    it('keeps its keys for nobody else and nothing secret in its settings', async () => {
      const token = await world.token();
      const kit = await prepared({ token });

      const modes = ['key/key.pem', 'key/seq', 'key/kid'].map(
        (name) => statSync(join(kit.folder.state, name)).mode & 0o777,
      );

      assert.deepEqual(modes, [0o600, 0o600, 0o600]);
      assert.equal(statSync(kit.folder.state).mode & 0o777, 0o700);
      for (const [path, text] of kit.files()) assert.equal(text.includes(token), false, path);
    });

    it('corrects its clock by a signed answer, and only then', async () => {
      Object.assign(world.clock, { now: () => new Date(Date.now() + 7_200_000) });
      const kit = await layOut();

      const { code, screen } = await kit.run('prepare');

      assert.equal(code, 0, screen);
      assert.match(screen, /^K-19 .*7200|^K-19 .*7199|^K-19 .*7201/m);
      const offset = Number(kit.state('clock-offset'));
      assert.ok(Math.abs(offset - 7200) < 5, `offset ${offset}`);
    });

    it('asks for the token when there is no file, and never shows it', async () => {
      const token = await world.token();
      const kit = await layOut({ token: '' });

      const { code, screen } = await kit.run('prepare', { stdin: `${token}\n` });

      assert.equal(code, 0, screen);
      assert.match(screen, /^K-34 /m);
      assert.equal(screen.includes(token), false);
    });

    it('refuses a token file that others can read', async () => {
      const kit = await layOut({ token: '' });
      writeFileSync(join(kit.folder.kit, 'token'), `${await world.token()}\n`, { mode: 0o644 });

      const { code, screen } = await kit.run('prepare');

      assert.equal(code, 2);
      assert.match(screen, /^K-03 .*token/m);
    });

    it('refuses the kit of another server, a connected image, MDE, AMA and a copied key', async () => {
      const other = await layOut({ settings: 'serial=ZZ-9\n' });
      assert.equal((await other.run('prepare')).code, 4);
      other.remove();

      for (const [path, code] of [
        ['root/opt/microsoft/mdatp', 'K-31'],
        ['root/opt/microsoft/azuremonitoragent', 'K-32'],
      ] as const) {
        const image = await layOut();
        mkdirSync(join(image.root, path), { recursive: true });
        const ran = await image.run('prepare');
        assert.equal(ran.code, 4);
        assert.match(ran.screen, new RegExp(`^${code} `, 'm'));
        image.remove();
      }

      const connected = await layOut();
      writeFileSync(join(connected.root, 'agent/connected'), 'id=/subscriptions/x\n');
      assert.match((await connected.run('prepare')).screen, /^K-30 /m);
      connected.remove();

      const copied = await layOut();
      writeFileSync(join(copied.folder.state, 'machine'), 'SV-OTHER-01 SER-1 uuid\n');
      assert.match((await copied.run('prepare')).screen, /^K-33 /m);
      assert.equal(await world.store.read((tx) => tx.kits.activeKeyOf(SV1.name)), undefined);
    });

    it('can be run again: enrolled stays enrolled', async () => {
      const kit = await prepared();
      const kid = kit.state('key/kid');

      const again = await kit.run('prepare');

      assert.equal(again.code, 0, again.screen);
      assert.match(again.screen, /^K-40 /m);
      assert.equal(kit.state('key/kid'), kid);
    });

    it('says so when the token is not taken', async () => {
      const kit = await layOut({ token: 'A'.repeat(22) });

      const { code, screen } = await kit.run('prepare');

      assert.equal(code, 6);
      assert.match(screen, /^K-38 /m);
    });

    it('installs only a package whose size and SHA-256 are those of the settings', async () => {
      const kit = await layOut({
        settings: `azcmagent=/nonexistent/azcmagent
agent_package=agent.rpm
agent_package_size=5
agent_package_sha256=${'0'.repeat(64)}
`,
      });
      kit.write('agent.rpm', 'wrong');

      const { code, screen } = await kit.run('prepare');

      assert.equal(code, 4);
      assert.match(screen, /^K-41 /m);
    });
  });

  describe('check', () => {
    it('reports the table and its own probes, and shows what was reached', async () => {
      const texts: string[] = [];
      Object.assign(world.deps, { diagnose: diagnoseInto(texts, 'healthy') });
      const kit = await prepared();

      const { code, screen } = await kit.run('check');

      assert.equal(code, 0, screen);
      assertGoodScreen(screen);
      assert.match(texts[0] ?? '', TABLE);
      assert.match(
        texts[0] ?? '',
        /^PROBE name=BOT host=127\.0\.0\.1 port=\d+ via=direct dns=ok tcp=ok tls=skip detail=/m,
      );
      assert.match(screen, /^K-54 .*healthy/m);
      const kept = await world.store.read((tx) => tx.evidence.latestCheck(SV1.name));
      assert.equal(kept?.diagnosis.verdict, 'healthy');
    });

    it('names what was not reached, also of AMA and MDE, and ends with 7', async () => {
      const texts: string[] = [];
      Object.assign(world.deps, { diagnose: diagnoseInto(texts, 'blocked') });
      const kit = await prepared({ behaviour: { network: 'dead-proxy' } });
      kit.setting('probe=AMA unreachable.invalid 443 direct');
      kit.setting('probe=MDE 127.0.0.1 1 direct');

      const { code, screen } = await kit.run('check');

      assert.equal(code, 7, screen);
      assert.match(screen, /^K-52 .*https:\/\/login\.microsoftonline\.com$/m);
      assert.match(
        texts[0] ?? '',
        /^PROBE name=AMA host=unreachable\.invalid port=443 via=direct dns=fail tcp=skip tls=skip /m,
      );
      assert.match(
        texts[0] ?? '',
        /^PROBE name=MDE host=127\.0\.0\.1 port=1 via=direct dns=ok tcp=fail tls=skip /m,
      );
      assert.match(screen, /^K-53 .*unreachable\.invalid$/m);
    });

    it('keeps the result while the bot is away, only the newest, and report sends it later', async () => {
      const texts: string[] = [];
      Object.assign(world.deps, { diagnose: diagnoseInto(texts, 'healthy') });
      const kit = await prepared();
      const bot = world.url;
      kit.setting('bot_url=http://127.0.0.1:1');

      const first = await kit.run('check');
      await kit.run('check');
      const waiting = kit.spooled();
      kit.setting(`bot_url=${bot}`);
      const sent = await kit.run('report');

      assert.equal(first.code, 5, first.screen);
      assert.match(first.screen, /^K-11 /m);
      assert.match(first.screen, /^K-55 /m);
      assert.equal(waiting.length, 1);
      assert.equal(sent.code, 0, sent.screen);
      assert.match(sent.screen, /^K-95 .*1/m);
      assert.deepEqual(kit.spooled(), []);
      assert.equal(texts.filter((text) => TABLE.test(text)).length, 1);
    });
  });

  describe('connect', () => {
    it('relays the code, shows the number once and nothing of the code, and connects', async () => {
      let code = '';
      const seen: string[] = [];
      let waits = 2;
      script({
        ready: () =>
          waits-- > 0 ? { status: 202, do: 'wait' } : { status: 202, do: 'go', round: 1 },
        deviceCode: (report) => {
          code = codeIn(report.text?.text ?? '');
          seen.push(...processesOf(server.root));
          setTimeout(() => void typeCode(entra, code), 1500);
          return { status: 202, do: 'ok', round: 1, number: '4821' };
        },
      });
      const kit = await prepared({ behaviour: { promptNewline: false } });

      const ran = await kit.run('connect', {
        onScreen: () => seen.push(...processesOf(server.root)),
      });

      assert.equal(ran.code, 0, ran.screen);
      assertGoodScreen(ran.screen);
      assert.equal(code.length, 9);
      assert.match(ran.screen, /^K-60 .*「SV-OSK-01を接続したい」$/m);
      assert.match(ran.screen, /^K-63 照合番号: 4821$/m);
      assert.equal(ran.screen.split('\n').filter((line) => line.includes(NUMBER_WORD)).length, 1);
      assert.match(ran.screen, /^K-66 /m);
      assert.equal(ran.screen.includes(code), false);
      assert.ok(seen.length > 0);
      for (const process of seen) assert.equal(process.includes(code), false);
      for (const [path, text] of kit.files()) {
        assert.equal(text.includes(code), false, path);
        assert.equal(text.includes(Buffer.from(code).toString('base64').slice(0, 10)), false, path);
      }
      const [outcome] = outcomes();
      assert.equal(outcome?.result, 'connected');
      assert.equal(outcome?.exitCode, 0);
      assert.match(outcome?.text?.text ?? '', /Connected machine to Azure/);
      assert.equal((outcome?.text?.text ?? '').includes(code), false);
      const machine = [...azure.fleet.machines.values()][0];
      assert.equal(machine?.name, SV1.name);
      assert.equal(machine?.properties.vmUuid, kit.folder.vmUuid);
      assert.ok(types().filter((type) => type === 'watch').length >= 2);
      assert.match(kit.agentState('connected'), /^tenant=11111111-/m);
    });

    it('keeps the code out of every file while it waits', async () => {
      let code = '';
      let files = new Map<string, string>();
      script({
        deviceCode: (report) => {
          code = codeIn(report.text?.text ?? '');
          return { status: 202, do: 'ok', round: 1, number: '0042' };
        },
        watch: () => {
          if (code !== '' && files.size === 0) files = server.files();
          return files.size > 0 ? { status: 202, do: 'stop' } : { status: 202, do: 'ok' };
        },
      });
      const kit = await prepared();

      const ran = await kit.run('connect');

      assert.equal(ran.code, 6, ran.screen);
      assert.match(ran.screen, /^K-63 照合番号: 0042$/m);
      assert.ok(files.size > 5);
      for (const [path, text] of files) assert.equal(text.includes(code), false, path);
    });

    it('starts over with a new number when told to renew', async () => {
      let rounds = 0;
      const codes: string[] = [];
      script({
        ready: () => {
          rounds += 1;
          return { status: 202, do: 'go', round: rounds };
        },
        deviceCode: (report) => {
          codes.push(codeIn(report.text?.text ?? ''));
          if (rounds === 2) setTimeout(() => void typeCode(entra, codes[1] ?? ''), 200);
          return { status: 202, do: 'ok', round: rounds, number: `100${rounds}` };
        },
        watch: () => ({ status: 202, do: rounds === 1 && codes.length === 1 ? 'renew' : 'ok' }),
      });
      const kit = await prepared();

      const ran = await kit.run('connect');

      assert.equal(ran.code, 0, ran.screen);
      assert.match(ran.screen, /^K-63 照合番号: 1001$[\s\S]*^K-68 [\s\S]*^K-63 照合番号: 1002$/m);
      assert.notEqual(codes[0], codes[1]);
      assert.deepEqual(
        outcomes().map(({ round, result }) => [round, result]),
        [[2, 'connected']],
      );
    });

    it('stops azcmagent at once when told to stop, and reports that', async () => {
      script({
        watch: () => ({
          ...{ status: 202, do: 'stop' },
          ja: 'サインインは取り消されました。照合番号は使えません。',
          en: 'The sign-in was declined.',
        }),
      });
      const kit = await prepared();

      const ran = await kit.run('connect');

      assert.equal(ran.code, 6, ran.screen);
      assert.match(ran.screen, /^K-20 /m);
      assert.match(ran.screen, /^K-21 /m);
      assert.ok(ran.screen.split('\n').filter((line) => line.includes(NUMBER_WORD)).length <= 1);
      assert.deepEqual(processesOf(kit.root), []);
      assert.equal(outcomes()[0]?.result, 'stopped');
    });

    it('reports a declined sign-in with the exit code and without the code', async () => {
      let code = '';
      script({
        deviceCode: (report) => {
          code = codeIn(report.text?.text ?? '');
          setTimeout(() => void typeCode(entra, code, 'cancel'), 200);
          return { status: 202, do: 'ok', round: 1, number: '4821' };
        },
      });
      const kit = await prepared();

      const ran = await kit.run('connect');

      assert.equal(ran.code, 9, ran.screen);
      assert.match(ran.screen, /^K-67 .*AZCM0041/m);
      const [outcome] = outcomes();
      assert.equal(outcome?.exitCode, 41);
      assert.match(outcome?.text?.text ?? '', /AZCM0041/);
      assert.equal((outcome?.text?.text ?? '').includes(code), false);
    });

    it('never shows a code where the network test of azcmagent fails', async () => {
      script({});
      const kit = await prepared({ behaviour: { network: 'dead-proxy' } });

      const ran = await kit.run('connect');

      assert.equal(ran.code, 9, ran.screen);
      assert.match(ran.screen, /^K-67 .*AZCM0026/m);
      assert.deepEqual(types().includes('device-code'), false);
      assert.match(outcomes()[0]?.text?.text ?? '', /required endpoints unavailable/);
    });

    it('gives the code up when the bot does not take it, and asks for the next round', async () => {
      let tries = 0;
      let ready = 0;
      script({
        ready: () => {
          ready += 1;
          return ready > 1 ? { status: 202, do: 'stop' } : { status: 202, do: 'go', round: 1 };
        },
        deviceCode: () => {
          tries += 1;
          throw new Error('the store is away');
        },
      });
      const kit = await prepared();

      const ran = await kit.run('connect');

      assert.match(ran.screen, /^K-69 /m);
      assert.equal(tries, 2);
      assert.equal(ready, 2);
      assert.deepEqual(kit.spooled(), []);
      assert.equal(ran.screen.includes(NUMBER_WORD), false);
    });

    it('gives up after ready_minutes and says how to begin again', async () => {
      script({ ready: () => ({ status: 202, do: 'wait' }) });
      const kit = await prepared({ overrides: { readyMinutes: 0 } });

      const ran = await kit.run('connect');

      assert.equal(ran.code, 8, ran.screen);
      assert.match(ran.screen, /^K-61 /m);
    });

    it('tells the bot when it is interrupted, and leaves no azcmagent behind', async () => {
      script({});
      const kit = await prepared();

      const ran = await kit.run('connect', {
        onScreen: (screen, stop) => {
          if (/^K-63 /m.test(screen)) stop('SIGTERM');
        },
      });

      assert.equal(ran.code, 130, ran.screen);
      assert.match(ran.screen, /^K-09 /m);
      assert.equal(outcomes()[0]?.result, 'stopped');
      assert.deepEqual(processesOf(kit.root), []);
    });

    it('ends the azcmagent of a kit that was killed before it begins anything else', async () => {
      script({});
      const kit = await prepared();
      const killed = await kit.run('connect', {
        onScreen: (screen, stop) => {
          if (/^K-63 /m.test(screen)) stop('SIGKILL');
        },
      });
      const left = processesOf(kit.root).length;

      await kit.run('check');

      assert.equal(killed.code, null);
      assert.ok(left > 0);
      assert.deepEqual(processesOf(kit.root), []);
      for (const [path, text] of kit.files()) assert.doesNotMatch(text, /enter the code/, path);
    });

    it('takes no proxy from its environment', async () => {
      script({ watch: () => ({ status: 202, do: 'stop' }) });
      const kit = await prepared();
      const dead = 'http://127.0.0.1:1';

      const { code } = await kit.run('connect', {
        env: { http_proxy: dead, HTTPS_PROXY: dead, ALL_PROXY: dead },
      });

      assert.equal(code, 6);
    });

    it('runs one step at a time', async () => {
      let second: Promise<Ran> | undefined;
      script({
        ready: () => {
          second ??= server.run('check');
          return { status: 202, do: 'wait' };
        },
      });
      const kit = await prepared({ settings: 'ready_minutes=0\n' });
      kit.setting('ready_minutes=1');

      const first = await kit.run('connect', {
        onScreen: (screen, stop) => {
          if (/^K-60 /m.test(screen)) void second?.then(() => stop('SIGTERM'));
        },
      });

      assert.equal(first.code, 130);
      const ran = await second;
      assert.equal(ran?.code, 75);
      assert.match(ran?.screen ?? '', /^K-06 /m);
    });

    it('speaks English where the settings say so, whatever the locale', async () => {
      script({
        deviceCode: () => ({ status: 202, do: 'ok', round: 1, number: '4821' }),
        watch: () => ({ status: 202, do: 'stop', en: 'Stopped by the lead.', ja: '停止' }),
      });
      const kit = await prepared({ language: 'en' });

      const ran = await kit.run('connect', { env: { LANG: 'ja_JP.UTF-8' } });

      assert.match(ran.screen, /^K-63 Match number: 4821$|^K-20 Bot: Stopped by the lead\.$/m);
      assert.equal(/[^\x20-\x7e\n]/.test(ran.screen), false);
    });
  });

  describe('arrive', () => {
    it('replaces the key after its number was sent, switches the proxies and says what changed', async () => {
      Object.assign(world.deps, { diagnose: diagnoseInto([], 'healthy') });
      const kit = await prepared({ base: BASE });
      const before = kit.state('key/kid');
      assert.match(kit.agentState('config'), /^proxy\.url=http:\/\/proxy-e/m);
      await world.store.write((tx) =>
        tx.evidence.mark(SV1.name, {
          shippedAt: new Date(Date.now() + 1),
          arrivedAt: new Date(Date.now() + 2),
        }),
      );
      let sent: Promise<string> | undefined;

      const ran = await kit.run('arrive', {
        onScreen: (screen) => {
          const number = /^K-63 照合番号: (\d{4})$/m.exec(screen)?.[1];
          if (number === undefined || sent !== undefined) return;
          sent = world.store.write((tx) =>
            confirmSuccessor(tx, world.deps, { machine: SV1, number, by: STAFF }),
          );
        },
      });

      assert.equal(ran.code, 0, ran.screen);
      assert.equal(await sent, 'right');
      assertGoodScreen(ran.screen);
      assert.match(ran.screen, /^K-82 /m);
      assert.match(
        ran.screen,
        /^K-84 proxy\.url .*proxy-e[\s\S]*^K-45 proxy\.url = http:\/\/proxy-w/m,
      );
      assert.match(ran.screen, /^K-85 proxy\.bypass/m);
      assert.notEqual(kit.state('key/kid'), before);
      assert.deepEqual(
        readdirSync(kit.folder.state).filter((name) => name.startsWith('key')),
        ['key'],
      );
      const active = await world.store.read((tx) => tx.kits.activeKeyOf(SV1.name));
      assert.equal(active?.kid, kit.state('key/kid').trim());
    });
  });

  describe('what it believes', () => {
    it('refuses a bot address without TLS that is not this machine', async () => {
      const kit = await layOut({ settings: 'bot_url=http://bot.corp.example\n' });

      const { code, screen } = await kit.run('prepare');

      assert.equal(code, 2);
      assert.match(screen, /^K-22 /m);
    });

    it('reads its settings as data: nothing in them is executed', async () => {
      const kit = await layOut({
        settings: 'proxy_url=http://x$(touch PWNED).example\ntags=A=`touch PWNED`\n',
      });

      const { code, screen } = await kit.run('prepare');

      assert.equal(code, 2);
      assert.match(screen, /^K-03 .*proxy_url/m);
      assert.equal(existsSync('PWNED') || existsSync(join(kit.folder.kit, 'PWNED')), false);
    });

    it('takes the renewed key of the bot from a signed answer and goes on with it', async () => {
      Object.assign(world.deps, { diagnose: diagnoseInto([], 'healthy') });
      const kit = await prepared();
      const renewed = await world.answerKeys.rotate(new Date());

      const first = await kit.run('check');
      const second = await kit.run('check');
      const third = await kit.run('check');

      assert.match(first.screen, /^K-23 /m);
      assert.equal(kit.state('bot-key').trim(), renewed);
      for (const { code } of [first, second, third]) assert.equal(code, 0);
      const key = await world.store.read((tx) => tx.kits.activeKeyOf(SV1.name));
      assert.equal(key?.botKey, renewed);
    });

    it('tells in one screen how things stand, and in a few lines for the chat', async () => {
      const kit = await prepared();

      const screen = await kit.run('status');
      const text = await kit.run('status', { args: ['--text'] });

      assertGoodScreen(screen.screen);
      assert.match(text.screen, /^SV-OSK-01 \(osaka-01\)\nkey: enrolled\nagent: Disconnected /);
    });
  });
});

describe('the kit as text', () => {
  const kit = join(import.meta.dirname, '../../kit');

  it('passes shellcheck', function () {
    try {
      execFileSync('shellcheck', ['--version'], { stdio: 'ignore' });
    } catch {
      process.stderr.write('    shellcheck is not installed: onboard.sh was not checked\n');
      this.skip();
    }

    for (const name of ['onboard.sh', 'door.sh']) {
      execFileSync('shellcheck', [join(kit, name)], { stdio: 'pipe' });
    }
    execFileSync('shellcheck', [join(kit, '../src/sim/azcmagent/azcmagent')], { stdio: 'pipe' });
  }).timeout(30_000);

  it('has at most 600 lines a script, none too wide to review', () => {
    for (const name of ['onboard.sh', 'door.sh']) {
      const lines = readFileSync(join(kit, name), 'utf8').split('\n');
      assert.ok(lines.length <= 600, `${name} has ${lines.length} lines`);
      for (const line of lines) assert.ok(line.length <= 160, `${name}: ${line}`);
    }
  });
});

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const testRandom = {
  id: () => Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url'),
  digits: (count: number) => '7'.repeat(count),
};

function diagnoseInto(texts: string[], verdict: 'healthy' | 'blocked') {
  return (text: string) => {
    texts.push(text);
    const diagnosis = {
      kind: 'check',
      verdict,
      endpoints: [],
      findings: [],
      errors: [],
      facts: {},
    };
    return { diagnosis, codeRemoved: false, cleaned: text };
  };
}

function codeIn(text: string): string {
  return /enter the code ([A-Z0-9]{9}) to authenticate/.exec(text)?.[1] ?? '';
}

async function typeCode(entra: Entra, code: string, answer = 'continue'): Promise<void> {
  await fetch(`${entra.url}/devicelogin`, {
    method: 'POST',
    body: new URLSearchParams({ code, answer }),
  });
}

/** Arguments and environment of every process that has this folder among its arguments. */
function processesOf(folder: string): string[] {
  const read = (pid: string, name: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, 'latin1');
    } catch {
      return '';
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => `${read(pid, 'cmdline')}\n${read(pid, 'environ')}`)
    .filter((text) => text.includes(folder));
}

function assertGoodScreen(screen: string): void {
  for (const line of screen.trimEnd().split('\n')) {
    assert.match(line, /^K-\d{2} /, `no step code: ${line}`);
    assert.ok(columns(line) <= 80, `wider than 80 columns: ${line}`);
  }
}
