import type { Bilingual } from '../../core/ids.ts';
import type { NoticeOf } from '../../core/notice.ts';
import { bold, say } from '../words.ts';
import type { TitledText } from './sentence.ts';

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
