import type { Bilingual } from '../../core/ids.ts';
import type { NoticeOf } from '../../core/notice.ts';
import { bold, say } from '../words.ts';
import { sentence } from './sentence.ts';

type Duty = NoticeOf<'duty'>['what'];

export const DUTY_TITLE: Readonly<Record<Duty, Bilingual>> = {
  absent: { ja: 'お休みを登録しました', en: 'Noted as away' },
  back: { ja: 'お休みを取り消しました', en: 'No longer away' },
  'handed-over': { ja: '当番の交代を登録しました', en: 'A stand-in is named' },
  set: { ja: '当番を決めました', en: 'Duty is set' },
};

export const DUTY = {
  absent: sentence<[person: string, days: string]>({
    ja: (person, days) =>
      say`${person}は${bold(days)}お休みです。この間のサインインは、ほかの担当者に依頼します。`,
    en: (person, days) =>
      say`${person} is away ${bold(days)}. Sign-ins go to the next person meanwhile.`,
  }),
  back: sentence<[person: string, days: string]>({
    ja: (person, days) => say`${bold(days)}も、${person}にサインインを依頼します。`,
    en: (person, days) => say`${person} is asked again, also ${bold(days)}.`,
  }),
  'handed-over': sentence<[person: string, days: string, standIn: string]>({
    ja: (person, days, standIn) =>
      say`${bold(days)}は、${standIn}が${person}の代わりです。サインインはこの方に依頼します。`,
    en: (person, days, standIn) =>
      say`${bold(days)}, ${standIn} stands in for ${person} and is asked for sign-ins.`,
  }),
  set: sentence<[person: string, days: string, sites: string]>({
    ja: (person, days, sites) =>
      say`${sites}の${bold(days)}の当番は${person}です。最初に依頼します。`,
    en: (person, days, sites) =>
      say`${person} is on duty at ${sites} ${bold(days)} and is asked first.`,
  }),
} as const;

export const DAYS = {
  one: { ja: (day: string) => day, en: (day: string) => `on ${day}` },
  range: {
    ja: (from: string, until: string) => `${from}から${until}まで`,
    en: (from: string, until: string) => `from ${from} until ${until}`,
  },
} as const;

export const REACHABLE = {
  title: { ja: '1:1のチャットで連絡できる人', en: 'Who can be reached 1:1' },
  tested: {
    ja: () =>
      say`届く人には、いま連絡テストのカードを送りました。×の人には、右の対処をお願いします。`,
    en: () => say`Everyone in reach was sent a test card. For the others, see what to do.`,
  },
  listed: {
    ja: () => say`いまの状態です。カードは送っていません。`,
    en: () => say`This is how it stands; no card was sent.`,
  },
  obstacle: {
    'no-account': {
      ja: 'まだ一度もボットと話していません。アプリを追加して「使い方」と送ってもらってください。',
      en: 'has never spoken to the bot: ask them to add the app and to send "help".',
    },
    'never-wrote': {
      ja: 'まだ届いたことがありません。アプリを個人用に追加してもらってください。',
      en: 'was never reached: ask them to add the app for themselves.',
    },
    blocked: {
      ja: 'ボットがブロックされています。本人に解除してもらってください。',
      en: 'has blocked the bot: ask them to unblock it.',
    },
    'not-in-roster': {
      ja: 'アプリが削除されています。もう一度追加してもらってください。',
      en: 'has removed the app: ask them to add it again.',
    },
  },
} as const satisfies Record<string, unknown>;

export const AWAY: Bilingual = { ja: '(本日お休み)', en: ' (away today)' };

export const CONTACT_TEST = {
  title: { ja: '連絡テストです', en: 'This is a test' },
  text: sentence<[by: string]>({
    ja: (by) =>
      say`${by}が、連絡が届くかどうかを確かめています。届いていれば大丈夫です。操作は要りません。`,
    en: (by) => say`${by} is checking that messages arrive. This one did: there is nothing to do.`,
  }),
} as const;
