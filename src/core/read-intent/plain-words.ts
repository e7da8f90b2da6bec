import { looseRomaji } from './romaji.ts';

/**
 * Words of this trade as they stand before a kana-kanji conversion, or in Latin letters: しんちょく,
 * `shinchoku`. Only words that are part of no other word.
 */
const PLAIN =
  `じょうきょう:状況 しんちょく:進捗 じょうたい:状態 すてーたす:ステータス てじゅん:手順 つぎは:次は つぎの:次の せつぞく:接続
せつだん:切断 とどきまし:届きまし とどいた:届いた とどいて:届いて とうちゃく:到着 はっそう:発送 しゅっか:出荷 でんげん:電源 たんとう:担当 りれき:履歴
こうかん:交換 つかいかた:使い方 とまって:止まって おくれて:遅れて きょてん:拠点 けっか:結果 かくちょうきのう:拡張機能 ぜんたい:全体 たすけて:助けて
でんわ:電話 せってい:設定 きょか:許可 つうしん:通信 ねっとわーく:ネットワーク ちぇっく:チェック さーばー?:サーバー あらーと:アラート えらー:エラー
こまんど:コマンド ぷろきし:プロキシ おしえて:教えて さいんいん:サインイン たいおうします:対応します とりけし:取り消し いれました:入れました`
    .split(/\s+/)
    .map((entry) => entry.split(':') as [string, string]);

const KANA: readonly (readonly [RegExp, string])[] = PLAIN.map(([kana, word]) => [
  new RegExp(kana, 'g'),
  word,
]);

const LATIN: ReadonlyMap<string, string> = new Map(
  PLAIN.map(([kana, word]) => [looseRomaji(kana.replace('ー?', 'ー')), word]),
);

/** The same text with those words as they are usually written. */
export function writePlainWords(text: string): string {
  let result = text.replace(
    /(?<![a-z0-9-])[a-z]{5,16}(?![a-z0-9-])/g,
    (word) => LATIN.get(looseRomaji(word)) ?? word,
  );
  for (const [kana, word] of KANA) result = result.replace(kana, word);
  return result;
}
