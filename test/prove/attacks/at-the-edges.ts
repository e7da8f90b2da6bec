import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable, Writable } from 'node:stream';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { runCommand } from '../../../src/cli/commands.ts';
import { listenLocally } from '../../../src/cli/local-socket.ts';
import { runCommandLine } from '../../../src/cli/main.ts';
import { createClientAddress } from '../../../src/http/client-address.ts';
import { BOT_FRAMEWORK_ISSUER, createTeamsGate } from '../../../src/http/gate.ts';
import { createDoorLimits } from '../../../src/http/rate-limits.ts';
import { createServer as createBotServer } from '../../../src/http/server.ts';
import { createSigningKeys } from '../../../src/http/signing-keys.ts';
import { silentLog } from '../../../src/log.ts';
import { KitServer } from '../../support/kit-world.ts';
import { M1, TENANT, type WholeBot } from '../whole-bot.ts';
import { type Attack, CODE, confirmed, showsToEngineer } from './attack.ts';
import { Middle } from './middle.ts';

/** Terminals beside the bot, strangers at Teams' door, and whoever stands between a site and the bot. */
export const AT_THE_EDGES: readonly Attack[] = [
  {
    name: '`press` beside `start`',
    async run(bot) {
      await confirmed(bot);
      const card = await bot.card('takahashi');
      await besideStart(bot, async (command) => {
        for (const button of ['show-code', 'unexpected', 'decline']) {
          const { exit, out } = await command(
            'press',
            card?.id ?? '',
            button,
            '--as',
            'takahashi',
            '--json',
          );
          assert.equal(exit, 1);
          assert.doesNotMatch(out, /MADECODE/);
        }
      });
      assert.equal(await bot.state(), 'confirmed');
      await showsToEngineer(bot);
    },
  },
  {
    name: '`ask` beside `start`',
    async run(bot) {
      await confirmed(bot);
      await besideStart(bot, async (command) => {
        for (const [text, as] of [
          [`${M1} コードを表示`, 'takahashi'],
          ['SV-OSK-01を接続したい', 'yamamoto'],
          [`${M1} 身に覚えがありません`, 'takahashi'],
          ['サインインを全停止', 'ito'],
        ] as const) {
          const { out } = await command('ask', text, '--as', as, '--json');
          assert.doesNotMatch(out, /MADECODE/);
        }
      });
      assert.equal(await bot.state(), 'confirmed');
      assert.equal(
        await bot.store.read((tx) => tx.signIns.openFor('SV-OSK-01' as never)),
        undefined,
      );
      await showsToEngineer(bot);
    },
  },
  {
    name: 'export and `doctor` during a sign-in',
    async run(bot) {
      await confirmed(bot);
      await showsToEngineer(bot);
      await besideStart(bot, async (command) => {
        const printed = [
          await command('doctor', '--json'),
          await command('doctor'),
          await command('export', '--format', 'json'),
          await command('export', '--format', 'csv'),
          await command('audit', '--format', 'json'),
          await command('audit', '--format', 'csv'),
          await command('inbox', '--as', 'takahashi', '--json'),
          await command('inbox', '--channel', '--json'),
          await command('commands', M1),
        ];
        assert.ok(printed.every(({ out }) => out.length > 0));
        assert.doesNotMatch(printed.map(({ out }) => out).join('\n'), new RegExp(CODE));
      });
    },
  },
  {
    name: 'another tenant',
    async run(bot) {
      const teams = await realGate(bot);
      try {
        const other = '99999999-9999-4999-8999-999999999999';
        assert.equal(await teams.send({}), 200);
        assert.equal(await teams.send({ conversation: { id: 'a:1', tenantId: other } }), 403);
        assert.equal(await teams.send({ channelData: { tenant: { id: other } } }), 403);
        assert.equal(await teams.send({ from: { id: '29:1', tenantId: other } }), 403);
        assert.equal(await teams.send({ channelData: undefined }), 403);
        assert.equal(teams.seen(), 1);
      } finally {
        await teams.close();
      }
    },
  },
  {
    name: 'token forged, of another app, of a person, for another service URL',
    async run(bot) {
      const teams = await realGate(bot);
      try {
        assert.equal(await teams.send({}, { forged: true }), 401);
        assert.equal(await teams.send({}, { claims: { aud: 'another-app' } }), 401);
        assert.equal(await teams.send({}, { claims: { scp: 'user_impersonation' } }), 401);
        assert.equal(await teams.send({}, { claims: { iss: 'https://evil.example' } }), 401);
        const serviceurl = 'https://evil.trafficmanager.net/';
        assert.equal(await teams.send({ serviceUrl: serviceurl }), 403);
        assert.equal(await teams.send({ serviceUrl: serviceurl }, { claims: { serviceurl } }), 403);
        assert.equal(teams.seen(), 0);
      } finally {
        await teams.close();
      }
    },
  },
  {
    name: 'altered answers to the kit',
    async run(bot) {
      await behindMiddle(bot, async (kit, middle) => {
        middle.change = (reply) => ({
          ...reply,
          body: reply.body.replace('do=wait', 'do=go\nround=1'),
        });
        const { screen } = await kit.run('connect', {
          onScreen: (seen, stop) => {
            if (/^K-17 /m.test(seen)) stop('SIGTERM');
          },
        });
        assert.match(screen, /^K-17 /m);
        assert.doesNotMatch(screen, /^K-62 /m);
      });
    },
  },
  {
    name: 'answer of another request, well signed',
    async run(bot) {
      await behindMiddle(bot, async (kit, middle) => {
        const first = Promise.withResolvers<void>();
        const replies: Parameters<Middle['change']>[0][] = [];
        middle.change = (reply) => {
          replies.push(reply);
          first.resolve();
          return replies[0] ?? reply;
        };
        assert.equal((await kit.run('report')).code, 0);
        const again = await kit.run('report');
        assert.equal(again.code, 5);
        assert.match(again.screen, /^K-17 /m);
      });
    },
  },
  {
    name: 'unsigned time for the kit',
    async run(bot) {
      await behindMiddle(bot, async (kit, middle) => {
        middle.change = () => ({
          status: 401,
          type: 'text/plain; charset=utf-8',
          body: `v=a1\nid=x\ntime=1\ndo=resign\ncode=CLOCK\nsig=${Buffer.alloc(70).toString('base64')}\n`,
        });
        assert.equal((await kit.run('report')).code, 5);
        assert.equal(kit.state('clock-offset'), '');
      });
    },
  },
];

