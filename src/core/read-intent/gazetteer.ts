/** Readings of regions, prefectures and city names that sites' aliases are often made of. */
export const READINGS: ReadonlyMap<string, string> = new Map(
  `北海道:ほっかいどう 東北:とうほく 関東:かんとう 中部:ちゅうぶ 北陸:ほくりく 東海:とうかい 近畿:きんき 関西:かんさい
中国:ちゅうごく 四国:しこく 九州:きゅうしゅう 沖縄:おきなわ 青森:あおもり 岩手:いわて 宮城:みやぎ 秋田:あきた 山形:やまがた
福島:ふくしま 茨城:いばらき 栃木:とちぎ 群馬:ぐんま 埼玉:さいたま 千葉:ちば 東京:とうきょう 神奈川:かながわ 新潟:にいがた
富山:とやま 石川:いしかわ 福井:ふくい 山梨:やまなし 長野:ながの 岐阜:ぎふ 静岡:しずおか 愛知:あいち 三重:みえ 滋賀:しが
京都:きょうと 大阪:おおさか 兵庫:ひょうご 奈良:なら 和歌山:わかやま 鳥取:とっとり 島根:しまね 岡山:おかやま 広島:ひろしま
山口:やまぐち 徳島:とくしま 香川:かがわ 愛媛:えひめ 高知:こうち 福岡:ふくおか 佐賀:さが 長崎:ながさき 熊本:くまもと
大分:おおいた 宮崎:みやざき 鹿児島:かごしま 札幌:さっぽろ 函館:はこだて 旭川:あさひかわ 盛岡:もりおか 仙台:せんだい
水戸:みと 宇都宮:うつのみや 前橋:まえばし 高崎:たかさき 大宮:おおみや 横浜:よこはま 川崎:かわさき 甲府:こうふ 金沢:かなざわ
浜松:はままつ 名古屋:なごや 津:つ 大津:おおつ 堺:さかい 南港:なんこう 神戸:こうべ 姫路:ひめじ 松江:まつえ 高松:たかまつ
松山:まつやま 博多:はかた 小倉:こくら 北九州:きたきゅうしゅう 那覇:なは 品川:しながわ 新宿:しんじゅく 渋谷:しぶや
大手町:おおてまち 本社:ほんしゃ 本店:ほんてん`
    .split(/\s+/)
    .map((entry) => entry.split(':') as [string, string]),
);

/** Other words for a region. A roll-out that has the one as its region is asked for by the other. */
export const REGION_SYNONYMS: readonly (readonly string[])[] = [
  ['近畿', '関西', 'kansai', 'kinki'],
  ['九州', 'kyushu'],
  ['北海道', 'hokkaido'],
  ['東北', 'tohoku'],
  ['関東', 'kanto'],
  ['中部', 'chubu'],
  ['中国', 'chugoku'],
  ['四国', 'shikoku'],
  ['沖縄', 'okinawa'],
];

/** What kind of place a site is: the end of its name, which people leave out or get wrong. */
export const SITE_ENDINGS: readonly string[] = [
  '物流センター',
  'データセンター',
  'キッティングセンター',
  'サービスセンター',
  'センター',
  '支店',
  '支社',
  '支部',
  '支所',
  '分室',
  '営業所',
  '営業部',
  '事業所',
  '事業部',
  '出張所',
  '事務所',
  '研究所',
  '製作所',
  '工場',
  '倉庫',
  '本社',
  '本店',
  '本部',
  '拠点',
  'オフィス',
  '店',
  '第一',
  '第二',
  '第三',
  '第1',
  '第2',
  '第3',
];

/** The same in English: words of `name_en` that name no place. */
export const GENERIC_WORDS: ReadonlySet<string> = new Set(
  `branch office plant logistics center centre head data second first third staging warehouse factory
site headquarters main base sales north south east west new city area the`.split(/\s+/),
);
