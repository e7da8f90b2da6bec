import type { App } from '../app.ts';
import type { Asker } from '../core/roll-out.ts';
import type { Reply } from '../core/turn.ts';
import { type Call, EXIT, fine, json } from './io.ts';
import { askerOf, type Command, isOutcome, langOfAsker, type World } from './who.ts';

/** One chat turn, or with `-` one a line, each its own conversation. */
export const ask: Command = async (app, call, world) => {
  const [text = ''] = call.args;
  if (text !== '-') {
    const turn = await oneTurn(app, call, world, text);
    if (isOutcome(turn)) return turn;
    return fine(call.options.json ? json(turn.answer) : `${turn.answer.text}\n`);
  }
  const lines: string[] = [];
  for (const line of (call.stdin ?? '').split(/\r?\n/).filter((one) => one.trim() !== '')) {
    const turn = await oneTurn(app, call, world, line);
    if (isOutcome(turn)) return turn;
    lines.push(JSON.stringify(turn.answer));
  }
  return { exit: EXIT.fine, out: lines.map((line) => `${line}\n`).join('') };
};

async function oneTurn(app: App, call: Call, world: World, text: string) {
  const rollOut = await app.store.read((tx) => tx.rollOut());
  const asker = askerOf(rollOut, call, text);
  if (isOutcome(asker)) return asker;
  const mayChange = world.mayChange && asker.kind === 'person';
  const reply = await app.turns.answer({ asker, text, scope: 'terminal', mayChange });
  return { answer: await answerOf(app, asker, reply) };
}

/** The shape of `ask --json` is a promise (docs/commands.md). */
async function answerOf(app: App, asker: Asker, reply: Reply) {
  const lang = langOfAsker(asker);
  const kept = reply.card ?? reply.confirm?.card;
  const card = kept && (await app.store.read((tx) => tx.cards.get(kept)));
  const drawn = card ? app.drawCard(card, lang) : app.drawNotice(reply.notice, lang);
  const { intent, slots, confidence, ask: choices } = reply.intent;
  const label = reply.confirm && app.buttonLabel(reply.confirm.button, lang);
  return {
    intent,
    slots,
    confidence,
    text: [drawn.text, ...(drawn.after ?? [])].join('\n\n'),
    card: drawn.card,
    ...(choices ? { ask: choices } : {}),
    ...(reply.confirm ? { confirm: { ...reply.confirm, label: label ?? '' } } : {}),
  };
}
