import { MARKERS, type Spans } from './spans.ts';

/**
 * The four digits of a console, when the message is about nothing else: `4821`, 「照合番号は4821です」,
 * `SV-OSK-03 4821`. A year or a quantity in a sentence is none.
 */
export function findNumber(spans: Spans): string | undefined {
  const rest = spans.masked
    .replaceAll(MARKERS.machine, '')
    .replace(WORDS_AROUND, '')
    .replace(/[\s。.,、!！:：=_-]+/g, '');
  return /^\d{4}$/.test(rest) ? rest : undefined;
}

const WORDS_AROUND =
  /照合番号|確認番号|番号|数字|ナンバー|コンソール|画面|表示|サーバー|と(?:出|表示され|書いてあり)(?:ました|ています|てます|ます)|でした|です|だよ|ですよ|になります|は|の|が|に|(?<![a-z])(?:the|match|matching|console|number|no|code|is|it|it's|says|shows|on|for|here|digits?|my|please)(?![a-z])/g;
