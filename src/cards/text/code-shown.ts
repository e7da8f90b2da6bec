import { bold, say } from '../words.ts';

export const REVEAL = {
  /** Notifications show a card's first words. */
  title: { ja: 'サインインの続きです', en: 'Go on with the sign-in' },
  lead: {
    ja: (until: string) =>
      say`下のコードを、${bold(`${until}まで`)}にMicrosoftの画面で入れ、下のアカウントでサインインしてください。コードをほかの人に送らないでください。`,
    en: (until: string) =>
      say`Enter the code below on Microsoft's page ${bold(`before ${until}`)} and sign in with the account named here. Do not send the code to anyone.`,
  },
  enter: { ja: '入力する画面', en: 'Where to enter it' },
  confirmed: {
    number: {
      ja: (time: string) => say`✅ サーバーの前で照合番号を確認(${time})`,
      en: (time: string) => say`✅ match number sent from the console, ${time}`,
    },
    phone: {
      ja: (time: string) => say`✅ 電話で照合番号を確認(${time})`,
      en: (time: string) => say`✅ match number confirmed by phone, ${time}`,
    },
    self: {
      ja: (time: string) => say`✅ ご自身がサーバーの画面で確認(${time})`,
      en: (time: string) => say`✅ match number read by you at the console, ${time}`,
    },
  },
  again: { ja: 'もう一度表示', en: 'Show again' },
  warning: {
    ja: 'Microsoftの画面に、上と違うアカウント名やアプリ名が出たら、「キャンセル」を押してから、下の「身に覚えがありません」を押してください。',
    en: 'If Microsoft\'s page names any other account or application: press Cancel there, then "I did not expect this" below.',
  },
  open: { ja: 'Microsoftの画面を開く', en: "Open Microsoft's page" },
  demo: {
    ja: (url: string) => say`デモでは、この機器の中の模擬画面に入力します: ${url}`,
    en: (url: string) =>
      say`In the demo, the code is entered on this machine's simulated page: ${url}`,
  },
  ask: {
    ja: () => say`「コードを表示」を押すと、この画面だけにコードが出ます。画面を閉じると消えます。`,
    en: () => say`"Show code" shows the code in this window alone. It is gone when you close it.`,
  },
} as const;
