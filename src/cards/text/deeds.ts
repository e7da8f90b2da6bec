import type { Bilingual } from '../../core/ids.ts';
import type { NoticeOf } from '../../core/notice.ts';
import { bold, say } from '../words.ts';
import type { TitledText } from './sentence.ts';

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
  'retire-machine': {
    title: { ja: 'サーバーを廃止しますか?', en: 'Retire this server?' },
    text: {
      ja: (machines) =>
        say`${bold(machines)}の鍵を使えなくして、集計から外します。これまでの記録は残ります。Azureの登録は消えません。`,
      en: (machines) =>
        say`The keys of ${bold(machines)} will be closed, and it leaves the totals. Its history stays. Nothing is deleted in Azure.`,
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
          say`${bold(machines)}の前の鍵を使えなくしました。新しい機器のシリアル番号が分かったら、「${machines}の新しいシリアルは JP12345678 です」のように送るか、ボットを動かしている機器で次のコマンドを実行してください。`,
        en: (machines) =>
          say`The earlier key of ${bold(machines)} is closed. When you know the new server's serial number, send "the new serial of ${machines} is JP12345678", or run this where the bot runs.`,
      },
    },
    'new-serial': {
      title: { ja: '✅ シリアル番号を記録しました', en: '✅ The serial number is noted' },
      text: {
        ja: (machines) =>
          say`${bold(machines)}は、新しいシリアル番号の機器として登録を待っています。次に「${machines}のキットをください」と送ってください。`,
        en: (machines) =>
          say`${bold(machines)} now waits to be enrolled with its new serial number. Next, send "kit for ${machines}".`,
      },
    },
    retired: {
      title: { ja: '✅ 廃止を記録しました', en: '✅ Retired' },
      text: {
        ja: (machines) =>
          say`${bold(machines)}を集計から外し、鍵を使えなくしました。次の順に片付けてください。`,
        en: (machines) =>
          say`${bold(machines)} has left the totals and its keys are closed. Please clear up in this order.`,
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

/**
 * Extensions go while the agent still answers, the agent last:
 * https://learn.microsoft.com/azure/azure-arc/servers/manage-agent#uninstall-the-agent
 */
export const REMOVAL_ORDER: readonly Bilingual[] = [
  {
    ja: '① つながっているうちに、Azureで拡張機能(AMA、MDE)を削除する',
    en: '1. While it is still connected, remove its extensions (AMA, MDE) in Azure',
  },
  {
    ja: '② Defenderのオフボードを、オフボード用パッケージで行う(拡張機能の削除では外れません)',
    en: '2. Off-board it from Defender with the off-boarding package (removing MDE does not do that)',
  },
  {
    ja: '③ サーバーで azcmagent disconnect を実行する。サーバーがもう無ければ、Azureでリソースを削除する',
    en: '3. Run azcmagent disconnect on the server; if it is gone, delete its resource in Azure',
  },
];
export const REMOVAL: Bilingual = { ja: '片付ける順番', en: 'What to remove, in order' };

/** The new serial is typed where `SERIAL` stands. */
export const REPLACE_LINE = (machine: string): string =>
  `arc-onboarding-bot replace ${machine} --serial SERIAL`;

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
