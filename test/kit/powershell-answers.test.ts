import assert from 'node:assert/strict';
import { makeKeyPair, readPrivateKey, signEs256 } from '../../src/keys/es256.ts';
import { DoorWorld, OSAKA, PROFILE, SV1 } from '../support/door-world.ts';
import { playScene } from '../support/kit-scenes.ts';
import { Middle, type Reply } from '../support/middle.ts';
import { findPowerShell, needPowerShell, notRun } from '../support/powershell-host/powershell.ts';
import { PowerShellKit } from '../support/powershell-host/powershell-kit.ts';

const powerShell = findPowerShell();

describe(`what Onboard.ps1 believes of an answer${notRun(powerShell)}`, function () {
  this.timeout(30_000);
  let world: DoorWorld;
  let middle: Middle;
  let kit: PowerShellKit;

  before(async function () {
    needPowerShell(powerShell, this);
    world = await DoorWorld.start();
    Object.assign(world.clock, { now: () => new Date() });
    middle = new Middle(world.url);
    kit = await PowerShellKit.layOut(powerShell, {
      machine: SV1,
      site: OSAKA,
      profile: PROFILE,
      bot: { url: await middle.listen(), aud: world.aud, botKey: world.answerKeys.current() },
      token: await world.token(),
    });
    assert.equal((await kit.run('prepare')).code, 0);
  });
  after(async () => {
    kit?.remove();
    await middle?.close();
    await world?.stop();
  });

  const connectUntil = (pattern: RegExp) =>
    kit.run('connect', {
      onScreen: (screen, stop) => {
        if (pattern.test(screen)) stop('SIGINT');
      },
    });

  it('obeys nothing in an answer that was changed on the way', async () => {
    playScene(world, { ready: () => ({ status: 202, do: 'wait' }) });
    middle.change = (reply) => ({
      ...reply,
      body: reply.body.replace('do=wait', 'do=go\nround=1'),
    });

    const { screen } = await connectUntil(/^K-17 /m);

    assert.match(screen, /^K-17 /m);
    assert.doesNotMatch(screen, /^K-62 /m);
  });

  it('obeys no answer that another key signed, however well formed', async () => {
    const stranger = readPrivateKey(makeKeyPair().privateKey);
    middle.change = (reply) => {
      const lines = reply.body.replace(/sig=.*\n$/, '').replace('do=wait', 'do=go\nround=1');
      const sig = signEs256(stranger, 'es256-p1363', Buffer.from(lines)).toString('base64');
      return { ...reply, body: `${lines}sig=${sig}\n` };
    };

    const { screen } = await connectUntil(/^K-17 /m);

    assert.match(screen, /^K-17 /m);
    assert.doesNotMatch(screen, /^K-62 /m);
  });

  it('obeys no answer to another request, however well signed', async () => {
    let first: Reply | undefined;
    middle.change = (reply) => {
      first ??= reply;
      return first;
    };
    assert.equal((await kit.run('report')).code, 0);

    const again = await kit.run('report');

    assert.equal(again.code, 5, again.screen);
    assert.match(again.screen, /^K-17 /m);
  });

  it('does not move its clock for an unsigned time', async () => {
    middle.change = () => ({
      status: 401,
      type: 'text/plain; charset=utf-8',
      body: `v=a1\nid=x\ntime=1\ndo=resign\ncode=CLOCK\nsig=${Buffer.alloc(64).toString('base64')}\n`,
    });

    const { code, screen } = await kit.run('report');

    assert.equal(code, 5);
    assert.match(screen, /^K-17 /m);
    assert.equal(kit.server.state('clock-offset'), '');
  });

  it('signs each attempt with the next number, which stands on disk first', async () => {
    const before = Number(kit.server.state('key/seq'));
    let onDisk = 0;
    middle.change = (reply) => {
      onDisk = Number(kit.server.state('key/seq'));
      return { ...reply, status: 502, type: 'text/html', body: '<html>' };
    };
    await kit.run('report');

    middle.change = (reply) => reply;
    const { code } = await kit.run('report');

    assert.equal(code, 0);
    const sent = middle.bodies.map((body) => Number(/"seq":(\d+)/.exec(body)?.[1] ?? 0));
    assert.equal(onDisk, before + 1);
    assert.deepEqual(sent.slice(-2), [before + 1, before + 2]);
  });

  for (const [name, reply, expected] of [
    ['a proxy that wants a password', { status: 407, type: 'text/html', body: '' }, 'K-14 '],
    ['a proxy page', { status: 200, type: 'text/html', body: '<html>Blocked' }, 'K-15 200'],
    [
      'the bot being away',
      { status: 503, type: 'application/json', body: '{"code":"UNAVAILABLE"}' },
      'K-16 503',
    ],
    [
      'the bot refusing the form',
      { status: 400, type: 'application/json', body: '{"code":"FORM_REFUSED"}' },
      'K-18 400',
    ],
  ] as const) {
    it(`tells ${name} from everything else`, async () => {
      middle.change = () => reply;

      const { code, screen } = await kit.run('report');

      const [step, value] = expected.split(' ');
      assert.equal(code, 5);
      assert.match(screen, new RegExp(`^${step} .*${value}`, 'm'));
    });
  }

  it('stops for good with a quarantined key', async () => {
    middle.change = (reply) => reply;
    await world.store.write(async (tx) => {
      const key = await tx.kits.activeKeyOf(SV1.name);
      if (key) await tx.kits.putKey({ ...key, state: 'quarantined' });
    });

    const { code, screen } = await kit.run('connect');

    assert.equal(code, 6);
    assert.match(screen, /^K-21 /m);
  });
});
