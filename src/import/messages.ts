import type { Bilingual } from '../core/ids.ts';

/** One thing to tell about a file: where it is, what is wrong and what to do. */
export interface ImportMessage {
  readonly file: string;
  /** As Excel numbers it: the header is row 1. */
  readonly row?: number;
  readonly column?: string;
  readonly text: Bilingual;
}

/** What can be wrong with one cell; zod carries these ids as its messages. */
export type CellProblem = keyof typeof CELL;

const CELL = {
  empty: {
    ja: '値がありません。この列に値を入れてください。',
    en: 'This cell is empty. Fill it in.',
  },
  'too-long': {
    ja: '値が長すぎます。200文字以内にしてください。',
    en: 'The value is too long. Use 200 characters at most.',
  },
  'hidden-characters': {
    ja: '見えない制御文字が入っています。入力し直してください。',
    en: 'The value holds invisible control characters. Type it anew.',
  },
  code: {
    ja: 'コードとして使えません。半角の英数字、ハイフン、下線で書いてください(64文字以内)。',
    en: 'This is not a code. Use letters, digits, hyphens and underscores, 64 at most.',
  },
  key: {
    ja: 'キーとして使えません。半角の英数字、点、ハイフン、下線で書いてください(64文字以内)。',
    en: 'This is not a key. Use letters, digits, dots, hyphens and underscores, 64 at most.',
  },
  'machine-name': {
    ja: 'サーバー名として使えません。半角の英数字、点、ハイフン、下線で、54文字以内で書いてください。',
    en: 'Azure does not take this name. Use letters, digits, dots, hyphens and underscores, 54 at most.',
  },
  guid: {
    ja: 'GUIDの形ではありません。00000000-0000-0000-0000-000000000000 の形で書いてください。',
    en: 'This is not a GUID. Write it as 00000000-0000-0000-0000-000000000000.',
  },
  'resource-group': {
    ja: 'リソースグループ名として使えません。Azureポータルの名前をそのまま写してください。',
    en: 'This is not a resource group name. Copy it from the Azure portal.',
  },
  location: {
    ja: 'Azureリージョンの名前ではありません。japaneast のように書いてください。',
    en: 'This is not the name of an Azure region. Write it like japaneast.',
  },
  cloud: {
    ja: 'クラウドの名前が違います。AzureCloud、AzureUSGovernment、AzureChinaCloud のどれかを書いてください。',
    en: 'Unknown cloud. Write AzureCloud, AzureUSGovernment or AzureChinaCloud.',
  },
  'private-link-scope': {
    ja: 'プライベートリンクスコープのリソースIDではありません。AzureポータルのリソースIDを写してください。',
    en: 'This is not the resource ID of a private link scope. Copy the resource ID from the Azure portal.',
  },
  gateway: {
    ja: 'ArcゲートウェイのリソースIDではありません。AzureポータルのリソースIDを写してください。',
    en: 'This is not the resource ID of an Arc gateway. Copy the resource ID from the Azure portal.',
  },
  'data-collection-rule': {
    ja: 'データ収集ルールのリソースIDではありません。AzureポータルのリソースIDを写してください。',
    en: 'This is not the resource ID of a data collection rule. Copy it from the Azure portal.',
  },
  workspace: {
    ja: 'ワークスペースのIDではありません。ワークスペースID(GUID)またはリソースIDを書いてください。',
    en: 'This is not a workspace. Write the workspace ID (a GUID) or its resource ID.',
  },
  'proxy-bypass': {
    ja: 'バイパスの値が違います。Arc のような語を ; で区切って書いてください。',
    en: 'Unknown bypass value. Write words such as Arc, separated by semicolons.',
  },
  tags: {
    ja: 'タグの形が違います。名前=値 を ; で区切って書いてください。',
    en: 'The tags cannot be read. Write name=value, separated by semicolons.',
  },
  'tag-name': {
    ja: 'Azureで使えないタグ名があります。< > % & \\ ? / を使わず、512文字以内にしてください。',
    en: 'Azure does not take a tag name here. Use 512 characters at most, none of < > % & \\ ? /.',
  },
  'tag-value': {
    ja: 'タグの値が長すぎます。256文字以内にしてください。',
    en: 'A tag value is too long. Use 256 characters at most.',
  },
  'tag-placeholder': {
    ja: '使えない差し込みがあります。{code}、{name_en}、{prefecture} だけが使えます。',
    en: 'Unknown placeholder. Only {code}, {name_en} and {prefecture} are filled in.',
  },
  list: {
    ja: '一覧の形が違います。; で区切って書いてください。',
    en: 'The list cannot be read. Separate its values with semicolons.',
  },
  'connect-at': {
    ja: '接続する場所が違います。base か site と書いてください。',
    en: 'Write base or site.',
  },
  'time-zone': {
    ja: 'タイムゾーンの名前ではありません。Asia/Tokyo のように書いてください。',
    en: 'This is not a time zone. Write its IANA name, such as Asia/Tokyo.',
  },
  extension: {
    ja: '拡張機能の名前が違います。MDE と AMA を ; で区切って書いてください。',
    en: 'Unknown extension. Write MDE and AMA, separated by a semicolon.',
  },
  deployer: {
    ja: '配布の方法が違います。defender、policy、bot のどれかを書いてください。',
    en: 'Unknown deployment. Write defender, policy or bot.',
  },
  'site-kind': {
    ja: '種類が違います。site か base と書いてください。',
    en: 'Write site or base.',
  },
  wave: {
    ja: 'ウェーブは 0 から 999 までの整数で書いてください。',
    en: 'Write the wave as a whole number from 0 to 999.',
  },
  date: {
    ja: '実在する日付ではありません。2026-10-05 のように書いてください。',
    en: 'This is not a day of the calendar. Write it like 2026-10-05.',
  },
  subnet: {
    ja: 'サブネットの形が違います。10.20.0.0/24 のように、ネットワークアドレスで書いてください。',
    en: 'This is not a subnet. Write its network address and length, such as 10.20.0.0/24.',
  },
  proxy: {
    ja: 'プロキシのURLが違います。http://ホスト名:ポート番号 の形で書いてください。',
    en: 'This is not a proxy URL. Write it as http://host:port.',
  },
  'proxy-credentials': {
    ja: 'プロキシのURLにユーザー名かパスワードが入っています。消して、http://ホスト名:ポート番号 の形で書いてください。',
    en: 'The proxy URL holds a user name or password. Remove it and write http://host:port.',
  },
  phone: {
    ja: '電話番号の形が違います。03-0000-0100 のように書いてください。',
    en: 'This is not a phone number. Write it like 03-0000-0100.',
  },
  role: {
    ja: '役割が違います。site-staff、engineer、lead、auditor のどれかを書いてください。',
    en: 'Unknown role. Write site-staff, engineer, lead or auditor.',
  },
  language: { ja: '言語は ja か en と書いてください。', en: 'Write ja or en.' },
  upn: {
    ja: 'ユーザープリンシパル名の形が違います。name@example.com のように書いてください。',
    en: 'This is not a user principal name. Write it like name@example.com.',
  },
  guest: {
    ja: 'ゲストのアカウント(#EXT#)は使えません。社内のアカウントを書いてください。',
    en: 'A guest account (#EXT#) is not taken. Write an account of your own tenant.',
  },
} as const satisfies Record<string, Bilingual>;

