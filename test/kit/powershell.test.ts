import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Site } from '../../src/core/roll-out.ts';
import { confirmSuccessor } from '../../src/flows/successor.ts';
import { type SimulatedAzure, startSimulatedAzure } from '../../src/sim/azure.ts';
import { type Entra, startEntra } from '../../src/sim/entra.ts';
import { DoorWorld, OSAKA, PROFILE, STAFF, SV1 } from '../support/door-world.ts';
import {
  assertGoodScreen,
  codeIn,
  diagnoseAs,
  playScene,
  processesOf,
  QUIET,
  TEST_RANDOM,
  typeCode,
} from '../support/kit-scenes.ts';
import { closed, listenProxy, listenTls, selfSigned } from '../support/on-the-way.ts';
import { findPowerShell, needPowerShell, notRun } from '../support/powershell-host/powershell.ts';
import { PowerShellKit } from '../support/powershell-host/powershell-kit.ts';

const SITE: Site = {
  ...OSAKA,
  proxyUrl: 'http://proxy-w.corp.example:8080',
  subnet: '10.34.0.0/24',
};
const BASE: Site = { ...SITE, kind: 'base', proxyUrl: 'http://proxy-e.corp.example:8080' };
const NUMBER_WORD = '照合番号';
const DATA_COLLECTION = 'root/registry/SOFTWARE/Policies/Microsoft/Windows/DataCollection';
const powerShell = findPowerShell();

