/**
 * Subjects that people try a bot with and that no roll-out is about. They outweigh a site's name and
 * everyday words: 「大阪の天気はどう?」 asks nothing of us.
 */
export function isOffTopic(masked: string): boolean {
  return JAPANESE.test(masked) || ENGLISH.test(masked);
}

const JAPANESE =
  /天気|気温|台風|人口|首相|大統領|ラーメン|らーめん|ランチ|昼ご飯|晩ご飯|夕食|レシピ|ホテル|観光|旅行|映画|音楽|野球|サッカー|相撲|試合|株価|為替|円ドル|新幹線|電車|飛行機|何分|何時間|何キロ|桜|紅葉|関数|翻訳|じゃんけん|しりとり|占い|語[をがで]話|wi-?fi|誕生日|結婚|宝くじ/;
const ENGLISH =
  /(?<![a-z])(?:weather|forecast|population|president|prime minister|ramen|lunch|dinner|breakfast|restaurants?|recipe|cook|hotels?|sightseeing|travel|flights?|movies?|music|song|sing|joke|poem|baseball|football|soccer|game|stock price|exchange rate|alarm for|taxes|translate|birthday|wi-?fi)(?![a-z])/;
