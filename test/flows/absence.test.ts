import assert from 'node:assert/strict';
import type { PersonKey, SiteCode } from '../../src/core/ids.ts';
import type { Notice } from '../../src/core/notice.ts';
import type { Person } from '../../src/core/roll-out.ts';
import type { DutySentence, SignInAnswer } from '../../src/flows/sign-in-flows.ts';
import { MADE_CODES } from '../support/made-codes.ts';
import { PEOPLE, RelayWorld, type Who } from './sign-in/relay-world.ts';

const [CODE] = MADE_CODES;
const OSAKA = 'osaka-01' as SiteCode;

/** 2026-11-25, ten in the morning in Japan. */
describe('absence and duty', () => {
  let world: RelayWorld;
  beforeEach(async () => {
    world = await RelayWorld.start();
  });
  afterEach(() => world.stop());

  const say = (who: Who, what: DutySentence, text: string, sites: SiteCode[] = []) =>
    world.flows.sayDuty(PEOPLE[who], { what, text, sites });
  const asked = async (): Promise<string[]> =>
    (await world.signIn()).asked.map((one) => one.person);
  const reasonOf = ({ notice }: SignInAnswer) =>
    notice.kind === 'refusal' ? notice.reason : notice.kind;

  it('skips at once whoever is away today', async () => {
    await say('takahashi', 'absent', '今日は休みです');

    await world.held(CODE);

    assert.deepEqual(await asked(), ['tanaka']);
    assert.equal((await world.cards('takahashi')).length, 0);
  });

  it('asks the stand-in first, who may then see the code', async () => {
    await say('takahashi', 'hand-duty', '今日はsuzukiさんに交代');

    await world.confirmed(CODE);

    assert.deepEqual(await asked(), ['suzuki']);
    assert.equal((await world.press('suzuki', 'show-code')).reveal?.userCode, CODE);
  });

  it("takes a stand-in's right away with the day", async () => {
    await say('takahashi', 'hand-duty', '今日はsuzukiさんに交代');
    world.clock.forward(24 * 3_600_000);

    await world.confirmed(CODE);

    assert.deepEqual(await asked(), ['takahashi']);
  });

  it("puts on duty whom a lead's line names, tells them, and asks the deputy next", async () => {
    await say('ito', 'set-duty', '当番 大阪 suzuki 11/25', [OSAKA]);

    await world.held(CODE);
    await world.pass(50);

    assert.deepEqual(await asked(), ['suzuki', 'tanaka']);
    const kinds = (await world.cards('suzuki')).map(({ notice }) => notice.kind);
    assert.deepEqual(kinds.sort(), ['duty', 'sign-in']);
  });

  it('asks the next person at once when who was asked turns out to be away', async () => {
    await world.held(CODE);
    assert.deepEqual(await asked(), ['takahashi']);

    await say('takahashi', 'absent', '今日は休みです');

    assert.deepEqual(await asked(), ['takahashi', 'tanaka']);
  });

  it('leaves with whoever has answered what they have begun', async () => {
    await world.held(CODE);
    await world.press('takahashi', 'acknowledge');

    await say('takahashi', 'absent', '今日は休みです');

    assert.deepEqual(await asked(), ['takahashi']);
  });

  it('asks an absent engineer who opened it: they are there', async () => {
    await say('takahashi', 'absent', '今日は休みです');
    await world.flows.open(PEOPLE.takahashi, 'SV-OSK-01' as never);
    await world.ready();
    await world.code(CODE);

    assert.deepEqual(await asked(), ['takahashi']);
  });

  it('undoes an absence', async () => {
    await say('takahashi', 'absent', '今日は休みです');
    const back = await say('takahashi', 'absent', '今日の休みを取り消します');

    await world.held(CODE);

    assert.equal(back.notice.kind === 'duty' && back.notice.what, 'back');
    assert.deepEqual(await asked(), ['takahashi']);
  });

  it('is audited: who, whom, which days', async () => {
    await say('takahashi', 'hand-duty', '12/1はsuzukiさんに交代');
    await say('ito', 'set-duty', '当番 大阪 tanaka 12/2', [OSAKA]);

    const rows = await world.store.read((tx) => tx.audit.list());
    assert.deepEqual(
      rows.map(({ event, by, site, facts }) => ({ event, by, site, facts })),
      [
        {
          event: 'duty-handed-over',
          by: 'takahashi',
          site: undefined,
          facts: { person: 'takahashi', days: '2026-12-01', standIn: 'suzuki' },
        },
        {
          event: 'duty-set',
          by: 'ito',
          site: OSAKA,
          facts: { person: 'tanaka', days: '2026-12-02' },
        },
      ],
    );
  });

  it('refuses what is not theirs to say, and what cannot be read', async () => {
    for (const [who, what, text, sites, reason] of [
      ['yamamoto', 'absent', '今日は休みです', [], 'not-allowed'],
      ['morgan', 'absent', "I'm off today", [], 'not-allowed'],
      ['takahashi', 'set-duty', '当番 大阪 suzuki', [OSAKA], 'not-allowed'],
      ['ito', 'set-duty', '当番 suzuki', [], 'site-needed'],
      ['ito', 'set-duty', '当番 大阪', [OSAKA], 'person-needed'],
      ['ito', 'set-duty', '当番 大阪 yamamoto', [OSAKA], 'person-needed'],
      ['takahashi', 'hand-duty', 'suzukiさんに交代', [], 'day-needed'],
      ['takahashi', 'hand-duty', '12/1は交代', [], 'person-needed'],
      ['takahashi', 'hand-duty', '2026-11-24はsuzukiさんに交代', [], 'day-needed'],
    ] as const) {
      assert.equal(reasonOf(await say(who, what, text, [...sites])), reason, text);
    }
    assert.equal((await world.events()).length, 0);
  });

  describe('the contact test', () => {
    const test = async (who: Who): Promise<Extract<Notice, { kind: 'reachable' }>> => {
      const { notice } = await world.flows.testContact(PEOPLE[who]);
      if (notice.kind !== 'reachable') assert.fail(notice.kind);
      return notice;
    };
    const someone = (key: string, more: Partial<Person> = {}): Person => {
      return { ...PEOPLE.inoue, key: key as PersonKey, name: key, ...more };
    };

    it('sends a harmless card to each and lists who cannot be reached, and why', async () => {
      const aadObjectId = '00000000-0000-4000-8000-000000000999';
      await world.store.write(async (tx) => {
        await tx.conversations.suspend('a:tanaka', 'blocked');
        await tx.rows.putPeople([someone('new'), someone('never', { aadObjectId })]);
      });

      const { rows, tested } = await test('ito');

      const why = Object.fromEntries(rows.map((row) => [row.person.key, row.obstacle]));
      assert.deepEqual(
        [why.tanaka, why.new, why.never, why.takahashi, tested],
        ['blocked', 'no-account', 'never-wrote', undefined, true],
      );
      assert.deepEqual(
        (await world.cards('takahashi')).map(({ notice }) => notice.kind),
        ['contact-test'],
      );
      assert.equal((await world.cards('tanaka')).length, 0);
    });

    it('sends nothing again within ten minutes', async () => {
      await test('ito');

      const { tested } = await test('takahashi');

      assert.equal(tested, false);
      assert.equal((await world.cards('takahashi')).length, 1);
    });

    it('is for engineers and leads', async () => {
      for (const who of ['yamamoto', 'morgan'] as const) {
        assert.equal(reasonOf(await world.flows.testContact(PEOPLE[who])), 'not-allowed');
      }
    });
  });
});
