import type { Bilingual, Lang } from '../../core/ids.ts';
import type { ListTopic, NoticeOf } from '../../core/notice.ts';
import { bold, say, type Words } from '../words.ts';

type Sentence<Args extends readonly string[]> = Readonly<Record<Lang, (...args: Args) => Words>>;
const sentence = <Args extends readonly string[]>(texts: Sentence<Args>): Sentence<Args> => texts;

export interface TitledText<Args extends readonly string[]> {
  readonly title: Bilingual;
  readonly text: Sentence<Args>;
}

export const CONFIRM: Readonly<
  Record<NoticeOf<'confirm'>['what'], TitledText<[machines: string]>>
> = {
  'mark-shipped': {
    title: { ja: '発送を記録しますか?', en: 'Mark as shipped?' },
    text: {
      ja: (machines) =>
        say`${bold(machines)}を「輸送中」にします。到着を記録するまで、サーバーからの通信は受け付けません。`,
      en: (machines) =>
        say`${bold(machines)} will be marked as in transit, and closed until marked as arrived.`,
    },
  },
  'mark-arrived': {
    title: { ja: '到着を記録しますか?', en: 'Mark as arrived?' },
    text: {
      ja: (machines) => say`${bold(machines)}を「到着済み」にします。24時間以内なら取り消せます。`,
      en: (machines) =>
        say`${bold(machines)} will be marked as arrived. You can undo this for 24 hours.`,
    },
  },
  'mark-powered-on': {
    title: { ja: '電源オンを記録しますか?', en: 'Mark as powered on?' },
    text: {
      ja: (machines) => say`${bold(machines)}の電源が入ったことを記録します。`,
      en: (machines) => say`${bold(machines)} will be marked as powered on.`,
    },
  },
  'replace-machine': {
    title: { ja: 'サーバーを交換しますか?', en: 'Replace this server?' },
    text: {
      ja: (machines) =>
        say`${bold(machines)}の今の鍵を使えなくして、新しい機器を待ちます。この操作は取り消せません。`,
      en: (machines) =>
        say`The present key of ${bold(machines)} will be closed, and a new device awaited. This cannot be undone.`,
    },
  },
  'start-sign-in': {
    title: { ja: 'サインインを始めますか?', en: 'Open a sign-in?' },
    text: {
      ja: (machines) =>
        say`${bold(machines)}のサインインを始めます。サーバーの前にいて、画面を見られるときに進めてください。`,
      en: (machines) =>
        say`A sign-in for ${bold(machines)} will be opened. Go ahead when you can see that server's screen.`,
    },
  },
};
export const CONFIRM_OVER: Bilingual = {
  ja: 'この確認はもう終わっています。',
  en: 'This question has been answered already.',
};

export const MARKED: Readonly<Record<NoticeOf<'marked'>['what'], TitledText<[machines: string]>>> =
  {
    shipped: {
      title: { ja: '✅ 発送を記録しました', en: '✅ Marked as shipped' },
      text: {
        ja: (machines) =>
          say`${bold(machines)}を「輸送中」にしました。届いたら「届きました」と送ってください。`,
        en: (machines) =>
          say`${bold(machines)} is in transit now. Send "arrived" when it is there.`,
      },
    },
    arrived: {
      title: { ja: '✅ 到着を記録しました', en: '✅ Marked as arrived' },
      text: {
        ja: (machines) =>
          say`${bold(machines)}を「到着済み」にしました。電源とLANをつないだら、キットを実行してください。`,
        en: (machines) =>
          say`${bold(machines)} has arrived. Connect power and network, then run the kit.`,
      },
    },
    'powered-on': {
      title: { ja: '✅ 電源オンを記録しました', en: '✅ Marked as powered on' },
      text: {
        ja: (machines) =>
          say`${bold(machines)}の電源が入りました。次はキットの「check」を実行してください。`,
        en: (machines) => say`${bold(machines)} is powered on. Next, run the kit's "check".`,
      },
    },
    replaced: {
      title: { ja: '✅ 交換を受け付けました', en: '✅ The replacement is noted' },
      text: {
        ja: (machines) =>
          say`${bold(machines)}の前の鍵を使えなくしました。新しい機器でキットの「prepare」を実行してください。`,
        en: (machines) =>
          say`The earlier key of ${bold(machines)} is closed. Run the kit's "prepare" on the new device.`,
      },
    },
    undone: {
      title: { ja: '記録を取り消しました', en: 'The mark is undone' },
      text: {
        ja: (machines) =>
          say`${bold(machines)}の記録を元に戻しました。正しい内容をもう一度送ってください。`,
        en: (machines) => say`The mark of ${bold(machines)} is undone. Please send the right one.`,
      },
    },
  };

