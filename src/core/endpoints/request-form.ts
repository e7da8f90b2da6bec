import type { Lang } from '../ids.ts';
import type { RequirementRow } from '../notice.ts';

const HEADER: Readonly<Record<Lang, readonly string[]>> = {
  ja: ['送信元', '宛先', 'ポート', '経路', '用途', '時期', 'TLS検査除外', '根拠URL'],
  en: [
    'Source',
    'Destination',
    'Port',
    'Route',
    'Purpose',
    'When',
    'Exempt from TLS inspection',
    'Reference',
  ],
};

const ROUTE: Readonly<Record<RequirementRow['route'], Readonly<Record<Lang, string>>>> = {
  private: { ja: 'プライベート', en: 'private' },
  proxy: { ja: 'プロキシ', en: 'proxy' },
  direct: { ja: '直接', en: 'direct' },
};

export interface FormOptions {
  readonly lang: Lang;
  /** Subnet or address of the site. */
  readonly from?: string;
  /** Words for `when`; the key itself where there are none. */
  readonly when?: (key: string) => string;
}

// Spreadsheets run a cell that begins like this as a formula; an apostrophe keeps it text.
const FORMULA = /^[=+\-@\t\r]/;

/** The form as CSV lines (RFC 4180, without line ends): what a network team opens in Excel. */
export function formCsv(table: readonly (readonly string[])[]): string[] {
  return table.map((cells) => cells.map(csvCell).join(','));
}

function csvCell(text: string): string {
  const one = text.replace(/[\r\n]+/g, ' ');
  const safe = FORMULA.test(one) ? `'${one}` : one;
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The request form as a table, header first: cells are plain text. */
export function requestForm(rows: readonly RequirementRow[], options: FormOptions): string[][] {
  const { lang } = options;
  const yes = lang === 'ja' ? '必要' : 'yes';
  const unproven = lang === 'ja' ? '(未確認)' : ' (not verified)';
  return [
    [...HEADER[lang]],
    ...rows.map((row) => [
      options.from ?? '',
      row.verified === false ? `${row.host}${unproven}` : row.host,
      row.ports.map((port) => `TCP ${port}`).join(', '),
      ROUTE[row.route][lang],
      row.purpose[lang],
      options.when?.(row.when) ?? row.when,
      row.noInspection ? yes : '',
      row.source,
    ]),
  ];
}
