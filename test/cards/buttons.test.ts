import assert from 'node:assert/strict';
import { SAMPLES } from '../../cards/samples.ts';
import { buttonsOf, drawNotice } from '../../src/cards/draw.ts';
import type { ButtonId, SignInNotice } from '../../src/core/notice.ts';
import { type Json, KEPT } from './support.ts';

function sample(name: string): SignInNotice {
  const { notice } = SAMPLES.find((one) => one.name === name) ?? {};
  assert.ok(notice?.kind === 'sign-in');
  return notice;
}

function actionsOf(card: Json): Json[] {
  return card.actions as Json[];
}

describe('buttons', () => {
  it('stand in the order of the notice, with their id as verb and their own nonce', () => {
    const { card } = drawNotice(sample('sign-in-asked-waiting'), KEPT);

    const ids = ['acknowledge', 'confirm-number', 'unexpected', 'decline', 'hand-over'];
    assert.deepEqual(
      actionsOf(card).map(({ type, verb, data }) => ({ type, verb, data })),
      ids.map((id) => ({
        type: 'Action.Execute',
        verb: id,
        data: { card: 'card-1', button: id, nonce: `nonce-${id}` },
      })),
    );
  });

  it('fall back to a Submit with the same data', () => {
    const { card } = drawNotice(sample('sign-in-opener-waiting'), KEPT);

    for (const { fallback, title, data } of actionsOf(card)) {
      const { type, ...rest } = fallback as Json;
      assert.equal(type, 'Action.Submit');
      assert.equal(rest.title, title);
      assert.deepEqual(rest.data, data);
    }
  });

  it('never offer a code by a Submit that could arrive as a message', () => {
    const { card } = drawNotice(sample('sign-in-asked-confirmed'), KEPT);

    const [show] = actionsOf(card);
    assert.equal(show?.type, 'Action.Execute');
    assert.equal(show?.fallback, 'drop');
  });

  it('open a dialog for the code where the settings say so', () => {
    const { card } = drawNotice(sample('sign-in-asked-confirmed'), { ...KEPT, reveal: 'dialog' });

    const [show] = actionsOf(card);
    assert.equal(show?.type, 'Action.Submit');
    assert.deepEqual(show?.data, {
      card: 'card-1',
      button: 'show-code',
      nonce: 'nonce-show-code',
      msteams: { type: 'task/fetch' },
    });
  });

  it('of a sign-in are not to be had in a channel', () => {
    const all: readonly ButtonId[] = ['acknowledge', 'show-code', 'confirm-number', 'unexpected'];

    const { card } = drawNotice({ ...sample('sign-in-channel-waiting'), buttons: all }, KEPT);

    assert.deepEqual(
      actionsOf(card).map(({ verb }) => verb),
      ['acknowledge'],
    );
    assert.ok(!JSON.stringify(card).includes('Input.Text'));
  });

  it('are left out of a card that is not kept, and so is the field for the number', () => {
    const { card: _, ...notKept } = KEPT;

    const { card } = drawNotice(sample('sign-in-opener-waiting'), notKept);

    assert.deepEqual(card.actions, []);
    assert.ok(!JSON.stringify(card).includes('Input.Text'));
  });

  it('bring a field of four digits with "Send the number"', () => {
    const { card } = drawNotice(sample('sign-in-opener-waiting'), KEPT);

    const field = (card.body as Json[]).find(({ type }) => type === 'Input.Text');
    assert.equal(field?.id, 'number');
    assert.equal(field?.maxLength, 4);
  });

  it('that only say something send the sentence', () => {
    const { notice } = SAMPLES.find(({ name }) => name === 'ask-back') ?? {};
    assert.ok(notice);

    const { card } = drawNotice(notice, KEPT);

    assert.deepEqual(
      actionsOf(card).map(({ type, data }) => ({ type, data })),
      [
        { type: 'Action.Submit', data: { say: '大阪支店の状況は?' } },
        { type: 'Action.Submit', data: { say: '大阪南港物流センターの状況は?' } },
      ],
    );
  });

  it('are listed for the terminal with their labels and inputs', () => {
    const listed = buttonsOf(sample('sign-in-opener-waiting'), 'en');

    assert.deepEqual(listed, [
      { id: 'confirm-number', label: 'Send the number', inputs: ['number'] },
      { id: 'decline', label: 'Decline', inputs: [] },
    ]);
  });
});
