import { bold, say } from '../words.ts';
import { sentence } from './sentence.ts';

export const MESSAGE = {
  noCheck: {
    title: { ja: 'まだチェックの結果がありません', en: 'No network check yet' },
    text: sentence<[what: string]>({
      ja: (what) =>
        say`${bold(what)}のネットワークチェックは、まだ届いていません(未確認)。サーバーでキットの「check」を実行してください。`,
      en: (what) =>
        say`No network check of ${bold(what)} has arrived yet, so nothing is verified. Run the kit's "check" on the server.`,
    }),
  },
  runCheck: {
    title: { ja: 'もう一度チェックします', en: 'Run the check again' },
    text: sentence<[machine: string, site: string]>({
      ja: (machine, site) =>
        say`${site}の${bold(machine)}で、次のコマンドを実行してください。終わると結果がここに届きます。`,
      en: (machine, site) =>
        say`Run this command on ${bold(machine)} at ${site}. The result arrives here when it is done.`,
    }),
  },
  channelSet: {
    title: { ja: '✅ ここに通知します', en: '✅ Alerts come here' },
    text: sentence<[by: string]>({
      ja: (by) => say`${by}の指定により、これからのアラートはこのチャネルに届きます。`,
      en: (by) => say`As ${by} decided, alerts arrive in this channel from now on.`,
    }),
  },
  stopped: {
    title: { ja: '⛔ すべてのサインインを停止しました', en: '⛔ All sign-ins are stopped' },
    text: sentence<[by: string, burned: string]>({
      ja: (by, burned) =>
        say`${by}が停止し、途中だった${burned}件を無効にしました。再開するときは「サインインを再開」と送ってください。`,
      en: (by, burned) =>
        say`${by} stopped them; ${burned} under way were burned. Send "resume sign-ins" to allow them again.`,
    }),
  },
  resumed: {
    title: { ja: '✅ サインインを再開しました', en: '✅ Sign-ins are allowed again' },
    text: sentence<[by: string]>({
      ja: (by) => say`${by}がサインインを再開しました。必要な方は、もう一度始めてください。`,
      en: (by) => say`${by} resumed them. Whoever needs a sign-in can open it again.`,
    }),
  },
  lifted: {
    title: { ja: '受付の停止を解除しました', en: 'The quarantine is lifted' },
    text: sentence<[machine: string, by: string]>({
      ja: (machine, by) =>
        say`${by}が${bold(machine)}の受付の停止を解除しました。続きの作業ができます。`,
      en: (machine, by) => say`${by} lifted the quarantine of ${bold(machine)}. Work can go on.`,
    }),
  },
  known: {
    title: { ja: 'あなたの登録内容です', en: 'This is who you are here' },
    text: sentence<[person: string]>({
      ja: (person) =>
        say`${bold(person)}として登録されています。違うときは統括に知らせてください。`,
      en: (person) => say`You are registered as ${bold(person)}. Tell a lead if that is wrong.`,
    }),
  },
  whoAreYou: {
    title: { ja: 'まだ登録されていません', en: 'You are not registered yet' },
    text: sentence<[]>({
      ja: () =>
        say`この展開の担当者として登録されていません。下のIDを統括に送って、登録を頼んでください。`,
      en: () =>
        say`You are not part of this roll-out yet. Send the id below to a lead to be added.`,
    }),
  },
  askerTold: {
    title: { ja: '担当者に伝えました', en: 'The engineer is told' },
    text: sentence<[engineer: string]>({
      ja: (engineer) =>
        say`${bold(engineer)}に、あなたから連絡がほしいと伝えました。電話をお待ちください。`,
      en: (engineer) =>
        say`${bold(engineer)} knows that you want to talk. Please wait for the call.`,
    }),
  },
  askerNobody: {
    title: { ja: '担当者が見つかりません', en: 'No engineer was found' },
    text: sentence<[]>({
      ja: () => say`担当エンジニアが登録されていません。統括に直接連絡してください。`,
      en: () => say`No engineer is registered for this. Please contact a lead directly.`,
    }),
  },
  engineerAsked: {
    title: { ja: '電話がほしいという連絡です', en: 'Someone asks you to call' },
    text: sentence<[asker: string]>({
      ja: (asker) =>
        say`${bold(asker)}が、電話で話したいそうです。かけられるときは「対応します」を押してください。`,
      en: (asker) =>
        say`${bold(asker)} would like to talk to you. Press "Acknowledge" when you call.`,
    }),
  },
  noExplanation: {
    title: { ja: 'このエラーはまだ分かりません', en: 'This error is not known yet' },
    text: sentence<[]>({
      ja: () => say`説明を持っていないエラーです。画面に出た文を全部貼り付けて送ってください。`,
      en: () =>
        say`There is no explanation for this yet. Please paste everything the screen shows.`,
    }),
  },
  explained: {
    title: { ja: 'エラーの意味と対処', en: 'What this error means' },
  },
  exported: {
    title: { ja: 'データを書き出せます', en: 'Export' },
    text: sentence<[rows: string]>({
      ja: (rows) =>
        say`${rows}行あります。ボットを動かしている機器で、次のコマンドを実行してください。`,
      en: (rows) => say`There are ${rows} rows. Run this command where the bot runs.`,
    }),
  },
  askBack: {
    title: { ja: 'どれのことでしょうか?', en: 'Which one do you mean?' },
    text: sentence<[]>({
      ja: () => say`はっきり読み取れませんでした。近いものを選ぶか、言い換えて送ってください。`,
      en: () => say`I am not sure what you mean. Choose one, or say it in other words.`,
    }),
  },
  unknown: {
    title: { ja: 'すみません、分かりませんでした', en: 'Sorry, I did not understand' },
    text: sentence<[]>({
      ja: () =>
        say`Azure Arcの展開のことなら、お答えできます。たとえば、次のように送ってください。`,
      en: () => say`I can answer about the Azure Arc roll-out. Try one of these.`,
    }),
  },
  refusal: { title: { ja: 'できませんでした', en: 'That is not possible' } },
  responsible: { title: { ja: '担当エンジニア', en: 'Responsible engineers' } },
  history: {
    title: { ja: 'これまでの記録', en: 'History' },
    empty: { ja: '記録はまだありません。', en: 'Nothing is recorded yet.' },
  },
  nextStep: {
    title: { ja: '次にすること', en: 'Next steps' },
    empty: { ja: '次にすることはありません。', en: 'There is nothing to do.' },
  },
} as const;
