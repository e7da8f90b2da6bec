import assert from 'node:assert/strict';
import type { Kid, MachineName, SiteCode } from '../../../src/core/ids.ts';
import type { PressAnswer } from '../../../src/core/turn.ts';
import { nonceFor } from '../../../src/flows/sign-in/index.ts';
import { createVault } from '../../../src/keys/vault.ts';
import { MADE_CODES } from '../../support/made-codes.ts';
import { M1, M2, PEOPLE, prompt, RelayWorld } from './relay-world.ts';

const [CODE, OTHER, THIRD] = MADE_CODES;

const reasonOf = ({ notice }: Pick<PressAnswer, 'notice'>) =>
  notice.kind === 'refusal' ? notice.reason : notice.kind;

describe('sign-in attacks', () => {
  let world: RelayWorld;
  beforeEach(async () => {
    world = await RelayWorld.start();
  });
  afterEach(() => world.stop());

  describe('attacks from a server', () => {
    it('a stolen key without a sign-in: dropped and alerted, the second time quarantined', async () => {
      const first = await world.code(CODE);
      const second = await world.code(OTHER);
      const third = await world.ready();

      assert.equal(first.do, 'stop');
      assert.equal(second.do, 'stop');
      assert.equal(third.status, 403);
      assert.deepEqual(await world.alerts(), ['code-without-sign-in']);
      assert.equal((await world.cards('takahashi')).length, 0);
    });

    it('a code without a go, though a sign-in is open', async () => {
      await world.flows.open(PEOPLE.yamamoto, M1);

      assert.equal((await world.code(CODE)).do, 'stop');
      assert.equal(await world.state(), 'opened');
      assert.deepEqual(await world.alerts(), ['code-without-sign-in']);
    });

    it('a code for a round that is still to come', async () => {
      await world.held(CODE);

      await world.code(OTHER, 2);

      assert.equal(await world.state(), 'waiting');
      assert.deepEqual(await world.alerts(), ['code-without-sign-in']);
    });

    it('a stolen key with a sign-in but without the console: unconfirmed, nothing is shown', async () => {
      await world.held(CODE);

      assert.equal(reasonOf(await world.press('takahashi', 'show-code')), 'not-confirmed');
    });

    it("an attacker's second code in a live round burns both and quarantines", async () => {
      await world.confirmed(CODE);

      assert.equal((await world.code(OTHER)).do, 'stop');

      assert.equal(await world.state(), 'burned');
      assert.deepEqual(await world.alerts(), ['two-codes']);
      assert.equal((await world.watch()).status, 403);
      assert.equal((await world.press('takahashi', 'show-code')).reveal, undefined);
    });

    it('a second code after the first was shown and wiped', async () => {
      await world.confirmed(CODE);
      await world.press('takahashi', 'show-code');
      await world.pass(310);

      await world.code(OTHER);

      assert.equal(await world.state(), 'burned');
    });

    it('the same code from two machines: the later key is quarantined, the first waits for a person', async () => {
      await world.confirmed(CODE);
      await world.flows.open(PEOPLE.yamamoto, M2);
      await world.ready(M2);
      const later = await world.code(CODE, 1, M2);

      assert.equal(later.do, 'stop');
      assert.equal(await world.state(M2), 'burned');
      assert.equal((await world.ready(M2)).status, 403);
      assert.equal(reasonOf(await world.press('takahashi', 'show-code')), 'held-for-person');
      assert.equal((await world.card('takahashi')).notice.held, 'same-code');

      await world.press('takahashi', 'acknowledge');
      assert.equal((await world.press('takahashi', 'show-code')).reveal?.userCode, CODE);
    });

    it('a lookalike page in the prompt is shown to no one', async () => {
      await world.flows.open(PEOPLE.yamamoto, M1);
      await world.ready();

      const answer = await world.text(prompt(CODE, 'https://rnicrosoft.com/devicelogin'));

      assert.equal(answer.do, 'stop');
      assert.equal(await world.state(), 'failed');
      assert.ok((await world.events()).includes('sign-in-prompt-refused'));
    });

    it('a code of an older round: stopped, nothing kept, no alarm', async () => {
      await world.held(CODE);
      await world.ready();

      const late = await world.code(OTHER, 1);

      assert.equal(late.do, 'stop');
      assert.deepEqual(await world.alerts(), []);
    });

    it('a report after the decline', async () => {
      await world.held(CODE);
      await world.press('takahashi', 'decline');

      assert.equal((await world.code(OTHER)).do, 'stop');
      assert.equal((await world.watch()).do, 'stop');
      assert.equal((await world.ready()).do, 'wait');
      assert.deepEqual(await world.alerts(), []);
      assert.equal(await world.state(), 'declined');
    });

    it('an outcome that connects after the burn is told, not believed', async () => {
      await world.confirmed(CODE);
      await world.flows.stopAll(PEOPLE.ito);
      await world.outcome('connected');

      assert.equal(await world.state(), 'burned');
      assert.deepEqual(await world.alerts(), ['after-check-wrong']);
    });

    it('a spooled failure of the round before does not end this one', async () => {
      await world.held(CODE);
      const before = world.clock.now();
      world.clock.forward(60_000);
      await world.outcome('failed');
      await world.press('yamamoto', 'continue');
      await world.ready();
      await world.code(OTHER);

      await world.outcome('failed', { at: before });

      assert.equal(await world.state(), 'waiting');
    });

    it('a kit whose clock is four minutes off gets no other five minutes, and its outcome counts', async () => {
      for (const skew of [-240_000, 240_000]) {
        const theirs = () => new Date(world.clock.now().getTime() + skew);
        await world.flows.open(PEOPLE.yamamoto, M1);
        await world.kit(M1, { type: 'ready', at: theirs() });
        world.clock.forward(10_000);
        const text = { text: prompt(CODE), decodedAs: 'utf-8' as const };
        const code = await world.kit(M1, { type: 'device-code', round: 1, text, at: theirs() });
        assert.equal((code.untilAt?.getTime() ?? 0) - world.clock.now().getTime(), 300_000);

        await world.outcome('failed', { at: theirs() });
        assert.equal(await world.state(), 'failed');
      }
    });

    it('a late code of the sign-in before: stopped, no alarm', async () => {
      await world.flows.open(PEOPLE.yamamoto, M1);
      await world.ready();
      await world.flows.stopAll(PEOPLE.ito);
      await world.flows.resumeAll(PEOPLE.ito);
      await world.flows.open(PEOPLE.yamamoto, M1);

      assert.equal((await world.code(CODE)).do, 'stop');
      assert.deepEqual(await world.alerts(), []);
    });

    it('a code pasted into the chat is burned', async () => {
      await world.confirmed(CODE);

      await world.flows.codeInText(PEOPLE.yamamoto, M1);

      assert.equal(await world.state(), 'burned');
      assert.deepEqual(await world.alerts(), ['code-in-text']);
      assert.equal((await world.watch()).do, 'stop');
    });

    it('a stranger to the site burns nothing by pasting', async () => {
      await world.confirmed(CODE);

      await world.flows.codeInText(PEOPLE.inoue, M1);

      assert.equal(await world.state(), 'confirmed');
      assert.deepEqual(await world.alerts(), ['code-in-text']);
    });
  });

  describe('attacks with numbers', () => {
    it('wrong three times burns the code', async () => {
      const number = await world.held(CODE);
      const wrong = number === '0000' ? '1111' : '0000';
      for (let time = 1; time <= 3; time++) {
        await world.flows.confirmNumber(PEOPLE.yamamoto, wrong, undefined, 'personal');
      }

      assert.equal(await world.state(), 'burned');
      assert.deepEqual(await world.alerts(), ['wrong-number']);
      assert.equal((await world.watch()).do, 'stop');
    });

    it('the same press of a wrong number twice is one try', async () => {
      const number = await world.held(CODE);
      const inputs = { number: number === '0000' ? '1111' : '0000' };
      const on = await world.card('yamamoto');
      for (let time = 1; time <= 3; time++) {
        await world.press('yamamoto', 'confirm-number', { on, inputs });
      }

      assert.equal((await world.card('yamamoto')).notice.wrongTries, 1);
      assert.equal(await world.state(), 'waiting');
    });

    it('counts nothing of anyone else: site staff elsewhere, an engineer elsewhere, the auditor', async () => {
      const number = await world.held(CODE);
      for (const who of ['inoue', 'suzuki', 'morgan', 'ito'] as const) {
        const answer = await world.flows.confirmNumber(PEOPLE[who], number, M1, 'personal');
        assert.equal(reasonOf(answer), 'number-not-yours', who);
      }

      assert.equal(await world.state(), 'waiting');
    });

    it('counts nothing in a group or channel', async () => {
      const number = await world.held(CODE);
      for (const scope of ['group', 'channel'] as const) {
        const answer = await world.flows.confirmNumber(PEOPLE.yamamoto, number, M1, scope);
        assert.equal(reasonOf(answer), 'only-in-personal-chat');
      }

      assert.equal(await world.state(), 'waiting');
    });

    it('asks which server when two codes wait, and counts no try', async () => {
      await world.held(CODE, M1);
      const number = await world.held(OTHER, M2);

      const bare = await world.flows.confirmNumber(PEOPLE.yamamoto, number, undefined, 'personal');
      const named = await world.flows.confirmNumber(PEOPLE.yamamoto, number, M2, 'personal');

      assert.equal(reasonOf(bare), 'number-needs-machine');
      assert.deepEqual(bare.notice.kind === 'refusal' && [...(bare.notice.choices ?? [])].sort(), [
        M1,
        M2,
      ]);
      assert.equal(reasonOf(named), 'done');
      assert.equal((await world.card('yamamoto')).notice.wrongTries, undefined);
    });

    it('takes full-width digits', async () => {
      const number = await world.held(CODE);
      const wide = number.replace(/\d/g, (digit) =>
        String.fromCharCode(digit.charCodeAt(0) + 0xfee0),
      );

      assert.equal(
        reasonOf(await world.flows.confirmNumber(PEOPLE.yamamoto, wide, undefined, 'personal')),
        'done',
      );
    });

    it('is audited as by phone when the engineer sends it', async () => {
      const number = await world.held(CODE);

      await world.press('takahashi', 'confirm-number', { inputs: { number } });

      assert.equal((await world.card('takahashi')).notice.confirmedHow, 'phone');
    });
  });

  describe('attacks with cards', () => {
    beforeEach(async () => {
      await world.confirmed(CODE);
    });

    it("another user's click, a deputy's and a lead's too", async () => {
      const on = await world.card('takahashi');
      for (const who of ['tanaka', 'ito', 'yamamoto', 'morgan', 'suzuki', 'inoue'] as const) {
        const answer = await world.press(who, 'show-code', { on });
        assert.equal(reasonOf(answer), 'not-your-card', who);
        assert.equal(answer.reveal, undefined);
        await world.press(who, 'decline', { on });
        await world.press(who, 'unexpected', { on });
      }

      assert.equal(await world.state(), 'confirmed');
    });

    it('a press on the channel copy', async () => {
      const on = await world.card('channel');
      for (const button of ['show-code', 'acknowledge', 'decline', 'unexpected'] as const) {
        assert.equal(
          reasonOf(await world.press('takahashi', button, { on, scope: 'channel' })),
          'not-your-card',
        );
      }
    });

    it('a card forwarded to a group', async () => {
      for (const scope of ['group', 'channel'] as const) {
        const answer = await world.press('takahashi', 'show-code', { scope });
        assert.equal(reasonOf(answer), 'only-in-personal-chat');
      }
    });

    it('a Submit that arrives as a message', async () => {
      const answer = await world.press('takahashi', 'show-code', { via: 'message' });

      assert.equal(answer.refused, true);
      assert.equal(answer.reveal, undefined);
      assert.equal(await world.state(), 'confirmed');
    });

    it('edited action data: another nonce, button, card, key or none', async () => {
      const on = await world.card('takahashi');
      const { vault } = world.deps;
      const forged = createVault(Buffer.alloc(32, 8));
      const nonces = [
        '',
        'x'.repeat(43),
        nonceFor(vault, on, 'acknowledge'),
        nonceFor(vault, await world.card('yamamoto'), 'show-code'),
        nonceFor(vault, { ...on, revision: on.revision + 1 }, 'show-code'),
        nonceFor(forged, on, 'show-code'),
      ];
      for (const nonce of nonces) {
        assert.equal(
          reasonOf(await world.press('takahashi', 'show-code', { nonce })),
          'card-changed',
        );
      }
      const gone = await world.press('takahashi', 'show-code', { card: 'no-such-card' as never });
      assert.equal(reasonOf(gone), 'card-gone');
    });

    it('a role taken away between card and click', async () => {
      await world.store.write((tx) =>
        tx.rows.putPeople([{ ...PEOPLE.takahashi, role: 'auditor' }]),
      );

      const answer = await world.press('takahashi', 'show-code');

      assert.equal(reasonOf(answer), 'not-allowed');
      assert.equal(await world.state(), 'confirmed');
    });

    it('site staff as the site’s engineer in the data still see no code', async () => {
      await world.store.write((tx) =>
        tx.rows.putPeople([
          { ...PEOPLE.takahashi, role: 'site-staff', sites: ['osaka-01' as SiteCode] },
        ]),
      );

      assert.equal(reasonOf(await world.press('takahashi', 'show-code')), 'not-allowed');
    });

    it('show-code said as a sentence answers with the card, not the code', async () => {
      const answer = await world.flows.pressAs(PEOPLE.takahashi, M1, 'show-code');

      assert.equal(answer.notice.kind, 'sign-in');
      assert.equal(await world.state(), 'confirmed');
    });

    it('a replay by the same person gets the same answer, four answers in all', async () => {
      const on = await world.card('takahashi');
      const answers = [];
      for (let time = 1; time <= 5; time++) {
        answers.push(await world.press('takahashi', 'show-code', { on }));
      }

      assert.deepEqual(
        answers.map((one) => one.reveal?.userCode),
        [CODE, CODE, CODE, CODE, undefined],
      );
      const shown = (await world.events()).filter((event) => event.startsWith('sign-in-shown'));
      assert.equal(shown.length, 4);
    });

    it('two nonces at once show it to one person', async () => {
      await world.pass(100);
      const cards = {
        takahashi: await world.card('takahashi'),
        tanaka: await world.card('tanaka'),
      };

      const answers = await Promise.all([
        world.press('takahashi', 'show-code', { on: cards.takahashi }),
        world.press('tanaka', 'show-code', { on: cards.tanaka }),
        world.press('takahashi', 'show-code', { on: cards.takahashi }),
      ]);

      const shown = answers.filter((answer) => answer.reveal);
      assert.equal(new Set(shown.map((answer) => answer.reveal?.card)).size, 1);
      assert.ok(answers.some((answer) => reasonOf(answer) === 'shown-to-other'));
    });

    it('after the code ran out even the right nonce shows nothing', async () => {
      const shown = await world.press('takahashi', 'show-code');
      await world.pass(301);

      const again = await world.press('takahashi', 'show-code', {
        nonce: shown.reveal?.nonce ?? '',
      });

      assert.equal(reasonOf(again), 'code-over');
    });

    it('"I did not expect this" burns, quarantines and alerts, also after the reveal', async () => {
      const shown = await world.press('takahashi', 'show-code');
      const { nonce = '' } = shown.reveal ?? {};
      await world.press('takahashi', 'unexpected', { nonce });

      assert.equal(await world.state(), 'burned');
      assert.equal((await world.watch()).status, 403);
      assert.deepEqual(await world.alerts(), ['unexpected']);
      assert.equal((await world.card('takahashi')).frozen, false);
      const reopened = await world.flows.open(PEOPLE.yamamoto, M1);
      assert.equal(reasonOf(reopened), 'quarantined');
    });
  });

  describe('attacks on the dialog', () => {
    beforeEach(async () => {
      world.deps = { ...world.deps, signIn: { ...world.deps.signIn, reveal: 'dialog' } };
      await world.confirmed(CODE);
    });

    it('shows the code in the submit alone, with a fresh nonce of that person', async () => {
      const one = await world.press('takahashi', 'show-code', { via: 'dialog-fetch' });
      const two = await world.press('takahashi', 'show-code', { via: 'dialog-fetch' });
      assert.equal(one.reveal, undefined);
      assert.notEqual(one.dialogNonce, two.dialogNonce);
      assert.equal(await world.state(), 'confirmed');

      const nonce = one.dialogNonce ?? '';
      const shown = await world.press('takahashi', 'show-code', { via: 'dialog-submit', nonce });
      assert.equal(shown.reveal?.userCode, CODE);
      const again = await world.press('takahashi', 'show-code', {
        via: 'dialog-submit',
        nonce: shown.reveal?.nonce ?? '',
      });
      assert.equal(again.reveal?.userCode, CODE);
    });

    it('shows nothing to Execute, to a message, or to a submit without its fetch', async () => {
      for (const via of ['execute', 'message', 'terminal'] as const) {
        assert.equal((await world.press('takahashi', 'show-code', { via })).reveal, undefined);
      }
      const bare = await world.press('takahashi', 'show-code', { via: 'dialog-submit' });
      assert.equal(reasonOf(bare), 'card-changed');
    });

    it('does not carry a nonce into the next round', async () => {
      const fetched = await world.press('takahashi', 'show-code', { via: 'dialog-fetch' });
      await world.ready();
      const { number = '' } = await world.code(OTHER, 2);
      await world.flows.confirmNumber(PEOPLE.yamamoto, number, M1, 'personal');

      const late = await world.press('takahashi', 'show-code', {
        via: 'dialog-submit',
        nonce: fetched.dialogNonce ?? '',
      });

      assert.equal(reasonOf(late), 'card-changed');
    });
  });

  describe('two persons', () => {
    beforeEach(() => {
      world.deps = { ...world.deps, signIn: { ...world.deps.signIn, twoPersons: true } };
    });

    it('the opening engineer never sees the code; the other one does', async () => {
      await world.flows.open(PEOPLE.takahashi, M1);
      await world.ready();
      const { number = '' } = await world.code(CODE);
      await world.flows.confirmNumber(PEOPLE.takahashi, number, M1, 'personal');

      assert.equal((await world.card('takahashi')).notice.view, 'opener');
      assert.equal((await world.press('takahashi', 'show-code')).reveal, undefined);
      assert.equal((await world.press('tanaka', 'show-code')).reveal?.userCode, CODE);
    });

    it('nobody confirms by phone', async () => {
      const number = await world.held(CODE);

      const answer = await world.press('takahashi', 'confirm-number', { inputs: { number } });

      assert.equal(reasonOf(answer), 'two-persons');
    });
  });

  describe('the kill switch', () => {
    it('burns everything at once, stops every kit, and refuses openings until it is undone', async () => {
      await world.confirmed(CODE);
      await world.press('takahashi', 'show-code');
      await world.flows.open(PEOPLE.yamamoto, M2);

      const answer = await world.flows.stopAll(PEOPLE.ito);

      assert.equal(answer.notice.kind === 'sign-ins-switched' && answer.notice.burned, 2);
      assert.equal((await world.watch()).do, 'stop');
      assert.equal((await world.ready(M2)).do, 'stop');
      assert.equal(await world.state(M1), 'burned');
      assert.equal(await world.state(M2), 'burned');
      assert.equal(reasonOf(await world.flows.open(PEOPLE.yamamoto, M1)), 'sign-ins-stopped');

      await world.flows.resumeAll(PEOPLE.ito);
      assert.equal(reasonOf(await world.flows.open(PEOPLE.yamamoto, M1)), 'sign-in');
    });

    it('belongs to leads', async () => {
      for (const who of ['takahashi', 'yamamoto', 'morgan'] as const) {
        assert.equal(reasonOf(await world.flows.stopAll(PEOPLE[who])), 'not-allowed');
      }
    });

    it('burns what is open when sign-in is switched off or the key is another', async () => {
      assert.equal(await world.burnForeignCodes(), 0);
      await world.confirmed(CODE);
      assert.equal(await world.burnForeignCodes(), 0);
      assert.equal(await world.state(), 'confirmed');

      world.deps = { ...world.deps, vault: createVault(Buffer.alloc(32, 9)) };
      assert.equal(await world.burnForeignCodes(), 1);
      assert.equal(await world.state(), 'burned');

      await world.flows.open(PEOPLE.yamamoto, M2);
      world.deps = { ...world.deps, signIn: { ...world.deps.signIn, mode: 'off' } };
      assert.equal(await world.burnForeignCodes(), 1);
      assert.equal(reasonOf(await world.flows.open(PEOPLE.yamamoto, M2)), 'sign-in-off');
      assert.equal((await world.ready(M2)).do, 'stop');
    });
  });

  describe('limits', () => {
    it('holds what is above ten per engineer, with one alert, and lets it go when a place is free', async () => {
      const names = Array.from({ length: 12 }, (_, i) => `SV-X-${i}` as MachineName);
      await world.store.write(async (tx) => {
        const model = (await tx.rollOut()).machine(M1);
        assert.ok(model);
        await tx.rows.putMachines(names.map((name) => ({ ...model, name, serial: `S-${name}` })));
        const key = await tx.kits.key(`kid-${M1}` as Kid);
        assert.ok(key);
        for (const name of names) {
          const kid = `kid-${name}` as Kid;
          await tx.kits.putKey({ ...key, kid, machine: name, publicKey: `spki-${name}` });
        }
      });
      for (const name of names) await world.flows.open(PEOPLE.yamamoto, name);
      const [first = M1, , , , , , , , , , eleventh = M1] = names;

      assert.deepEqual(await world.alerts(), ['too-many-sign-ins']);
      assert.equal((await world.ready(eleventh)).do, 'wait');

      await world.ready(first);
      await world.code(THIRD, 1, first);
      await world.outcome('failed', {}, first);
      assert.equal((await world.ready(eleventh)).do, 'go');
    });
  });
});
