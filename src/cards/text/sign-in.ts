import type { Bilingual, Lang } from '../../core/ids.ts';
import type { SignInNotice } from '../../core/notice.ts';
import { bold, say, type Words } from '../words.ts';

type View = SignInNotice['view'];
export type OpenState = 'opened' | 'code-held' | 'waiting' | 'confirmed' | 'shown';

/** Names and times of one sign-in, ready to stand in sentences. */
export interface SignInWords {
  readonly machine: string;
  readonly site: string;
  readonly opener: string;
  readonly asked: string;
  readonly confirmedBy: string;
  readonly confirmedAt: string;
  readonly shownTo: string;
  readonly shownAt: string;
  readonly endedBy: string;
}
type Sentence = Readonly<Record<Lang, (w: SignInWords) => Words>>;

/** First words of the card, and of its notification: never with data. */
export const TITLE: Readonly<Record<View, Readonly<Record<OpenState, Bilingual>>>> = {
  opener: {
    opened: { ja: 'サインインを受け付けました', en: 'Your sign-in is open' },
    'code-held': { ja: 'サーバーが準備しています', en: 'The server is getting ready' },
    waiting: { ja: '照合番号を送ってください', en: 'Please send the match number' },
    confirmed: { ja: '照合番号を確認しました', en: 'The match number is confirmed' },
    shown: { ja: 'エンジニアがサインインしています', en: 'An engineer is signing in' },
  },
  asked: {
    opened: { ja: 'サインインが始まりました', en: 'A sign-in was opened' },
    'code-held': { ja: 'サーバーの準備を待っています', en: 'The server is getting ready' },
    waiting: { ja: 'サインインの確認待ちです', en: 'A sign-in waits for its match number' },
    confirmed: { ja: 'サインインの準備ができました', en: 'A sign-in is ready for you' },
    shown: { ja: 'サインインの途中です', en: 'A sign-in is under way' },
  },
  channel: {
    opened: { ja: 'サインインが始まりました', en: 'A sign-in was opened' },
    'code-held': { ja: 'サーバーが準備しています', en: 'A server is getting ready to sign in' },
    waiting: { ja: 'サインインの確認待ちです', en: 'A sign-in waits for its match number' },
    confirmed: { ja: 'サインインの準備ができました', en: 'A sign-in is confirmed' },
    shown: { ja: 'サインインの途中です', en: 'A sign-in is under way' },
  },
};

