/** How a sentence is meant, beyond its words. */
export interface Mood {
  /** Asks to be told: 「届きましたか」, "has it arrived?". */
  readonly question: boolean;
  /** Asks for something to be done, politely: 「お願いできますか」, "could you". */
  readonly request: boolean;
  /** Says that something is not, or not yet. */
  readonly negated: boolean;
  /** Asks for a set of things: which servers, どの拠点. */
  readonly asksWhich: boolean;
  /** Asks how something is done: 「入れ方は?」. */
  readonly asksHow: boolean;
}

export function moodOf(masked: string): Mood {
  const text = masked.replace(/[。.!！\s]+$/, '');
  const request =
    /(?:お願い|おねがい|ください|もらえ|いただけ|してほしい|くれ)/.test(text) ||
    /(?<![a-z])(?:please|(?:can|could|would|will) you|can we|can i|could i)(?![a-z])/.test(text);
  const question =
    /[?？]$/.test(text) ||
    /(?:ますか|ましたか|ですか|でしょうか|のか|かな|かね|っけ|るの|たの|ませんか)$/.test(text) ||
    /^(?:has|have|is|are|did|does|do|was|were|when|what|which|who|how|why|where)(?![a-z])/.test(
      text,
    );
  const negated =
    /(?:て|で)(?:い)?(?:ない|ません|なか)|(?:ら|か|け|き)(?:ない|なかった|ません)|(?:ない|ません)(?:です)?$|まだ(?!か)|未(?!来)|ませんでした/.test(
      text,
    ) ||
    /(?<![a-z])(?:not|never|no|hasn't|haven't|isn't|aren't|didn't|wasn't|won't|yet)(?![a-z])/.test(
      text,
    );
  const asksWhich =
    /(?:サーバー|マシン|拠点|サイト|支店|機器|ところ|所|台|もの|の)(?:は|って|が)?(?:ある|あり|どれ|どこ|何|いくつ|ない|[?？]|$|を?(?:教|見|一覧|リスト|知))|どの|どれ|どこ|一覧|リスト/.test(
      text,
    ) ||
    /(?<![a-z])(?:which|what|any|list|show|who|where|servers|machines|sites)(?![a-z])/.test(text);
  const asksHow =
    /(?:方|かた)(?:は|を|が|って|教|[?？]|$)/.test(text) ||
    /(?<![a-z])how (?:do|to|can)/.test(text);
  return { question, request, negated, asksWhich, asksHow };
}
