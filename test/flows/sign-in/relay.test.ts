import assert from 'node:assert/strict';
import { MADE_CODES } from '../../support/made-codes.ts';
import { PEOPLE, RelayWorld } from './relay-world.ts';

const [CODE, SECOND] = MADE_CODES;

describe('the relay', () => {
  let world: RelayWorld;
  beforeEach(async () => {
    world = await RelayWorld.start();
  });
  afterEach(() => world.stop());

  it('brings a code from the console to the one engineer who asks for it, and ends connected', async () => {
    const opened = await world.flows.open(PEOPLE.yamamoto, 'SV-OSK-01' as never);
    assert.equal((await world.ready()).do, 'go');
    const held = await world.code(CODE);

    assert.equal(opened.notice.kind, 'sign-in');
    assert.equal(held.do, 'ok');
    assert.match(held.number ?? '', /^\d{4}$/);
    assert.deepEqual((await world.card('takahashi')).notice.buttons.includes('show-code'), false);

    const right = await world.flows.confirmNumber(
      PEOPLE.yamamoto,
      held.number ?? '',
      undefined,
      'personal',
    );
    assert.deepEqual(right.notice, { kind: 'done', what: 'number-right', machine: 'SV-OSK-01' });
    assert.equal((await world.card('takahashi')).notice.confirmedBy?.key, 'yamamoto');

    const shown = await world.press('takahashi', 'show-code');
    assert.equal(shown.reveal?.userCode, CODE);
    assert.equal(shown.reveal?.onboardingAccount, 'onboard@corp.example');

    await world.outcome('connected');
    await world.sweep();
    assert.equal(await world.state(), 'completed');
    assert.equal((await world.signIn()).afterCheck, 'right');
    for (const who of ['takahashi', 'yamamoto', 'channel'] as const) {
      assert.equal((await world.card(who)).notice.state, 'completed');
    }
    const events = await world.events();
    for (const event of [
      'sign-in-opened',
      'sign-in-go',
      'sign-in-code-held',
      'sign-in-asked',
      'sign-in-confirmed',
      'sign-in-shown',
      'sign-in-completed',
      'sign-in-after-check',
    ]) {
      assert.ok(events.includes(event), event);
    }
    assert.equal((await world.store.read((tx) => tx.audit.verify())).brokenAt, undefined);
  });

  it('gives every person exactly one card, edited', async () => {
    await world.confirmed(CODE);
    await world.press('takahashi', 'show-code');
    await world.outcome('connected');

    for (const who of ['takahashi', 'yamamoto', 'channel'] as const) {
      assert.equal((await world.cards(who)).length, 1, who);
    }
    assert.equal((await world.cards('tanaka')).length, 0);
  });

  it('freezes the card in which the code is shown until that code ends', async () => {
    await world.confirmed(CODE);
    await world.press('takahashi', 'show-code');
    assert.equal((await world.card('takahashi')).frozen, true);
    assert.equal((await world.card('yamamoto')).frozen, false);

    await world.pass(310);
    assert.equal((await world.card('takahashi')).frozen, false);
    assert.equal(await world.state(), 'shown');
  });

  it('asks the deputy after 45 s and the lead after 90 s, unless someone presses', async () => {
    await world.held(CODE);
    await world.pass(50);
    assert.equal((await world.cards('tanaka')).length, 1);
    assert.equal((await world.cards('ito')).length, 0);

    await world.press('tanaka', 'acknowledge');
    await world.pass(100);
    assert.equal((await world.cards('ito')).length, 0);
  });

  it('skips at once whoever Teams cannot reach', async () => {
    await world.store.write((tx) => tx.conversations.suspend('a:takahashi', 'blocked'));

    await world.held(CODE);

    assert.equal((await world.cards('takahashi')).length, 0);
    assert.equal((await world.cards('tanaka')).length, 1);
  });

  it('tells the channel when nobody can be reached', async () => {
    await world.store.write(async (tx) => {
      for (const who of ['takahashi', 'tanaka', 'ito']) {
        await tx.conversations.suspend(`a:${who}`, 'blocked');
      }
    });

    await world.held(CODE);

    assert.deepEqual(await world.alerts(), ['person-unreachable']);
    assert.equal((await world.card('yamamoto')).notice.nobodyReachable, true);
  });

  it('renews an unseen code: back to waiting, a new number, the old code gone', async () => {
    const number = await world.confirmed(CODE);
    await world.pass(200);
    world.clock.forward(12_000);
    assert.equal((await world.watch()).do, 'renew');
    assert.equal((await world.ready()).round, 2);
    const second = await world.code(SECOND, 2);

    assert.equal((await world.card('takahashi')).notice.state, 'waiting');
    const shown = await world.press('takahashi', 'show-code');
    assert.equal(shown.reveal, undefined);
    const old = await world.flows.confirmNumber(PEOPLE.yamamoto, number, undefined, 'personal');
    if (number !== second.number) assert.equal(old.notice.kind, 'refusal');
  });

  it('expires after four rounds that no one answered, and continues with the same cards', async () => {
    await world.flows.open(PEOPLE.yamamoto, 'SV-OSK-01' as never);
    for (let round = 1; round <= 4; round++) {
      await world.ready();
      await world.code(MADE_CODES[round] ?? CODE, round);
      world.clock.forward(211_000);
      assert.equal((await world.watch(round)).do, round < 4 ? 'renew' : 'stop');
    }
    const ended = await world.card('yamamoto');
    assert.equal(ended.notice.reason, 'nobody-answered');
    assert.deepEqual(ended.notice.buttons, ['continue']);

    const answer = await world.press('yamamoto', 'continue');
    assert.equal(answer.refused, false);
    assert.equal(await world.state(), 'opened');
    assert.equal((await world.card('yamamoto')).id, ended.id);
    assert.equal((await world.card('yamamoto')).notice.state, 'opened');
  });

  it('offers to continue for ten minutes only', async () => {
    await world.held(CODE);
    await world.outcome('failed', { text: 'AZCM0041: failed to obtain access token' });
    const card = await world.card('yamamoto');
    assert.equal(card.notice.azcmCode, 'AZCM0041');

    await world.silence(601);

    assert.deepEqual((await world.card('yamamoto')).notice.buttons, []);
    assert.equal((await world.press('yamamoto', 'continue', { on: card })).refused, true);
  });

  it('shows nothing and tells the opener when the server falls silent, and goes on when it is back', async () => {
    await world.confirmed(CODE);
    await world.silence(31);

    assert.ok((await world.card('yamamoto')).notice.silentSinceAt);
    const refused = await world.press('takahashi', 'show-code');
    assert.equal(refused.reveal, undefined);
    assert.equal(refused.notice.kind === 'refusal' && refused.notice.reason, 'server-silent');

    await world.watch();
    assert.equal((await world.card('yamamoto')).notice.silentSinceAt, undefined);
    assert.equal((await world.press('takahashi', 'show-code')).reveal?.userCode, CODE);
  });

  it('hands over: azcmagent is stopped, the deputy is asked with the next code', async () => {
    await world.confirmed(CODE);
    const shown = await world.press('takahashi', 'show-code');
    const { nonce = '' } = shown.reveal ?? {};
    const handed = await world.press('takahashi', 'hand-over', { nonce });

    assert.deepEqual(handed.notice, { kind: 'done', what: 'handed-over', machine: 'SV-OSK-01' });
    assert.equal((await world.watch()).do, 'renew');
    await world.ready();
    const second = await world.code(SECOND, 2);
    assert.equal((await world.cards('tanaka')).length, 1);

    await world.flows.confirmNumber(PEOPLE.yamamoto, second.number ?? '', undefined, 'personal');
    assert.equal((await world.press('takahashi', 'show-code')).reveal, undefined);
    assert.equal((await world.press('tanaka', 'show-code')).reveal?.userCode, SECOND);
  });

  it('lets a lead take over by sentence 90 s after showing', async () => {
    await world.confirmed(CODE);
    await world.press('takahashi', 'show-code');
    const early = await world.flows.pressAs(PEOPLE.ito, 'SV-OSK-01' as never, 'hand-over');
    await world.pass(90);
    const taken = await world.flows.pressAs(PEOPLE.ito, 'SV-OSK-01' as never, 'hand-over');

    assert.equal(early.notice.kind, 'refusal');
    assert.equal(taken.notice.kind, 'done');
    assert.equal((await world.cards('ito')).length, 1);
  });

  it('lets the opening engineer confirm and look alone, on one card', async () => {
    await world.flows.open(PEOPLE.takahashi, 'SV-OSK-01' as never);
    await world.ready();
    const { number = '' } = await world.code(CODE);

    const card = await world.card('takahashi');
    assert.equal(card.notice.confirmAs, 'self');
    assert.equal((await world.cards('takahashi')).length, 1);
    await world.press('takahashi', 'confirm-number', { inputs: { number } });
    assert.equal((await world.press('takahashi', 'show-code')).reveal?.userCode, CODE);
    const { progress } = await world.signIn();
    assert.equal('confirmation' in progress && progress.confirmation.how, 'self');
  });

  it('says who opened it to whoever opens it again', async () => {
    await world.flows.open(PEOPLE.yamamoto, 'SV-OSK-01' as never);
    const again = await world.flows.open(PEOPLE.takahashi, 'SV-OSK-01' as never);

    assert.equal(again.notice.kind === 'sign-in' && again.notice.openedBy.key, 'yamamoto');
    assert.equal(again.card, undefined);
  });

  it('says before the code what would fail after it', async () => {
    world.problems = ['resource-group-missing'];
    const { notice } = await world.flows.open(PEOPLE.yamamoto, 'SV-OSK-01' as never);

    assert.deepEqual(notice.kind === 'refusal' && notice.problems, ['resource-group-missing']);
    assert.equal((await world.ready()).do, 'wait');
  });

  it('opens without what Azure could not say', async () => {
    world.deps = {
      ...world.deps,
      checkOpening: async () => {
        throw new Error('Azure is away');
      },
    };

    const { notice } = await world.flows.open(PEOPLE.yamamoto, 'SV-OSK-01' as never);

    assert.equal(notice.kind, 'sign-in');
  });

  it('opens five times an hour and machine, not more', async () => {
    for (let time = 1; time <= 5; time++) {
      await world.held(CODE);
      await world.press('takahashi', 'decline');
    }
    const sixth = await world.flows.open(PEOPLE.yamamoto, 'SV-OSK-01' as never);

    assert.equal(sixth.notice.kind === 'refusal' && sixth.notice.reason, 'too-many');
  });
});