describe(`Onboard.ps1 against the bot${notRun(powerShell)}`, function () {
  this.timeout(60_000);
  let world: DoorWorld;
  let entra: Entra;
  let azure: SimulatedAzure;
  let kit: PowerShellKit;

  type Changes = Partial<Parameters<typeof PowerShellKit.layOut>[1]>;

  async function layOut(changes: Changes = {}): Promise<PowerShellKit> {
    kit?.remove();
    kit = await PowerShellKit.layOut(powerShell, {
      machine: SV1,
      site: SITE,
      profile: PROFILE,
      bot: { url: world.url, aud: world.aud, botKey: world.answerKeys.current() },
      ...(changes.token === undefined && { token: await world.token() }),
      entraUrl: entra.url,
      azureUrl: azure.url,
      ...changes,
    });
    return kit;
  }

  async function prepared(changes: Changes = {}): Promise<PowerShellKit> {
    const made = await layOut(changes);
    const ran = await made.run('prepare');
    assert.equal(ran.code, 0, ran.screen);
    return made;
  }

  const inRoot = (path: string): string => {
    const whole = join(kit.server.root, path);
    return existsSync(whole) ? readFileSync(whole, 'utf8') : '';
  };
  const put = (path: string, text: string): void => {
    mkdirSync(join(kit.server.root, path, '..'), { recursive: true });
    writeFileSync(join(kit.server.root, path), text);
  };

  before(async function () {
    needPowerShell(powerShell, this);
    const clock = { now: () => new Date() };
    entra = await startEntra({
      ...{ port: 0, log: QUIET, random: TEST_RANDOM, clock },
      intervalSeconds: 1,
    });
    azure = await startSimulatedAzure({
      now: clock.now,
      callerOf: (token) => entra.accountOf(token),
    });
  });
  after(async () => {
    await entra?.close();
    await azure?.close();
  });

  async function freshWorld(): Promise<void> {
    world = await DoorWorld.start();
    Object.assign(world.clock, { now: () => new Date() });
  }
  async function endWorld(): Promise<void> {
    kit?.remove();
    await world.stop();
  }

  describe('prepare', () => {
    beforeEach(freshWorld);
    afterEach(endWorld);

    it('enrols with signatures as .NET makes them, and sets the proxies of agent and MDE', async () => {
      const token = await world.token();
      await layOut({ token });

      const { code, screen } = await kit.run('prepare');

      assert.equal(code, 0, screen);
      assertGoodScreen(screen);
      const key = await world.store.read((tx) => tx.kits.activeKeyOf(SV1.name));
      assert.equal(key?.alg, 'es256-p1363');
      assert.equal(key?.kid, kit.server.state('key/kid').trim());
      assert.equal(key?.vmUuid, kit.server.folder.vmUuid);
      assert.match(kit.server.agentState('config'), /^proxy\.url=http:\/\/proxy-w\.corp/m);
      assert.match(kit.server.agentState('config'), /^proxy\.bypass=Arc$/m);
      assert.match(kit.server.agentState('config'), /^extensions\.allowlist=.*MDE\.Windows,/m);
      assert.equal(inRoot(`${DATA_COLLECTION}/TelemetryProxyServer`), 'proxy-w.corp.example:8080');
      assert.equal(inRoot(`${DATA_COLLECTION}/DisableEnterpriseAuthProxy`), '1');
      assert.match(screen, /^K-27 .*proxy-w/m);
      for (const [path, text] of kit.server.files()) assert.ok(!text.includes(token), path);
      for (const name of ['key/key', 'key/seq', 'key/kid', 'bot-key', 'machine']) {
        assert.equal(statSync(join(kit.server.folder.state, name)).mode & 0o777, 0o600, name);
      }
      assert.equal(statSync(kit.server.folder.state).mode & 0o777, 0o700);
    });

    it('corrects its clock by a signed answer, asks for the token, and may be run again', async () => {
      Object.assign(world.clock, { now: () => new Date(Date.now() + 7_200_000) });
      const token = await world.token();
      await layOut({ token: '' });

      const { code, screen } = await kit.run('prepare', { stdin: `${token}\n` });
      const kid = kit.server.state('key/kid');
      const again = await kit.run('prepare');

      assert.equal(code, 0, screen);
      assert.match(screen, /^K-34 /m);
      assert.ok(!screen.includes(token));
      assert.match(screen, /^K-19 .*(7199|7200|7201)/m);
      assert.ok(Math.abs(Number(kit.server.state('clock-offset')) - 7200) < 5);
      assert.equal(again.code, 0, again.screen);
      assert.match(again.screen, /^K-40 /m);
      assert.equal(kit.server.state('key/kid'), kid);
    });

    it('refuses the kit of another server, a connected image, MDE, AMA and a copied key', async () => {
      const refused = async (code: string, spoil: () => void, changes: Changes = {}) => {
        await layOut(changes);
        spoil();
        const ran = await kit.run('prepare');
        assert.equal(ran.code, 4, ran.screen);
        assert.match(ran.screen, new RegExp(`^${code} `, 'm'));
      };
      const status = 'root/registry/SOFTWARE/Microsoft/Windows Advanced Threat Protection/Status';
      const ama = 'root/Packages/Plugins/Microsoft.Azure.Monitor.AzureMonitorWindowsAgent/1/x';

      await refused('K-08', () => undefined, { settings: 'serial=ZZ-9\n' });
      await refused('K-31', () => put(`${status}/OnboardingState`, '1'));
      await refused('K-32', () => put(ama, ''));
      await refused('K-30', () => put('agent/connected', 'id=/subscriptions/x\n'));
      await refused('K-33', () => put('state/machine', 'SV-OTHER-01 SER-1 uuid\n'));

      assert.equal(await world.store.read((tx) => tx.kits.activeKeyOf(SV1.name)), undefined);
    });

    it('says so when the token is not taken, and leaves a policy for MDE alone', async () => {
      await layOut({ token: 'A'.repeat(22) });
      const unknown = await kit.run('prepare');
      await layOut();
      put(`${DATA_COLLECTION}/TelemetryProxyServer`, 'policy.corp.example:3128');
      const managed = await kit.run('prepare');

      assert.equal(unknown.code, 6);
      assert.match(unknown.screen, /^K-38 /m);
      assert.equal(managed.code, 0, managed.screen);
      assert.match(managed.screen, /^K-48 /m);
      assert.equal(inRoot(`${DATA_COLLECTION}/TelemetryProxyServer`), 'policy.corp.example:3128');
    });

    it('installs only a package whose size and SHA-256 are those of the settings', async () => {
      await layOut({
        settings: `azcmagent=/nonexistent/azcmagent
agent_package=agent.msi
agent_package_size=5
agent_package_sha256=${'0'.repeat(64)}
`,
      });
      kit.server.write('agent.msi', 'wrong');

      const { code, screen } = await kit.run('prepare');

      assert.equal(code, 4);
      assert.match(screen, /^K-41 .*agent\.msi/m);
    });

    it('refuses settings that have not their form, http, and a verb it does not know', async () => {
      for (const [settings, code] of [
        ['proxy_url=http://x$(touch PWNED).example\n', 'K-03'],
        ['tags=A="$(1)"\n', 'K-03'],
        ['bot_url=http://bot.corp.example\n', 'K-22'],
      ] as const) {
        await layOut({ settings });
        const ran = await kit.run('prepare');
        assert.equal(ran.code, 2, ran.screen);
        assert.match(ran.screen, new RegExp(`^${code} `, 'm'));
      }
      await layOut();
      const unknown = await kit.run('connect; x');

      assert.equal(unknown.code, 2);
      assert.match(unknown.screen, /^K-07 /m);
      assert.ok(!existsSync('PWNED'));
    });
  });

  describe('check and report', () => {
    const certificate = selfSigned('Example Inspection CA');
    let refusing: Awaited<ReturnType<typeof listenProxy>>;
    let inspecting: Awaited<ReturnType<typeof listenTls>>;
    before(async () => {
      await freshWorld();
      await prepared();
      refusing = await listenProxy('407 Proxy Authentication Required');
      inspecting = await listenTls(certificate);
    });
    after(async () => {
      for (const server of [refusing?.server, inspecting?.server]) await closed(server);
      await endWorld();
    });

    it('reports the table and its own probes, shows what was missed and keeps the newest', async () => {
      const texts = diagnoseAs(world, 'healthy');

      const healthy = await kit.run('check');
      const behaviour = inRoot('agent/behaviour.json');
      put('agent/behaviour.json', behaviour.replace('"healthy"', '"dead-proxy"'));
      kit.server.setting(`probe_proxy=${refusing.url}`);
      kit.server.setting(`probe=AMA localhost ${inspecting.port} direct`);
      kit.server.setting('probe=AMA unreachable.invalid 443 direct');
      kit.server.setting('probe=MDE 127.0.0.1 1 direct');
      kit.server.setting('probe=MDE endpoint.example 443 proxy');
      const broken = await kit.run('check');

      assert.equal(healthy.code, 0, healthy.screen);
      assertGoodScreen(healthy.screen);
      assert.match(texts[0] ?? '', /^ENDPOINT +\|REACHABLE +\|PRIVATE/m);
      assert.match(
        texts[0] ?? '',
        /^PROBE name=BOT host=127\.0\.0\.1 port=\d+ via=direct dns=ok tcp=ok tls=skip /m,
      );
      assert.match(healthy.screen, /^K-54 .*healthy/m);
      assert.equal(broken.code, 7, broken.screen);
      assert.match(broken.screen, /^K-52 .*https:\/\/login\.microsoftonline\.com$/m);
      for (const line of [
        /^PROBE name=AMA host=unreachable\.invalid port=443 via=direct dns=fail tcp=skip tls=skip detail=curl 6, connect 000/m,
        /^PROBE name=MDE host=127\.0\.0\.1 port=1 via=direct dns=ok tcp=fail tls=skip detail=curl 7, connect 000/m,
        /^PROBE name=MDE host=endpoint\.example port=443 via=proxy dns=skip tcp=fail tls=skip detail=curl 56, connect 407/m,
        /^PROBE name=AMA host=localhost port=\d+ via=direct dns=ok tcp=ok tls=fail detail=curl (51|60), connect 000, http 000, issuer .*Example Inspection CA/m,
      ]) {
        assert.match(texts[1] ?? '', line);
      }
      assert.match(broken.screen, /^K-53 .*unreachable\.invalid$/m);
      put('agent/behaviour.json', behaviour);
    });

    it('keeps the result while the bot is away, only the newest, and report sends it later', async () => {
      const texts = diagnoseAs(world, 'healthy');
      kit.server.setting('bot_url=http://127.0.0.1:1');

      const first = await kit.run('check');
      await kit.run('check');
      const waiting = kit.server.spooled();
      kit.server.setting(`bot_url=${world.url}`);
      const sent = await kit.run('report');

      assert.equal(first.code, 7, first.screen);
      assert.match(first.screen, /^K-11 /m);
      assert.match(first.screen, /^K-55 /m);
      assert.equal(waiting.length, 1);
      assert.equal(sent.code, 0, sent.screen);
      assert.match(sent.screen, /^K-95 .*1/m);
      assert.deepEqual(kit.server.spooled(), []);
      assert.equal(texts.filter((text) => /^ENDPOINT /m.test(text)).length, 1);
    });

    it('keeps 1 MB at most, and what is newest', async () => {
      kit.server.setting('bot_url=http://127.0.0.1:1');
      for (let number = 1; number <= 25; number += 1) {
        const name = `0000000000${String(number).padStart(2, '0')}-outcome-${number}`;
        put(`state/spool/${name}`, 'x'.repeat(50_000));
      }

      await kit.run('check');

      const kept = kit.server.spooled();
      const bytes = kept.map((name) => inRoot(`state/spool/${name}`).length);
      assert.ok(bytes.reduce((sum, size) => sum + size, 0) <= 1_048_576);
      assert.ok(kept.length >= 20);
      assert.match(kept.at(-1) ?? '', /network-check/);
      assert.ok(!kept.includes('000000000001-outcome-1'));
      for (const name of kept) rmSync(join(kit.server.folder.state, 'spool', name));
      kit.server.setting(`bot_url=${world.url}`);
    });

    it('tells a proxy that refuses, a certificate nobody knows and a missing name apart', async () => {
      const before = readFileSync(join(kit.server.folder.kit, 'settings.conf'), 'utf8');
      const said = async (...settings: string[]): Promise<string> => {
        kit.server.write('settings.conf', `${before}${settings.join('\n')}\n`);
        const ran = await kit.run('report');
        assert.equal(ran.code, 5, ran.screen);
        return ran.screen;
      };
      const inspected = await listenTls(certificate);
      const away = await listenProxy('503 Service Unavailable');
      const locked = await listenProxy('407 Proxy Authentication Required');

      const screens = [
        await said('bot_url=https://bot.corp.example', `proxy_url=${away.url}`),
        await said('bot_url=https://bot.corp.example', `proxy_url=${locked.url}`),
        await said(`bot_url=https://127.0.0.1:${inspected.port}`),
        await said('bot_url=https://bot.invalid', 'bot_via=direct'),
      ];

      kit.server.write('settings.conf', before);
      for (const server of [inspected.server, away.server, locked.server]) await closed(server);
      for (const [index, line] of [/^K-15 .*503/m, /^K-14 /m, /^K-13 /m, /^K-10 /m].entries()) {
        assert.match(screens[index] ?? '', line);
      }
    });

    it('says no more of an unexpected error than its kind and line', async () => {
      const seq = kit.server.state('key/seq');
      put('state/key/seq', 'what was being worked on');

      const { code, screen } = await kit.run('report');

      put('state/key/seq', seq);
      assert.equal(code, 1, screen);
      assert.match(screen, /^K-26 .*\(\w+Exception, Door\.ps1:\d+\)$/m);
      assert.ok(!screen.includes('worked on'));
    });

    it('tells in one screen how things stand, and in a few lines for the chat', async () => {
      const screen = await kit.run('status');
      const text = await kit.run('status', { args: ['-Text'] });
      const asOnLinux = await kit.run('status', { args: ['--text'] });

      assertGoodScreen(screen.screen);
      assert.match(text.screen, /^SV-OSK-01 \(osaka-01\)\nkey: enrolled\nagent: Disconnected /);
      assert.equal(asOnLinux.screen, text.screen);
    });

    it('takes the renewed key of the bot from a signed answer and goes on with it', async () => {
      const renewed = await world.answerKeys.rotate(new Date());

      const first = await kit.run('report');
      const second = await kit.run('report');

      assert.match(first.screen, /^K-23 /m);
      assert.equal(kit.server.state('bot-key').trim(), renewed);
      assert.deepEqual([first.code, second.code], [0, 0]);
      const key = await world.store.read((tx) => tx.kits.activeKeyOf(SV1.name));
      assert.equal(key?.botKey, renewed);
    });
  });

  describe('connect', () => {
    before(async () => {
      await freshWorld();
      await prepared({ behaviour: { promptNewline: false } });
    });
    after(endWorld);
    beforeEach(() => azure.fleet.machines.clear());
    afterEach(() => rmSync(join(kit.server.root, 'agent/connected'), { force: true }));

    it('relays the code, shows the number once and nothing of the code, and connects', async () => {
      let code = '';
      let waits = 1;
      const seen: string[] = [];
      let files = new Map<string, string>();
      const reports = playScene(world, {
        ready: () =>
          waits-- > 0 ? { status: 202, do: 'wait' } : { status: 202, do: 'go', round: 1 },
        deviceCode: (report) => {
          code = codeIn(report.text?.text ?? '');
          seen.push(...processesOf(kit.server.root));
          return { status: 202, do: 'ok', round: 1, number: '4821' };
        },
        watch: () => {
          if (code !== '' && files.size === 0) {
            files = kit.server.files();
            void typeCode(entra, code);
          }
          return { status: 202, do: 'ok' };
        },
      });

      const ran = await kit.run('connect');

      assert.equal(ran.code, 0, ran.screen);
      assertGoodScreen(ran.screen);
      assert.equal(code.length, 9);
      assert.match(ran.screen, /^K-60 .*「SV-OSK-01を接続したい」$/m);
      assert.match(ran.screen, /^K-63 照合番号: 4821$/m);
      assert.equal(ran.screen.split('\n').filter((line) => line.includes(NUMBER_WORD)).length, 1);
      assert.match(ran.screen, /^K-66 /m);
      assert.ok(!ran.screen.includes(code));
      assert.ok(seen.length > 0);
      for (const process of seen) assert.ok(!process.includes(code));
      assert.ok(files.size > 5);
      for (const [path, text] of [...files, ...kit.server.files()]) {
        assert.ok(!text.includes(code), path);
        assert.ok(!text.includes(Buffer.from(code).toString('base64').slice(0, 10)), path);
      }
      const outcome = reports.find(({ type }) => type === 'outcome');
      assert.equal(outcome?.type === 'outcome' && outcome.result, 'connected');
      assert.match(outcome?.text?.text ?? '', /Connected machine to Azure/);
      assert.ok(!(outcome?.text?.text ?? '').includes(code));
      const machine = [...azure.fleet.machines.values()][0];
      assert.equal(machine?.properties.vmUuid, kit.server.folder.vmUuid);
    });

    it('starts over with a new number when told to renew, and ends when declined', async () => {
      let rounds = 0;
      const codes: string[] = [];
      const reports = playScene(world, {
        ready: () => {
          rounds += 1;
          return { status: 202, do: 'go', round: rounds };
        },
        deviceCode: (report) => {
          codes.push(codeIn(report.text?.text ?? ''));
          if (rounds === 2) void typeCode(entra, codes[1] ?? '', 'cancel');
          return { status: 202, do: 'ok', round: rounds, number: `100${rounds}` };
        },
        watch: () => ({ status: 202, do: rounds === 1 && codes.length === 1 ? 'renew' : 'ok' }),
      });

      const ran = await kit.run('connect');

      assert.equal(ran.code, 9, ran.screen);
      assert.match(ran.screen, /^K-63 .*1001$[\s\S]*^K-68 [\s\S]*^K-63 .*1002$/m);
      assert.match(ran.screen, /^K-67 .*AZCM0041/m);
      assert.notEqual(codes[0], codes[1]);
      const outcomes = reports.flatMap((one) => (one.type === 'outcome' ? [one] : []));
      assert.deepEqual(
        outcomes.map(({ round, result, exitCode }) => [round, result, exitCode]),
        [[2, 'failed', 41]],
      );
      for (const code of codes) assert.ok(!(outcomes[0]?.text?.text ?? '').includes(code));
    });

    it('stops azcmagent at once when told to stop, and names the number nowhere else', async () => {
      const reports = playScene(world, {
        watch: () => ({
          ...{ status: 202, do: 'stop' },
          ja: 'サインインは取り消されました。照合番号は使えません。',
          en: 'The sign-in was declined.',
        }),
      });

      const ran = await kit.run('connect');

      assert.equal(ran.code, 6, ran.screen);
      assert.match(ran.screen, /^K-20 .*番号は使えません。\nK-21 /m);
      assert.ok(ran.screen.split('\n').filter((line) => line.includes(NUMBER_WORD)).length <= 1);
      assert.deepEqual(processesOf(kit.server.root), []);
      const outcome = reports.find(({ type }) => type === 'outcome');
      assert.equal(outcome?.type === 'outcome' && outcome.result, 'stopped');
    });

    it('gives the code up when the bot does not take it, and never keeps it', async () => {
      let ready = 0;
      let tries = 0;
      playScene(world, {
        ready: () => {
          ready += 1;
          return ready > 1 ? { status: 202, do: 'stop' } : { status: 202, do: 'go', round: 1 };
        },
        deviceCode: () => {
          tries += 1;
          throw new Error('the store is away');
        },
      });

      const ran = await kit.run('connect');

      assert.match(ran.screen, /^K-69 /m);
      assert.deepEqual([tries, ready], [2, 2]);
      assert.deepEqual(kit.server.spooled(), []);
      assert.ok(!ran.screen.includes(NUMBER_WORD));
    });

    it('tells the bot when Ctrl+C interrupts it, runs alone, and leaves no azcmagent', async () => {
      const reports = playScene(world, {});
      let second: ReturnType<PowerShellKit['run']> | undefined;

      const ran = await kit.run('connect', {
        onScreen: (screen, stop) => {
          if (second !== undefined || !/^K-63 /m.test(screen)) return;
          second = kit.run('check');
          void second.then(() => stop('SIGINT'));
        },
      });

      const other = await second;
      assert.equal(other?.code, 75, other?.screen);
      assert.match(other?.screen ?? '', /^K-06 /m);
      assert.equal(ran.code, 130, ran.screen);
      assert.match(ran.screen, /^K-09 /m);
      const outcome = reports.find(({ type }) => type === 'outcome');
      assert.equal(outcome?.type === 'outcome' && outcome.result, 'stopped');
      assert.deepEqual(processesOf(kit.server.root), []);
    });

    it('ends the azcmagent of a kit that was killed before it begins anything else', async () => {
      diagnoseAs(world, 'healthy');
      playScene(world, {});
      await kit.run('connect', {
        onScreen: (screen, stop) => {
          if (/^K-63 /m.test(screen)) stop('SIGKILL');
        },
      });
      const left = processesOf(kit.server.root).length;

      await kit.run('check');

      assert.ok(left > 0);
      assert.deepEqual(processesOf(kit.server.root), []);
    });

    it('gives up after ready_minutes and says how to begin again', async () => {
      playScene(world, { ready: () => ({ status: 202, do: 'wait' }) });
      kit.server.setting('ready_minutes=0');

      const ran = await kit.run('connect');

      kit.server.setting('ready_minutes=1');
      assert.equal(ran.code, 8, ran.screen);
      assert.match(ran.screen, /^K-61 /m);
    });

    it('takes no proxy from its environment and speaks English where the settings say so', async () => {
      playScene(world, {
        watch: () => ({ status: 202, do: 'stop', en: 'Stopped by the lead.', ja: '停止' }),
      });
      const dead = 'http://127.0.0.1:1';
      kit.server.setting('language=en');

      const ran = await kit.run('connect', {
        env: { http_proxy: dead, HTTPS_PROXY: dead, ALL_PROXY: dead, LANG: 'ja_JP.UTF-8' },
      });

      assert.equal(ran.code, 6, ran.screen);
      assert.match(ran.screen, /^K-20 Bot: Stopped by the lead\.$/m);
      assert.ok(!/[^\x20-\x7e\n]/.test(ran.screen), ran.screen);
    });
  });

  describe('arrive', () => {
    before(freshWorld);
    after(endWorld);

    it('replaces the key after its number was sent, and switches the proxies', async () => {
      diagnoseAs(world, 'healthy');
      await prepared({ base: BASE });
      const before = kit.server.state('key/kid');
      assert.match(kit.server.agentState('config'), /^proxy\.url=http:\/\/proxy-e/m);
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
      assert.match(ran.screen, /^K-84 proxy\.url .*proxy-e[\s\S]*^K-45 proxy\.url = .*proxy-w/m);
      assert.match(ran.screen, /^K-85 proxy\.bypass/m);
      assert.equal(inRoot(`${DATA_COLLECTION}/TelemetryProxyServer`), 'proxy-w.corp.example:8080');
      assert.notEqual(kit.server.state('key/kid'), before);
      const active = await world.store.read((tx) => tx.kits.activeKeyOf(SV1.name));
      assert.equal(active?.kid, kit.server.state('key/kid').trim());
      assert.equal(existsSync(join(kit.server.folder.state, 'key.old')), false);
      assert.equal(existsSync(join(kit.server.folder.state, 'key.next')), false);
    });
  });
});