/** What happened, then what to do. */
export const LEAD: Readonly<Record<View, Readonly<Record<OpenState, Sentence>>>> = {
  opener: {
    opened: {
      ja: (w) =>
        say`${bold(w.machine)}で、キットの「connect」を実行してください。画面に照合番号(4けた)が出たら、ここで送ってください。`,
      en: (w) =>
        say`Run the kit's "connect" on ${bold(w.machine)}. When its screen shows a four-digit match number, send it here.`,
    },
    'code-held': {
      ja: (w) =>
        say`${bold(w.machine)}がサインインの準備をしています。まもなくサーバーの画面に照合番号(4けた)が出ます。`,
      en: (w) =>
        say`${bold(w.machine)} is getting ready to sign in. Its screen will soon show a four-digit match number.`,
    },
    waiting: {
      ja: (w) =>
        say`${bold(w.machine)}の画面に照合番号(4けた)が出ています。下に入れて「番号を送る」を押してください。`,
      en: (w) =>
        say`The screen of ${bold(w.machine)} shows a four-digit match number. Enter it below and press "Send the number".`,
    },
    confirmed: {
      ja: (w) =>
        say`番号が合いました。${w.asked}がサインインします。サーバーはそのままでお待ちください。`,
      en: (w) =>
        say`The number is right. ${w.asked} signs in now; please leave the server as it is.`,
    },
    shown: {
      ja: (w) =>
        say`${w.shownTo}がMicrosoftの画面でサインインしています。サーバーはそのままでお待ちください。`,
      en: (w) =>
        say`${w.shownTo} is signing in on Microsoft's page. Please leave the server as it is.`,
    },
  },
  asked: {
    opened: {
      ja: (w) =>
        say`${w.opener}が${bold(w.machine)}のサインインを始めました。サーバーの準備ができると、このカードが変わります。`,
      en: (w) =>
        say`${w.opener} opened a sign-in for ${bold(w.machine)}. This card changes when the server is ready.`,
    },
    'code-held': {
      ja: (w) =>
        say`${bold(w.machine)}がサインインの準備をしています。準備ができると、このカードが変わります。`,
      en: (w) => say`${bold(w.machine)} is getting ready. This card changes when it is.`,
    },
    waiting: {
      ja: (w) =>
        say`${bold(w.machine)}がサインインを待っています。${w.opener}がサーバーの画面の照合番号を送ると、次に進めます。`,
      en: (w) =>
        say`${bold(w.machine)} waits for a sign-in. It goes on once ${w.opener} sends the match number on its screen.`,
    },
    confirmed: {
      ja: (w) =>
        say`${bold(w.machine)}の照合が済みました。「コードを表示」を押すと、あなただけに見えます。頼んだ覚えがなければ「身に覚えがありません」を押してください。`,
      en: (w) =>
        say`${bold(w.machine)} is confirmed. "Show code" shows the code to you alone; if you know nothing of this, press "I did not expect this".`,
    },
    shown: {
      ja: (w) =>
        say`${w.shownTo}にコードを表示しました(${w.shownAt})。Microsoftの画面での入力が終わると、結果がここに出ます。`,
      en: (w) =>
        say`The code was shown to ${w.shownTo} at ${w.shownAt}. The result appears here after it is entered on Microsoft's page.`,
    },
  },
  channel: {
    opened: {
      ja: (w) => say`${w.opener}が${bold(w.machine)}のサインインを始めました。`,
      en: (w) => say`${w.opener} opened a sign-in for ${bold(w.machine)}.`,
    },
    'code-held': {
      ja: (w) => say`${bold(w.machine)}がサインインの準備をしています。`,
      en: (w) => say`${bold(w.machine)} is getting ready to sign in.`,
    },
    waiting: {
      ja: (w) => say`${bold(w.machine)}が、照合番号の確認を待っています。`,
      en: (w) => say`${bold(w.machine)} waits for its match number.`,
    },
    confirmed: {
      ja: (w) => say`${bold(w.machine)}の照合が済みました。`,
      en: (w) => say`${bold(w.machine)} is confirmed.`,
    },
    shown: {
      ja: (w) => say`${w.shownTo}が${bold(w.machine)}のサインインをしています。`,
      en: (w) => say`${w.shownTo} is signing ${bold(w.machine)} in.`,
    },
  },
};

export const CONFIRMED: Readonly<Record<NonNullable<SignInNotice['confirmedHow']>, Sentence>> = {
  number: {
    ja: (w) => say`✅ ${w.confirmedBy}がサーバーの前で確認(${w.confirmedAt})`,
    en: (w) => say`✅ at the console by ${w.confirmedBy}, ${w.confirmedAt}`,
  },
  phone: {
    ja: (w) => say`✅ ${w.confirmedBy}が電話で確認(${w.confirmedAt})`,
    en: (w) => say`✅ by phone by ${w.confirmedBy}, ${w.confirmedAt}`,
  },
  self: {
    ja: (w) => say`✅ ${w.confirmedBy}がサーバーの画面で確認(${w.confirmedAt})`,
    en: (w) => say`✅ at the console by ${w.confirmedBy} in person, ${w.confirmedAt}`,
  },
};

export const ASKED_AS = {
  engineer: { ja: '担当', en: 'Engineer' },
  deputy: { ja: '副担当', en: 'Deputy' },
  lead: { ja: '統括', en: 'Lead' },
} as const satisfies Record<NonNullable<SignInNotice['askedAs']>, Bilingual>;

