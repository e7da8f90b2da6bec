import assert from 'node:assert/strict';
import type { Kid, MachineName, SiteCode } from '../../src/core/ids.ts';
import type { Notice, NoticeKind, NoticeOf } from '../../src/core/notice.ts';
import type { Reply } from '../../src/core/turn.ts';
import { raiseAlert } from '../../src/flows/alerts.ts';
import { answerStranger } from '../../src/flows/answer-message.ts';
import { AnswerWorld } from '../support/answer-world.ts';
import { aDiagnosis, aFinding, anAzureMachine, anExtension } from '../support/builders.ts';
import { MADE_CODES } from '../support/made-codes.ts';

function expectKind<K extends NoticeKind>(reply: { notice: Notice }, kind: K): NoticeOf<K> {
  assert.equal(reply.notice.kind, kind, JSON.stringify(reply.notice));
  return reply.notice as NoticeOf<K>;
}

describe('answerMessage', () => {
  let world: AnswerWorld;
  beforeEach(async () => {
    world = await AnswerWorld.make();
  });
  afterEach(() => world.close());

  const check = (machine: string, site: string, verdict: 'healthy' | 'blocked', agoMs = 0) =>
    world.store.write((tx) =>
      tx.evidence.keepCheck({
        machine: machine as MachineName,
        site: site as SiteCode,
        checkedAt: new Date(world.clock.now().getTime() - agoMs),
        diagnosis: aDiagnosis({ verdict, findings: verdict === 'blocked' ? [aFinding()] : [] }),
      }),
    );
  const refusalOf = (reply: Reply) => expectKind(reply, 'refusal').reason;

  describe('sees only what the asker may see', () => {
    it('shows site staff their sites and no other', async () => {
      const own = expectKind(await world.ask('大阪の状況は?', 'yamamoto'), 'site-status');
      const other = await world.ask('札幌の状況は?', 'yamamoto');
      const mixed = expectKind(await world.ask('大阪支店と札幌の状況', 'yamamoto'), 'site-status');

      assert.deepEqual(
        own.sites.map((site) => site.site),
        ['osaka-01', 'osaka-02'],
      );
      assert.equal(refusalOf(other), 'not-your-site');
      assert.deepEqual(
        mixed.sites.map((site) => site.site),
        ['osaka-01'],
      );
    });

    it('tells site staff the totals of the roll-out, and single sites only of their own', async () => {
      const reply = expectKind(await world.ask('全体の進捗は?', 'yamamoto'), 'rollout-status');

      assert.equal(reply.total, 62);
      assert.deepEqual(
        reply.bySite.map(({ site }) => site.code),
        ['osaka-01', 'osaka-02'],
      );
    });

    it('names no server, alert or engineer of a site that is not theirs', async () => {
      await world.keepAzure(anAzureMachine('SV-SPR-01', { status: 'disconnected' }));
      await check('SV-SPR-01', 'sapporo-01', 'blocked');
      const questions = [
        'SV-SPR-01の状態は?',
        '札幌の担当は?',
        '札幌の履歴',
        '札幌のネットワークチェックの結果は?',
        'SV-SPR-01の接続コマンドは?',
        'SV-SPR-01の次の手順は',
        '札幌の拡張機能の状態は?',
        '札幌で止まっている拠点は?',
        'SV-SPR-01をもう一度チェックして',
        '切断されているサーバーは?',
        '止まっている拠点は?',
        '未対応のアラートは?',
        'サインイン待ちのサーバーは?',
        '私の待ちを見せて',
      ];
      for (const question of questions) {
        const { notice } = await world.ask(question, 'yamamoto');

        const answered = notice.kind === 'list' ? notice.rows : notice;
        const asked = notice.kind === 'refusal' ? { ...notice, site: undefined } : answered;
        assert.doesNotMatch(JSON.stringify(asked), /SV-SPR|札幌|佐藤/, question);
      }
    });

    it('gives a stranger their own object id and nothing else', () => {
      const { notice } = answerStranger({ kind: 'stranger', aadObjectId: 'me' });

      assert.deepEqual(notice, { kind: 'who-are-you', aadObjectId: 'me' });
    });
  });

  describe('answers from what is kept', () => {
    it('says how old Azure’s word is, and that it was never read', async () => {
      const never = expectKind(await world.ask('SV-OSK-01の状態は?'), 'machine-status');
      await world.keepAzure(anAzureMachine('sv-osk-01'));
      const read = expectKind(await world.ask('SV-OSK-01の状態は?'), 'machine-status');

      assert.deepEqual([never.azureAsOfAt, never.machines[0]?.status], [undefined, 'not-read']);
      assert.deepEqual(
        [read.azureAsOfAt, read.machines[0]?.status, read.machines[0]?.stage],
        [world.clock.now(), 'connected', 'extensions'],
      );
    });

    it('shows the worst check of a site, then the newest', async () => {
      await check('SV-FUK-01', 'fukuoka-01', 'healthy');
      await check('SV-FUK-02', 'fukuoka-01', 'blocked', 60_000);
      await check('SV-FUK-03', 'fukuoka-01', 'blocked', 30_000);

      const reply = expectKind(await world.ask('福岡の疎通どう?', 'watanabe'), 'network-check');
      const none = expectKind(await world.ask('京都の疎通どう?', 'watanabe'), 'no-check-yet');

      assert.equal(reply.machine, 'SV-FUK-03');
      assert.equal(none.site?.code, 'kyoto-01');
    });

    it('lists which servers lack an extension, those Azure knows first', async () => {
      await world.keepAzure(
        anAzureMachine('SV-OSK-01'),
        anAzureMachine('SV-OSK-02', { extensions: [anExtension('AMA')] }),
        anAzureMachine('SV-OSK-04', {
          extensions: [anExtension('MDE', { provisioningState: 'failed' })],
        }),
      );

      const { rows, extension } = expectKind(
        await world.ask('大阪支店でMDEが入っていないサーバーは?', 'takahashi'),
        'list',
      );

      assert.equal(extension, 'MDE');
      assert.deepEqual(
        rows.map((row) => [row.machine, row.note]),
        [
          ['SV-OSK-02', 'missing'],
          ['SV-OSK-04', 'failed'],
          ['SV-OSK-03', 'missing'],
        ],
      );
    });

    it('leaves servers on their way out of what is disconnected', async () => {
      const lost = { status: 'disconnected', extensions: [] } as const;
      await world.keepAzure(anAzureMachine('SV-KBE-01', lost), anAzureMachine('SV-OSK-01', lost));
      await world.mark('SV-KBE-01', { shippedAt: world.clock.now() });

      const { rows } = expectKind(await world.ask('切断されているサーバーは?', 'ito'), 'list');

      assert.deepEqual(
        rows.map((row) => row.machine),
        ['SV-OSK-01'],
      );
    });

    it('names who must act where it is blocked, and who is late', async () => {
      await check('SV-FUK-01', 'fukuoka-01', 'blocked');

      const blocked = expectKind(await world.ask('九州で止まっている拠点は?', 'ito'), 'list');
      const late = expectKind(await world.ask('遅れている拠点は?', 'ito'), 'list');

      assert.deepEqual(
        blocked.rows.map((row) => [row.site?.code, row.owner, row.finding?.id]),
        [['fukuoka-01', 'network', 'proxy-bypass-missing']],
      );
      assert.ok(late.rows.every((row) => (row.plannedDate ?? '') < '2026-11-25'));
      assert.ok(late.rows.some((row) => row.site?.code === 'kobe-01'));
    });

    it('keeps long lists small and counts what it left out', async () => {
      const reply = await world.ask('第1陣の次の手順は?', 'ito');

      const { steps, more } = expectKind(reply, 'next-step');
      assert.equal(steps.length + (more ?? 0), 26);
      assert.ok(JSON.stringify(steps).length < 12_000);
    });

    it('says what comes next, stage by stage', async () => {
      const step = async () =>
        expectKind(await world.ask('SV-KBE-01の次の手順は', 'takahashi'), 'next-step').steps[0]
          ?.step;

      const steps = [await step()];
      await world.mark('SV-KBE-01', { enrolledAt: world.clock.now() });
      steps.push(await step());
      await world.mark('SV-KBE-01', { shippedAt: world.clock.now() });
      steps.push(await step());
      world.clock.forward(1000);
      await world.mark('SV-KBE-01', { arrivedAt: world.clock.now() });
      steps.push(await step());
      await world.store.write((tx) =>
        tx.evidence.keepCheck({
          machine: 'SV-KBE-01' as MachineName,
          site: 'kobe-01' as SiteCode,
          checkedAt: world.clock.now(),
          diagnosis: aDiagnosis({ verdict: 'blocked', findings: [aFinding()] }),
        }),
      );
      steps.push(await step());

      assert.deepEqual(steps, [
        'prepare-kit',
        'open-sign-in',
        'wait-arrival',
        'bring-online',
        'fix-finding',
      ]);
    });

    it('tells an engineer what waits for them', async () => {
      await check('SV-OSK-01', 'osaka-01', 'blocked');
      await check('SV-SPR-01', 'sapporo-01', 'blocked');
      await world.store.write((tx) =>
        raiseAlert(tx, world.deps, {
          key: 'wrong-number:1',
          what: 'wrong-number',
          site: 'osaka-01' as SiteCode,
        }),
      );

      const { rows } = expectKind(await world.ask('今日の担当分は?', 'takahashi'), 'list');

      assert.deepEqual(
        rows.map((row) => [row.site?.code, row.what ?? row.note]),
        [
          ['osaka-01', 'wrong-number'],
          ['osaka-01', 'blocked'],
        ],
      );
    });

    it('gives the exact commands of one server, and asks which when none is named', async () => {
      const one = expectKind(await world.ask('SV-OSK-03の接続コマンドは?', 'yamamoto'), 'commands');
      const which = expectKind(await world.ask('接続コマンドは?', 'yamamoto'), 'refusal');

      assert.equal(one.shell, 'bash');
      assert.match(one.lines.join('\n'), /azcmagent connect .*--use-device-code/);
      assert.deepEqual(
        [which.reason, which.choices],
        ['site-needed', ['大阪支店', '大阪南港物流センター']],
      );
    });

    it('explains a code, and admits when it knows none', async () => {
      const known = expectKind(await world.ask('azcm26って何?', 'yamamoto'), 'explain-error');
      const other = expectKind(await world.ask('AZCM9999って何?', 'yamamoto'), 'explain-error');

      assert.equal(known.code, 'AZCM0026');
      assert.ok(known.finding);
      assert.deepEqual([other.code, other.finding], ['AZCM9999', undefined]);
    });

    it('lists the addresses of an extension', async () => {
      const { rows } = expectKind(
        await world.ask('MDEに必要なURLは?', 'takahashi'),
        'endpoint-requirements',
      );

      assert.ok(rows.length > 0 && rows.length <= 40);
    });

    it('asks back instead of guessing', async () => {
      const { choices } = expectKind(
        await world.ask('SV-OSK-09の状態は?', 'takahashi'),
        'ask-back',
      );

      assert.ok(choices.some((choice) => choice.text === 'SV-OSK-01の状態は?'));
    });

    it('offers sentences that work when it does not understand', async () => {
      const { suggestions } = expectKind(
        await world.ask('ラーメン食べたい', 'yamamoto'),
        'unknown',
      );

      for (const { text } of suggestions) {
        const { intent, notice } = await world.ask(text, 'yamamoto');
        assert.ok(intent.confidence >= 0.5 && notice.kind !== 'unknown', text);
        assert.ok(notice.kind !== 'refusal', text);
      }
    });
  });

  describe('pasted output', () => {
    const prompt = `To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code ${MADE_CODES[0]} to authenticate.`;

    it('is diagnosed for the server it names', async () => {
      const pasted =
        'Resource Name                           : SV-OSK-03\nAgent Status                            : Disconnected\nAgent Version                           : 1.58.03228.700';

      const reply = expectKind(await world.ask(pasted, 'yamamoto'), 'network-check');

      assert.deepEqual([reply.machine, reply.site?.code], ['SV-OSK-03', 'osaka-01']);
    });

    it('tells the sign-ins of a code in it, and shows the code nowhere', async () => {
      const reply = await world.ask(`${prompt} SV-OSK-03`, 'yamamoto');

      const { diagnosis } = expectKind(reply, 'network-check');
      assert.ok(diagnosis.findings.some((finding) => finding.id === 'device-code-in-text'));
      assert.deepEqual(world.signIns.calls, ['code in text of SV-OSK-03 by yamamoto']);
      assert.ok(!JSON.stringify(reply).includes(MADE_CODES[0] ?? ''));
    });

    it('is judged without a site when its sender may not see that one', async () => {
      const reply = expectKind(await world.ask(`${prompt} SV-SPR-01`, 'yamamoto'), 'network-check');

      assert.deepEqual([reply.machine, reply.site], [undefined, undefined]);
    });
  });

  describe('people', () => {
    it('tells the engineer who wants to be called, once in ten minutes', async () => {
      const reply = expectKind(await world.ask('電話ください', 'yamamoto'), 'ask-person');
      await world.ask('助けて', 'yamamoto');

      const cards = await world.cardsOf('takahashi');
      assert.deepEqual([reply.side, reply.engineer?.phone], ['asker', '03-0000-0203']);
      assert.deepEqual(
        cards.map(({ notice }) => notice.kind === 'ask-person' && [notice.side, notice.asker.key]),
        [['engineer', 'yamamoto']],
      );
    });

    it('tells nobody from where nothing may be changed', async () => {
      const reply = await world.ask('電話ください', 'yamamoto', { mayChange: false });

      assert.equal(reply.notice.kind, 'responsible');
      assert.deepEqual(await world.cardsOf('takahashi'), []);
    });

    it('tells people whom it takes them for', async () => {
      const known = expectKind(await world.ask('私は誰?', 'yamamoto'), 'who-are-you');

      assert.deepEqual(
        [known.person?.key, known.role, known.sites?.map((site) => site.code)],
        ['yamamoto', 'site-staff', ['osaka-01', 'osaka-02']],
      );
    });

    it('exports for those who see everything', async () => {
      const lead = expectKind(await world.ask('進捗をCSVでください', 'ito'), 'export');

      assert.deepEqual([lead.format, lead.rows], ['csv', 62]);
      assert.equal(refusalOf(await world.ask('export to Excel', 'yamamoto')), 'not-allowed');
    });

    it('remembers the channel a lead chooses for alerts', async () => {
      const there = { scope: 'channel', conversationId: '19:made@thread.tacv2' } as const;
      await world.store.write((tx) =>
        tx.conversations.learn({
          conversationId: there.conversationId,
          kind: 'channel',
          serviceUrl: 'https://smba.trafficmanager.net/jp/',
          reference: {},
          learnedAt: world.clock.now(),
        }),
      );

      const engineer = await world.ask('ここに通知', 'takahashi', there);
      const elsewhere = await world.ask('ここに通知', 'ito');
      const lead = await world.ask('ここに通知', 'ito', there);

      assert.equal(refusalOf(engineer), 'not-allowed');
      assert.equal(refusalOf(elsewhere), 'only-in-channel');
      assert.equal(lead.notice.kind, 'channel-set');
      const channel = await world.store.read((tx) => tx.conversations.alertChannel());
      assert.equal(channel?.conversationId, there.conversationId);
    });
  });

  describe('sign-ins in words', () => {
    it('opens one at once for whoever may, and asks first when there are several', async () => {
      const other = await world.ask('SV-SPR-01を接続したい', 'yamamoto');
      await world.ask('SV-OSK-03を接続したい', 'yamamoto');
      const several = await world.ask('SV-OSK-03とSV-OSK-04を接続したい', 'yamamoto');

      const { what, machines, pending } = expectKind(several, 'confirm');
      assert.equal(refusalOf(other), 'not-your-site');
      assert.deepEqual(world.signIns.calls, ['open SV-OSK-03 by yamamoto']);
      assert.deepEqual(
        [what, machines, pending],
        ['start-sign-in', ['SV-OSK-03', 'SV-OSK-04'], true],
      );
      assert.equal(several.confirm?.button, 'confirm');
      assert.equal((await world.cardsOf('yamamoto'))[0]?.id, several.confirm?.card);
    });

    it('passes a number on, with where it was said', async () => {
      await world.ask('SV-OSK-03 4821', 'yamamoto');
      await world.ask('４８２１', 'yamamoto', { scope: 'group' });

      assert.deepEqual(world.signIns.calls, [
        'number 4821 for SV-OSK-03 by yamamoto in personal',
        'number 4821 for ? by yamamoto in group',
      ]);
    });

    it('takes a number for a server that came back with a new key, and asks when it may be either', async () => {
      const pending = (machine: string, kid: string) =>
        world.store.write((tx) =>
          tx.kits.putKey({
            kid: kid as Kid,
            machine: machine as MachineName,
            publicKey: kid,
            alg: 'es256-der',
            serial: 'made',
            vmUuid: 'made',
            state: 'successor-pending',
            enrolledAt: world.clock.now(),
            ack: 0,
            botKey: 'AA==',
            strayCodes: 0,
            pendingNumber: '4821',
            pendingUntilAt: new Date(world.clock.now().getTime() + 60_000),
          }),
        );
      await pending('SV-NNK-01', 'kid-1');
      const wrong = await world.ask('1111', 'yamamoto');
      const elsewhere = await world.ask('4821', 'yamamoto', { scope: 'group' });
      await pending('SV-OSK-03', 'kid-2');
      const either = expectKind(await world.ask('4821', 'yamamoto'), 'refusal');
      const right = expectKind(await world.ask('SV-NNK-01 4821', 'yamamoto'), 'done');

      assert.equal(refusalOf(wrong), 'wrong-number');
      assert.equal(refusalOf(elsewhere), 'only-in-personal-chat');
      assert.deepEqual(
        [either.reason, either.choices],
        ['number-needs-machine', ['SV-OSK-03', 'SV-NNK-01']],
      );
      assert.deepEqual([right.what, right.machine], ['number-right', 'SV-NNK-01']);
      const key = await world.store.read((tx) => tx.kits.key('kid-1' as Kid));
      assert.equal(key?.state, 'active');
      assert.deepEqual(world.signIns.calls, []);
    });

    it('presses the button a sentence means', async () => {
      for (const text of ['SV-OSK-03は身に覚えがありません', 'SV-OSK-03を引き継いでください']) {
        await world.ask(text, 'takahashi');
      }
      await world.ask('サインインを全停止', 'ito');
      await world.ask('サインインを再開', 'ito');

      assert.deepEqual(world.signIns.calls, [
        'unexpected SV-OSK-03 by takahashi',
        'hand-over SV-OSK-03 by takahashi',
        'stop by ito',
        'resume by ito',
      ]);
    });

    it('takes 「対応します」 for the one alert that is open', async () => {
      const alert = await world.store.write((tx) =>
        raiseAlert(tx, world.deps, {
          key: 'wrong-number:1',
          what: 'wrong-number',
          site: 'osaka-01' as SiteCode,
        }),
      );

      const { what } = expectKind(await world.ask('対応します', 'takahashi'), 'done');

      assert.equal(what, 'acknowledged');
      const kept = await world.store.read((tx) => tx.alerts.get(alert.id));
      assert.equal(kept?.acknowledgedBy, 'takahashi');
    });

    it('changes nothing where nothing may be changed', async () => {
      const deeds = [
        'SV-OSK-03を接続したい',
        'SV-OSK-03が届きました',
        'SV-OSK-03 4821',
        'サインインを全停止',
        '取り消し',
        'ここに通知',
        'SV-OSK-03の受付停止を解除 理由: 確認済み',
      ];
      for (const text of deeds) {
        const reply = await world.ask(text, 'ito', { mayChange: false });

        assert.equal(refusalOf(reply), 'read-only', text);
        assert.equal(reply.confirm, undefined);
      }
      assert.equal(refusalOf(await world.ask('SV-OSK-03が届きました')), 'read-only');
      assert.deepEqual(world.signIns.calls, []);
    });
  });
});
