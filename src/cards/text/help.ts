import type { Bilingual } from '../../core/ids.ts';
import type { Role } from '../../core/roll-out.ts';

export interface HelpGroup {
  readonly heading: Bilingual;
  readonly examples: readonly Bilingual[];
}

const STATUS: HelpGroup = {
  heading: { ja: '状況を知る', en: 'See where things are' },
  examples: [
    { ja: '大阪支店の状況は?', en: 'status of Osaka Branch' },
    { ja: 'SV-OSK-03の次の手順は?', en: "what's next for SV-OSK-03?" },
    { ja: '全体の進捗は?', en: 'overall progress' },
  ],
};
const TROUBLE: HelpGroup = {
  heading: { ja: '困ったとき', en: 'When something is wrong' },
  examples: [
    { ja: 'AZCM0026って何?', en: 'what does AZCM0026 mean?' },
    { ja: '福岡支店のネットワークチェックの結果は?', en: 'network check for Fukuoka Branch' },
    { ja: '電話ください', en: 'please call me' },
  ],
};
const AT_THE_RACK: HelpGroup = {
  heading: { ja: 'サーバーの前で', en: 'At the server' },
  examples: [
    { ja: 'SV-OSK-03が届きました', en: 'SV-OSK-03 has arrived' },
    { ja: 'SV-OSK-03の電源を入れました', en: 'SV-OSK-03 is powered on' },
    { ja: 'SV-OSK-03を接続したい', en: 'connect SV-OSK-03 now' },
  ],
};
const WORK: HelpGroup = {
  heading: { ja: '自分の仕事', en: 'My work' },
  examples: [
    { ja: '私の待ちを見せて', en: 'what is waiting for me?' },
    { ja: 'サインイン待ちのサーバーは?', en: 'pending sign-ins' },
    { ja: '未対応のアラートは?', en: 'open alerts' },
    { ja: 'SV-OSK-03のAMAを入れ直して', en: 'reinstall AMA on SV-OSK-03' },
  ],
};
const TOOLS: HelpGroup = {
  heading: { ja: 'コマンドと通信要件', en: 'Commands and addresses' },
  examples: [
    { ja: 'SV-KBE-01の接続コマンドは?', en: 'connect command for SV-KBE-01' },
    { ja: '神戸工場のプロキシ設定コマンド', en: 'proxy settings for Kobe Plant' },
    { ja: 'プロキシで許可するURLの一覧', en: 'which URLs must the proxy allow?' },
    { ja: 'SV-OSK-03のキットをください', en: 'kit for SV-OSK-03' },
  ],
};
const OVERVIEW: HelpGroup = {
  heading: { ja: '全体を見る', en: 'The whole roll-out' },
  examples: [
    { ja: '止まっている拠点は?', en: 'which sites are blocked?' },
    { ja: '遅れている拠点は?', en: 'which sites are late?' },
    { ja: 'MDEが入っていないサーバーは?', en: 'which servers lack MDE?' },
  ],
};
const LEADING: HelpGroup = {
  heading: { ja: '統括の操作', en: 'For leads' },
  examples: [
    { ja: 'ここに通知', en: 'alerts here' },
    { ja: 'サインインを全停止', en: 'stop all sign-ins' },
    { ja: 'サインインを再開', en: 'resume sign-ins' },
  ],
};
const RECORDS: HelpGroup = {
  heading: { ja: '記録を見る', en: 'Records' },
  examples: [
    { ja: '京都支店の履歴', en: 'history of Kyoto Branch' },
    { ja: '進捗をExcelでください', en: 'export to Excel' },
  ],
};

export const HELP: Readonly<Record<Role, readonly HelpGroup[]>> = {
  'site-staff': [STATUS, AT_THE_RACK, TROUBLE],
  engineer: [WORK, STATUS, TOOLS, TROUBLE],
  lead: [OVERVIEW, LEADING, WORK, RECORDS],
  auditor: [STATUS, OVERVIEW, RECORDS],
};

/** Offered as buttons: sentences that need no name. */
export const HELP_SAYINGS: Readonly<Record<Role, readonly Bilingual[]>> = {
  'site-staff': [
    { ja: '全体の進捗は?', en: 'overall progress' },
    { ja: '電話ください', en: 'please call me' },
  ],
  engineer: [
    { ja: '私の待ちを見せて', en: 'what is waiting for me?' },
    { ja: '未対応のアラートは?', en: 'open alerts' },
  ],
  lead: [
    { ja: '全体の進捗は?', en: 'overall progress' },
    { ja: '遅れている拠点は?', en: 'which sites are late?' },
  ],
  auditor: [
    { ja: '全体の進捗は?', en: 'overall progress' },
    { ja: '進捗をExcelでください', en: 'export to Excel' },
  ],
};

export const HELP_TITLE: Bilingual = { ja: 'こう聞いてください', en: 'What you can ask' };
export const HELP_LEAD: Bilingual = {
  ja: '普段の言葉で送ってください。エラーの文は、そのまま貼り付けると調べます。',
  en: 'Write as you would to a colleague. Paste an error as it is, and I will look into it.',
};
