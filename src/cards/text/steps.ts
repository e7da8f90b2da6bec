import type { Bilingual } from '../../core/ids.ts';
import type { NextStep } from '../../core/notice.ts';
import type { Labels } from './labels.ts';

/** What someone does next for a machine. */
export const STEP: Labels<NextStep> = {
  'prepare-kit': {
    ja: '作業拠点で、キットの「prepare」を実行してください。',
    en: 'Run the kit\'s "prepare" at the base.',
  },
  ship: {
    ja: '拠点へ発送し、「発送しました」と送ってください。',
    en: 'Ship it to its site, then send "shipped".',
  },
  'wait-arrival': {
    ja: '到着を待っています。届いたら「届きました」と送ってください。',
    en: 'It is on its way. When it is there, send "arrived".',
  },
  'run-check': {
    ja: 'サーバーで、キットの「check」を実行してください。',
    en: 'Run the kit\'s "check" on the server.',
  },
  'fix-finding': {
    ja: '下の対処をしてから、もう一度「check」を実行してください。',
    en: 'Follow the remedy below, then run "check" again.',
  },
  'open-sign-in': {
    ja: '「接続したい」と送り、サーバーでキットの「connect」を実行してください。',
    en: 'Send "connect now", then run the kit\'s "connect" on the server.',
  },
  'finish-sign-in': {
    ja: 'サインインの途中です。届いているカードの案内に従ってください。',
    en: 'A sign-in is under way. Please follow the card you have for it.',
  },
  'wait-extensions': {
    ja: '拡張機能が入るのを待っています。操作は要りません。',
    en: 'Its extensions are being installed. Nothing to do.',
  },
  'wait-data': {
    ja: '最初のデータが届くのを待っています。操作は要りません。',
    en: 'The first data is awaited. Nothing to do.',
  },
  'bring-online': {
    ja: '電源とLANをつなぎ、キットの「arrive」を実行してください。',
    en: 'Connect power and network, then run the kit\'s "arrive".',
  },
  reconnect: {
    ja: '期限が切れています。「接続コマンド」と送り、出てきた順に、切断してからもう一度接続してください。',
    en: 'It has expired. Send "connect command" and run what comes in order: it disconnects, then connects.',
  },
  nothing: { ja: 'これで完了です。操作は要りません。', en: 'All done. Nothing to do.' },
};

