import type { ExtensionName } from '../roll-out.ts';
import type { Spans } from './spans.ts';

/** 第2陣, 2次展開, フェーズ2, wave two, second wave. */
export function findWave(spans: Spans): number | undefined {
  for (const pattern of WAVES) {
    const match = pattern.exec(spans.masked);
    const said = match?.[1] ?? match?.[2];
    const wave = said === undefined ? undefined : (NUMBERS.get(said) ?? Number(said));
    if (!match || wave === undefined || !Number.isInteger(wave) || wave < 1) continue;
    spans.paint(match.index, match.index + match[0].length, 'wave');
    return wave;
  }
  return undefined;
}

const DIGITS = '([1-9]\\d?|[一二三四五六七八九十])';
const ORDINALS = '(1st|2nd|3rd|[4-9]th|first|second|third|fourth|fifth|sixth)';
const CARDINALS = '([1-9]\\d?|one|two|three|four|five|six|seven|eight|nine|ten)';
const WAVES: readonly RegExp[] = [
  new RegExp(`第?${DIGITS}(?:陣|波|弾)(?:目)?`),
  new RegExp(`第${DIGITS}次(?:展開|導入|移行|リリース|グループ)?`),
  new RegExp(`(?<![第\\d])${DIGITS}次(?:展開|導入|移行|リリース|グループ)`),
  new RegExp(`第?${DIGITS} ?(?:フェーズ|ウェーブ|ウエーブ|グループ)`),
  new RegExp(`(?:フェーズ|ウェーブ|ウエーブ|グループ) ?${DIGITS}(?!\\d)`),
  new RegExp(`(?<![a-z])(?:wave|phase) ?(?:no\\.? ?|number |#)?${CARDINALS}(?![a-z\\d])`),
  new RegExp(`(?<![a-z\\d])${ORDINALS} (?:wave|phase)(?![a-z])`),
  /(?<![a-z])w([1-9])(?![a-z\d])/,
];
const NUMBERS: ReadonlyMap<string, number> = new Map([
  ...['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'].map(
    (word, index) => [word, index + 1] as const,
  ),
  ...['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'].map(
    (word, index) => [word, index + 1] as const,
  ),
  ...['first', 'second', 'third', 'fourth', 'fifth', 'sixth'].map(
    (word, index) => [word, index + 1] as const,
  ),
  ...['1st', '2nd', '3rd', '4th', '5th', '6th', '7th', '8th', '9th'].map(
    (word, index) => [word, index + 1] as const,
  ),
]);

/** Every extension named, by any of its names. */
export function findExtensions(spans: Spans): readonly ExtensionName[] {
  const found = new Set<ExtensionName>();
  for (const [name, pattern] of EXTENSIONS) {
    for (const match of spans.masked.matchAll(pattern)) {
      found.add(name);
      spans.paint(match.index, match.index + match[0].length, 'extension');
    }
  }
  return [...found];
}

const EXTENSIONS: readonly (readonly [ExtensionName, RegExp])[] = [
  [
    'MDE',
    /(?<![a-z])(?:mde(?:\.(?:windows|linux))?|(?:microsoft |ms )?defender(?: for (?:endpoint|servers?))?|mdatp)(?![a-z])|(?:マイクロソフト)?ディフェンダー/g,
  ],
  [
    'AMA',
    /(?<![a-z])(?:ama|(?:azure )?monitor(?:ing)? agent|azure ?monitor(?:windows|linux)?agent|azure monitor)(?![a-z])|(?:azure|アジュール|アズール)?(?:モニター?|監視)エージェント|azureモニター|アジュールモニター/g,
  ],
];

/** The error code said, as it is printed: AZCM0026, AADSTS53003, K-12, an exit code's digits. */
export function findError(spans: Spans): string | undefined {
  for (const { pattern, print } of ERRORS) {
    const match = pattern.exec(spans.masked);
    if (!match) continue;
    spans.paint(match.index, match.index + match[0].length, 'error');
    return print(match[1] ?? '', match[2] ?? '');
  }
  return undefined;
}

const same = (code: string) => code.toUpperCase();
const ERRORS: readonly { pattern: RegExp; print: (code: string, more: string) => string }[] = [
  {
    pattern: /(?<![a-z])azcm[- _]?(\d{1,4})(?!\d)/,
    print: (digits) => `AZCM${digits.padStart(4, '0')}`,
  },
  { pattern: /(?<![a-z])aadsts[- _:]?(\d{4,7})(?!\d)/, print: (digits) => `AADSTS${digits}` },
  {
    pattern: /(?<![a-z\d])k(?:[- ](?=\d)|(?=\d\d))(\d{1,3})(?!\d)/,
    print: (digits) => `K-${digits}`,
  },
  { pattern: /(?<![a-z\d])(hcrp\d{3,4}|0x[0-9a-f]{4,8}|x509)(?![a-z\d])/, print: same },
  {
    pattern:
      /(?:exit ?code|exit ?status|return ?code|exited with(?: code| status)?|(?<![a-z])rc|終了コード|戻り値|リターンコード|エグジットコード)(?: is| was|は|が|:|=)? ?=? ?(\d{1,6})(?!\d)/,
    print: (digits) => String(Number(digits)),
  },
  {
    pattern:
      /(?:(?:error|http|status|err)(?: code| no\.?| number)?|エラー(?:コード|番号)?|ステータスコード)(?: is| was|は|が|の|:|=|#)? ?(\d{2,6})(?![\d台件分時])/,
    print: (digits) => digits,
  },
  {
    pattern: /(?<!\d)(\d{2,6}) ?(?:エラー|番エラー|番のエラー|error|err(?![a-z]))/,
    print: (digits) => digits,
  },
  {
    pattern: /(?:^|(?<=で|が|に))(5\d\d|4\d\d)(?=って|とは|が返|が出|と出|と表示|$)/,
    print: (digits) => digits,
  },
];
