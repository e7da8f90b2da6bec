import type { Bilingual } from '../core/ids.ts';

/** The only sentences said here and not on a card: for when nothing else could be made. */
export const TROUBLE: Bilingual = {
  ja: '処理できませんでした。少し待ってから、もう一度お試しください。',
  en: 'That did not work. Please wait a moment and try again.',
};

export const NOT_A_BUTTON: Bilingual = {
  ja: 'このボタンは読み取れませんでした。お手数ですが、文字で送ってください。',
  en: 'This button could not be read. Please type what you want instead.',
};
