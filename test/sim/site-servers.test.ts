import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kitFiles } from '../../src/kit/write-kit.ts';
import { startSimulatedAzure } from '../../src/sim/azure.ts';
import { startEntra } from '../../src/sim/entra.ts';
import { startSiteServers } from '../../src/sim/site-servers.ts';
import { DoorWorld, OSAKA, PROFILE, SV1, SV2 } from '../support/door-world.ts';
import { columns } from '../support/kit-world.ts';

const EMPTY = { kind: 'check', endpoints: [], findings: [], errors: [], facts: {} };

describe('simulated site servers', function () {
  this.timeout(40_000);

  it('run the real kit to connect, repair a lost bypass, and stop without a trace', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'site-servers-'));
    const world = await DoorWorld.start();
    const now = (): Date => new Date();
    Object.assign(world.clock, { now });
    const entra = await startEntra({
      ...{ port: 0, log: world.log, random: world.random, clock: { now } },
      intervalSeconds: 1,
    });
    const azure = await startSimulatedAzure({ now, callerOf: (token) => entra.accountOf(token) });
    const profile = {
      ...PROFILE,
      privateLinkScopeId:
        '/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/rg-arc/providers/Microsoft.HybridCompute/privateLinkScopes/pls',
    };
    const site = { ...OSAKA, proxyUrl: 'http://proxy-w.corp.example:8080' };
    const bot = { url: world.url, aud: world.aud, botKey: world.answerKeys.current() };
    const failed: string[] = [];
    const arrived: string[] = [];
    let isOpen = false;
    Object.assign(world.deps, {
      diagnose: (text: string) => ({
        diagnosis: { ...EMPTY, verdict: /\|false +\|true/.test(text) ? 'blocked' : 'healthy' },
        codeRemoved: false,
        cleaned: text,
      }),
    });
    Object.assign(world.handlers, {
      ready: async () =>
        isOpen ? { status: 202, do: 'go', round: 1 } : { status: 202, do: 'wait' },
      deviceCode: async (_tx: unknown, { payload }: { payload: { text: { text: string } } }) => {
        const code = /enter the code ([A-Z0-9]{9})/.exec(payload.text.text)?.[1] ?? '';
        const form = new URLSearchParams({ code });
        void fetch(`${entra.url}/devicelogin`, { method: 'POST', body: form });
        return { status: 202, do: 'ok', round: 1, number: '4821' };
      },
    });

    const servers = await startSiteServers({
      servers: [
        { machine: SV1, site, profile, behaviour: { promptNewline: false } },
        { machine: SV2, site, profile, behaviour: { bypassLost: true } },
      ],
      azureUrl: azure.url,
      entraUrl: entra.url,
      kitFilesFor: async (machine) =>
        kitFiles({
          ...{ machine, site, profile, bot, language: 'ja' },
          withToken: await world.token(machine),
        }),
      workDir: join(folder, 'work'),
      consolesDir: join(folder, 'consoles'),
      language: 'ja',
      log: world.log,
      onPrepared: async ({ name }) => void arrived.push(name),
      onCheckFailed: async ({ name }) => void failed.push(name),
      overrides: { readyEvery: 0.5, watchEvery: 1 },
    });
    try {
      await servers.ready;
      isOpen = true;
      await until(() => servers.server(SV1.name)?.step === 'connected');
      await until(() => servers.server(SV2.name)?.step === 'connected');

      assert.deepEqual(arrived.sort(), [SV1.name, SV2.name]);
      assert.deepEqual(failed, [SV2.name]);
      assert.equal(azure.fleet.machines.size, 2);
      for (const { name } of [SV1, SV2]) {
        const path = join(folder, 'consoles', `${name}.log`);
        assert.equal(statSync(path).mode & 0o777, 0o600);
        const screen = readFileSync(path, 'utf8');
        assert.match(screen, /^K-63 照合番号: 4821$/m);
        assert.equal(screen.split('照合番号').length, 2);
        for (const line of screen.trimEnd().split('\n')) assert.ok(columns(line) <= 80, line);
      }
      assert.match(await (servers.server(SV2.name)?.screen() ?? ''), /^K-52 .*gbl\.his\.arc/m);
    } finally {
      await servers.stop();
      await Promise.all([world.stop(), entra.close(), azure.close()]);
      rmSync(folder, { recursive: true });
    }
    assert.deepEqual(processesNaming(folder), []);
  });

  it('stop in the middle of connect without leaving a process behind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'site-servers-'));
    const world = await DoorWorld.start();
    Object.assign(world.clock, { now: () => new Date() });
    const bot = { url: world.url, aud: world.aud, botKey: world.answerKeys.current() };
    const servers = await startSiteServers({
      servers: [{ machine: SV1, site: OSAKA, profile: PROFILE, behaviour: {} }],
      azureUrl: 'http://127.0.0.1:9',
      entraUrl: 'http://127.0.0.1:9',
      kitFilesFor: async (machine) =>
        kitFiles({
          ...{ machine, site: OSAKA, profile: PROFILE, bot },
          withToken: await world.token(machine),
        }),
      workDir: join(folder, 'work'),
      consolesDir: join(folder, 'consoles'),
      language: 'ja',
      log: world.log,
      overrides: { readyEvery: 0.5 },
    });
    await servers.ready.catch(() => undefined);

    await servers.stop();

    assert.deepEqual(processesNaming(folder), []);
    await world.stop();
    rmSync(folder, { recursive: true });
  });
});

async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; tries < 300 && !isTrue(); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.ok(isTrue(), 'it did not happen in time');
}

function processesNaming(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    })
    .filter((line) => line.includes(folder));
}
