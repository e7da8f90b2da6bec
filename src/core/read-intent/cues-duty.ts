import { type Cue, english, words } from './cue.ts';

const DAY = '(?:今日|本日|明日|明後日|あす|あした|あさって|\\d{1,2}[/月]\\d{1,2}日?)';

/** Who is away, who stands in, whom a lead puts on duty, and whether people can be reached. */
export const DUTY_CUES: readonly Cue[] = [
  {
    pattern: words(
      `${DAY}.{0,12}(?:お?休み(?:です|ます|を|に|$)|休暇|休む|不在です|有休|有給|欠勤|おりません)`,
      '(?:お?休み|休暇|有休|有給)(?:を(?:いただ|取り|頂)|します|に(?:なり|し)ます)',
      '(?:お?休み|不在)(?:の登録|を登録|の取り?消|を取り?消|をキャンセル)',
      '(?:私|わたし|自分)(?:は|が)(?:お?休み|不在)',
    ),
    votes: { absent: 7 },
  },
  {
    pattern: english(
      "(?:i'm|i am|im|i'll be|i will be) (?:off|out|away|absent|sick|on (?:leave|holiday|vacation))(?: (?:today|tomorrow|sick|on))?",
      'out of (?:the )?office',
      '(?:my )?day off',
      'taking (?:today|tomorrow|the day) off',
      '(?:cancel|undo) my (?:absence|leave|day off)',
    ),
    votes: { absent: 7 },
  },
  {
    pattern: words(
      '(?:さん|氏|くん|君)(?:に|と)(?:交代|交替|代わ|替わ)',
      `${DAY}.{0,20}(?:交代|交替|代わり|代わって)`,
      '当番.{0,12}(?:交代|交替|代わ)',
    ),
    votes: { 'hand-duty': 9 },
  },
  {
    pattern: english(
      '(?:covers?|covering|stands? in|standing in|fills? in) for me',
      'takes? over (?:from me|my (?:duty|shift|sites))',
      'swap(?:ping)? (?:my )?(?:duty|shift) with',
      'hand(?:ing)? (?:my )?(?:duty|shift) to',
    ),
    votes: { 'hand-duty': 9 },
  },
  {
    pattern:
      /^当番(?!は|って|の|を|が|$|[?？])(?!.{0,40}(?:誰|どなた))|当番.{0,30}(?:に(?:設定|変更)|にして|とする)/g,
    votes: { 'set-duty': 9 },
  },
  { pattern: /^duty[ :](?!.{0,40}who)/g, votes: { 'set-duty': 9 } },
  {
    pattern: words('当番(?:は|って)?_?(?:誰|どなた|[?？]|$)', '(?:誰|どなた)が?当番'),
    votes: { 'responsible-engineer': 5 },
  },
  { pattern: english("who(?: is|'s) on duty"), votes: { 'responsible-engineer': 5 } },
  {
    pattern: words(
      '連絡(?:先)?の?テスト',
      '連絡(?:が)?(?:できる|つく)(?:人|か)(?:を)?(?:確認|テスト|試)',
    ),
    votes: { 'test-contact': 9 },
  },
  {
    pattern: english('contacts? test', 'test (?:the )?contacts?', 'who can be reached'),
    votes: { 'test-contact': 9 },
  },
];
