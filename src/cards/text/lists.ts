import type { Bilingual } from '../../core/ids.ts';
import type { ListTopic } from '../../core/notice.ts';

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

/** In place of "there is none", where Azure was never read. */
export const LIST_UNREAD: Bilingual = {
  ja: 'まだAzureを読み取れていないため、未確認です。しばらくしてから、もう一度送ってください。',
  en: 'Not verified: Azure has not been read yet. Please ask again in a while.',
};

export const LIST_NETWORK_CHECK: Bilingual = {
  ja: 'ネットワークチェックの問題',
  en: 'Network check',
};
