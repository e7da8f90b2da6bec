import type { Bilingual } from '../ids.ts';
import type { Finding } from '../network-check.ts';

export interface MailContext {
  readonly at: Date;
  /** Address the server had. */
  readonly sourceAddress?: string;
  readonly machine?: string;
  readonly siteName?: string;
  readonly siteNameEn?: string;
  readonly proxyUrl?: string;
  /** What opened a TLS connection instead of Microsoft, where it was seen. */
  readonly issuer?: string;
}

/** A mail that can be sent as it is to whoever runs the network or the proxy; undefined for other owners. */
export function mailFor(finding: Finding, context: MailContext): Bilingual | undefined {
  if (finding.owner !== 'network') return undefined;
  const { evidence } = finding;
  const proxy = evidence?.proxy ?? context.proxyUrl;
  const issuer = evidence?.issuer ?? context.issuer;
  const targets = finding.endpoints.map(target);
  const when = jst(context.at);
  const row = (label: string, value: string | undefined): string[] =>
    value ? [`${label}: ${oneLine(value)}`] : [];
  const ja = [
    `件名: Azure Arcの通信について(${context.siteName ?? context.machine ?? 'サーバー'})`,
    '',
    'お世話になっております。Azure Arcの展開で、次の通信が失敗しています。ご確認をお願いいたします。',
    '',
    `日時: ${when}(日本時間)`,
    ...row('サーバー', context.machine),
    ...row('送信元', context.sourceAddress),
    ...row('プロキシ', proxy),
    ...(targets.length > 0 ? ['宛先(CONNECT):', ...targets.map((one) => `  ${one}`)] : []),
    ...row('表示された言葉', evidence?.words),
    ...row('証明書の発行元', issuer),
    '',
    `状況: ${finding.cause.ja}`,
    `お願い: ${finding.remedy.ja}`,
    ...row('参考', finding.link),
  ];
  const en = [
    `Subject: Azure Arc traffic (${context.siteNameEn ?? context.machine ?? 'server'})`,
    '',
    'Hello. In our Azure Arc roll-out the following traffic fails. Could you please look into it?',
    '',
    `Time: ${when} (JST)`,
    ...row('Server', context.machine),
    ...row('Source address', context.sourceAddress),
    ...row('Proxy', proxy),
    ...(targets.length > 0 ? ['Targets (CONNECT):', ...targets.map((one) => `  ${one}`)] : []),
    ...row('Words shown', evidence?.words),
    ...row('Certificate issuer', issuer),
    '',
    `What happens: ${finding.cause.en}`,
    `What we ask: ${finding.remedy.en}`,
    ...row('Reference', finding.link),
  ];
  return { ja: ja.join('\n'), en: en.join('\n') };
}

/** `host:443`, as it stands in a CONNECT request and in the proxy's log. */
function target(url: string): string {
  const plain = /^http:\/\//i.test(url);
  const host = url.replace(/^https?:\/\//i, '').replace(/\/.*/, '');
  return /:\d+$/.test(host) ? host : `${host}:${plain ? 80 : 443}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 400);
}

const JST = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Tokyo',
  dateStyle: 'short',
  timeStyle: 'medium',
});

function jst(at: Date): string {
  return JST.format(at);
}
