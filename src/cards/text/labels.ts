import type { MachineStatus } from '../../core/azure.ts';
import type { Bilingual, Lang } from '../../core/ids.ts';
import type { EndpointVerdict, Owner, Route, Verdict } from '../../core/network-check.ts';
import type { ButtonId, ListNote, PersonName, SiteName } from '../../core/notice.ts';
import type { Role } from '../../core/roll-out.ts';
import type { SignInState } from '../../core/sign-in.ts';
import type { Lamp, MachineSummary } from '../../core/site-status.ts';
import type { Block, Stage } from '../../core/stage.ts';

export type Labels<Key extends string> = Readonly<Record<Key, Bilingual>>;

export const STAGE: Labels<Stage> = {
  planned: { ja: '予定', en: 'planned' },
  kitted: { ja: 'キッティング済み', en: 'kitted' },
  connected: { ja: 'Azureに接続済み', en: 'connected' },
  extensions: { ja: '拡張機能の導入済み', en: 'extensions installed' },
  'data-seen': { ja: 'データ受信確認済み', en: 'data seen' },
  shipped: { ja: '輸送中', en: 'in transit' },
  arrived: { ja: '到着済み', en: 'arrived' },
  'back-online': { ja: '現地で接続確認済み', en: 'back online' },
  'network-ready': { ja: 'ネットワーク確認済み', en: 'network ready' },
  done: { ja: '完了', en: 'done' },
};

export const OWNER: Labels<Owner> = {
  site: { ja: '拠点の方', en: 'site staff' },
  engineer: { ja: '担当エンジニア', en: 'engineer' },
  network: { ja: 'ネットワーク担当', en: 'network team' },
  identity: { ja: '認証基盤担当', en: 'identity team' },
  'azure-admin': { ja: 'Azure管理者', en: 'Azure administrator' },
  microsoft: { ja: 'Microsoft', en: 'Microsoft' },
  none: { ja: '対応は不要', en: 'nobody, nothing to do' },
};

export const VERDICT: Labels<Verdict> = {
  healthy: { ja: '✅ 正常です', en: '✅ healthy' },
  degraded: { ja: '⚠️ 一部に問題があります', en: '⚠️ degraded' },
  blocked: { ja: '⛔ 止まっています', en: '⛔ blocked' },
  down: { ja: '❌ 応答がありません', en: '❌ down' },
  unknown: { ja: '❔ 未確認', en: '❔ not verified' },
};

export const ENDPOINT_VERDICT: Labels<EndpointVerdict> = {
  ok: { ja: '✅ 正常', en: '✅ fine' },
  'wrong-route': { ja: '⚠️ 経路が違います', en: '⚠️ wrong route' },
  unreachable: { ja: '❌ 届きません', en: '❌ unreachable' },
  'tls-failed': { ja: '❌ TLSで失敗', en: '❌ TLS failed' },
  'not-tested': { ja: '❔ 未確認', en: '❔ not tested' },
};

export const ROUTE: Labels<Route | 'unknown'> = {
  private: { ja: '閉域', en: 'private link' },
  proxy: { ja: 'プロキシ', en: 'proxy' },
  direct: { ja: '直接', en: 'direct' },
  unknown: { ja: '未確認', en: 'not verified' },
};

export const MACHINE_STATUS: Labels<MachineStatus | MachineSummary['status']> = {
  connected: { ja: '✅ 接続中', en: '✅ connected' },
  disconnected: { ja: '❌ 切断', en: '❌ disconnected' },
  error: { ja: '❌ エラー', en: '❌ error' },
  expired: { ja: '❌ 期限切れ', en: '❌ expired' },
  unknown: { ja: '❔ 未確認', en: '❔ not verified' },
  'not-in-azure': { ja: '➖ まだ登録されていません', en: '➖ not in Azure yet' },
  'not-read': {
    ja: '❔ 未確認(Azureを読めていません)',
    en: '❔ not verified (Azure was not read)',
  },
};

export const LAMP: Labels<Lamp> = {
  ok: { ja: '✅', en: '✅' },
  working: { ja: '⏳処理中', en: '⏳ working' },
  failed: { ja: '❌失敗', en: '❌ failed' },
  missing: { ja: '❌なし', en: '❌ missing' },
  'not-verified': { ja: '❔未確認', en: '❔ not verified' },
};

export const LAMP_OF = {
  installed: { ja: '導入', en: 'installed' },
  configured: { ja: '設定', en: 'configured' },
  dataSeen: { ja: 'データ', en: 'data' },
} as const satisfies Labels<string>;

export const SIGN_IN_STATE: Labels<SignInState> = {
  opened: { ja: 'サーバーの準備待ち', en: 'waiting for the server' },
  'code-held': { ja: 'サーバーの準備中', en: 'server getting ready' },
  waiting: { ja: '照合番号の確認待ち', en: 'waiting for the match number' },
  confirmed: { ja: 'コードの表示待ち', en: 'ready to show the code' },
  shown: { ja: 'サインイン中', en: 'signing in' },
  completed: { ja: '接続しました', en: 'connected' },
  declined: { ja: '見送り', en: 'declined' },
  expired: { ja: '時間切れ', en: 'expired' },
  failed: { ja: '失敗', en: 'failed' },
  burned: { ja: '無効にしました', en: 'burned' },
};

