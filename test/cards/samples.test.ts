import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { SAMPLES } from '../../cards/samples.ts';
import { drawNotice, MAX_CARD_BYTES } from '../../src/cards/draw.ts';
import type { NoticeKind } from '../../src/core/notice.ts';
import { matchesGolden } from '../support/golden.ts';
import { bytesOf, KEPT, objectsOf } from './support.ts';

const KINDS: Record<NoticeKind, true> = {
  'sign-in': true,
  'network-check': true,
  'no-check-yet': true,
  'site-status': true,
  'machine-status': true,
  'rollout-status': true,
  'next-step': true,
  'extension-state': true,
  list: true,
  responsible: true,
  'ask-person': true,
  commands: true,
  'dns-records': true,
  'endpoint-requirements': true,
  'explain-error': true,
  confirm: true,
  marked: true,
  alert: true,
  history: true,
  export: true,
  'ask-back': true,
  'run-check': true,
  kit: true,
  'kit-file': true,
  'channel-set': true,
  duty: true,
  reachable: true,
  'contact-test': true,
  'sign-ins-switched': true,
  'quarantine-lifted': true,
  'who-are-you': true,
  repair: true,
  refusal: true,
  done: true,
  help: true,
  unknown: true,
};

const require = createRequire(import.meta.url);
interface Library {
  AdaptiveCard: new () => {
    parse(card: unknown, context: unknown): void;
    validateProperties(): Found;
  };
  SerializationContext: new () => { eventCount: number; getEventAt(index: number): Message };
}
interface Message {
  readonly message: string;
}
interface Found {
  readonly validationEvents: readonly Message[];
}
const library = require('adaptivecards/dist/adaptivecards.js') as Library;

describe('card samples', () => {
  it('have every kind of notice', () => {
    const kinds = new Set(SAMPLES.map(({ notice }) => notice.kind));

    assert.deepEqual([...kinds].sort(), Object.keys(KINDS).sort());
  });

  for (const { name, notice } of SAMPLES) {
    it(`${name} is drawn as its golden card`, () => {
      const ja = drawNotice(notice, KEPT);
      const en = drawNotice(notice, { ...KEPT, lang: 'en' });

      const golden = new URL(`../fixtures/cards/${name}.golden.json`, import.meta.url);
      matchesGolden(golden, { ja, en: { ...en, card: undefined } });
    });

    for (const lang of ['ja', 'en'] as const) {
      it(`${name} in ${lang} is a card without errors, marks or overweight`, () => {
        const { card, summary } = drawNotice(notice, { ...KEPT, lang });
        const context = new library.SerializationContext();
        const parsed = new library.AdaptiveCard();
        // Its pattern for lang is global and keeps state: every second valid value would be refused.
        const { lang: _, ...rest } = card;
        parsed.parse(rest, context);

        const events = Array.from({ length: context.eventCount }, (_, at) =>
          context.getEventAt(at),
        );
        const found = [...events, ...parsed.validateProperties().validationEvents];
        assert.deepEqual(
          found.map(({ message }) => message),
          [],
        );
        const json = JSON.stringify(card);
        assert.ok(!json.includes('${'), 'a template mark was left');
        assert.ok(!json.includes('null'), 'a null was left');
        assert.ok(bytesOf(card) < MAX_CARD_BYTES);
        const first = [...objectsOf(card)].find(({ object }) => object.type === 'TextBlock');
        assert.equal(first?.object.text, summary);
        assert.equal(card.version, '1.5');
        assert.ok(!('refresh' in card) && !('speak' in card));
      });
    }
  }
});
