import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SAMPLE_REVEAL, SAMPLES } from '../../cards/samples.ts';
import { drawReveal } from '../../src/cards/code-shown-card.ts';
import { drawNotice } from '../../src/cards/draw.ts';
import type { Notice } from '../../src/core/notice.ts';
import type { RevealAnswer } from '../../src/core/sign-in.ts';
import { MADE_CODES } from '../support/made-codes.ts';
import { type Json, KEPT, objectsOf } from './support.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: a template mark is one of the dangers
const CANARY = '[x](https://evil.example)<at>you</at>{{DATE(2026-01-01)}}${x}**b**\u202e\u200b';

/** Fields of a notice that hold what someone else wrote. */
const GIVEN = new Set(
  [
    'machine machines name nameEn phone ja en commands url code machineName os role message version',
    'area label text host when event why aadObjectId choices azcmCode detail lines line area',
    'plannedDate code location proxy openerName siteName siteNameEn onboardingAccount application',
  ].flatMap((line) => line.split(' ')),
);

const ROLES: ReadonlySet<unknown> = new Set(['site-staff', 'engineer', 'lead', 'auditor']);

function poisoned(value: unknown, canary: string, name = ''): unknown {
  if (ROLES.has(value)) return value;
  if (typeof value === 'string') return GIVEN.has(name) ? `${value}${canary}` : value;
  if (Array.isArray(value)) return value.map((item) => poisoned(item, canary, name));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, poisoned(item, canary, key)]),
  );
}

/** What a client may read as Markdown, a mention or a date: everything but the text of a TextRun. */
function* readable(card: unknown): Generator<string> {
  for (const { object, under } of objectsOf(card)) {
    if (under === 'data') continue;
    for (const [key, value] of Object.entries(object)) {
      if (typeof value !== 'string') continue;
      if (object.type === 'TextRun' && key === 'text') continue;
      yield value;
    }
  }
}

function assertHarmless(card: Json): void {
  for (const text of readable(card)) {
    assert.ok(!text.includes('evil.example'), `stands outside a TextRun: ${text}`);
  }
  const json = JSON.stringify(card);
  assert.ok(!json.includes('${') && !json.includes('{{'), json);
  assert.doesNotMatch(json, /[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/);
}

describe('text we did not write', () => {
  for (const { name, notice } of SAMPLES) {
    it(`stands only in TextRun on ${name}`, () => {
      const bad = poisoned(notice, CANARY) as Notice;

      const drawn = drawNotice(bad, KEPT);
      const english = drawNotice(bad, { ...KEPT, lang: 'en' });

      for (const { card, text, summary } of [drawn, english]) {
        assertHarmless(card);
        assert.ok(!summary.includes('evil.example'));
        assert.doesNotMatch(text, /[\u200b\u202e]/);
      }
    });
  }

  it('is on most cards at all, so that the walk above cannot pass by accident', () => {
    const held = SAMPLES.filter(({ notice }) =>
      JSON.stringify(drawNotice(poisoned(notice, CANARY) as Notice, KEPT).card).includes(
        'evil.example',
      ),
    );

    const without = SAMPLES.map(({ name }) => name).filter(
      (name) => !held.some((sample) => sample.name === name),
    );
    assert.deepEqual(without, ['export', 'refusal', 'help-site-staff', 'help-lead']);
  });

  it('stands only in TextRun beside a shown code', () => {
    const answer = { ...SAMPLE_REVEAL, kind: 'reveal', userCode: MADE_CODES[0] } as const;

    const bad = { ...(poisoned(answer, CANARY) as RevealAnswer), userCode: MADE_CODES[0] };

    assertHarmless(drawReveal(bad, KEPT));
  });

  it('follows the card to the letter, inside one fence that it cannot leave', () => {
    const notice = SAMPLES.find(({ name }) => name === 'commands')?.notice;
    assert.ok(notice?.kind === 'commands');
    const lines = ['azcmagent config set proxy.bypass "Arc"', 'echo ```\n[x](y)'];

    const { after } = drawNotice({ ...notice, lines }, KEPT);

    assert.deepEqual(after, ['```\nazcmagent config set proxy.bypass "Arc"\n```']);
  });

  it('does no harm whatever its characters are', () => {
    const { notice } = SAMPLES.find(({ name }) => name === 'network-check-alert') ?? {};

    const hostile = fc.string({
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a template mark is one of the dangers
      unit: fc.constantFrom(...'${}{{[]()<>at*_`\u202e\u2066\u0000\n\ud800山'),
    });
    fc.assert(
      fc.property(hostile, (text) => {
        const { card } = drawNotice(poisoned(notice, text) as Notice, KEPT);

        const json = JSON.stringify(card);
        assert.ok(!json.includes('${') && !json.includes('{{'));
        assert.doesNotMatch(json, /[\u202e\u2066]|\\u0000|\\ud800/);
      }),
      { numRuns: 60 },
    );
  });
});
