import type { Audience } from '../core/notice.ts';
import { fine, json } from './io.ts';
import { askerOf, type Command, isOutcome, langOfAsker } from './who.ts';
import { SAY } from './words.ts';

/** The cards that a person or the channel sees now, newest first. */
export const inbox: Command = async (app, call) => {
  const rollOut = await app.store.read((tx) => tx.rollOut());
  const asker = askerOf(rollOut, call);
  if (isOutcome(asker)) return asker;
  const isChannel = call.options.channel === true || asker.kind === 'terminal';
  const audience: Audience = isChannel
    ? { kind: 'channel' }
    : { kind: 'person', person: asker.person.key };
  const lang = isChannel ? 'ja' : langOfAsker(asker);
  const cards = await app.store.read((tx) => tx.cards.list(audience, { shown: true, limit: 100 }));
  const shown = cards.map((card) => {
    const drawn = app.drawCard(card, lang);
    return {
      card: card.id,
      at: (card.postedAt ?? card.createdAt).toISOString(),
      text: drawn.text,
      buttons: app.buttonsOf(card.notice, lang),
      content: drawn.card,
    };
  });
  if (call.options.json) return fine(json(shown));
  if (shown.length === 0) return fine(SAY.noCards[call.language]());
  const blocks = shown.map(({ card, at, text, buttons }) => {
    const list = buttons.map(({ id, label }) => `${id}(${label})`).join(' ');
    const more = list === '' ? [] : [SAY.buttons[call.language](list)];
    return [`── ${card}  ${at}`, text, ...more].join('\n');
  });
  return fine(`${blocks.join('\n\n')}\n`);
};
