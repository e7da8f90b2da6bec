import type { Bilingual, Lang } from '../../core/ids.ts';
import type { AlertKind } from '../../core/notice.ts';
import { bold, say, type Words } from '../words.ts';

export interface AlertWords {
  readonly machine: string;
  readonly site: string;
  readonly people: string;
}
export interface AlertText {
  readonly title: Bilingual;
  readonly what: Readonly<Record<Lang, (w: AlertWords) => Words>>;
}

export const ALERT: Readonly<Record<AlertKind, AlertText>> = {
  'code-without-sign-in': {
    title: { ja: '頼んでいないコードが届きました', en: 'A code came without a sign-in' },
    what: {
      ja: (w) =>
        say`だれもサインインを始めていないのに、${bold(w.machine)}からコードが届きました。コードは捨てました。サーバーの前に人がいるか確かめてください。`,
      en: (w) =>
        say`${bold(w.machine)} sent a code though no one opened a sign-in. The code was dropped. Please find out who is at that server.`,
    },
  },
  'two-codes': {
    title: { ja: '1回の手続きにコードが2つ届きました', en: 'Two codes in one round' },
    what: {
      ja: (w) =>
        say`${bold(w.machine)}から、1回の手続きに2つのコードが届きました。両方を無効にし、受付を停止しました。サーバーを調べてください。`,
      en: (w) =>
        say`${bold(w.machine)} sent two codes in one round. Both are burned and the server is quarantined. Please examine it.`,
    },
  },
  'same-code-elsewhere': {
    title: { ja: '同じコードが2台から届きました', en: 'Two servers sent the same code' },
    what: {
      ja: (w) =>
        say`${bold(w.machine)}が、別のサーバーと同じコードを送りました。あとから送ったほうの受付を停止しました。両方を調べてください。`,
      en: (w) =>
        say`${bold(w.machine)} sent the same code as another server. The later one is quarantined. Please examine both.`,
    },
  },
  'wrong-number': {
    title: { ja: '照合番号が3回違いました', en: 'Three wrong match numbers' },
    what: {
      ja: (w) =>
        say`${bold(w.machine)}の照合番号が3回違ったため、コードを無効にしました。番号を送った方に確かめてください。`,
      en: (w) =>
        say`The match number of ${bold(w.machine)} was wrong three times, so its code is burned. Please ask who sent it.`,
    },
  },
  unexpected: {
    title: { ja: '「身に覚えがありません」が押されました', en: 'Someone did not expect a sign-in' },
    what: {
      ja: (w) =>
        say`${w.people}は、${bold(w.machine)}のサインインを頼んでいません。サインインを無効にし、受付を停止しました。サーバーを調べてください。`,
      en: (w) =>
        say`${w.people} did not expect the sign-in of ${bold(w.machine)}. It is burned and the server quarantined. Please examine it.`,
    },
  },
  'key-cloned': {
    title: { ja: 'サーバーの鍵が2か所で使われています', en: "A server's key is used twice" },
    what: {
      ja: (w) =>
        say`${bold(w.machine)}の鍵が、2か所から使われたようです。受付を停止しました。複製がないか調べてください。`,
      en: (w) =>
        say`The key of ${bold(w.machine)} seems to be used from two places. It is quarantined. Please look for a copy of that server.`,
    },
  },
  'key-quarantined': {
    title: { ja: 'サーバーの受付を停止しました', en: 'A server is quarantined' },
    what: {
      ja: (w) =>
        say`${bold(w.machine)}からの受付を停止しました。調べたあと、担当エンジニアか統括が理由を付けて解除できます。`,
      en: (w) =>
        say`${bold(w.machine)} is quarantined. Once it is examined, its engineer or a lead can lift this with a reason.`,
    },
  },
  'report-in-transit': {
    title: { ja: '輸送中のサーバーから通信がありました', en: 'A server in transit made contact' },
    what: {
      ja: (w) =>
        say`輸送中のはずの${bold(w.machine)}から通信がありました。届いているなら到着を記録し、そうでなければ行方を確かめてください。`,
      en: (w) =>
        say`${bold(w.machine)} made contact while in transit. Mark it as arrived if it is there; if not, find out where it is.`,
    },
  },
  'token-misused': {
    title: { ja: '登録用トークンが正しく使われていません', en: 'An enrolment token was misused' },
    what: {
      ja: (w) =>
        say`${bold(w.machine)}の登録用トークンが、別の鍵か別の機器で使われました。何も登録していません。新しいトークンを作り直してください。`,
      en: (w) =>
        say`The enrolment token of ${bold(w.machine)} was used with another key or device. Nothing was enrolled. Please issue a new token.`,
    },
  },
  'after-check-wrong': {
    title: { ja: 'Azureの登録が計画と違います', en: 'A registration is not as planned' },
    what: {
      ja: (w) =>
        say`${bold(w.machine)}のAzureの登録が、計画と違います。使ったアカウントのセッションを取り消し、登録を確かめてください。`,
      en: (w) =>
        say`${bold(w.machine)} is registered in Azure, but not as planned. Revoke the sessions of the account used and check the registration.`,
    },
  },
  'too-many-sign-ins': {
    title: { ja: 'サインインが多すぎます', en: 'Too many sign-ins' },
    what: {
      ja: (w) =>
        say`${w.site}でサインインが上限を超えたため、新しい受付を止めています。続けてよいか確かめてください。`,
      en: (w) =>
        say`Sign-ins at ${w.site} went over the limit, so new ones are held. Please check whether this is intended.`,
    },
  },
  'code-in-text': {
    title: { ja: 'コードがチャットに書き込まれました', en: 'A code was written into a chat' },
    what: {
      ja: (w) =>
        say`コードを含む文が送られたため、コードを取り除き、${bold(w.machine)}のサインインを無効にしました。サーバーでの操作を止めてください。`,
      en: (w) =>
        say`A message held a code: the code was removed and the sign-in of ${bold(w.machine)} burned. Please stop the connection on that server.`,
    },
  },
  'person-unreachable': {
    title: { ja: '連絡できない人がいます', en: 'Someone cannot be reached' },
    what: {
      ja: (w) =>
        say`${w.people}に1対1で連絡できません。Teamsでこのアプリを追加するか、ブロックを外すように伝えてください。`,
      en: (w) =>
        say`${w.people} cannot be reached 1:1. Please tell them to add this app in Teams, or to unblock it.`,
    },
  },
  'old-key-used': {
    title: { ja: '使い終わった鍵が使われました', en: 'A retired key was used' },
    what: {
      ja: (w) =>
        say`${bold(w.machine)}の、使い終わった鍵が使われました。受け付けていません。古い機器や複製が残っていないか調べてください。`,
      en: (w) =>
        say`A retired key of ${bold(w.machine)} was used. Nothing was accepted. Please look for an old device or a copy.`,
    },
  },
  'successor-replaced': {
    title: { ja: '到着後の鍵が作り直されました', en: 'An arrived server made its key anew' },
    what: {
      ja: (w) =>
        say`${bold(w.machine)}が、確認前に新しい鍵をもう一度作りました。前の番号は使えません。サーバーの前の方に、操作したか確かめてください。`,
      en: (w) =>
        say`${bold(w.machine)} made its new key again before the first was confirmed, so the former number is dead. Please ask whoever is at that server whether they did it.`,
    },
  },
};

/** Where a person should be named and none is known. */
export const ALERT_SOMEONE: Bilingual = { ja: '関係者', en: 'Someone' };
