import assert from 'node:assert/strict';
import { withDuty } from '../../src/core/duty.ts';
import type { PersonKey, SiteCode } from '../../src/core/ids.ts';
import { readDays, readPeople, saysBack } from '../../src/core/read-duty.ts';
import { sampleRollOut } from '../support/sample-roll-out.ts';

const TODAY = '2026-11-25';
const DAYS: readonly (readonly [text: string, days: readonly string[]])[] = [
  ['今日は休みです', ['2026-11-25']],
  ['明日休みます', ['2026-11-26']],
  ['あさっては休みます', ['2026-11-27']],
  ['11/30は鈴木さんに交代', ['2026-11-30']],
  ['１１／３０は鈴木さんに交代', ['2026-11-30']],
  ['10/13は鈴木さんに交代', ['2027-10-13']],
  ['12月1日は鈴木さんに交代', ['2026-12-01']],
  ['duty osaka suzuki 2026-12-01', ['2026-12-01']],
  ['12/1から12/3まで休みます', ['2026-12-01', '2026-12-02', '2026-12-03']],
  ['off 12/1 to 12/2', ['2026-12-01', '2026-12-02']],
  ['12/1と12/3は休みます', ['2026-12-01', '2026-12-03']],
  ['2/30は休みます', []],
  ['休みです', []],
];

describe('readDays', () => {
  for (const [text, days] of DAYS) {
    it(`reads ${days.join(', ') || 'nothing'} in ${text}`, () => {
      assert.deepEqual(readDays(text, TODAY), days);
    });
  }

  it('never reads more than a month', () => {
    assert.equal(readDays('2026-12-01から2099-12-01まで休みます', TODAY).length, 31);
  });
});

describe('readPeople', () => {
  for (const [text, people] of [
    ['10/13は鈴木さんに交代', ['suzuki']],
    ['鈴木 葵さんに交代', ['suzuki']],
    ['Suzuki covers for me', ['suzuki']],
    ['aoi suzuki covers for me', ['suzuki']],
    ['suzukis garage', []],
    ['誰かに交代', []],
    ['鈴木さんか佐藤さん', ['sato', 'suzuki']],
  ] as const) {
    it(`finds ${people.join(', ') || 'no one'} in ${text}`, () => {
      assert.deepEqual([...readPeople(text, sampleRollOut)].sort(), people);
    });
  }
});

describe('saysBack', () => {
  it('tells an absence from its end', () => {
    assert.deepEqual(
      ['今日は休みです', '10/13の休みを取り消します', 'cancel my day off'].map(saysBack),
      [false, true, true],
    );
  });
});

describe('withDuty', () => {
  const osaka = 'osaka-01' as SiteCode;
  const [takahashi, suzuki, ito] = ['takahashi', 'suzuki', 'ito'] as PersonKey[];
  const today = (absences: Parameters<typeof withDuty>[2], lines: Parameters<typeof withDuty>[3]) =>
    withDuty(sampleRollOut, () => TODAY, absences, lines).site(osaka);

  it('puts the stand-in of an absent engineer on duty', () => {
    const absence = { person: takahashi, day: TODAY, standIn: suzuki } as const;
    const site = today([absence as never], []);

    assert.deepEqual([site?.onDuty, site?.away, site?.engineer], [suzuki, [takahashi], takahashi]);
  });

  it("follows a lead's line before anything else, at that site on that day alone", () => {
    const lines = [
      { site: osaka, day: TODAY, person: ito },
      { site: osaka, day: '2026-11-26', person: suzuki },
    ] as never;
    const absence = { person: takahashi, day: TODAY, standIn: suzuki } as never;

    assert.equal(today([absence], lines)?.onDuty, ito);
    assert.equal(
      withDuty(sampleRollOut, () => TODAY, [absence], lines).site('kobe-01')?.onDuty,
      suzuki,
    );
  });

  it('changes nothing on other days', () => {
    const site = today([{ person: takahashi, day: '2026-11-26' } as never], []);

    assert.deepEqual(site, sampleRollOut.site(osaka));
  });
});
