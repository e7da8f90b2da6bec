import { isMarker } from './spans.ts';

/**
 * How many words of the sentence are about something else: content words that no cue, name or filler
 * explains. 「大阪の天気はどう?」 leaves 天気.
 */
export function unexplained(
  masked: string,
  explained: readonly boolean[],
): { strange: number; rest: number } {
  const chars = masked.split('').map((char, at) => (explained[at] || isMarker(char) ? ' ' : char));
  const rest = chars.join('').replace(JAPANESE_FILLER, ' ').replace(ENGLISH_FILLER, ' ');
  const content = rest.match(CONTENT) ?? [];
  return { strange: content.length, rest: rest.match(LEFT_OVER)?.length ?? 0 };
}

/** A kanji or katakana word, Latin letters, or hiragana too long to be grammar. */
const CONTENT =
  /[一-龠々]{1,20}|[ァ-ヶー]{2,20}|[a-z]{3,30}|[ぁ-ゖ]{5,40}|\p{Script=Hangul}{1,20}|[Ѐ-ӿ]{2,20}/gu;

/** Two letters and more that are no particle. */
const LEFT_OVER = /[ぁ-ゖ]{2,4}/g;

/** Domain nouns and grammar; longer ones first, since the first alternative that fits is taken. */
const JAPANESE_FILLER = new RegExp(
  `教えていただけますでしょうか 教えていただけますか 教えていただけません 教えてもらえますか 教えてください 教えて お教え 知りたいです
知りたい 見せてください 見せて 表示して 確認したいです 確認したい 確認させて 確認してください 確認 聞きたい 伺い 質問 お願いいたします お願いします お願いできますか
お願い いただけますでしょうか いただけますか いただけません いただきたい いただき もらえますか もらえません もらえない もらって もらい くださいませ ください くれますか くれません
くれる くれ ほしいです ほしい たいのですが たいんですが たいです たい すみませんが すみません すいません 恐れ入りますが 恐れ入ります お疲れ様です お疲れさまです おつかれさま
お世話になっております お世話になります お世話に こんにちは おはようございます こんばんは はじめまして ありがとうございます ありがとう よろしくお願い よろしく 宜しく
でしょうか でしょう ですか ですが ですね ですよ でしたか でした です ますか ますが ました ません ます だっけ でしたっけ だった だろう かな かね なの のですが のです
んですが んです についての について に関する に関して に対する の方 のほう という といった っていう って とは
どうなっていますか どうなってますか どうなってる どうなって どうですか どうでしょう どうなの どうした どう どのくらい どれくらい どのぐらい どこまで どこ どれ どの どちら どなた 誰
何ですか 何 なに いくつ いつ なぜ どうして
サーバー マシン 機器 端末 機械 拠点 サイト 支店 支社 営業所 工場 本社 センター 事業所 現場 現地 エリア 地区 地方 地域 ブロック 方面 管内 県内 全体 全部 全て すべて 全台 台 件 箇所 ヶ所 か所 つ目 番目
展開 導入 移行 作業 対応 接続 設定 構成 登録 結果 情報 内容 詳細 一覧 リスト 最新 最近 現在 現時点 今日 本日 昨日 明日 今週 先週 来週 今月 今朝 今 もう まだ また すぐ 至急 急ぎ 早め 先ほど さっき
必要 予定 計画 期限 期日 方法 手順 やり方 仕方 場合 とき 時 こと もの ところ 人 方 者 側 分 様 中 内 外 上 下 前 後 間 毎 別 各 両方 両 他 ほか 同じ 一部 残り 残っている 残って 残
使う 使い 使って 見る 見た 見て 見たい 入れる 入れて 出る 出て 出た 出ました 出ます 行う 行って 行き できます できる できない できた でき ありますか あります ありません ある あった ない なくて なった なって なる
いますか います いません いる いた いて おります されて されました される して した したい します しました する すべき すれば ください
私 わたし 自分 こちら 当方 弊社 我々 うち これ それ あれ この その あの ここ そこ 皆さん さん アジュール クラウド ボット 画面 メッセージ 番号 コード 名前 担当 エンジニア 電源 問題 とも 全 無事 正常 普通
一度 一回 再度 もう一度 念のため ちょっと 少し とりあえず たぶん なんか やっぱり ちゃんと きちんと まとめて 一括 だけ だけど から まで より ので のに けど けれど しか など とか ながら ため よう みたい らしい そう
ればいい ればよい ばいい ばよい たらいい たらよい どんな いま 比較 止まり 止まっ 打つ 打ち 入力 実行 先 進め 早く 早め ておく ておき なので なのに だと など など 赤い 赤 表示 報告 お知らせ 連絡 大丈夫 済み 同様 直接 至急 さあ えっと あの ねえ ねぇ`
    .trim()
    .split(/\s+/)
    .sort((a, b) => b.length - a.length)
    .join('|'),
  'g',
);

const ENGLISH_FILLER = new RegExp(
  `(?<![a-z])(?:${`a an the is are was were be been am do does did done has have had can could would should will shall may
might must to of for at in on by with from about into over as and or but not no yes so if then than that this these those there
here it its i you we they he she me my our your us them their what which who whom whose where when why how please thanks thank
hello hi hey dear sorry just still yet already now today yesterday tomorrow week again any some all every each both other
another one two three four five six seven eight nine ten first second more most much many few lot server servers machine
machines site sites branch branches office offices plant plants center centre box boxes host hosts device devices base region
regions area areas prefecture wave waves rollout deployment project azure arc microsoft bot give show tell list see want need
know like get got let lets look check find send go going come make take put use using doing did want able also too only
really currently right away asap quick quickly question info information detail details latest current new out up down off
s t m re ve ll d dont im id been being there's any anything something everything kind sort way how's whats rn pls plz thx
ok okay well um uh next along pass thing things open screen text message messages display see seen say says said think believe guess wondering wonder could've team everyone number code`
    .split(/\s+/)
    .join('|')})(?![a-z])`,
  'g',
);
