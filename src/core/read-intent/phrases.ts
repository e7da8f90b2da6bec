import type { Lang } from '../ids.ts';
import type { Choice, IntentName, Slots } from '../intent.ts';
import type { RollOut } from '../roll-out.ts';

/** What a button of an ask-back says and sends: a sentence that readIntent() is sure of. */
export function phrase(
  intent: IntentName,
  slots: Slots,
  lang: Lang,
  rollOut: RollOut,
): Choice | undefined {
  const about = subject(slots, lang, rollOut);
  const template = TEMPLATES[intent];
  if (!template) return undefined;
  const text = template[lang](about, slots);
  return { label: text, text };
}

type Template = Record<Lang, (about: string, slots: Slots) => string>;

/** 「大阪支店の」 or nothing. */
const of = (about: string) => (about === '' ? '' : `${about}の`);
const forIt = (about: string) => (about === '' ? '' : ` for ${about}`);
const at = (about: string) => (about === '' ? '' : `${about}で`);
const atIt = (about: string) => (about === '' ? '' : ` at ${about}`);

const TEMPLATES: Partial<Record<IntentName, Template>> = {
  'site-status': { ja: (it) => `${of(it)}状況は?`, en: (it) => `status of ${it}` },
  'machine-status': { ja: (it) => `${of(it)}状態は?`, en: (it) => `status of ${it}` },
  'rollout-status': {
    ja: (it) => (it === '' ? '全体の進捗は?' : `${it}の進捗は?`),
    en: (it) => (it === '' ? 'overall progress' : `progress in ${it}`),
  },
  'next-step': { ja: (it) => `${of(it)}次の手順は?`, en: (it) => `what's next${forIt(it)}?` },
  'network-check': {
    ja: (it) => `${of(it)}ネットワークチェックの結果は?`,
    en: (it) => `network check${forIt(it)}`,
  },
  'run-check': {
    ja: (it) => `${of(it)}ネットワークをもう一度チェックして`,
    en: (it) => `run the network check again${it === '' ? '' : ` on ${it}`}`,
  },
  'extension-state': {
    ja: (it) => `${of(it)}拡張機能の状態は?`,
    en: (it) => `extensions${atIt(it)}`,
  },
  'missing-extension': {
    ja: (it, { extension }) => `${at(it)}${extension ?? '拡張機能'}が入っていないサーバーは?`,
    en: (it, { extension }) => `which servers lack ${extension ?? 'extensions'}${atIt(it)}?`,
  },
  'blocked-sites': {
    ja: (it) => `${at(it)}止まっている拠点は?`,
    en: (it) => `which sites are blocked${atIt(it)}?`,
  },
  'late-sites': {
    ja: (it) => `${at(it)}遅れている拠点は?`,
    en: (it) => `which sites are late${atIt(it)}?`,
  },
  'disconnected-machines': {
    ja: (it) => `${at(it)}切断されているサーバーは?`,
    en: (it) => `which servers are disconnected${atIt(it)}?`,
  },
  'open-alerts': {
    ja: (it) => `${of(it)}未対応のアラートは?`,
    en: (it) => `open alerts${atIt(it)}`,
  },
  'pending-sign-ins': {
    ja: (it) => `${of(it)}サインイン待ちのサーバーは?`,
    en: (it) => `pending sign-ins${atIt(it)}`,
  },
  'responsible-engineer': {
    ja: (it) => `${of(it)}担当エンジニアは誰?`,
    en: (it) => `who is the engineer${forIt(it)}?`,
  },
  'ask-person': { ja: () => '担当者と話したい', en: () => 'please call me' },
  'my-work': { ja: () => '私の待ちを見せて', en: () => 'what is waiting for me?' },
  'connect-command': {
    ja: (it) => `${of(it)}接続コマンドは?`,
    en: (it) => `connect command${forIt(it)}`,
  },
  'proxy-command': {
    ja: (it) => `${of(it)}プロキシ設定コマンド`,
    en: (it) => `proxy settings${forIt(it)}`,
  },
  'endpoint-requirements': {
    ja: (it) => `${of(it)}許可するURLの一覧`,
    en: (it) => `which URLs must be allowed${forIt(it)}?`,
  },
  'explain-error': {
    ja: (_it, { error }) => (error ? `${error}って何?` : 'エラーが出ました'),
    en: (_it, { error }) => (error ? `what does ${error} mean?` : 'it says error'),
  },
  'start-sign-in': {
    ja: (it) => `${it || 'サーバー'}を接続したい`,
    en: (it) => `connect ${it || 'the server'} now`,
  },
  'mark-shipped': {
    ja: (it) => `${it || 'サーバー'}を発送しました`,
    en: (it) => `${it || 'the server'} shipped`,
  },
  'mark-arrived': {
    ja: (it) => `${it || 'サーバー'}が届きました`,
    en: (it) => `${it || 'the server'} has arrived`,
  },
  'mark-powered-on': {
    ja: (it) => `${it || 'サーバー'}の電源を入れました`,
    en: (it) => `${it || 'the server'} is powered on`,
  },
  'replace-machine': {
    ja: (it) => `${it || 'サーバー'}を交換します`,
    en: (it) => `${it || 'the server'} is being replaced`,
  },
  'retire-machine': {
    ja: (it) => `${it || 'サーバー'}を廃止します`,
    en: (it) => `retire ${it || 'the server'}`,
  },
  'set-serial': {
    ja: (it) => `${of(it)}新しいシリアル番号を伝えます`,
    en: (it) => `the new serial number${forIt(it)}`,
  },
  history: { ja: (it) => `${of(it)}履歴`, en: (it) => `history${it === '' ? '' : ` of ${it}`}` },
  export: { ja: () => '進捗をExcelでください', en: () => 'export to Excel' },
  help: { ja: () => '使い方', en: () => 'help' },
  acknowledge: { ja: (it) => `${of(it)}件に対応します`, en: (it) => `acknowledge ${it}`.trim() },
  decline: { ja: (it) => `${of(it)}サインインを断ります`, en: (it) => `decline ${it}`.trim() },
  unexpected: { ja: (it) => `${it}は身に覚えがありません`, en: (it) => `I did not expect ${it}` },
  'hand-over': { ja: (it) => `${it}を引き継いでください`, en: (it) => `hand over ${it}`.trim() },
  'continue-sign-in': {
    ja: (it) => `${of(it)}サインインを続けます`,
    en: (it) => `continue ${it}`.trim(),
  },
  'repair-extension': {
    ja: (it, { extension }) => `${of(it)}${extension ?? '拡張機能'}を修復して`,
    en: (it, { extension }) => `repair ${extension ?? 'the extensions'} on ${it}`,
  },
  'dns-records': { ja: (it) => `${of(it)}DNSレコード`, en: (it) => `DNS records${forIt(it)}` },
  'get-kit': { ja: (it) => `${of(it)}キットをください`, en: (it) => `kit${forIt(it)}` },
  'undo-mark': { ja: (it) => `${of(it)}記録を取り消します`, en: (it) => `undo ${it}`.trim() },
};

function subject(slots: Slots, lang: Lang, rollOut: RollOut): string {
  const names: string[] = [...(slots.machines ?? [])];
  if (names.length === 0) {
    for (const code of slots.sites ?? []) {
      const site = rollOut.site(code);
      if (site) names.push(lang === 'ja' ? site.name : site.nameEn);
    }
  }
  if (names.length === 0 && slots.area !== undefined) names.push(slots.area);
  if (names.length === 0 && slots.wave !== undefined) {
    names.push(lang === 'ja' ? `第${slots.wave}陣` : `wave ${slots.wave}`);
  }
  return names.slice(0, 4).join(lang === 'ja' ? 'と' : ' and ');
}
