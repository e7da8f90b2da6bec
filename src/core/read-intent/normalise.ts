import { correctWords } from './correct-words.ts';
import { writePlainWords } from './plain-words.ts';

/** Longest text that is read as a question; what is longer is pasted output or not meant for us. */
const READ_AT_MOST = 1200;

/**
 * One spelling for what people type in many: width, case, spaces, dashes, old and alternative characters.
 * The result is what every later step reads.
 */
export function normalise(text: string): string {
  let result = text.slice(0, READ_AT_MOST).normalize('NFKC').toLowerCase();
  result = result
    .replace(INVISIBLE, '')
    .replace(DASHES, '-')
    .replace(/[’‘`´]/g, "'")
    .replace(/[“”「」『』【】"]/g, ' ')
    .replace(/\s+/g, ' ');
  result = result.replace(/(?<=[a-z0-9])ー(?=[a-z0-9])/g, '-');
  for (const [pattern, spelling] of SPELLINGS) result = result.replace(pattern, spelling);
  return dropSpaces(writePlainWords(correctWords(result))).trim();
}

/** A space between Japanese characters carries nothing: 「大阪 状況」. */
function dropSpaces(text: string): string {
  return text.replace(/(?<=[^\x20-\x7e]) | (?=[^\x20-\x7e])/g, '');
}

/** Katakana as hiragana, character by character, so that positions stay. */
export function foldKana(text: string): string {
  return text.replace(/[ァ-ヶ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));
}

// Zero-width characters, joiners, bidi controls and other marks that do not show.
const INVISIBLE = /\p{Cf}|\p{Variation_Selector}|\p{Emoji_Presentation}/gu;
const DASHES = /[‐‑‒–—―−﹣]/g;

const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/下さい/g, 'ください'],
  [/頂け/g, 'いただけ'],
  [/頂き/g, 'いただき'],
  [/出来/g, 'でき'],
  [/無い/g, 'ない'],
  [/無し/g, 'なし'],
  [/有り/g, 'あり'],
  [/有る/g, 'ある'],
  [/居る/g, 'いる'],
  [/欲し/g, 'ほし'],
  [/[繋繫]が/g, 'つなが'],
  [/[繋繫]げ/g, 'つなげ'],
  [/[繋繫]ぎ/g, 'つなぎ'],
  [/[繋繫]い/g, 'つない'],
  [/[判解わ]か([らりるっん])/g, '分か$1'],
  [/分([らりるっ])/g, '分か$1'],
  [/何処/g, 'どこ'],
  [/何故/g, 'なぜ'],
  [/何方/g, 'どなた'],
  [/誰方/g, 'どなた'],
  [/だれ(?!か[らの])/g, '誰'],
  [/情況|状きょう/g, '状況'],
  [/進ちょく|進渉|進陟/g, '進捗'],
  [/チエック/g, 'チェック'],
  [/取りけ[しす]|取消し?/g, '取り消し'],
  [/入れ換え|入替え?/g, '入れ替え'],
  [/取替え?/g, '取り替え'],
  [/立上げ/g, '立ち上げ'],
  [/引継ぎ?/g, '引き継ぎ'],
  [/サーバ(?!ー)/g, 'サーバー'],
  [/ディフェンダ(?!ー)/g, 'ディフェンダー'],
  [/プロクシー?|プロキシー|ぷろきし/g, 'プロキシ'],
  [/サイン・?イン|ログイン|ログオン|さいんいん/g, 'サインイン'],
  [/アラ[ーァ]?ト/g, 'アラート'],
  [/エクス?ポ[ーォ]ト/g, 'エクスポート'],
  [/ネットワ[ーァ]ク/g, 'ネットワーク'],
  [/チェク/g, 'チェック'],
  [/キティング/g, 'キッティング'],
  [/視点|市店|視店/g, '支店'],
  [/澤/g, '沢'],
  [/廣/g, '広'],
  [/髙/g, '高'],
  [/濱/g, '浜'],
  [/[﨑碕]/g, '崎'],
  [/嶋/g, '島'],
  [/大坂/g, '大阪'],
  [/[\u{e000}-\u{f8ff}]/gu, ' '],
  [/シテル/g, 'してる'],
];
