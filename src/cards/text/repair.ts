import type { NoticeOf } from '../../core/notice.ts';
import type { RepairMachine, RepairTrouble, WriteMode } from '../../core/repair.ts';
import type { Deployer } from '../../core/roll-out.ts';
import { bold, say } from '../words.ts';
import type { Labels } from './labels.ts';
import { sentence, type TitledText } from './sentence.ts';

type RepairNotice = NoticeOf<'repair'>;

/** What happened, then what comes next. */
export const REPAIR: Readonly<
  Record<RepairNotice['state'], TitledText<[extension: string, site: string]>>
> = {
  instead: {
    title: { ja: 'ボットからは修復しません', en: 'The bot does not repair this' },
    text: {
      ja: (extension, site) =>
        say`${site}の${bold(extension)}は変更していません。下の方法で進めてください。`,
      en: (extension, site) => say`${bold(extension)} at ${site} is unchanged. Please do this.`,
    },
  },
  nothing: {
    title: { ja: '修復するものがありません', en: 'Nothing to repair' },
    text: {
      ja: (extension, site) =>
        say`${site}の${bold(extension)}で、ボットがいま修復できるサーバーはありません。理由は下のとおりです。`,
      en: (extension, site) =>
        say`There is no server at ${site} whose ${bold(extension)} the bot can repair now. See why below.`,
    },
  },
  asked: {
    title: { ja: '拡張機能の修復: 承認待ち', en: 'Extension repair: awaiting approval' },
    text: {
      ja: (extension, site) =>
        say`${site}の${bold(extension)}の修復が依頼されました。承認されるまで、何も変更しません。`,
      en: (extension, site) =>
        say`A repair of ${bold(extension)} at ${site} is asked for. Nothing changes until it is approved.`,
    },
  },
  approved: {
    title: { ja: '拡張機能を修復しています', en: 'Extension repair under way' },
    text: {
      ja: (extension, site) =>
        say`${site}の${bold(extension)}を修復しています。進み具合はこのカードに表示します。`,
      en: (extension, site) =>
        say`${bold(extension)} at ${site} is being repaired. This card follows the progress.`,
    },
  },
  declined: {
    title: { ja: '修復を見送りました', en: 'The repair was declined' },
    text: {
      ja: (extension, site) =>
        say`${site}の${bold(extension)}の修復を取りやめました。必要なときは、もう一度依頼してください。`,
      en: (extension, site) =>
        say`The repair of ${bold(extension)} at ${site} is called off. Ask again when it is needed.`,
    },
  },
  expired: {
    title: { ja: '修復の期限が過ぎました', en: 'The repair has run out' },
    text: {
      ja: (extension, site) =>
        say`${site}の${bold(extension)}の修復は、24時間承認がなかったので終わりました。必要なときは、もう一度依頼してください。`,
      en: (extension, site) =>
        say`Nobody approved the next step for ${bold(extension)} at ${site} within 24 hours. Ask again if it is needed.`,
    },
  },
  ended: {
    title: { ja: '拡張機能の修復が終わりました', en: 'Extension repair finished' },
    text: {
      ja: (extension, site) =>
        say`${site}の${bold(extension)}の作業が終わりました。結果はサーバーごとに下のとおりです。`,
      en: (extension, site) =>
        say`The work on ${bold(extension)} at ${site} is over. See each server's result below.`,
    },
  },
};

export const REPAIR_PLAN: Labels<RepairMachine['plan']> = {
  install: { ja: '入れます', en: 'install' },
  reinstall: { ja: '削除してから入れ直します', en: 'delete, then install' },
  remove: {
    ja: '削除します(入れ直すのは担当のサービス)',
    en: 'delete; its service installs it again',
  },
};

export const REPAIR_STEP: Labels<RepairMachine['step']> = {
  waiting: { ja: '⏳ 順番待ち', en: '⏳ waiting' },
  watching: {
    ja: '⏳ Azureが処理中です。30分動かなければ削除から始めます',
    en: '⏳ Azure is at work; after 30 minutes it counts as stuck',
  },
  removing: { ja: '⏳ 削除しています', en: '⏳ deleting' },
  removed: { ja: '⏳ 削除しました。次に入れます', en: '⏳ deleted, to be installed' },
  installing: { ja: '⏳ 入れています', en: '⏳ installing' },
  done: { ja: '✅ 終わりました', en: '✅ done' },
  'not-done': { ja: '❌ 行っていません', en: '❌ not done' },
};

