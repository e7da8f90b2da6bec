import assert from 'node:assert/strict';
import { drawNotice } from '../../../src/cards/draw.ts';
import { followRepairs } from '../../../src/flows/repair/index.ts';
import { idOf } from '../../azure/given.ts';
import { RepairWorld, type WorldOptions } from './repair-world.ts';

let world: RepairWorld;
const given = async (options: WorldOptions): Promise<RepairWorld> => {
  world = await RepairWorld.make(options);
  return world;
};
describe('repairs', () => {
  afterEach(() => world.close());

  describe('asking for a repair', () => {
    it('changes nothing with WRITE off, and says what to do instead', async () => {
      await given({ mode: 'off' });
      await world.put('SV-OSK-01', 'Failed');

      const { notice } = await world.ask('SV-OSK-01のAMAを入れ直して', 'takahashi');

      assert.ok(notice.kind === 'repair');
      assert.equal(notice.state, 'instead');
      assert.match(notice.lines?.join('\n') ?? '', /extension delete .*\n.*extension create /);
      assert.deepEqual(world.writes(), []);
      assert.deepEqual(await world.inner.cardsOf('takahashi'), []);
    });

    for (const deployer of ['defender', 'policy'] as const) {
      it(`says that ${deployer} must install what is missing, and begins nothing`, async () => {
        await given({ mode: 'bot-identity', deployer });
        await world.put('SV-OSK-01', undefined);

        const { notice } = await world.ask('SV-OSK-01にAMAを入れて', 'takahashi');

        assert.ok(notice.kind === 'repair');
        assert.equal(notice.state, 'nothing');
        assert.equal(notice.deployer, deployer);
        assert.deepEqual(
          notice.machines.map(({ trouble }) => trouble),
          ['theirs'],
        );
        assert.equal(/remediation/.test(notice.lines?.join() ?? ''), deployer === 'policy');
      });
    }

    it('calls nothing missing where Azure was never read', async () => {
      await given({ mode: 'bot-identity', unread: true });

      const { notice } = await world.ask('SV-OSK-01のAMAを入れ直して', 'takahashi');

      assert.ok(notice.kind === 'repair');
      assert.deepEqual(
        notice.machines.map(({ trouble }) => trouble),
        ['not-read'],
      );
    });

    it('is refused for someone who does not answer for the site', async () => {
      await given({ mode: 'bot-identity' });
      await world.put('SV-OSK-01', 'Failed');

      const engineer = await world.ask('SV-OSK-01のAMAを入れ直して', 'sato');
      const staff = await world.ask('SV-OSK-01のAMAを入れ直して', 'yamamoto');

      for (const { notice } of [engineer, staff]) {
        assert.ok(notice.kind === 'refusal');
        assert.equal(notice.reason, 'not-allowed');
      }
    });

    it('of a whole site takes what is missing or broken and leaves the rest alone', async () => {
      await given({ mode: 'bot-identity' });
      await world.put('SV-OSK-01', 'Failed');
      await world.put('SV-OSK-02', undefined);

      await world.ask('大阪支店のAMAを入れ直して', 'takahashi');

      const { notice } = await world.cardOf('takahashi');
      assert.deepEqual(
        notice.machines.map(({ machine, plan, trouble }) => [machine, trouble ?? plan]),
        [
          ['SV-OSK-01', 'reinstall'],
          ['SV-OSK-02', 'install'],
          ['SV-OSK-03', 'not-in-azure'],
          ['SV-OSK-04', 'fine'],
        ],
      );
    });

    it('twice joins the one that is open', async () => {
      await given({ mode: 'bot-identity' });
      await world.put('SV-OSK-01', 'Failed');
      await world.ask('SV-OSK-01のAMAを入れ直して', 'takahashi');

      const again = await world.ask('SV-OSK-01のAMAを入れ直して', 'takahashi');

      assert.equal(again.card, (await world.cardOf('takahashi')).id);
      assert.equal((await world.inner.cardsOf('takahashi')).length, 1);
    });
  });

  describe('approving a repair', () => {
    const failed = async (options: WorldOptions) => {
      await given(options);
      await world.put('SV-OSK-01', 'Failed');
      await world.ask('SV-OSK-01のAMAを入れ直して', 'takahashi');
    };

    it('is not for whoever asked, where a second identity writes', async () => {
      await failed({ mode: 'bot-identity' });

      const answer = await world.press('takahashi', 'approve');

      assert.ok(answer.notice.kind === 'refusal');
      assert.equal(answer.notice.reason, 'own-request');
      assert.deepEqual(world.writes(), []);
    });

    it('is not for whoever asked, where two persons are required', async () => {
      await failed({ mode: 'on-behalf-of', twoPersons: true });

      const answer = await world.press('takahashi', 'approve', { ssoToken: 'made' });

      assert.ok(answer.notice.kind === 'refusal');
      assert.equal(answer.notice.reason, 'own-request');
      assert.deepEqual([world.lent, world.writes()], [[], []]);
    });

    it('deletes first, installs then, and is followed on one card to its end', async () => {
      await failed({ mode: 'bot-identity' });

      await world.press('tanaka', 'approve');
      const deleting = await world.steps();
      await world.pass(2);
      const installing = await world.steps();
      await world.pass(2);

      assert.deepEqual(deleting, { 'SV-OSK-01': 'removing' });
      assert.deepEqual(installing, { 'SV-OSK-01': 'installing' });
      assert.deepEqual(await world.steps(), { 'SV-OSK-01': 'done' });
      assert.deepEqual(world.writes(), ['DELETE SV-OSK-01', 'PUT SV-OSK-01']);
      assert.equal(world.stateInAzure('SV-OSK-01'), 'Succeeded');
      for (const person of ['takahashi', 'tanaka']) {
        assert.equal((await world.cardOf(person)).notice.state, 'ended');
        assert.equal((await world.inner.cardsOf(person)).length, 1);
      }
      assert.deepEqual(await world.audited(), [
        'repair-asked SV-OSK-01 by takahashi',
        'repair-approved by tanaka',
        'extension-removing SV-OSK-01 by tanaka',
        'extension-removed SV-OSK-01',
        'extension-installing SV-OSK-01 by tanaka',
        'extension-done SV-OSK-01',
      ]);
    });

    it('pressed twice sends its request once', async () => {
      await failed({ mode: 'bot-identity' });
      const card = await world.cardOf('tanaka');

      await Promise.all([
        world.press('tanaka', 'approve', { card }),
        world.press('tanaka', 'approve', { card }),
      ]);
      await followRepairs(world.deps);

      assert.deepEqual(world.writes(), ['DELETE SV-OSK-01']);
    });

    it('after it was declined does nothing', async () => {
      await failed({ mode: 'bot-identity' });
      const card = await world.cardOf('tanaka');
      await world.press('takahashi', 'decline');

      await world.press('tanaka', 'approve', { card });
      await world.pass(2);

      assert.deepEqual(world.writes(), []);
      assert.equal((await world.repair()).state, 'declined');
    });

    it('runs out after a day', async () => {
      await failed({ mode: 'bot-identity' });
      const card = await world.cardOf('tanaka');
      await world.pass(24 * 60 + 1);

      await world.press('tanaka', 'approve', { card });

      assert.equal((await world.repair()).state, 'expired');
      assert.deepEqual(world.writes(), []);
    });

    it('fills in the proxy of the site', async () => {
      await given({ mode: 'bot-identity' });
      await world.put('SV-OSK-01', undefined);
      await world.ask('SV-OSK-01にAMAを入れて', 'takahashi');

      await world.press('tanaka', 'approve');

      const body = world.azure.writes.taken[0]?.body as { properties: { settings: unknown } };
      const rollOut = await world.inner.store.read((tx) => tx.rollOut());
      assert.deepEqual(body.properties.settings, {
        proxy: {
          mode: 'application',
          address: rollOut.site('osaka-01')?.proxyUrl,
          auth: 'false',
        },
      });
    });

    it('works on two machines of a site at once', async () => {
      await given({ mode: 'bot-identity' });
      for (const name of ['SV-OSK-01', 'SV-OSK-02', 'SV-OSK-04']) await world.put(name, undefined);
      await world.ask('大阪支店にAMAを入れて', 'takahashi');

      await world.press('tanaka', 'approve');
      await followRepairs(world.deps);
      const first = world.writes();
      await world.pass(2);

      assert.deepEqual(first, ['PUT SV-OSK-01', 'PUT SV-OSK-02']);
      assert.deepEqual(world.writes(), [...first, 'PUT SV-OSK-04']);
    });

    it('leaves the installing to Policy once what was stuck is deleted', async () => {
      await failed({ mode: 'bot-identity', deployer: 'policy' });

      await world.press('tanaka', 'approve');
      await world.pass(2);

      assert.deepEqual(world.writes(), ['DELETE SV-OSK-01']);
      assert.deepEqual(await world.steps(), { 'SV-OSK-01': 'done' });
      assert.equal((await world.cardOf('takahashi')).notice.deployer, 'policy');
    });
  });

  describe('an extension that Azure is still at', () => {
    for (const state of ['Creating', 'Deleting']) {
      it(`is deleted only once it has been ${state} too long`, async () => {
        await given({ mode: 'bot-identity' });
        await world.put('SV-OSK-01', state);
        await world.ask('SV-OSK-01のAMAを入れ直して', 'takahashi');
        await world.press('tanaka', 'approve');

        await world.pass(29);
        const early = world.writes();
        await world.pass(2);

        assert.deepEqual(early, []);
        assert.deepEqual(world.writes(), ['DELETE SV-OSK-01']);
      });
    }

    it('is left alone when it was mended before the approval', async () => {
      await given({ mode: 'bot-identity' });
      await world.put('SV-OSK-01', 'Failed');
      await world.ask('SV-OSK-01のAMAを入れ直して', 'takahashi');
      await world.put('SV-OSK-01', 'Succeeded');

      await world.press('tanaka', 'approve');

      assert.deepEqual(await world.steps(), { 'SV-OSK-01': 'fine' });
      assert.deepEqual(world.writes(), []);
    });

    it('is left alone when it comes to its end', async () => {
      await given({ mode: 'bot-identity' });
      await world.put('SV-OSK-01', 'Creating');
      await world.ask('SV-OSK-01のAMAを入れ直して', 'takahashi');
      await world.press('tanaka', 'approve');

      await world.put('SV-OSK-01', 'Succeeded');
      await world.pass(1);

      assert.deepEqual(await world.steps(), { 'SV-OSK-01': 'done' });
      assert.deepEqual(world.writes(), []);
    });
  });

  describe('what stands in the way of a repair', () => {
    const approved = async (options: WorldOptions, change: () => void) => {
      await given(options);
      await world.put('SV-OSK-01', 'Failed');
      await world.ask('SV-OSK-01のAMAを入れ直して', 'takahashi');
      change();
      await world.press('tanaka', 'approve', { ssoToken: 'made' });
    };
    const setting =
      (agentConfiguration: object, status = 'Connected') =>
      () => {
        const machine = world.azure.fleet.machines.get(idOf('SV-OSK-01').toLowerCase());
        Object.assign(machine?.properties ?? {}, { agentConfiguration, status });
      };

    it("is a machine without an allow list of its own, for the bot's second identity", async () => {
      await approved({ mode: 'bot-identity' }, setting({ extensionsAllowList: [] }));

      assert.deepEqual(await world.steps(), { 'SV-OSK-01': 'no-allow-list' });
      assert.deepEqual(world.writes(), []);
    });

    it('is an allow list that does not name the extension', async () => {
      await approved({ mode: 'bot-identity' }, setting({ extensionsAllowList: ['Someone/Else'] }));

      assert.deepEqual(await world.steps(), { 'SV-OSK-01': 'not-on-allow-list' });
      assert.deepEqual(world.writes(), []);
    });

    it('is a machine that is not connected', async () => {
      await approved({ mode: 'bot-identity' }, setting({}, 'Disconnected'));

      assert.deepEqual(await world.steps(), { 'SV-OSK-01': 'not-connected' });
    });

    it('is told in the words of Azure', async () => {
      await approved({ mode: 'bot-identity' }, () => {
        const body = JSON.stringify({ error: { code: 'AuthorizationFailed', message: 'no' } });
        world.azure.faults.push({ on: /^DELETE/, status: 403, body });
      });

      const [machine] = (await world.repair()).machines;
      assert.equal(machine?.trouble, 'refused');
      assert.match(machine?.message ?? '', /AuthorizationFailed/);
    });

    it('is told when the installation fails', async () => {
      await given({ mode: 'bot-identity' });
      await world.put('SV-OSK-01', undefined);
      await world.ask('SV-OSK-01にAMAを入れて', 'takahashi');
      world.azure.writes.failNext('SV-OSK-01', 'exit code 64');
      await world.press('tanaka', 'approve');

      await world.pass(2);

      const [machine] = (await world.repair()).machines;
      assert.deepEqual(
        [machine?.trouble, machine?.message],
        ['failed', 'Extension Message: exit code 64'],
      );
    });
  });

  describe("a repair with the approver's own rights", () => {
    const asked = async (options: Partial<WorldOptions> = {}) => {
      await given({ mode: 'on-behalf-of', twoPersons: true, ...options });
      await world.put('SV-OSK-01', 'Failed');
      await world.ask('SV-OSK-01のAMAを入れ直して', 'takahashi');
    };

    it('asks for a token first, and keeps nothing of the press', async () => {
      await asked();

      const answer = await world.press('tanaka', 'approve');
      const again = await world.press('tanaka', 'approve', { ssoToken: 'made' });

      assert.ok(answer.notice.kind === 'refusal');
      assert.equal(answer.notice.reason, 'sso-needed');
      assert.equal(again.refused, false);
      assert.deepEqual(world.writes(), ['DELETE SV-OSK-01']);
    });

    it('borrows them for one press, gives them back, and asks again for the next step', async () => {
      await asked();

      await world.press('tanaka', 'approve', { ssoToken: 'first' });
      await world.pass(2);
      const between = await world.cardOf('tanaka');
      await world.pass(2);
      const waiting = world.writes();
      await world.press('tanaka', 'approve', { ssoToken: 'second' });
      await world.pass(2);

      assert.deepEqual(between.notice.buttons, ['approve']);
      assert.deepEqual((await world.cardOf('takahashi')).notice.buttons, []);
      assert.deepEqual(waiting, ['DELETE SV-OSK-01']);
      assert.deepEqual(world.writes(), ['DELETE SV-OSK-01', 'PUT SV-OSK-01']);
      assert.deepEqual(world.lent, [
        { token: 'first', givenBack: true },
        { token: 'second', givenBack: true },
      ]);
      assert.equal((await world.repair()).state, 'ended');
    });

    it('says what was left half done when nobody releases the next step for a day', async () => {
      await asked();
      await world.press('tanaka', 'approve', { ssoToken: 'made' });
      await world.pass(2);

      await world.pass(24 * 60 + 1);

      const { notice } = await world.cardOf('takahashi');
      const text = drawNotice(notice, {
        lang: 'ja',
        now: world.inner.clock.now(),
        timeZone: 'Asia/Tokyo',
        reveal: 'dialog',
      }).text;
      assert.equal(notice.state, 'expired');
      assert.match(text, /SV-OSK-01.*削除したまま/);
    });

    it('changes nothing when Entra wants more, and passes on what it wants', async () => {
      await asked({ lend: async () => ({ kind: 'claims', claims: '{"access_token":{}}' }) });

      const answer = await world.press('tanaka', 'approve', { ssoToken: 'made' });

      assert.ok(answer.notice.kind === 'refusal');
      assert.deepEqual(
        [answer.notice.reason, answer.notice.claims],
        ['sso-needed', '{"access_token":{}}'],
      );
      assert.equal((await world.repair()).state, 'asked');
      assert.deepEqual(world.writes(), []);
    });

    it('changes nothing when Entra refuses or does not answer', async () => {
      for (const kind of ['refused', 'unreachable'] as const) {
        await asked({ lend: async () => ({ kind }) });

        const answer = await world.press('tanaka', 'approve', { ssoToken: 'made' });

        assert.ok(answer.refused);
        assert.equal((await world.repair()).state, 'asked');
        assert.deepEqual(world.writes(), []);
        if (kind === 'refused') await world.close();
      }
    });

    it('may be approved by whoever asked, where one person is enough', async () => {
      await asked({ twoPersons: false });

      const answer = await world.press('takahashi', 'approve', { ssoToken: 'made' });

      assert.equal(answer.refused, false);
      assert.deepEqual(world.writes(), ['DELETE SV-OSK-01']);
    });
  });

  describe('a repair across a restart', () => {
    it('goes on from the store when the request went out and no answer came', async () => {
      await given({ mode: 'bot-identity' });
      await world.put('SV-OSK-01', 'Failed');
      await world.ask('SV-OSK-01のAMAを入れ直して', 'takahashi');
      const cut = world.deps.own;
      // The bot dies right after its claim: nothing was sent.
      Object.assign(world.deps, { own: () => Promise.reject(new Error('gone')) });
      await world.press('tanaka', 'approve').catch(() => undefined);
      Object.assign(world.deps, { own: cut });

      await world.pass(1);
      await world.pass(2);
      await world.pass(2);

      assert.deepEqual(world.writes(), ['DELETE SV-OSK-01', 'PUT SV-OSK-01']);
      assert.equal((await world.repair()).state, 'ended');
    });

    it('sends a claimed request again only when Azure shows nothing of it', async () => {
      await given({ mode: 'bot-identity' });
      await world.put('SV-OSK-01', 'Failed');
      await world.ask('SV-OSK-01のAMAを入れ直して', 'takahashi');
      const lost = async () => ({ outcome: 'unclear', message: 'cut' }) as const;
      const own = world.deps.own;
      Object.assign(world.deps, { own: async () => ({ install: lost, remove: lost }) });
      await world.press('tanaka', 'approve');
      Object.assign(world.deps, { own });

      await world.pass(1);
      const early = world.writes();
      await world.pass(2);

      assert.deepEqual(early, []);
      assert.deepEqual(world.writes(), ['DELETE SV-OSK-01']);
    });
  });
});
