import type { CardId, Lang } from '../core/ids.ts';
import type { ButtonId } from '../core/notice.ts';
import type { Page } from './page.ts';
import { BUTTON } from './text/labels.ts';
import { clean } from './words.ts';

/** A kept card's id, and the one-time word each of its buttons carries. */
export interface CardActs {
  readonly id: CardId;
  nonce(button: ButtonId): string;
}
export type Reveal = 'dialog' | 'card';
export type Action = Readonly<Record<string, unknown>>;

const STYLE: Partial<Record<ButtonId, 'positive' | 'destructive'>> = {
  'confirm-number': 'positive',
  'show-code': 'positive',
  confirm: 'positive',
  continue: 'positive',
  unexpected: 'destructive',
};

export function buttonLabel(button: ButtonId, lang: Lang): string {
  return BUTTON[button][lang];
}

/** The inputs a button sends along. */
export function inputsOf(button: ButtonId): readonly string[] {
  return button === 'confirm-number' ? ['number'] : [];
}

/** A page's buttons in its order; those of a card that is not kept have nothing to act on and are left out. */
export function actionsOf(
  page: Page,
  lang: Lang,
  reveal: Reveal,
  card: CardActs | undefined,
): Action[] {
  const acts =
    card === undefined ? [] : (page.buttons ?? []).map((b) => act(b, lang, reveal, card));
  const sayings = (page.sayings ?? []).map(({ title, text }) => ({
    type: 'Action.Submit',
    title,
    data: { say: clean(text) },
    associatedInputs: 'none',
  }));
  return [...acts, ...sayings];
}

function act(button: ButtonId, lang: Lang, reveal: Reveal, card: CardActs): Action {
  const looks = looksOf(button, lang);
  const data = { card: card.id, button, nonce: card.nonce(button) };
  // A Submit that arrives as a message could only be answered by a stored one: never a code or token.
  if (button === 'show-code' || button === 'show-token') {
    return reveal === 'dialog'
      ? { type: 'Action.Submit', ...looks, data: { ...data, msteams: { type: 'task/fetch' } } }
      : { type: 'Action.Execute', ...looks, verb: button, data, fallback: 'drop' };
  }
  return {
    type: 'Action.Execute',
    ...looks,
    verb: button,
    data,
    fallback: { type: 'Action.Submit', ...looks, data },
  };
}

/** Inside a dialog everything is a Submit: it comes back as `task/submit`. */
export function dialogAct(button: ButtonId, lang: Lang, card: CardId, nonce: string): Action {
  return { type: 'Action.Submit', ...looksOf(button, lang), data: { card, button, nonce } };
}

/** The same on a card that is itself the answer to an invoke. */
export function answerAct(button: ButtonId, lang: Lang, card: CardId, nonce: string): Action {
  return {
    type: 'Action.Execute',
    ...looksOf(button, lang),
    verb: button,
    data: { card, button, nonce },
    fallback: 'drop',
  };
}

function looksOf(button: ButtonId, lang: Lang): Record<string, string> {
  const style = STYLE[button];
  return {
    title: buttonLabel(button, lang),
    ...(style !== undefined && { style }),
    ...(inputsOf(button).length === 0 && { associatedInputs: 'none' }),
  };
}