/** Problems whose value may be a secret: it is not repeated. */
const UNQUOTED: ReadonlySet<CellProblem> = new Set(['proxy-credentials', 'proxy']);

export function cellText(problem: string, value: string): Bilingual {
  const known = problem as CellProblem;
  const text = CELL[known] ?? CELL.list;
  if (value === '' || UNQUOTED.has(known)) return text;
  const quoted = quote(value);
  return { ja: `「${quoted}」: ${text.ja}`, en: `"${quoted}": ${text.en}` };
}

const SHOWN = 40;

/** What someone wrote, short and harmless on a terminal. */
export function quote(value: string): string {
  const clean = [...value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\uFFFD')];
  return clean.length > SHOWN ? `${clean.slice(0, SHOWN).join('')}…` : clean.join('');
}

/** Everything else that an import can say. */
export const SAY = {
  unreadable: (): Bilingual => ({
    ja: '文字コードを判別できません。UTF-8 か Shift_JIS のCSVで保存し直してください。',
    en: 'The characters cannot be read. Save the file as CSV in UTF-8 or Shift_JIS.',
  }),
  workbook: (): Bilingual => ({
    ja: 'Excelブックはまだ読み込めません。「CSV UTF-8」で保存し直してください。',
    en: 'Excel workbooks cannot be read yet. Save the sheet as "CSV UTF-8".',
  }),
  'too-large': (): Bilingual => ({
    ja: 'ファイルが大きすぎます。32 MB以下に分けてください。',
    en: 'The file is too large. Split it into files of 32 MB at most.',
  }),
  empty: (): Bilingual => ({
    ja: 'ファイルが空です。見出しの行から始めてください。',
    en: 'The file is empty. Begin it with a row of column names.',
  }),
  csv: (): Bilingual => ({
    ja: 'CSVとして読めません。引用符(")の閉じ忘れがないか確認してください。',
    en: 'This is not valid CSV. Look for a quotation mark (") that is not closed.',
  }),
  'unknown-table': (): Bilingual => ({
    ja: '見出しの行から表の種類を判別できません。profiles、sites、machines、people のどれかの列名を使ってください。',
    en: 'The header does not tell which table this is. Use the column names of profiles, sites, machines or people.',
  }),
  'column-missing': (column: string, table: string): Bilingual => ({
    ja: `列 ${column} がありません。${table} には必要なので追加してください。`,
    en: `The column ${column} is missing. ${table} needs it: add it.`,
  }),
  'column-twice': (column: string): Bilingual => ({
    ja: `列 ${quote(column)} が2つあります。1つにしてください。`,
    en: `The column ${quote(column)} stands twice. Keep one of them.`,
  }),
  'column-unknown': (column: string): Bilingual => ({
    ja: `列 ${quote(column)} は使わないため無視しました。列名の間違いでないか確認してください。`,
    en: `The column ${quote(column)} is not used and was ignored. See that its name is not misspelt.`,
  }),
  'too-many-cells': (): Bilingual => ({
    ja: '見出しより多くの値があります。値の中のコンマは " で囲んでください。',
    en: 'The row has more cells than the header. Put values with commas in quotation marks.',
  }),
  'key-twice': (key: string, row: number): Bilingual => ({
    ja: `${quote(key)} は${row}行目にもあります。どちらか1行にしてください。`,
    en: `${quote(key)} stands in row ${row} too. Keep one of the rows.`,
  }),
  'key-in-two-files': (key: string, file: string): Bilingual => ({
    ja: `${quote(key)} は ${quote(file)} にも別の内容であります。どちらかを直してください。`,
    en: `${quote(key)} stands in ${quote(file)} too, with other values. Correct one of them.`,
  }),
  'reference-unknown': (what: string): Bilingual => ({
    ja: `${quote(what)} はまだ登録されていません。このまま取り込みましたので、その行もあとで取り込んでください。`,
    en: `${quote(what)} is not known yet. The row was kept: import the missing one too.`,
  }),
  'gateway-and-scope': (): Bilingual => ({
    ja: 'Arcゲートウェイとプライベートリンクスコープは一緒に使えません。どちらか一方だけにしてください。',
    en: 'An Arc gateway and a private link scope cannot be used together. Keep one of them.',
  }),
  'scope-in-two-regions': (location: string, others: string): Bilingual => ({
    ja: `同じスコープが別のリージョン(${quote(others)})のプロファイルにもあります。スコープとサーバーは同じリージョンに必要です。${quote(location)} のスコープを書いてください。`,
    en: `Another profile has the same scope in another region (${quote(others)}). Scope and servers must be in one region: write a scope of ${quote(location)}.`,
  }),
  'two-scopes-one-dns': (site: string, other: string): Bilingual => ({
    ja: `${quote(site)} と ${quote(other)} は同じネットワークにあるようですが、スコープが違います。1つのDNSは1つのスコープしか指せないため、同じスコープにするか、DNSを分けてください。`,
    en: `${quote(site)} and ${quote(other)} seem to be on one network but have different scopes. One DNS can point to one scope only: use the same scope, or separate DNS servers.`,
  }),
  'object-id-needed': (): Bilingual => ({
    ja: 'engineer と lead には aad_object_id が必要です。Entra IDのオブジェクトIDを入れてください。',
    en: 'An engineer or lead needs aad_object_id. Fill in the object ID from Entra ID.',
  }),
  'not-an-engineer': (person: string): Bilingual => ({
    ja: `${quote(person)} は engineer でも lead でもないため、担当にできません。people の役割か、この担当者を直してください。`,
    en: `${quote(person)} is neither engineer nor lead and cannot be responsible. Correct the role in people, or name someone else.`,
  }),
  'responsible-without-id': (person: string): Bilingual => ({
    ja: `担当の ${quote(person)} に aad_object_id がありません。people に入れてください。`,
    en: `${quote(person)} is responsible for a site but has no aad_object_id. Add it in people.`,
  }),
  'taken-by': (person: string): Bilingual => ({
    ja: `この値は ${quote(person)} にもあります。1人に1つにしてください。`,
    en: `${quote(person)} has the same value. Give each person their own.`,
  }),
} as const;
