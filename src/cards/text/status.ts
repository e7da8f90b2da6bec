import type { Bilingual } from '../../core/ids.ts';
import { bold, say } from '../words.ts';
import { sentence } from './sentence.ts';

export const STATUS_TITLE = {
  site: { ja: '拠点の状況', en: 'Site status' },
  machine: { ja: 'サーバーの状態', en: 'Server status' },
  rollout: { ja: '展開の進捗', en: 'Roll-out progress' },
  extensions: { ja: '拡張機能の状態', en: 'Extensions' },
  requirements: { ja: '許可が必要な通信', en: 'Addresses to allow' },
  stages: { ja: '段階ごとの台数', en: 'Servers by stage' },
  sites: { ja: '拠点ごと', en: 'By site' },
} as const satisfies Record<string, Bilingual>;

export const STATUS = {
  done: sentence<[done: number, total: number]>({
    ja: (done, total) => say`${bold(`${done}/${total}台`)} 完了`,
    en: (done, total) => say`${bold(`${done} of ${total}`)} done`,
  }),
  blocked: sentence<[owner: string]>({
    ja: (owner) => say`⛔ 止まっています(待ち: ${owner})`,
    en: (owner) => say`⛔ blocked (waiting for: ${owner})`,
  }),
  blockedCount: sentence<[count: number]>({
    ja: (count) => say`⛔ 止まっています: ${count}台`,
    en: (count) => say`⛔ blocked: ${count}`,
  }),
  late: sentence<[]>({ ja: () => say`⚠️ 遅れています`, en: () => say`⚠️ late` }),
  lateCount: sentence<[count: number]>({
    ja: (count) => say`⚠️ 遅れています: ${count}拠点`,
    en: (count) => say`⚠️ late sites: ${count}`,
  }),
  planned: sentence<[day: string]>({
    ja: (day) => say`予定日 ${day}`,
    en: (day) => say`planned ${day}`,
  }),
  azureAsOf: sentence<[time: string]>({
    ja: (time) => say`Azureの情報は${time}時点`,
    en: (time) => say`Azure as of ${time}`,
  }),
  azureUnread: sentence<[]>({
    ja: () => say`Azureの情報はまだ読めていません(未確認)`,
    en: () => say`Azure was not read yet (not verified)`,
  }),
  checkedAt: sentence<[time: string]>({
    ja: (time) => say`${time}時点`,
    en: (time) => say`as of ${time}`,
  }),
  lastSafe: sentence<[day: string]>({
    ja: (day) => say`🚚 ${day}までにつないでください(過ぎると証明書が期限切れになります)`,
    en: (day) => say`🚚 connect it by ${day}, before its certificate expires`,
  }),
  signInOpen: sentence<[state: string]>({
    ja: (state) => say`🔑 サインイン: ${state}`,
    en: (state) => say`🔑 sign-in: ${state}`,
  }),
  more: sentence<[count: number]>({
    ja: (count) => say`ほか${count}件`,
    en: (count) => say`and ${count} more`,
  }),
  noSites: sentence<[]>({
    ja: () => say`該当する拠点が見つかりませんでした。名前を確かめて送ってください。`,
    en: () => say`No such site was found. Please check its name.`,
  }),
  noMachines: sentence<[]>({
    ja: () => say`該当するサーバーが見つかりませんでした。名前を確かめて送ってください。`,
    en: () => say`No such server was found. Please check its name.`,
  }),
  wave: sentence<[wave: number]>({
    ja: (wave) => say`第${wave}陣`,
    en: (wave) => say`wave ${wave}`,
  }),
} as const;

export const CHECK_TITLE: Readonly<Record<'fine' | 'bad' | 'unknown', Bilingual>> = {
  fine: { ja: 'ネットワークチェックは正常です', en: 'The network check is healthy' },
  bad: { ja: 'ネットワークチェックに問題があります', en: 'The network check found problems' },
  unknown: { ja: 'ネットワークチェックは未確認です', en: 'The network is not verified' },
};

export const PASTED_TITLE: Readonly<Record<'fine' | 'bad' | 'unknown', Bilingual>> = {
  fine: { ja: '貼り付けた内容は正常です', en: 'What you pasted looks healthy' },
  bad: { ja: '貼り付けた内容に問題があります', en: 'What you pasted shows a problem' },
  unknown: { ja: '貼り付けた内容から判断できません', en: 'What you pasted does not tell enough' },
};

export const CHECK = {
  cause: { ja: '原因', en: 'Cause' },
  remedy: { ja: '対処', en: 'Remedy' },
  commands: { ja: 'コマンド', en: 'Commands' },
  findings: { ja: 'ほかの検出結果', en: 'Other findings' },
  endpoints: { ja: '通信先ごとの結果', en: 'By address' },
  rightly: { ja: '正しくは', en: 'should be ' },
  errors: { ja: 'エラー番号', en: 'Error codes' },
} as const satisfies Record<string, Bilingual>;

export const CHECK_LEAD = {
  fine: sentence<[what: string]>({
    ja: (what) =>
      say`${bold(what)}は、すべて予定どおりの経路で通信できています。次の手順に進めます。`,
    en: (what) => say`${bold(what)} reaches every address by its expected route. You can go on.`,
  }),
  bad: sentence<[what: string, owner: string]>({
    ja: (what, owner) => say`${bold(what)}の通信に問題があります。対応するのは${bold(owner)}です。`,
    en: (what, owner) => say`${bold(what)} has a network problem. Who must act: ${bold(owner)}.`,
  }),
  badNobody: sentence<[what: string]>({
    ja: (what) => say`${bold(what)}の通信に問題があります。原因はまだ特定できていません。`,
    en: (what) => say`${bold(what)} has a network problem. Its cause is not known yet.`,
  }),
  unknown: sentence<[what: string]>({
    ja: (what) =>
      say`${bold(what)}の結果は、まだはっきりしません。画面の文を全部貼り付けて送ってください。`,
    en: (what) =>
      say`The result of ${bold(what)} is not clear. Please paste everything the screen shows.`,
  }),
  someServer: { ja: 'サーバー', en: 'this server' },
  confidence: sentence<[percent: number]>({
    ja: (percent) => say`確からしさ ${percent}%`,
    en: (percent) => say`confidence ${percent} %`,
  }),
  acknowledgedBy: sentence<[person: string]>({
    ja: (person) => say`🔵 ${bold(person)}が対応中です`,
    en: (person) => say`🔵 ${bold(person)} is on it`,
  }),
  snoozedUntil: sentence<[time: string]>({
    ja: (time) => say`🔕 次の通知は${time}です`,
    en: (time) => say`🔕 snoozed until ${time}`,
  }),
  resolvedAt: sentence<[time: string]>({
    ja: (time) => say`✅ ${time}に解決しました`,
    en: (time) => say`✅ resolved at ${time}`,
  }),
} as const;
