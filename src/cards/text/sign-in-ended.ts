import type { Bilingual, Lang } from '../../core/ids.ts';
import type { EndedProgress, EndReason } from '../../core/sign-in.ts';
import { bold, say, type Words } from '../words.ts';
import type { SignInWords } from './sign-in.ts';

type Sentence = Readonly<Record<Lang, (w: SignInWords) => Words>>;

export const TITLE: Readonly<Record<EndedProgress['state'], Bilingual>> = {
  completed: { ja: '✅ Azureに接続しました', en: '✅ Connected to Azure' },
  declined: { ja: '今回は見送りになりました', en: 'The sign-in was declined' },
  expired: { ja: '⌛ 時間切れになりました', en: '⌛ The sign-in ran out of time' },
  failed: { ja: '❌ 接続できませんでした', en: '❌ The server could not connect' },
  burned: { ja: '⛔ このサインインを無効にしました', en: '⛔ This sign-in was burned' },
};

export const REASON: Readonly<Record<EndReason, Sentence>> = {
  connected: {
    ja: (w) => say`${bold(w.machine)}がAzureに接続しました。サーバーの操作はこれで終わりです。`,
    en: (w) => say`${bold(w.machine)} is connected to Azure. Nothing is left to do at the server.`,
  },
  declined: {
    ja: (w) =>
      say`${w.endedBy}が${bold(w.machine)}のサインインを見送りました。急ぐときは担当エンジニアに連絡してください。`,
    en: (w) =>
      say`${w.endedBy} declined the sign-in of ${bold(w.machine)}. If it is urgent, please call the engineer.`,
  },
  unexpected: {
    ja: (w) =>
      say`${w.endedBy}が「身に覚えがありません」を押したため、${bold(w.machine)}からの受付を停止しました。担当エンジニアの連絡をお待ちください。`,
    en: (w) =>
      say`${w.endedBy} did not expect this sign-in, so ${bold(w.machine)} is quarantined. Please wait for the engineer to get in touch.`,
  },
  'nobody-answered': {
    ja: (w) =>
      say`${bold(w.machine)}のサインインに、だれも応答できませんでした。「新しいコードで続ける」を押すと、やり直せます。`,
    en: (w) =>
      say`No one answered the sign-in of ${bold(w.machine)}. Press "Continue with a new code" to try again.`,
  },
  'never-started': {
    ja: (w) =>
      say`${bold(w.machine)}からコードが届かないまま30分たちました。サーバーで「connect」を実行してから、もう一度始めてください。`,
    en: (w) =>
      say`No code came from ${bold(w.machine)} within 30 minutes. Run "connect" on the server, then start again.`,
  },
  'code-run-out': {
    ja: (w) =>
      say`${bold(w.machine)}のコードの期限(5分)が過ぎました。「新しいコードで続ける」を押すと、やり直せます。`,
    en: (w) =>
      say`The code of ${bold(w.machine)} ran out after five minutes. Press "Continue with a new code" to try again.`,
  },
  'agent-failed': {
    ja: (w) =>
      say`${bold(w.machine)}の接続処理が失敗しました。下の対処を確かめてから、もう一度始めてください。`,
    en: (w) =>
      say`The agent on ${bold(w.machine)} could not connect. Please follow the remedy below, then start again.`,
  },
  'wrong-number': {
    ja: (w) =>
      say`照合番号が3回違ったため、${bold(w.machine)}のコードを無効にしました。サーバーの画面を確かめて、もう一度始めてください。`,
    en: (w) =>
      say`The match number was wrong three times, so the code of ${bold(w.machine)} was burned. Check the server's screen and start again.`,
  },
  'two-codes': {
    ja: (w) =>
      say`1回の手続きで${bold(w.machine)}から2つのコードが届いたため、無効にして受付を停止しました。担当エンジニアが確認します。`,
    en: (w) =>
      say`${bold(w.machine)} sent two codes where one is right, so it was burned and quarantined. The engineer looks into it.`,
  },
  'same-code-elsewhere': {
    ja: (w) =>
      say`${bold(w.machine)}と同じコードが、別のサーバーからも届きました。安全のため止めています。担当エンジニアが確認します。`,
    en: (w) =>
      say`Another server sent the same code as ${bold(w.machine)}. It is stopped for safety; the engineer looks into it.`,
  },
  'code-in-text': {
    ja: (w) =>
      say`コードがチャットに書き込まれたため、${bold(w.machine)}のサインインを無効にしました。サーバーの画面で接続の操作を止めてください。`,
    en: (w) =>
      say`A code was written into a chat, so the sign-in of ${bold(w.machine)} was burned. Please stop the connection on the server's screen.`,
  },
  quarantined: {
    ja: (w) =>
      say`${bold(w.machine)}からの受付を停止しています。担当エンジニアの確認が済むまでお待ちください。`,
    en: (w) =>
      say`${bold(w.machine)} is quarantined. Please wait until the engineer has checked it.`,
  },
  'stopped-by-lead': {
    ja: (w) =>
      say`統括がすべてのサインインを停止しました。${bold(w.machine)}は、証明書を使う方法で接続できます。`,
    en: (w) =>
      say`A lead stopped all sign-ins. ${bold(w.machine)} can still be connected with a certificate.`,
  },
  'settings-changed': {
    ja: (w) =>
      say`ボットの設定が変わったため、${bold(w.machine)}のサインインを無効にしました。お手数ですが、もう一度始めてください。`,
    en: (w) =>
      say`The bot's settings changed, so the sign-in of ${bold(w.machine)} was burned. Please start again.`,
  },
  'not-verified': {
    ja: (w) =>
      say`${bold(w.machine)}の結果を確認できませんでした(未確認)。しばらくしてから状況を聞いてください。`,
    en: (w) =>
      say`The outcome of ${bold(w.machine)} is not verified. Please ask for its status in a while.`,
  },
};

export const AFTER_CHECK = {
  right: {
    ja: () => say`✅ Azureの登録が計画どおりであることも確認しました。`,
    en: () => say`✅ Its registration in Azure is as planned.`,
  },
  wrong: {
    ja: () =>
      say`⛔ Azureの登録が計画と違います。担当エンジニアはセッションを取り消し、すぐに確認してください。`,
    en: () =>
      say`⛔ Its registration in Azure is not as planned. The engineer must revoke the sessions and check at once.`,
  },
  'not-verified': {
    ja: () => say`❔ Azureの登録は未確認です。Azureから情報を読めていません。`,
    en: () => say`❔ Its registration in Azure is not verified: Azure gave no answer.`,
  },
} as const;

/** For whoever saw the code and now says it was not expected. */
export const AFTER_REVEAL: Readonly<Record<Lang, readonly Words[]>> = {
  ja: [
    say`1. Microsoftの画面が開いていたら、「キャンセル」を押してください。`,
    say`2. すでにサインインしたときは、そのアカウントのセッションを取り消し、役割を外してください。`,
    say`3. そのアカウントのアクティビティログを90分間見てください。`,
  ],
  en: [
    say`1. If Microsoft's page is open, press Cancel.`,
    say`2. If you already signed in, revoke that account's sessions and remove its role.`,
    say`3. Watch that account's activity log for 90 minutes.`,
  ],
};
export const AFTER_REVEAL_HEADING: Bilingual = {
  ja: 'コードを見た方へ',
  en: 'If you saw the code',
};