describe('the after-check', () => {
  let world: RelayWorld;
  beforeEach(async () => {
    world = await RelayWorld.start();
    await world.confirmed(CODE);
    await world.press('takahashi', 'show-code');
  });
  afterEach(() => world.stop());

  it('compares with the account that the reveal card named, and audits who created it', async () => {
    world.azure = { result: 'wrong', caller: 'stranger@corp.example', why: 'account' };
    await world.outcome('connected');
    await world.sweep();

    assert.equal(world.plans[0]?.account, 'onboard@corp.example');
    assert.equal(world.plans[0]?.vmUuid, '00000000-0000-4000-8000-0000000000aa');
    assert.deepEqual(await world.alerts(), ['after-check-wrong']);
    const rows = await world.store.read((tx) => tx.audit.list());
    const row = rows.find((one) => one.event === 'sign-in-after-check');
    assert.equal(row?.facts.account, 'stranger@corp.example');
  });

  it('ends a sign-in of which the kit said nothing, 12 minutes after showing', async () => {
    await world.silence(11 * 60 + 50);
    assert.equal(world.plans.length, 0);
    await world.silence(20);

    assert.equal(world.plans.length, 1);
    assert.equal(await world.state(), 'completed');
  });

  it('says that it ran out when Azure knows no such machine', async () => {
    world.azure = { result: 'absent' };
    await world.silence(12 * 60 + 1);

    const { progress } = await world.signIn();
    assert.equal(progress.state, 'expired');
    assert.equal('reason' in progress && progress.reason, 'code-run-out');
  });

  it('asks again for 30 minutes, then says that it is not verified, without an alarm', async () => {
    world.azure = { result: 'not-verified' };
    await world.outcome('connected');
    for (let minute = 0; minute <= 30; minute++) await world.silence(60);

    assert.ok(world.plans.length >= 29);
    assert.equal((await world.signIn()).afterCheck, 'not-verified');
    assert.equal((await world.card('yamamoto')).notice.afterCheck, 'not-verified');
    assert.deepEqual(await world.alerts(), []);
    assert.equal(await world.sweep(), 0);
  });

  it('waits for the activity log to say who created the machine', async () => {
    world.azure = { result: 'right' };
    await world.silence(12 * 60 + 1);
    assert.equal(await world.state(), 'completed');
    assert.equal((await world.signIn()).afterCheck, undefined);

    world.azure = { result: 'right', caller: 'onboard@corp.example' };
    await world.silence(61);

    assert.equal((await world.signIn()).afterCheck, 'right');
  });

  it('raises an alert when the kit said connected and Azure never hears of it', async () => {
    world.azure = { result: 'absent' };
    await world.outcome('connected');
    for (let minute = 0; minute <= 30; minute++) await world.silence(60);

    assert.deepEqual(await world.alerts(), ['after-check-wrong']);
  });
});
