import { bold, say } from '../words.ts';

/** The kit of a server: where it comes from, its file, and its token. */
export const KIT = {
  title: { ja: 'キットを用意しました', en: 'The kit is ready' },
  line: {
    ja: (machine: string, site: string) =>
      say`${bold(machine)}(${site})のキットです。ボットを動かしている機器で、次のコマンドを実行してください。`,
    en: (machine: string, site: string) =>
      say`This is for ${bold(machine)} at ${site}. Run the command below where the bot runs to write its kit.`,
  },
  file: {
    ja: (machine: string, site: string) =>
      say`${bold(machine)}(${site})のキットです。次のカードで「許可」を選ぶと、zipファイルを受け取れます。コマンドで作ることもできます。`,
    en: (machine: string, site: string) =>
      say`This is for ${bold(machine)} at ${site}. Choose "Allow" on the next card to get its zip file, or write it by the command below.`,
  },
  token: {
    ja: () =>
      say`キットに秘密は入っていません。「prepare」がトークンを尋ねたら、「トークンを表示」を押してください。10分間だけ使えます。`,
    en: () =>
      say`There is no secret in it. When "prepare" asks for a token, press "Show a token": it works for 10 minutes.`,
  },
  alone: {
    ja: () =>
      say`トークンが必要なときは、ボットとの1対1のチャットで「キットをください」と送ってください。`,
    en: () => say`If you need a token, please ask for the kit in your own chat with the bot.`,
  },
} as const;

/** What became of the file. The words of the offer itself are Teams'. */
export const KIT_FILE = {
  offered: {
    title: { ja: 'キットを受け取りますか?', en: 'Take the kit?' },
    text: {
      ja: (machine: string) =>
        say`${bold(machine)}のキットを、あなたのOneDriveに置きます。トークンは入っていません。`,
      en: (machine: string) =>
        say`The kit of ${bold(machine)} will be put into your OneDrive. It holds no token.`,
    },
  },
  sent: {
    title: { ja: '✅ キットを渡しました', en: '✅ The kit is yours' },
    text: {
      ja: (machine: string) =>
        say`${bold(machine)}のキットを、あなたのOneDriveに置きました。サーバーに写して「prepare」を実行してください。`,
      en: (machine: string) =>
        say`The kit of ${bold(machine)} is in your OneDrive. Copy it to the server and run "prepare".`,
    },
  },
  declined: {
    title: { ja: 'キットを渡しませんでした', en: 'The kit was not taken' },
    text: {
      ja: (machine: string) =>
        say`${bold(machine)}のキットは渡していません。必要なときは、もう一度「キットをください」と送ってください。`,
      en: (machine: string) =>
        say`You did not take the kit of ${bold(machine)}. Ask for the kit again when you need it.`,
    },
  },
  failed: {
    title: { ja: '⚠️ キットを渡せませんでした', en: '⚠️ The kit could not be handed over' },
    text: {
      ja: (machine: string) =>
        say`${bold(machine)}のキットをOneDriveに置けませんでした。ボットを動かしている機器で、次のコマンドを実行してください。`,
      en: (machine: string) =>
        say`The kit of ${bold(machine)} could not be put into your OneDrive. Please run this where the bot runs.`,
    },
  },
} as const;

/** Beside Teams' own words on the card that offers the file. */
export const FILE_OFFER = {
  ja: 'Arcの導入キットです。トークンは入っていません。',
  en: 'The Arc onboarding kit. It holds no token.',
} as const;

export const TOKEN = {
  /** Notifications show a card's first words. */
  title: { ja: 'キットの続きです', en: 'Go on with the kit' },
  lead: {
    ja: (until: string) =>
      say`「prepare」がトークンを尋ねたら、下の文字を${bold(`${until}まで`)}に入れてください。一度だけ使えます。`,
    en: (until: string) =>
      say`When "prepare" asks for the token, type the characters below ${bold(`before ${until}`)}. They work once.`,
  },
  warning: {
    ja: 'ほかの人に送らないでください。もう一度表示すると、前のトークンは使えなくなります。',
    en: 'Do not send it to anyone. Showing a token again ends the one before.',
  },
  ask: {
    ja: () => say`「トークンを表示」を押すと、この画面だけに出ます。画面を閉じると消えます。`,
    en: () => say`"Show a token" shows it in this window alone. It is gone when you close it.`,
  },
} as const;