/** What `done` means: a handler that finished proves no data. */
export const REPAIR_RESULT = {
  installed: {
    ja: '✅ 入りました(データの受信は未確認)',
    en: '✅ installed (data not verified yet)',
  },
  removed: { ja: '✅ 削除しました', en: '✅ deleted' },
  /** The repair ended between the two. */
  left: {
    ja: '❌ 削除したまま、まだ入れていません',
    en: '❌ deleted, and not installed again',
  },
} as const satisfies Labels<string>;

export const REPAIR_TROUBLE: Labels<RepairTrouble> = {
  fine: { ja: '➖ 正常なので触りません', en: '➖ works, left alone' },
  theirs: { ja: '➖ ボットは入れません', en: '➖ not the bot’s to install' },
  'not-read': {
    ja: '❔ 未確認(Azureを読めていません)',
    en: '❔ not verified (Azure was not read)',
  },
  'not-in-azure': { ja: '❌ Azureに登録がありません', en: '❌ not in Azure' },
  'not-connected': {
    ja: '❌ Azureに接続していません。接続してから依頼してください',
    en: '❌ not connected to Azure; ask again once it is',
  },
  'in-transit': { ja: '❌ 輸送中です', en: '❌ in transit' },
  'no-allow-list': {
    ja: '❌ サーバーに拡張機能の許可リストがありません。先に設定してください',
    en: '❌ no local extension allow list; set it on the server first',
  },
  'not-on-allow-list': {
    ja: '❌ サーバーの許可リストにありません',
    en: '❌ not on the server’s allow list',
  },
  'value-refused': {
    ja: '❌ 登録されたプロキシなどの値が正しくありません',
    en: '❌ a planned value, such as the proxy, has a wrong form',
  },
  refused: { ja: '❌ Azureが受け付けませんでした', en: '❌ Azure refused it' },
  failed: { ja: '❌ 失敗しました', en: '❌ failed' },
  'too-long': { ja: '❌ 60分たっても終わりません', en: '❌ not finished after 60 minutes' },
};

/** Who installs it instead, and how to set them to work. */
export const REPAIR_BY: Readonly<Record<Deployer, ReturnType<typeof deployerText>>> = {
  defender: deployerText(
    'これはDefender for Cloudが入れます。新しいサーバーで1時間、前からあるサーバーで12時間までかかります。過ぎたら、ポータルのDefender for Cloudで統合の設定を確かめてください。',
    'Defender for Cloud installs this: within 1 hour on a new server, 12 hours on one that was there. After that, check its integration in the portal.',
  ),
  policy: deployerText(
    'これはAzure Policyが入れます。すぐに必要なときは、ポータルの「ポリシー」→「修復」で修復タスクを作ってください。',
    'Azure Policy installs this. To have it now, create a remediation task in the portal: Policy, Remediation.',
  ),
  bot: deployerText(
    'このボットはAzureを変更しない設定です。ポータルの「拡張機能」か、下のコマンドで入れてください。',
    'This bot is set to change nothing in Azure. Use the portal (Extensions) or the commands below.',
  ),
};

function deployerText(ja: string, en: string) {
  return sentence<[]>({ ja: () => say`${ja}`, en: () => say`${en}` });
}

export const REPAIR_RIGHTS: Labels<Exclude<WriteMode, 'off'>> = {
  'on-behalf-of': {
    ja: '承認した方ご自身のAzureの権限で行います。次の段階に進むときは、もう一度承認を押してください。',
    en: 'It is done with the approver’s own rights in Azure. Each further step needs another press.',
  },
  'bot-identity': {
    ja: 'ボットの書き込み用のIDで行います。依頼した方とは別の方の承認が必要です。',
    en: 'It is done by the bot’s second identity, and needs someone other than who asked.',
  },
};

export const REPAIR_FIELD = {
  requestedBy: { ja: '依頼した人', en: 'Requested by' },
  approvedBy: { ja: '承認した人', en: 'Approved by' },
  declinedBy: { ja: '見送った人', en: 'Declined by' },
} as const satisfies Labels<string>;