export const NUMBER_FIELD = {
  number: { ja: 'サーバーの画面の照合番号(4けた)', en: 'Match number on the server (four digits)' },
  self: { ja: 'サーバーの画面の照合番号(4けた)', en: 'Match number on the server (four digits)' },
  phone: {
    ja: 'こちらから電話して聞いた照合番号(4けた)',
    en: 'Match number you were read on your call (four digits)',
  },
} as const satisfies Record<NonNullable<SignInNotice['confirmAs']>, Bilingual>;

/** Steps of a sign-in as a line of marks: done, here, to come. */
export const STEPS: readonly Bilingual[] = [
  { ja: '受付', en: 'open' },
  { ja: '照合', en: 'match' },
  { ja: 'サインイン', en: 'sign in' },
  { ja: '完了', en: 'done' },
];

export const MORE = {
  renewed: {
    ja: () => say`🔄 コードが新しくなりました。新しい照合番号を送ってください。`,
    en: () => say`🔄 There is a new code. Please send the new match number.`,
  },
  phone: {
    ja: (phone: string) =>
      say`電話で確かめるときは、登録された番号 ${bold(phone)} にこちらからかけてください。かかってきた電話では確認できません。`,
    en: (phone: string) =>
      say`To confirm by phone, call the number on file yourself: ${bold(phone)}. An incoming call never counts.`,
  },
  own: {
    ja: () => say`あなたが始めたサインインです。サーバーの画面の照合番号を下に入れてください。`,
    en: () =>
      say`You opened this one yourself: enter the match number on the server's screen below.`,
  },
  silent: {
    ja: (machine: string, time: string) =>
      say`⚠️ ${bold(machine)}から${time}以降、連絡がありません。サーバーの画面を確かめてください。`,
    en: (machine: string, time: string) =>
      say`⚠️ ${bold(machine)} has been silent since ${time}. Please check its screen.`,
  },
  heldPlaces: {
    ja: () => say`⏳ 同時のサインインが多いため、順番を待っています。空きしだい進みます。`,
    en: () => say`⏳ Too many sign-ins are open. This one goes on as soon as another ends.`,
  },
  heldSameCode: {
    ja: () =>
      say`⚠️ 同じコードが別のサーバーからも届きました。確かめてから「対応します」を押すと、続けられます。`,
    en: () =>
      say`⚠️ Another server sent the same code. Look into it, then press "Acknowledge" to go on.`,
  },
  handedOver: {
    ja: (person: string) => say`${person}が引き継ぎを頼みました。新しいコードを待っています。`,
    en: (person: string) => say`${person} handed it over. A new code is on its way.`,
  },
  handedOverByYou: {
    ja: () => say`引き継ぎました。このサインインで、あなたの操作はもう要りません。`,
    en: () => say`You handed it over. Nothing is left for you to do here.`,
  },
  nobodyReachable: {
    ja: () => say`⚠️ 担当者のだれにも1対1で連絡できません。電話で知らせてください。`,
    en: () => say`⚠️ None of the engineers can be reached 1:1. Please call one of them.`,
  },
  wrongTries: {
    ja: (tries: number) =>
      say`⚠️ 番号が違いました(${tries}回目)。3回まちがえると、このコードは使えなくなります。`,
    en: (tries: number) =>
      say`⚠️ The number was wrong (try ${tries}). After three wrong tries this code is burned.`,
  },
  acknowledged: {
    ja: (person: string) => say`${person}が対応中です。`,
    en: (person: string) => say`${person} is on it.`,
  },
  until: {
    ja: (time: string) => say`${bold(time)}まで`,
    en: (time: string) => say`${bold(time)}`,
  },
} as const;

/** Where a person should be named and none is known. */
export const SOMEONE: Bilingual = { ja: '担当者', en: 'the engineer' };
