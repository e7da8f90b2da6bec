import type { Bilingual, Lang } from '../core/ids.ts';
import type { DrawnNotice } from '../core/ports.ts';
import type { PressAnswer } from '../core/turn.ts';

/** What goes back over HTTP; a body only for invokes. */
export interface TurnAnswer {
  readonly status: number;
  readonly body?: unknown;
}

export const QUIET: TurnAnswer = { status: 200 };
const ADAPTIVE_CARD = 'application/vnd.microsoft.card.adaptive';

/**
 * The answer to an Action.Execute. A card takes the place of the pressed one on that client alone; words
 * stand beside it: learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model.
 */
export function executeAnswer(answer: PressAnswer, drawn: DrawnNotice): TurnAnswer {
  return staysInPlace(answer) ? executeWords(drawn.text) : executeCard(drawn.card);
}

/** A refusal, or a word of thanks, must not wipe the card it is said about. */
function staysInPlace(answer: PressAnswer): boolean {
  if (answer.reveal || answer.token) return false;
  return answer.refused || answer.notice.kind === 'refusal' || answer.notice.kind === 'done';
}

function executeCard(card: Record<string, unknown>): TurnAnswer {
  return { status: 200, body: { statusCode: 200, type: ADAPTIVE_CARD, value: card } };
}

export function executeWords(text: string): TurnAnswer {
  const type = 'application/vnd.microsoft.activity.message';
  return { status: 200, body: { statusCode: 200, type, value: text } };
}

/** HTTP 200 around a failure: the status inside is what the card host reads. */
export function executeError(statusCode: 400 | 500, words: Bilingual, lang: Lang): TurnAnswer {
  const code = statusCode === 400 ? 'BadRequest' : 'InternalServerError';
  const value = { code, message: words[lang] };
  return { status: 200, body: { statusCode, type: 'application/vnd.microsoft.error', value } };
}

/** The answer to `task/fetch` and `task/submit`: a dialog stays open for a card, words close it. */
export function dialogAnswer(answer: PressAnswer, drawn: DrawnNotice): TurnAnswer {
  if (!answer.reveal && !answer.token && answer.dialogNonce === undefined)
    return dialogWords(drawn.text);
  const card = { contentType: ADAPTIVE_CARD, content: drawn.card };
  const value = { title: drawn.summary, height: 'medium', width: 'medium', card };
  return { status: 200, body: { task: { type: 'continue', value } } };
}

export function dialogWords(text: string): TurnAnswer {
  return { status: 200, body: { task: { type: 'message', value: text } } };
}
