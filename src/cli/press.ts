import type { CardId } from '../core/ids.ts';
import type { ButtonId, Notice } from '../core/notice.ts';
import type { PressAnswer } from '../core/turn.ts';
import { EXIT, json, usage } from './io.ts';
import { askerOf, type Command, isOutcome, langOfAsker } from './who.ts';
import { SAY } from './words.ts';

/** Presses a button of a card as someone; works in a demo alone, so no code reaches a production terminal. */
export const press: Command = async (app, call, world) => {
  const [card = '', button = ''] = call.args;
  const rollOut = await app.store.read((tx) => tx.rollOut());
  const asker = askerOf(rollOut, call);
  if (isOutcome(asker)) return asker;
  if (asker.kind !== 'person') return usage(SAY.asNeeded[call.language]());
  const lang = langOfAsker(asker);
  const kept = await app.store.read((tx) => tx.cards.get(card as CardId));
  const answer = await answerOf();
  const drawn = app.drawAnswer(answer, lang);
  const exit = answer.refused ? EXIT.bad : EXIT.fine;
  // A code or token is shown by its card alone: the words of an answer never hold it.
  const content = answer.refused ? {} : { content: drawn.card };
  if (call.options.json) return { exit, out: json({ text: drawn.text, ...content }) };
  const secret = answer.reveal?.userCode ?? answer.token?.token;
  const code = secret === undefined ? '' : `\n${secret}`;
  return { exit, out: `${drawn.text}${code}\n` };

  async function answerOf(): Promise<PressAnswer> {
    if (!world.mayChange) return refused('read-only');
    if (!kept) return refused('card-gone');
    const id = button as ButtonId;
    if (asker === undefined || isOutcome(asker) || asker.kind !== 'person') {
      return refused('not-known');
    }
    return app.turns.press({
      person: asker.person,
      card: kept.id,
      button: id,
      nonce: app.nonceFor(kept, id),
      inputs: inputsOf(call.options.input),
      via: 'terminal',
      scope: 'terminal',
    });
  }
};

function refused(reason: Extract<Notice, { kind: 'refusal' }>['reason']): PressAnswer {
  return { notice: { kind: 'refusal', reason }, refused: true };
}

function inputsOf(given: unknown): Record<string, string> {
  const pairs = Array.isArray(given) ? given.map(String) : [];
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