/** Events of the audit trail in words; one that has none here is shown by its name. */
export const EVENT: Readonly<Record<string, Bilingual>> = {
  imported: { ja: 'データを取り込みました', en: 'data imported' },
  'token-issued': { ja: '登録用トークンを発行しました', en: 'enrolment token issued' },
  'machine-enrolled': { ja: 'サーバーの鍵を登録しました', en: 'server enrolled' },
  'machine-replaced': { ja: 'サーバーを交換しました', en: 'server replaced' },
  'serial-set': { ja: '新しいシリアル番号を記録しました', en: 'new serial number noted' },
  'machine-retired': { ja: 'サーバーを廃止しました', en: 'server retired' },
  'token-shown': { ja: '登録用トークンを表示しました', en: 'enrolment token shown' },
  'kit-sent': { ja: 'キットを渡しました', en: 'kit handed out' },
  'network-check': { ja: 'ネットワークチェックが届きました', en: 'network check received' },
  'marked-shipped': { ja: '発送を記録しました', en: 'marked as shipped' },
  'marked-arrived': { ja: '到着を記録しました', en: 'marked as arrived' },
  'marked-powered-on': { ja: '電源オンを記録しました', en: 'marked as powered on' },
  'mark-undone': { ja: '記録を取り消しました', en: 'mark undone' },
  'successor-registered': { ja: '新しい鍵が届きました', en: 'new key registered' },
  'successor-replaced': { ja: '新しい鍵がやり直されました', en: 'new key registered again' },
  'successor-confirmed': { ja: '新しい鍵を確認しました', en: 'new key confirmed' },
  'successor-number-wrong': {
    ja: '新しい鍵の番号が違いました',
    en: 'number of the new key was wrong',
  },
  'sign-in-opened': { ja: 'サインインを始めました', en: 'sign-in opened' },
  'sign-in-go': { ja: 'サーバーが接続を始めました', en: 'server began to connect' },
  'sign-in-code-held': { ja: 'コードを受け取りました', en: 'code held' },
  'sign-in-asked': { ja: '担当者に知らせました', en: 'engineer asked' },
  'sign-in-acknowledged': { ja: '担当者が対応を始めました', en: 'acknowledged' },
  'sign-in-confirmed': { ja: '照合番号を確認しました', en: 'match number confirmed' },
  'sign-in-number-wrong': { ja: '照合番号が違いました', en: 'match number was wrong' },
  'sign-in-shown': { ja: 'コードを表示しました', en: 'code shown' },
  'sign-in-shown-again': { ja: 'コードをもう一度表示しました', en: 'code shown again' },
  'sign-in-handed-over': { ja: 'ほかの人に引き継ぎました', en: 'handed over' },
  'sign-in-taken-over': { ja: '引き継ぎを受けました', en: 'taken over' },
  'sign-in-code-run-out': { ja: 'コードの期限が過ぎました', en: 'code ran out' },
  'sign-in-code-renewed': { ja: 'コードが新しくなりました', en: 'code renewed' },
  'sign-in-code-handed-over': {
    ja: '引き継ぎのためコードを替えました',
    en: 'code replaced for hand-over',
  },
  'sign-in-prompt-refused': { ja: 'サインインの表示を受け付けませんでした', en: 'prompt refused' },
  'sign-in-opening-blocked': {
    ja: 'サインインを始められませんでした',
    en: 'sign-in could not be opened',
  },
  'code-without-sign-in': { ja: '頼んでいないコードが届きました', en: 'code without a sign-in' },
  'machine-done': { ja: '完了しました', en: 'done' },
  'report-in-transit': { ja: '輸送中に通信がありました', en: 'contact while in transit' },
  'report-just-shipped': { ja: '発送の直後に通信がありました', en: 'contact just after shipping' },
  'sign-in-held': { ja: '順番待ちになりました', en: 'sign-in held' },
  'sign-in-hold-lifted': { ja: '順番待ちが終わりました', en: 'hold lifted' },
  'sign-in-completed': { ja: 'Azureに接続しました', en: 'connected to Azure' },
  'sign-in-declined': { ja: 'サインインを見送りました', en: 'sign-in declined' },
  'sign-in-expired': { ja: 'サインインが時間切れになりました', en: 'sign-in expired' },
  'sign-in-failed': { ja: '接続できませんでした', en: 'could not connect' },
  'sign-in-burned': { ja: 'サインインを無効にしました', en: 'sign-in burned' },
  'sign-in-unexpected-late': {
    ja: '終わったあとに「身に覚えがありません」が押されました',
    en: 'not expected, said after its end',
  },
  'sign-in-connected-after-end': {
    ja: '終わったサインインで接続がありました',
    en: 'connected after its end',
  },
  'sign-in-after-check': { ja: 'Azureの登録を確認しました', en: 'registration checked' },
  'key-quarantined': { ja: '受付を停止しました', en: 'quarantined' },
  'quarantine-lifted': { ja: '受付の停止を解除しました', en: 'quarantine lifted' },
  'old-key-used': { ja: '使い終わった鍵が使われました', en: 'retired key used' },
  'alert-raised': { ja: 'アラートを出しました', en: 'alert raised' },
  'alert-acknowledged': { ja: 'アラートの対応を始めました', en: 'alert acknowledged' },
  'alert-snoozed': { ja: 'アラートをあとに回しました', en: 'alert snoozed' },
  'alert-resolved': { ja: 'アラートを解決しました', en: 'alert resolved' },
  'alert-assigned': { ja: 'アラートを割り当てました', en: 'alert assigned' },
  'sign-ins-stopped': { ja: 'すべてのサインインを停止しました', en: 'all sign-ins stopped' },
  'sign-ins-resumed': { ja: 'サインインを再開しました', en: 'sign-ins resumed' },
  'alert-channel-set': { ja: '通知先のチャネルを決めました', en: 'alert channel chosen' },
  'object-id-learned': { ja: 'Teamsの利用者を登録と結び付けました', en: 'Teams account linked' },
  'person-asked': { ja: '担当者を呼びました', en: 'engineer asked to call' },
  exported: { ja: 'データを書き出しました', en: 'data exported' },
};

/** When an address is needed (the words of the endpoint catalogue). */
export const WHEN: Readonly<Record<string, Bilingual>> = {
  always: { ja: '常に', en: 'always' },
  'always-unless-private-link': { ja: '閉域を使わないとき常に', en: 'always, unless private link' },
  'install-only': { ja: '導入時', en: 'install' },
  'install-and-upgrade': { ja: '導入時と更新時', en: 'install and upgrade' },
  'connect-only': { ja: '接続時', en: 'connect' },
  'connect-only (browser)': { ja: '接続時(ブラウザー)', en: 'connect (browser)' },
  'connect-and-disconnect': { ja: '接続時と切断時', en: 'connect and disconnect' },
  'extension-always': { ja: '拡張機能の利用中', en: 'while the extension runs' },
  'extension-install': { ja: '拡張機能の導入時', en: 'extension install' },
  'extension-when-metrics': { ja: 'メトリックの収集時', en: 'when metrics are collected' },
  'extension-when-dce': {
    ja: 'データ収集エンドポイントの利用時',
    en: 'with a data collection endpoint',
  },
  'extension-when-ampls': { ja: '監視の閉域利用時', en: 'with a monitor private link scope' },
  'extension-standard-connectivity': { ja: '標準接続の利用時', en: 'with standard connectivity' },
  'legacy-agent': { ja: '古いエージェントの利用時', en: 'older agents' },
  'feature-wac-ssh': { ja: 'SSHや管理画面の利用時', en: 'with SSH or Windows Admin Center' },
  'feature-sql': { ja: 'SQL Serverの管理時', en: 'with SQL Server' },
  'feature-esu': { ja: '延長セキュリティ更新の利用時', en: 'with extended security updates' },
  'feature-licensing': { ja: 'ライセンス機能の利用時', en: 'with licensing' },
  'feature-arc-gateway': { ja: 'Arcゲートウェイの利用時', en: 'with an Arc gateway' },
  kit: { ja: 'キットの利用時', en: 'while the kit is used' },
};
