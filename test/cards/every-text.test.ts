import assert from 'node:assert/strict';
import { SAMPLES } from '../../cards/samples.ts';
import { drawNotice } from '../../src/cards/draw.ts';
import { ALERT } from '../../src/cards/text/alert.ts';
import { COMMANDS } from '../../src/cards/text/commands.ts';
import { CONFIRM, DONE, MARKED } from '../../src/cards/text/deeds.ts';
import { BLOCK, LIST_NOTE, ROLE, SIGN_IN_STATE, STAGE } from '../../src/cards/text/labels.ts';
import { LIST } from '../../src/cards/text/lists.ts';
import { REFUSAL } from '../../src/cards/text/refusal.ts';
import { REPAIR, REPAIR_BY, REPAIR_STEP, REPAIR_TROUBLE } from '../../src/cards/text/repair.ts';
import { REASON } from '../../src/cards/text/sign-in-ended.ts';
import { STEP } from '../../src/cards/text/steps.ts';
import type { Notice, NoticeKind, NoticeOf } from '../../src/core/notice.ts';
import { KEPT } from './support.ts';

function sampleOf<K extends NoticeKind>(kind: K): NoticeOf<K> {
  const { notice } = SAMPLES.find((one) => one.notice.kind === kind) ?? {};
  assert.ok(notice?.kind === kind);
  return notice as NoticeOf<K>;
}

function keysOf<K extends string>(table: Readonly<Record<K, unknown>>): readonly K[] {
  return Object.keys(table) as K[];
}

const VIEWS = ['opener', 'asked', 'channel'] as const;
const signIn = sampleOf('sign-in');
const [step] = sampleOf('next-step').steps;
assert.ok(step);
const [row] = sampleOf('list').rows;
const [repaired] = sampleOf('repair').machines;
assert.ok(repaired);

/** Every word of every table, put on a card. */
const NOTICES: readonly Notice[] = [
  ...keysOf(ALERT).map((what) => ({ ...sampleOf('alert'), what })),
  ...keysOf(REFUSAL).map((reason) => ({ kind: 'refusal' as const, reason })),
  ...keysOf(REPAIR).map((state) => ({ ...sampleOf('repair'), state })),
  ...keysOf(REPAIR_BY).map((deployer) => ({ ...sampleOf('repair'), deployer })),
  ...keysOf(REPAIR_STEP).map((step) => ({
    ...sampleOf('repair'),
    machines: [{ ...repaired, step }],
  })),
  ...keysOf(REPAIR_TROUBLE).map((trouble) => ({
    ...sampleOf('repair'),
    machines: [{ ...repaired, step: 'not-done' as const, trouble }],
  })),
  ...keysOf(CONFIRM).map((what) => ({ ...sampleOf('confirm'), what })),
  ...keysOf(CONFIRM).map((what) => ({ ...sampleOf('confirm'), what, pending: false })),
  ...keysOf(MARKED).map((what) => ({ ...sampleOf('marked'), what })),
  ...keysOf(DONE).map((what) => ({ kind: 'done' as const, what })),
  ...keysOf(COMMANDS).map((what) => ({ ...sampleOf('commands'), what })),
  ...keysOf(LIST).map((topic) => ({ kind: 'list' as const, topic, rows: [] })),
  ...keysOf(LIST_NOTE).map((note) => ({ ...sampleOf('list'), rows: [{ ...row, note }] })),
  ...keysOf(ROLE).map((role) => ({ kind: 'help' as const, role })),
  ...keysOf(STEP).map((next) => ({ kind: 'next-step' as const, steps: [{ ...step, step: next }] })),
  ...keysOf(STAGE).map((stage) => ({ kind: 'next-step' as const, steps: [{ ...step, stage }] })),
  ...keysOf(BLOCK).map((reason) => ({
    kind: 'next-step' as const,
    steps: [{ ...step, block: { reason, owner: 'site' as const } }],
  })),
  ...VIEWS.flatMap((view) =>
    keysOf(SIGN_IN_STATE).map((state) => ({ ...signIn, view, state, buttons: [] })),
  ),
  ...VIEWS.flatMap((view) =>
    keysOf(REASON).map((reason) => ({
      ...signIn,
      view,
      state: 'failed' as const,
      reason,
      settledAt: KEPT.now,
      buttons: [],
    })),
  ),
];

describe('what people read', () => {
  it('is a whole sentence in both languages, whatever there is to tell', () => {
    for (const notice of [...NOTICES, ...SAMPLES.map((sample) => sample.notice)]) {
      const ja = drawNotice(notice, KEPT).text;
      const en = drawNotice(notice, { ...KEPT, lang: 'en' }).text;

      for (const text of [ja, en]) {
        assert.doesNotMatch(text, /undefined|\[object|NaN|Invalid|null/, JSON.stringify(notice));
      }
      assert.notEqual(ja, en);
      assert.match(ja, /[ぁ-んァ-ヶ]/);
    }
  });

  it('holds no Japanese in English where the data has none', () => {
    const japaneseData = ['ask-back', 'unknown', 'quarantine-lifted', 'list-late-sites-empty'];
    const samples = SAMPLES.filter(({ name }) => !japaneseData.includes(name));

    for (const notice of [...NOTICES, ...samples.map((sample) => sample.notice)]) {
      const { card, summary } = drawNotice(notice, { ...KEPT, lang: 'en' });

      assert.doesNotMatch(JSON.stringify(card) + summary, /[ぁ-んァ-ヶ一-龠]/);
    }
  });

  it('begins with words that tell a notification nothing about sites, servers or people', () => {
    for (const { notice } of SAMPLES) {
      const { summary } = drawNotice(notice, KEPT);

      assert.doesNotMatch(summary, /SV-|支店|工場|さん/);
    }
  });

  it('tells the opener how to start anew, by the button only where there is one', () => {
    const expired = {
      ...signIn,
      view: 'opener',
      state: 'expired',
      reason: 'nobody-answered',
      settledAt: KEPT.now,
    } as const;

    const withButton = drawNotice({ ...expired, buttons: ['continue'] }, KEPT).text;
    const without = drawNotice({ ...expired, buttons: [] }, KEPT).text;

    assert.match(withButton, /「新しいコードで続ける」を押すと/);
    assert.match(without, /「SV-OSK-03を接続したい」と送ると/);
  });
});
