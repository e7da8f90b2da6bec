import type { Bilingual, Lang } from '../core/ids.ts';
import type { DrawnNotice } from '../core/ports.ts';

const MAY_BE_REPEAT: Bilingual = {
  ja: '同じお知らせが前にも届いているかもしれません。届いていた場合は、こちらの新しい方を使ってください。',
  en: 'You may have received this before. If so, please use this newer one.',
};

/** Says on the card that an earlier attempt may have arrived: the connector could not tell. */
export function markRepeat(drawn: DrawnNotice, lang: Lang): DrawnNotice {
  const text = MAY_BE_REPEAT[lang];
  const body = Array.isArray(drawn.card.body) ? drawn.card.body : [];
  const line = { type: 'TextBlock', text, wrap: true, isSubtle: true, size: 'Small' };
  return {
    ...drawn,
    text: `${drawn.text}\n${text}`,
    card: { ...drawn.card, body: [...body, line] },
  };
}
