import type { Lang } from '../core/ids.ts';

type Say<A extends readonly unknown[]> = Readonly<Record<Lang, (...values: A) => string>>;
const say = <A extends readonly unknown[]>(
  ja: (...values: A) => string,
  en: (...values: A) => string,
): Say<A> => ({ ja, en });

/** What the terminal says, in both languages. */
export const SAY = {
  personUnknown: say(
    (key: string, keys: string) =>
      `--as の「${key}」は people.csv にありません。次のどれかを指定してください: ${keys || '(まだ取り込まれていません)'}\n`,
    (key: string, keys: string) =>
      `--as ${key}: not a key of people.csv. Use one of: ${keys || '(none imported yet)'}\n`,
  ),
  asNeeded: say(
    () => '誰として押すかを --as で指定してください。\n',
    () => 'Say who presses with --as.\n',
  ),
  siteUnknown: say(
    (code: string, codes: string) =>
      `拠点「${code}」は sites.csv にありません。次のどれかを指定してください: ${codes || '(まだ取り込まれていません)'}\n`,
    (code: string, codes: string) =>
      `Site ${code} is not in sites.csv. Use one of: ${codes || '(none imported yet)'}\n`,
  ),
  machineUnknown: say(
    (name: string) => `サーバー「${name}」は machines.csv にありません。名前を確かめてください。\n`,
    (name: string) => `Server ${name} is not in machines.csv. Check the name.\n`,
  ),
  unreadable: say(
    () => 'azcmagent の出力として読めませんでした。コマンドの出力をそのまま貼り付けてください。',
    () => 'This could not be read as azcmagent output. Paste what the command printed, unchanged.',
  ),
  noCards: say(
    () => 'カードはありません。\n',
    () => 'No cards.\n',
  ),
  noStore: say(
    (where: string) => `${where} にはまだデータがありません。先に import してください。\n`,
    (where: string) => `There is no data in ${where} yet. Run import first.\n`,
  ),
  storeBusy: say(
    () => 'データフォルダーは別のプロセスが使っています。終わってからもう一度実行してください。\n',
    () => 'Another process is using the data folder. Run the command again when it has ended.\n',
  ),
  fileUnreadable: say(
    (name: string) => `ファイル「${name}」を読めません。場所と権限を確かめてください。\n`,
    (name: string) => `File ${name} cannot be read. Check where it is and its permissions.\n`,
  ),
  dataAndDatabase: say(
    () => '--data と DATABASE_URL は同時に使えません。どちらか一つにしてください。\n',
    () => '--data and DATABASE_URL exclude each other. Use one of them.\n',
  ),
  imported: say(
    (table: string, added: number, changed: number, same: number) =>
      `${table}: 新規 ${added}、変更 ${changed}、変更なし ${same}`,
    (table: string, added: number, changed: number, same: number) =>
      `${table}: ${added} new, ${changed} changed, ${same} unchanged`,
  ),
  dryRun: say(
    () => '--dry-run のため、何も保存していません。',
    () => 'Nothing was kept (--dry-run).',
  ),
  nothingKept: say(
    () => '誤りがあるため、何も取り込んでいません。直してからもう一度実行してください。',
    () => 'Nothing was imported. Mend these rows and run it again.',
  ),
  chainHolds: say(
    (rows: number, head: string) =>
      `監査記録 ${rows} 件、連鎖は正しくつながっています(先頭 ${head})。`,
    (rows: number, head: string) => `${rows} audit rows; the chain holds (head ${head}).`,
  ),
  chainBroken: say(
    (row: number) =>
      `監査記録の連鎖が ${row} 番で切れています。記録が書き換えられた可能性があります。`,
    (row: number) => `The audit chain is broken at row ${row}: records may have been changed.`,
  ),
  kitWritten: say(
    (folder: string) => `キットを書き出しました: ${folder}`,
    (folder: string) => `The kit was written to ${folder}`,
  ),
  serialForm: say(
    () => '--serial には機器のシリアル番号を、印字のとおりに指定してください。\n',
    () => '--serial takes the serial number as it is printed on the server.\n',
  ),
  serialTaken: say(
    (machine: string) =>
      `そのシリアル番号は ${machine} のものです。何も変えていません。番号を確かめてください。\n`,
    (machine: string) =>
      `That serial number belongs to ${machine}. Nothing was changed. Check it.\n`,
  ),
  retired: say(
    (machine: string) => `${machine} は廃止済みです。何も変えていません。\n`,
    (machine: string) => `${machine} is retired. Nothing was changed.\n`,
  ),
  replaced: say(
    (machine: string) =>
      `${machine} の前の鍵を使えなくしました。次のキットを新しい機器に置き、prepare を実行してください。`,
    (machine: string) =>
      `The earlier keys of ${machine} are closed. Put this kit on the new server and run prepare.`,
  ),
  botRuns: say(
    () => 'このデータフォルダーでは、すでにボットが動いています。\n',
    () => 'A bot already runs on this data folder.\n',
  ),
  botFailed: say(
    () => 'ボットの中でエラーが起きました。ボットのログを確かめてください。\n',
    () => 'The bot could not do this. See its log.\n',
  ),
  buttons: say(
    (list: string) => `ボタン: ${list}`,
    (list: string) => `buttons: ${list}`,
  ),
  noFailedCheck: say(
    (site: string) =>
      `拠点「${site}」には失敗したネットワークチェックがありません。--missing を付けずに実行してください。\n`,
    (site: string) =>
      `Site ${site || '-'} has no failed network check. Run it without --missing.\n`,
  ),
  dnsPaste: say(
    (site: string) =>
      `名前とアドレスが分かるときは、1行に1組(名前 アドレス)書いたファイルを渡せます: dns ${site} --addresses ファイル\n`,
    (site: string) =>
      `If you know names and addresses, give a file with one pair (name address) a line: dns ${site} --addresses FILE\n`,
  ),
  dnsLines: say(
    (lines: string) =>
      `読めない行があります(${lines || '同じ名前に2つのアドレス'})。1行に「名前 プライベートアドレス」を1組、Arcのプライベートリンクの名前で書いてください。\n`,
    (lines: string) =>
      `Some lines cannot be used (${lines || 'one name with two addresses'}). Write one pair "name private-address" a line, with names of Arc's private link.\n`,
  ),
  dnsMissing: say(
    (names: string) => `注意: この地域で必要な名前が足りません: ${names}\n`,
    (names: string) => `Warning: names that this region needs are missing: ${names}\n`,
  ),
  badOption: say(
    (name: string, values: string) => `${name} には ${values} のどれかを指定してください。\n`,
    (name: string, values: string) => `${name} takes one of: ${values}\n`,
  ),
} as const;
