import type { Bilingual } from './ids.ts';

export type DriftId =
  | 'drift-proxy-url'
  | 'drift-proxy-bypass'
  | 'drift-private-link-scope-missing'
  | 'drift-private-link-scope-wrong'
  | 'drift-private-link-scope-unplanned'
  | 'drift-tag-sql'
  | 'drift-tags'
  | 'drift-allow-list'
  | 'drift-allow-list-open'
  | 'drift-agent-old'
  | 'heartbeat-late'
  | 'heartbeat-down'
  | 'expiry-ahead'
  | 'expiry-passed'
  | 'address-elsewhere'
  | 'unknown-machine'
  | 'duplicate-name'
  | 'cloned-image';

interface Words {
  readonly cause: Bilingual;
  readonly remedy: Bilingual;
  /** Where the rule comes from. */
  readonly source: string;
}

const LEARN = 'https://learn.microsoft.com/azure/azure-arc/servers';

/** What drifted and what to do. Values stand in the finding's evidence, never in a sentence. */
export const DRIFT_WORDS: Readonly<Record<DriftId, Words>> = {
  'drift-proxy-url': {
    cause: {
      ja: 'サーバーのプロキシ設定が、拠点の登録内容と違います。',
      en: 'The proxy set on the server is not the one planned for its site.',
    },
    remedy: {
      ja: 'サーバーで下のコマンドを実行して、拠点のプロキシを設定してください。',
      en: "Run the command below on the server to set the site's proxy.",
    },
    source: `${LEARN}/manage-agent-proxy-settings`,
  },
  'drift-proxy-bypass': {
    cause: {
      ja: 'プロキシを通さない通信の設定(バイパス)が足りません。',
      en: 'The proxy bypass on the server lacks what the plan asks for.',
    },
    remedy: {
      ja: 'サーバーで下のコマンドを実行して、バイパスを設定してください。',
      en: 'Run the command below on the server to set the bypass.',
    },
    source: `${LEARN}/manage-agent-proxy-settings`,
  },
  'drift-private-link-scope-missing': {
    cause: {
      ja: 'サーバーがプライベートリンクスコープに入っていません。',
      en: 'The server belongs to no private link scope, but the plan names one.',
    },
    remedy: {
      ja: 'Azure管理者に、計画のスコープへの関連付けを頼んでください。反映まで15分ほどかかります。',
      en: 'Ask the Azure administrator to associate it with the planned scope. It takes about 15 minutes.',
    },
    source: `${LEARN}/private-link-security`,
  },
  'drift-private-link-scope-wrong': {
    cause: {
      ja: 'サーバーが、計画と違うプライベートリンクスコープに入っています。',
      en: 'The server belongs to another private link scope than planned.',
    },
    remedy: {
      ja: 'Azure管理者に、計画のスコープへの付け替えを頼んでください。',
      en: 'Ask the Azure administrator to move it to the planned scope.',
    },
    source: `${LEARN}/private-link-security`,
  },
  'drift-private-link-scope-unplanned': {
    cause: {
      ja: 'パブリック接続の計画ですが、サーバーがプライベートリンクスコープに入っています。',
      en: 'The server belongs to a private link scope, but the plan is to connect publicly.',
    },
    remedy: {
      ja: 'Azure管理者に、関連付けを外してよいか確認してください。',
      en: 'Ask the Azure administrator whether the association can be removed.',
    },
    source: `${LEARN}/private-link-security`,
  },
  'drift-tag-sql': {
    cause: {
      ja: 'SQL Server拡張機能の自動導入を止めるタグがありません。',
      en: 'The tag that keeps the SQL Server extension from being installed is not set.',
    },
    remedy: {
      ja: 'Azure管理者に、タグ ArcSQLServerExtensionDeployment に Disabled を設定してもらってください。',
      en: 'Ask the Azure administrator to set the tag ArcSQLServerExtensionDeployment to Disabled.',
    },
    source: 'https://learn.microsoft.com/sql/sql-server/azure-arc/manage-autodeploy',
  },
  'drift-tags': {
    cause: {
      ja: 'サーバーのタグが計画と違います。',
      en: 'The tags of the server are not as planned.',
    },
    remedy: {
      ja: 'Azure管理者に、タグの修正を頼んでください。',
      en: 'Ask the Azure administrator to correct the tags.',
    },
    source: `${LEARN}/organize-inventory-servers`,
  },
  'drift-allow-list': {
    cause: {
      ja: 'サーバーの許可リストに、必要な拡張機能が入っていません。導入が拒否されます。',
      en: "The server's own allow list lacks a required extension, so that it will be refused.",
    },
    remedy: {
      ja: 'サーバーで下のコマンドを実行して、許可リストに加えてください。',
      en: 'Run the command below on the server to add it to the allow list.',
    },
    source: `${LEARN}/security-extensions`,
  },
  'drift-allow-list-open': {
    cause: {
      ja: 'サーバーに拡張機能の許可リストが設定されていません。',
      en: 'The server has no allow list of extensions of its own.',
    },
    remedy: {
      ja: '必要なものだけを許可する場合は、サーバーで下のコマンドを実行してください。',
      en: 'To allow only what is needed, run the command below on the server.',
    },
    source: `${LEARN}/security-extensions`,
  },
  'drift-agent-old': {
    cause: {
      ja: 'エージェントの版が1年以上前のもので、サポートの対象外と思われます。',
      en: 'The agent is from more than a year ago and probably no longer supported.',
    },
    remedy: {
      ja: 'エージェントを新しい版に更新してください。',
      en: 'Update the agent to a recent version.',
    },
    source: `${LEARN}/agent-release-notes`,
  },
  'heartbeat-late': {
    cause: {
      ja: 'サーバーからの通信が遅れています。再起動などで一時的に切れることがあります。',
      en: 'The server is late with its heartbeat. A restart or a short interruption does that.',
    },
    remedy: {
      ja: '30分ほど待ってください。自動で戻ることがあります。',
      en: 'Wait about 30 minutes. It often comes back by itself.',
    },
    source: `${LEARN}/overview`,
  },
  'heartbeat-down': {
    cause: {
      ja: 'サーバーからの通信が止まっています。',
      en: 'The server has stopped sending heartbeats.',
    },
    remedy: {
      ja: '電源とネットワークを確かめてください。動いている場合は、ネットワーク確認を実行してください。',
      en: 'Check power and network. If it is running, run the network check.',
    },
    source: `${LEARN}/troubleshoot-connectivity`,
  },
  'expiry-ahead': {
    cause: {
      ja: '最後の通信から45日で、サーバーの証明書の期限が切れます。期限が近づいています。',
      en: "The server's certificate runs out 45 days after its last heartbeat, and that day is near.",
    },
    remedy: {
      ja: '期限の前に電源を入れて、Azureに接続してください。',
      en: 'Switch it on and let it reach Azure before that day.',
    },
    source: `${LEARN}/overview`,
  },
  'expiry-passed': {
    cause: {
      ja: '最後の通信から45日を過ぎました。サーバーの証明書の期限が切れている可能性があります。',
      en: 'More than 45 days have passed since the last heartbeat: the certificate may have run out.',
    },
    remedy: {
      ja: '電源を入れても戻らない場合は、切断してから接続し直してください。担当エンジニアが行います。',
      en: 'If it does not come back when switched on, its engineer must disconnect it and connect it again.',
    },
    source: `${LEARN}/overview`,
  },
  'address-elsewhere': {
    cause: {
      ja: 'サーバーのIPアドレスが、拠点の登録内容と違うネットワークにあります。',
      en: 'The address of the server lies outside the network registered for its site.',
    },
    remedy: {
      ja: 'お知らせだけです。拠点のネットワークが変わった場合は、登録内容を直してください。',
      en: 'For information only. If the network of the site has changed, correct its data.',
    },
    source: `${LEARN}/agent-overview`,
  },
  'unknown-machine': {
    cause: {
      ja: 'このリソースグループに、展開計画にないサーバーがあります。',
      en: 'A server in this resource group is not part of the roll-out.',
    },
    remedy: {
      ja: '計画に加えるか、Azure管理者に確認してください。',
      en: 'Add it to the roll-out, or ask the Azure administrator about it.',
    },
    source: `${LEARN}/organize-inventory-servers`,
  },
  'duplicate-name': {
    cause: {
      ja: '同じ名前のサーバーが、Azureに複数あります。',
      en: 'Azure has several servers of this name.',
    },
    remedy: {
      ja: '不要な登録を確かめて、Azure管理者に削除を頼んでください。',
      en: 'Find out which one is not needed and ask the Azure administrator to delete it.',
    },
    source: `${LEARN}/manage-howto-migrate`,
  },
  'cloned-image': {
    cause: {
      ja: '接続済みのサーバーのイメージから作られたサーバーがあり、同じ登録を使っています。',
      en: 'Servers were made from the image of a connected one and share its identity.',
    },
    remedy: {
      ja: '複製した各サーバーで切断し、別の名前で接続し直してください。担当エンジニアが行います。',
      en: 'Its engineer must disconnect each copy and connect it again under its own name.',
    },
    source: `${LEARN}/agent-overview`,
  },
};
