import assert from 'node:assert/strict';
import { SAMPLE_REVEAL } from '../../cards/samples.ts';
import { drawReveal, drawRevealDialog } from '../../src/cards/code-shown-card.ts';
import { OpsBotError } from '../../src/core/errors.ts';
import type { CardId } from '../../src/core/ids.ts';
import { MADE_CODES } from '../support/made-codes.ts';
import { type Json, KEPT, objectsOf } from './support.ts';

const answer = { ...SAMPLE_REVEAL, kind: 'reveal', userCode: MADE_CODES[0] } as const;

describe('the card with the code', () => {
  it('holds it once, as the text of the element user-code', () => {
    const card = drawReveal(answer, KEPT);

    const found = [...objectsOf(card)].find(({ object }) => object.id === 'user-code');
    assert.equal(found?.object.text, MADE_CODES[0]);
    assert.equal(JSON.stringify(card).split(MADE_CODES[0]).length, 2);
  });

  it('begins with harmless words and is not spoken', () => {
    const card = drawReveal(answer, KEPT);

    const first = [...objectsOf(card)].find(({ object }) => object.type === 'TextBlock');
    assert.equal(first?.object.text, 'サインインの続きです');
    assert.ok(!('speak' in card) && !('refresh' in card) && !('fallbackText' in card));
  });

  it('names the account, the application and what any other name means', () => {
    const text = JSON.stringify(drawReveal(answer, { ...KEPT, lang: 'en' }));

    assert.match(text, /arc-onboarding@corp\.example/);
    assert.match(text, /Azure Connected Machine Agent/);
    assert.match(text, /press Cancel there, then .*I did not expect this/);
  });

  it('leads to a page of ours to name, whatever the server sent', () => {
    const lookalike = {
      ...answer,
      verificationUri: 'https://microsoft.com.evil.example/devicelogin',
    };

    const [open] = drawReveal(lookalike, KEPT).actions as Json[];

    assert.equal(open?.url, 'https://microsoft.com/devicelogin');
    assert.ok(!JSON.stringify(drawReveal(lookalike, KEPT)).includes('evil'));
  });

  it('leads to the address of the cloud', () => {
    const unknown = { ...answer, verificationUri: 'https://elsewhere.example' };

    const [open] = drawReveal(unknown, { ...KEPT, cloud: 'AzureUSGovernment' }).actions as Json[];

    assert.equal(open?.url, 'https://microsoft.com/deviceloginus');
  });

  it('tells the address of the simulated page in the demo', () => {
    const entraUrl = 'http://127.0.0.1:4010/devicelogin';

    const card = drawReveal(answer, { ...KEPT, entraUrl });

    assert.equal((card.actions as Json[])[0]?.url, entraUrl);
    assert.match(JSON.stringify(card.body), /模擬画面.*127\.0\.0\.1:4010/);
  });

  it('lets its buttons act with the nonce of this answer, without a Submit that becomes a message', () => {
    const [, unexpected, handOver, again] = drawReveal(answer, KEPT).actions as Json[];

    for (const [action, button] of [
      [unexpected, 'unexpected'],
      [handOver, 'hand-over'],
      [again, 'show-code'],
    ] as const) {
      assert.equal(action?.type, 'Action.Execute');
      assert.equal(action?.fallback, 'drop');
      assert.deepEqual(action?.data, { card: 'sample-card', button, nonce: 'sample-nonce' });
    }
  });

  it('stays inside the dialog that shows it', () => {
    const actions = drawReveal(answer, { ...KEPT, reveal: 'dialog' }).actions as Json[];

    assert.deepEqual(
      actions.map(({ type }) => type),
      ['Action.OpenUrl', 'Action.Submit', 'Action.Submit', 'Action.Submit'],
    );
  });

  it('offers to show it again while that is possible, in words of its own', () => {
    const titles = (again: boolean) =>
      (drawReveal({ ...answer, again }, KEPT).actions as Json[]).map(({ title }) => title);

    assert.ok(titles(true).includes('もう一度表示'));
    assert.ok(!titles(false).includes('もう一度表示'));
  });

  it('says how it was confirmed, and who opened it by their name in English', () => {
    const english = { ...KEPT, lang: 'en' } as const;
    const text = JSON.stringify(drawReveal({ ...answer, confirmedHow: 'phone' }, english));

    assert.match(text, /confirmed by phone/);
    assert.match(text, /Haru Yamamoto/);
    assert.ok(!text.includes('山本'));
  });

  it('refuses what is no code', () => {
    for (const userCode of ['**BOLD**', '[x](y)', '', 'A', 'MADE CODE', '{{DATE}}']) {
      assert.throws(
        () => drawReveal({ ...answer, userCode }, KEPT),
        (error) =>
          error instanceof OpsBotError && (userCode === '' || !error.message.includes(userCode)),
      );
    }
  });

  it('is asked for in a dialog that holds none', () => {
    const card = drawRevealDialog({ card: 'card-1' as CardId, nonce: 'fresh' }, 'ja');

    const [show] = card.actions as Json[];
    assert.equal(show?.type, 'Action.Submit');
    assert.deepEqual(show?.data, { card: 'card-1', button: 'show-code', nonce: 'fresh' });
    assert.ok(!JSON.stringify(card).includes('user-code'));
  });
});