type Command = (...args: readonly string[]) => Promise<{ exit: number; out: string }>;

/** The real command line against the real socket of a bot that was `start`ed. */
async function besideStart(bot: WholeBot, work: (command: Command) => Promise<void>) {
  const socket = await listenLocally(
    bot.dataDir,
    (call) => runCommand(bot.app, call, { mayChange: false }),
    bot.app.log,
  );
  const command: Command = async (...args) => {
    let out = '';
    const stdout = new Writable({
      write(chunk, _encoding, done) {
        out += String(chunk);
        done();
      },
    });
    const exit = await runCommandLine({
      argv: ['node', 'arc-onboarding-bot', ...args],
      env: { DATA_DIR: bot.dataDir, LANG: 'ja_JP.UTF-8' },
      stdin: Readable.from([]),
      stdout,
      stderr: stdout,
      onSignal: () => undefined,
    });
    return { exit, out };
  };
  try {
    await work(command);
  } finally {
    await socket.close();
  }
}

/** The gate a real deployment has, with Bot Framework's keys on loopback. */
async function realGate(bot: WholeBot) {
  const pair = await generateKeyPair('RS256', { extractable: true });
  const forger = await generateKeyPair('RS256');
  const { n, e } = await exportJWK(pair.publicKey);
  const key = { kty: 'RSA', use: 'sig', kid: 'k1', n, e, endorsements: ['msteams'] };
  const login = createServer((request, response) => {
    const origin = `http://127.0.0.1:${(login.address() as AddressInfo).port}`;
    const body = request.url === '/keys' ? { keys: [key] } : { jwks_uri: `${origin}/keys` };
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => login.listen(0, '127.0.0.1', resolve));
  const metadataUrl = `http://127.0.0.1:${(login.address() as AddressInfo).port}/metadata`;
  const appId = '0f0f0f0f-0000-4000-8000-000000000001';
  const { clock } = bot;
  const keys = createSigningKeys({ metadataUrl, clock, log: silentLog });
  let seen = 0;
  const server = createBotServer({
    clock,
    log: silentLog,
    limits: createDoorLimits(clock),
    gate: createTeamsGate({ appId, tenantId: TENANT, keys, clock }),
    onActivity: async (_request, response) => {
      seen += 1;
      response.statusCode = 200;
      response.end();
    },
    isReady: async () => true,
    clientAddress: createClientAddress(''),
    newRequestId: () => randomBytes(4).toString('hex'),
  });
  await server.listen(0, '127.0.0.1');
  const serviceUrl = 'https://smba.trafficmanager.net/jp/';
  return {
    seen: () => seen,
    async send(
      changes: Record<string, unknown>,
      token: { readonly forged?: boolean; readonly claims?: Record<string, unknown> } = {},
    ): Promise<number> {
      const nowSeconds = Math.floor(clock.now().getTime() / 1000);
      const jwt = await new SignJWT({
        iss: BOT_FRAMEWORK_ISSUER,
        aud: appId,
        nbf: nowSeconds,
        exp: nowSeconds + 600,
        serviceurl: serviceUrl,
        ...token.claims,
      })
        .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
        .sign(token.forged ? forger.privateKey : pair.privateKey);
      const response = await fetch(`http://127.0.0.1:${server.port}/api/messages`, {
        method: 'POST',
        headers: { authorization: `Bearer ${jwt}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          type: 'message',
          channelId: 'msteams',
          serviceUrl,
          from: { id: '29:1', aadObjectId: 'x' },
          conversation: { id: 'a:1', tenantId: TENANT },
          channelData: { tenant: { id: TENANT } },
          ...changes,
        }),
      });
      await response.arrayBuffer();
      return response.status;
    },
    async close() {
      await server.close();
      login.closeAllConnections();
      await new Promise((resolve) => login.close(resolve));
    },
  };
}

/** The real onboard.sh, enrolled, with someone between it and the bot. */
async function behindMiddle(
  bot: WholeBot,
  work: (kit: KitServer, middle: Middle) => Promise<void>,
): Promise<void> {
  const machine = bot.machine(M1);
  const site = bot.rollOut.siteOf(machine);
  const profile = site && bot.rollOut.profileOf(site);
  if (!site || !profile) throw new Error('the sample roll-out lacks a profile');
  const middle = new Middle(bot.url);
  const kit = await KitServer.layOut({
    machine,
    site,
    profile,
    bot: { url: await middle.listen(), aud: bot.aud, botKey: bot.answerKeys.current() },
    token: await bot.token(machine),
  });
  try {
    assert.equal((await kit.run('prepare')).code, 0);
    await work(kit, middle);
  } finally {
    kit.remove();
    await middle.close();
  }
}