export const BLOCK: Labels<Block['reason']> = {
  'network-check-failed': {
    ja: 'ネットワークチェックに問題があります',
    en: 'the network check failed',
  },
  disconnected: { ja: 'Azureとの接続が切れています', en: 'the connection to Azure is lost' },
  expired: { ja: 'エージェントの証明書が期限切れです', en: "the agent's certificate has expired" },
  'extension-failed': { ja: '拡張機能の導入に失敗しました', en: 'an extension failed' },
  'extension-missing': { ja: '拡張機能が入っていません', en: 'an extension is missing' },
  quarantined: { ja: '受付を停止しています', en: 'quarantined' },
  drift: { ja: '設定のずれがあります', en: 'its settings have drifted' },
  finding: { ja: '検出結果への対処が残っています', en: 'a finding is open' },
};

export const HISTORY: Labels<NonNullable<MachineSummary['history']>> = {
  replaced: { ja: '交換済み', en: 'replaced' },
  retired: { ja: '引退済み', en: 'retired' },
};

export const LIST_NOTE: Labels<ListNote> = {
  late: { ja: '⚠️ 遅れています', en: '⚠️ late' },
  disconnected: { ja: '❌ 切断', en: '❌ disconnected' },
  expired: { ja: '❌ 期限切れ', en: '❌ expired' },
  missing: { ja: '❌ 入っていません', en: '❌ missing' },
  failed: { ja: '❌ 失敗', en: '❌ failed' },
  acknowledged: { ja: '🔵 対応中', en: '🔵 acknowledged' },
  waiting: { ja: '⏳ 待っています', en: '⏳ waiting' },
  blocked: { ja: '⛔ 止まっています', en: '⛔ blocked' },
};

export const ROLE: Labels<Role> = {
  'site-staff': { ja: '拠点の方', en: 'site staff' },
  engineer: { ja: 'エンジニア', en: 'engineer' },
  lead: { ja: '統括', en: 'lead' },
  auditor: { ja: '監査担当', en: 'auditor' },
};

export const BUTTON: Labels<ButtonId> = {
  'open-sign-in': { ja: 'サインインを始める', en: 'Start a sign-in' },
  'confirm-number': { ja: '番号を送る', en: 'Send the number' },
  'show-code': { ja: 'コードを表示', en: 'Show code' },
  unexpected: { ja: '身に覚えがありません', en: 'I did not expect this' },
  decline: { ja: '今回は見送ります', en: 'Decline' },
  'hand-over': { ja: 'ほかの人に引き継ぐ', en: 'Hand over' },
  continue: { ja: '新しいコードで続ける', en: 'Continue with a new code' },
  approve: { ja: '承認します', en: 'Approve' },
  acknowledge: { ja: '対応します', en: 'Acknowledge' },
  snooze: { ja: 'あとで通知', en: 'Snooze' },
  resolve: { ja: '解決済みにする', en: 'Resolve' },
  assign: { ja: '担当者に割り当てる', en: 'Assign to the engineer' },
  confirm: { ja: 'はい、進めます', en: 'Yes, go ahead' },
  'show-token': { ja: 'トークンを表示', en: 'Show a token' },
};

/** Words before a value: fixed, ours. */
export const FIELD = {
  server: { ja: 'サーバー', en: 'Server' },
  servers: { ja: 'サーバー', en: 'Servers' },
  site: { ja: '拠点', en: 'Site' },
  openedBy: { ja: '始めた人', en: 'Opened by' },
  until: { ja: '期限', en: 'Until' },
  confirmed: { ja: '照合', en: 'Confirmed' },
  engineer: { ja: '担当', en: 'Engineer' },
  deputy: { ja: '副担当', en: 'Deputy' },
  onDuty: { ja: '本日の当番', en: 'On duty today' },
  owner: { ja: '対応する人', en: 'Who must act' },
  checkedAt: { ja: 'チェック', en: 'Checked' },
  stage: { ja: '段階', en: 'Stage' },
  azure: { ja: 'Azure', en: 'Azure' },
  network: { ja: 'ネットワーク', en: 'Network' },
  extensions: { ja: '拡張機能', en: 'Extensions' },
  signIn: { ja: 'サインイン', en: 'Sign-in' },
  system: { ja: 'OSと役割', en: 'OS and role' },
  lastSafe: { ja: '接続の期限', en: 'Last safe date' },
  raisedAt: { ja: '発生', en: 'Raised' },
  people: { ja: '関係する人', en: 'People' },
  acknowledged: { ja: '対応中', en: 'Acknowledged' },
  resolved: { ja: '解決', en: 'Resolved' },
  reason: { ja: '理由', en: 'Reason' },
  account: { ja: 'アカウント', en: 'Account' },
  application: { ja: 'アプリ名', en: 'Application' },
  code: { ja: 'エラー番号', en: 'Error code' },
  asker: { ja: '呼んだ人', en: 'Asked by' },
  phone: { ja: '電話', en: 'Phone' },
  objectId: { ja: 'あなたのID', en: 'Your object id' },
  by: { ja: '実行した人', en: 'By' },
  at: { ja: '日時', en: 'At' },
  planned: { ja: '予定日', en: 'Planned' },
  snoozed: { ja: '次の通知', en: 'Snoozed until' },
  role: { ja: '役割', en: 'Role' },
  sites: { ja: '担当の拠点', en: 'Sites' },
} as const satisfies Labels<string>;

export function siteName(site: SiteName, lang: Lang): string {
  return (lang === 'ja' ? site.name : site.nameEn) || site.name || site.code;
}

/** 「山本 陽さん」 / `Haru Yamamoto`. */
export function personName(person: PersonName, lang: Lang): string {
  const name = (lang === 'ja' ? person.name : person.nameEn) || person.name || person.key;
  return lang === 'ja' ? `${name}さん` : name;
}
