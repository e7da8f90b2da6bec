import type { Bilingual } from '../../core/ids.ts';
import type { NoticeOf } from '../../core/notice.ts';
import { bold, say, type Value } from '../words.ts';
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

export const DNS = {
  title: { ja: 'DNSに登録する名前', en: 'Names for the DNS' },
  text: {
    ja: (site: Value) =>
      say`${bold(site)}のDNSに、次の名前を登録してください。ほかの名前への影響を避けるため、名前ごとにゾーンを作ります。`,
    en: (site: Value) =>
      say`Please register these names in the DNS of ${bold(site)}. Each name gets a zone of its own, so that no other name is affected.`,
  },
  missing: {
    ja: (names: Value) =>
      say`⚠️ この地域で必要な名前のうち、見つからないものがあります: ${names}。プライベートエンドポイントを確かめてください。`,
    en: (names: Value) =>
      say`⚠️ Names that this region needs were not found: ${names}. Please look at the private endpoint.`,
  },
  order: {
    ja: () =>
      say`Windows DNS、BIND、hostsの順に、3つのメッセージが続きます。使うものを1つだけ選んでください。`,
    en: () => say`Three messages follow: Windows DNS, BIND, hosts. Please use one of them.`,
  },
  problem: {
    'no-scope': {
      ja: (site: Value) =>
        say`${bold(site)}はプライベートリンクを使いません。DNSに登録する名前はありません。`,
      en: (site: Value) =>
        say`${bold(site)} does not use private link. There is nothing to register in its DNS.`,
    },
    'azure-unread': {
      ja: (site: Value) =>
        say`${bold(site)}のプライベートリンクスコープをAzureから読み取れませんでした。Azureポータルのプライベートエンドポイントの「DNSの構成」で、名前とアドレスを確かめてください。`,
      en: (site: Value) =>
        say`The private link scope of ${bold(site)} could not be read from Azure. Please look up names and addresses under "DNS configuration" of its private endpoint in the Azure portal.`,
    },
    'no-names': {
      ja: (site: Value) =>
        say`${bold(site)}のスコープのアドレスは分かりましたが、名前を読み取れませんでした。Azureポータルのプライベートエンドポイントの「DNSの構成」で確かめてください。`,
      en: (site: Value) =>
        say`The addresses of the scope of ${bold(site)} are known, their names are not. Please look at "DNS configuration" of its private endpoint in the Azure portal.`,
    },
  },
} as const;