export const DONE: Readonly<Record<NoticeOf<'done'>['what'], TitledText<[machine: string]>>> = {
  acknowledged: {
    title: { ja: '✅ 対応中にしました', en: '✅ Acknowledged' },
    text: {
      ja: () => say`ほかの方にも、あなたが対応中と見えています。終わったら結果を記録してください。`,
      en: () => say`The others see that you are on it. Please record the result when it is done.`,
    },
  },
  snoozed: {
    title: { ja: '✅ あとで通知します', en: '✅ Snoozed' },
    text: {
      ja: () => say`しばらくしても解決していなければ、もう一度お知らせします。`,
      en: () => say`You will be told again if it is not resolved by then.`,
    },
  },
  resolved: {
    title: { ja: '✅ 解決済みにしました', en: '✅ Resolved' },
    text: {
      ja: () => say`このアラートを閉じました。同じことが起きたら、またお知らせします。`,
      en: () => say`This alert is closed. If it happens again you will be told.`,
    },
  },
  'number-right': {
    title: { ja: '✅ 番号が合いました', en: '✅ The number is right' },
    text: {
      ja: (machine) =>
        say`${bold(machine)}の照合が済みました。サーバーはそのままでお待ちください。`,
      en: (machine) => say`${bold(machine)} is confirmed. Please leave the server as it is.`,
    },
  },
  declined: {
    title: { ja: '今回は見送りにしました', en: 'Declined' },
    text: {
      ja: (machine) => say`${bold(machine)}のサインインを止めました。始めた方にも知らせます。`,
      en: (machine) => say`The sign-in of ${bold(machine)} is stopped. Whoever opened it is told.`,
    },
  },
  'handed-over': {
    title: { ja: '✅ 引き継ぎました', en: '✅ Handed over' },
    text: {
      ja: (machine) =>
        say`前のコードは使えなくしました。${bold(machine)}が新しいコードを用意しています。`,
      en: (machine) => say`The earlier code is over. ${bold(machine)} is getting a new one.`,
    },
  },
  burned: {
    title: { ja: '⛔ 無効にしました', en: '⛔ Burned' },
    text: {
      ja: (machine) =>
        say`${bold(machine)}のサインインを無効にし、受付を停止しました。Microsoftの画面が開いていたら「キャンセル」を押してください。`,
      en: (machine) =>
        say`The sign-in of ${bold(machine)} is burned and the server quarantined. If Microsoft's page is open, press Cancel.`,
    },
  },
  assigned: {
    title: { ja: '✅ 担当者に割り当てました', en: '✅ Assigned' },
    text: {
      ja: () => say`担当エンジニアに知らせました。対応が始まると、カードが変わります。`,
      en: () => say`The engineer is told. The card changes when the work begins.`,
    },
  },
  continued: {
    title: { ja: '✅ サインインを始め直しました', en: '✅ The sign-in is open again' },
    text: {
      ja: (machine) =>
        say`${bold(machine)}の新しいコードを待っています。画面に照合番号が出たら送ってください。`,
      en: (machine) =>
        say`${bold(machine)} is getting a new code. Send the match number when its screen shows one.`,
    },
  },
};

export const LIST: Readonly<
  Record<ListTopic, { readonly title: Bilingual; readonly empty: Bilingual }>
> = {
  'missing-extension': {
    title: { ja: '拡張機能が入っていないサーバー', en: 'Servers that lack an extension' },
    empty: {
      ja: '拡張機能が入っていないサーバーはありません。',
      en: 'No server lacks an extension.',
    },
  },
  'blocked-sites': {
    title: { ja: '止まっている拠点', en: 'Blocked sites' },
    empty: { ja: '止まっている拠点はありません。', en: 'No site is blocked.' },
  },
  'late-sites': {
    title: { ja: '遅れている拠点', en: 'Late sites' },
    empty: { ja: '遅れている拠点はありません。', en: 'No site is late.' },
  },
  'disconnected-machines': {
    title: { ja: '切断されているサーバー', en: 'Disconnected servers' },
    empty: { ja: '切断されているサーバーはありません。', en: 'No server is disconnected.' },
  },
  'open-alerts': {
    title: { ja: '未対応のアラート', en: 'Open alerts' },
    empty: { ja: '未対応のアラートはありません。', en: 'No alert is open.' },
  },
  'pending-sign-ins': {
    title: { ja: 'サインイン待ちのサーバー', en: 'Pending sign-ins' },
    empty: { ja: 'サインイン待ちのサーバーはありません。', en: 'No sign-in is pending.' },
  },
  'my-work': {
    title: { ja: 'あなたを待っている仕事', en: 'What waits for you' },
    empty: {
      ja: 'いま、あなたを待っている仕事はありません。',
      en: 'Nothing waits for you right now.',
    },
  },
};

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
  kit: {
    title: { ja: 'キットを用意しました', en: 'The kit is ready' },
    text: sentence<[machine: string, site: string]>({
      ja: (machine, site) =>
        say`${bold(machine)}(${site})のキットです。ボットを動かしている機器で、次のコマンドを実行してください。`,
      en: (machine, site) =>
        say`This is for ${bold(machine)} at ${site}. Run the command below where the bot runs to write its kit.`,
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

export const COMMANDS: Readonly<Record<NoticeOf<'commands'>['what'], TitledText<[where: string]>>> =
  {
    connect: {
      title: { ja: '接続コマンド', en: 'Connect command' },
      text: {
        ja: (where) =>
          say`${bold(where)}で、上から順に実行してください。コピー用の文は次のメッセージにあります。`,
        en: (where) =>
          say`Run these on ${bold(where)}, in this order. The next message has them to copy.`,
      },
    },
    proxy: {
      title: { ja: 'プロキシ設定のコマンド', en: 'Proxy settings' },
      text: {
        ja: (where) =>
          say`${bold(where)}のプロキシを設定します。上から順に実行してください。コピー用の文は次のメッセージにあります。`,
        en: (where) =>
          say`These set the proxy of ${bold(where)}, in this order. The next message has them to copy.`,
      },
    },
    check: {
      title: { ja: 'ネットワークチェックのコマンド', en: 'Network check command' },
      text: {
        ja: (where) =>
          say`${bold(where)}で実行し、出た文を貼り付けてください。コピー用の文は次のメッセージにあります。`,
        en: (where) =>
          say`Run this on ${bold(where)} and paste what it prints. The next message has it to copy.`,
      },
    },
  };

export const SHELL = {
  bash: { ja: 'Linuxの端末(管理者権限)', en: 'Linux shell, as root' },
  powershell: { ja: 'PowerShell(管理者として実行)', en: 'PowerShell, as administrator' },
} as const satisfies Record<string, Bilingual>;
