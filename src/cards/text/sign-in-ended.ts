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

export interface Ending {
  /** What happened. */
  readonly what: Sentence;
  /** What the opener does now; `again`: start anew. */
  readonly opener: Sentence | 'again';
  /** What everyone else does now, where there is something. */
  readonly others?: Sentence;
}

export const REASON: Readonly<Record<EndReason, Ending>> = {
  connected: {
    what: {
      ja: (w) => say`${bold(w.machine)}がAzureに接続しました。`,
      en: (w) => say`${bold(w.machine)} is connected to Azure.`,
    },
    opener: {
      ja: () => say`サーバーの操作はこれで終わりです。`,
      en: () => say`Nothing is left to do at the server.`,
    },
  },
  declined: {
    what: {
      ja: (w) => say`${w.endedBy}が${bold(w.machine)}のサインインを見送りました。`,
      en: (w) => say`${w.endedBy} declined the sign-in of ${bold(w.machine)}.`,
    },
    opener: {
      ja: () => say`急ぐときは担当エンジニアに電話してください。`,
      en: () => say`If it is urgent, please call the engineer.`,
    },
  },
  unexpected: {
    what: {
      ja: (w) =>
        say`${w.endedBy}が「身に覚えがありません」を押したため、${bold(w.machine)}からの受付を停止しました。`,
      en: (w) =>
        say`${w.endedBy} did not expect this sign-in, so ${bold(w.machine)} is quarantined.`,
    },
    opener: {
      ja: () => say`担当エンジニアの連絡をお待ちください。`,
      en: () => say`Please wait for the engineer to get in touch.`,
    },
    others: {
      ja: () => say`サーバーを調べ、問題がなければ理由を付けて停止を解除してください。`,
      en: () => say`Examine the server; if all is well, lift the quarantine with a reason.`,
    },
  },
  'nobody-answered': {
    what: {
      ja: (w) => say`${bold(w.machine)}のサインインに、だれも応答できませんでした。`,
      en: (w) => say`No one answered the sign-in of ${bold(w.machine)}.`,
    },
    opener: 'again',
  },
  'never-started': {
    what: {
      ja: (w) => say`${bold(w.machine)}からコードが届かないまま30分たちました。`,
      en: (w) => say`No code came from ${bold(w.machine)} within 30 minutes.`,
    },
    opener: {
      ja: () => say`サーバーで「connect」を実行してから、もう一度始めてください。`,
      en: () => say`Run "connect" on the server, then start again.`,
    },
  },
  'code-run-out': {
    what: {
      ja: (w) => say`${bold(w.machine)}のコードの期限(5分)が過ぎました。`,
      en: (w) => say`The code of ${bold(w.machine)} ran out after five minutes.`,
    },
    opener: 'again',
  },
  'agent-failed': {
    what: {
      ja: (w) => say`${bold(w.machine)}の接続処理が失敗しました。`,
      en: (w) => say`The agent on ${bold(w.machine)} could not connect.`,
    },
    opener: 'again',
  },
  'wrong-number': {
    what: {
      ja: (w) => say`照合番号が3回違ったため、${bold(w.machine)}のコードを無効にしました。`,
      en: (w) =>
        say`The match number was wrong three times, so the code of ${bold(w.machine)} is burned.`,
    },
    opener: {
      ja: () => say`サーバーの画面を確かめて、もう一度始めてください。`,
      en: () => say`Check the server's screen and start again.`,
    },
    others: {
      ja: () => say`番号を送った方に、サーバーの前にいるか確かめてください。`,
      en: () => say`Please ask whoever sent the number whether they stand at that server.`,
    },
  },
  'two-codes': {
    what: {
      ja: (w) =>
        say`1回の手続きで${bold(w.machine)}から2つのコードが届いたため、無効にして受付を停止しました。`,
      en: (w) =>
        say`${bold(w.machine)} sent two codes in one round, so it is burned and quarantined.`,
    },
    opener: {
      ja: () => say`担当エンジニアの連絡をお待ちください。`,
      en: () => say`Please wait for the engineer to get in touch.`,
    },
    others: {
      ja: () => say`サーバーを調べてください。`,
      en: () => say`Please examine the server.`,
    },
  },
  'same-code-elsewhere': {
    what: {
      ja: (w) =>
        say`${bold(w.machine)}と同じコードが、別のサーバーからも届いたため、無効にしました。`,
      en: (w) => say`Another server sent the same code as ${bold(w.machine)}, so it is burned.`,
    },
    opener: {
      ja: () => say`担当エンジニアの連絡をお待ちください。`,
      en: () => say`Please wait for the engineer to get in touch.`,
    },
    others: {
      ja: () => say`両方のサーバーを調べてください。`,
      en: () => say`Please examine both servers.`,
    },
  },
  'code-in-text': {
    what: {
      ja: (w) =>
        say`コードがチャットに書き込まれたため、${bold(w.machine)}のサインインを無効にしました。`,
      en: (w) =>
        say`A code was written into a chat, so the sign-in of ${bold(w.machine)} is burned.`,
    },
    opener: {
      ja: () => say`サーバーの画面で接続の操作を止めてください。`,
      en: () => say`Please stop the connection on the server's screen.`,
    },
    others: {
      ja: () => say`サーバーで接続の操作が止まったか確かめてください。`,
      en: () => say`Please make sure that the connection on the server is stopped.`,
    },
  },
  quarantined: {
    what: {
      ja: (w) => say`${bold(w.machine)}からの受付を停止しているため、無効にしました。`,
      en: (w) => say`${bold(w.machine)} is quarantined, so this is burned.`,
    },
    opener: {
      ja: () => say`担当エンジニアの確認が済むまでお待ちください。`,
      en: () => say`Please wait until the engineer has checked it.`,
    },
    others: {
      ja: () => say`サーバーを調べ、問題がなければ理由を付けて停止を解除してください。`,
      en: () => say`Examine the server; if all is well, lift the quarantine with a reason.`,
    },
  },
  'key-closed': {
    what: {
      ja: (w) =>
        say`${bold(w.machine)}の前の鍵が使えなくなったため(交換、廃止、鍵の切り替え)、無効にしました。`,
      en: (w) =>
        say`The earlier key of ${bold(w.machine)} is closed (replaced, retired, or a new key), so this is burned.`,
    },
    opener: {
      ja: () => say`担当エンジニアに、次にすることを確かめてください。`,
      en: () => say`Please ask the engineer what to do next.`,
    },
    others: {
      ja: () => say`続けるときは、新しい鍵で準備が済んでから、もう一度始めてください。`,
      en: () => say`To go on, open a new sign-in once the server is prepared with its new key.`,
    },
  },
  'stopped-by-lead': {
    what: {
      ja: () => say`統括がすべてのサインインを停止しました。`,
      en: () => say`A lead stopped all sign-ins.`,
    },
    opener: {
      ja: (w) => say`急ぐときは、証明書を使う方法で${bold(w.machine)}を接続できます。`,
      en: (w) => say`If it is urgent, ${bold(w.machine)} can be connected with a certificate.`,
    },
  },
  'settings-changed': {
    what: {
      ja: (w) => say`ボットの設定が変わったため、${bold(w.machine)}のサインインを無効にしました。`,
      en: (w) => say`The bot's settings changed, so the sign-in of ${bold(w.machine)} is burned.`,
    },
    opener: 'again',
  },
  'not-verified': {
    what: {
      ja: (w) => say`${bold(w.machine)}の結果を確認できませんでした(未確認)。`,
      en: (w) => say`The outcome of ${bold(w.machine)} is not verified.`,
    },
    opener: {
      ja: () => say`しばらくしてから、状況を聞いてください。`,
      en: () => say`Please ask for its status in a while.`,
    },
  },
};

/** How to start anew: with the button where there is one, else in words. */
export const AGAIN: Readonly<Record<'button' | 'words' | 'remedy', Sentence>> = {
  button: {
    ja: () => say`「新しいコードで続ける」を押すと、やり直せます。`,
    en: () => say`Press "Continue with a new code" to try again.`,
  },
  remedy: {
    ja: () => say`下の対処を済ませてから、もう一度始めてください。`,
    en: () => say`Please follow the remedy below, then start again.`,
  },
  words: {
    ja: (w) => say`「${w.machine}を接続したい」と送ると、やり直せます。`,
    en: (w) => say`Send "connect ${w.machine} now" to try again.`,
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
