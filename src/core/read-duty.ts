import type { PersonKey } from './ids.ts';
import type { RollOut } from './roll-out.ts';

/** More days than this at once are a typing error. */
const MOST_DAYS = 31;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * The calendar days a sentence names, `YYYY-MM-DD`, seen from today: 今日, 明日, 10/13, 10月13日, 2026-10-13,
 * and from one to another. A day without a year is the next one of that date.
 */
export function readDays(text: string, today: string): readonly string[] {
  const said = text.normalize('NFKC').toLowerCase();
  const found: { readonly at: number; readonly end: number; readonly day: string }[] = [];
  for (const { pattern, day } of DAYS) {
    for (const match of said.matchAll(pattern)) {
      const at = match.index;
      const end = at + match[0].length;
      if (found.some((one) => at < one.end && one.at < end)) continue;
      const named = day(match.slice(1), today);
      if (named !== undefined) found.push({ at, end, day: named });
    }
  }
  found.sort((a, b) => a.at - b.at);
  const [first, second] = found;
  if (first && second && RANGE.test(said.slice(first.end, second.at))) {
    return daysFrom(first.day, second.day);
  }
  return [...new Set(found.map((one) => one.day))].slice(0, MOST_DAYS);
}

const RANGE = /^\s{0,3}(?:から|〜|~|-|–|—|ー|to|until|till|through)\s{0,3}$/;

interface DayWord {
  readonly pattern: RegExp;
  readonly day: (parts: readonly (string | undefined)[], today: string) => string | undefined;
}

const DAYS: readonly DayWord[] = [
  {
    pattern: /(?<!\d)(20\d\d)[-/年](\d{1,2})[-/月](\d{1,2})日?(?!\d)/g,
    day: ([year, month, day]) => dayOf(Number(year), Number(month), Number(day)),
  },
  {
    pattern: /(?<![\d/-])(\d{1,2})(?:\/|月)(\d{1,2})日?(?![\d/])/g,
    day: ([month, day], today) => nextOf(Number(month), Number(day), today),
  },
  { pattern: /明後日|あさって|day after tomorrow/g, day: (_, today) => plus(today, 2) },
  { pattern: /明日|あした|あす|tomorrow/g, day: (_, today) => plus(today, 1) },
  { pattern: /今日|本日|きょう|今から|today/g, day: (_, today) => today },
];

function dayOf(year: number, month: number, day: number): string | undefined {
  const at = new Date(Date.UTC(year, month - 1, day));
  const isReal = at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return isReal ? at.toISOString().slice(0, 10) : undefined;
}

function nextOf(month: number, day: number, today: string): string | undefined {
  const year = Number(today.slice(0, 4));
  const thisYear = dayOf(year, month, day);
  return thisYear !== undefined && thisYear >= today ? thisYear : dayOf(year + 1, month, day);
}

function plus(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

function daysFrom(first: string, last: string): readonly string[] {
  const days: string[] = [];
  for (let day = first; day <= last && days.length < MOST_DAYS; day = plus(day, 1)) days.push(day);
  return days.length > 0 ? days : [first];
}

/** Everyone whose name, key or reading of a name stands in a sentence. */
export function readPeople(text: string, rollOut: RollOut): readonly PersonKey[] {
  const said = text.normalize('NFKC').toLowerCase();
  const whole = rollOut.people.filter(({ name, nameEn, key }) =>
    [name, name.replaceAll(/\s/g, ''), nameEn, key].some((one) => says(said, one)),
  );
  if (whole.length > 0) return whole.map(({ key }) => key);
  const family = rollOut.people.filter(({ name, nameEn }) =>
    [name.split(/\s/)[0], nameEn.split(/\s/).at(-1)].some((one) => one && says(said, one)),
  );
  return family.map(({ key }) => key);
}

/** English words are not cut out of longer ones: `sato` is not in `satou`. */
function says(text: string, word: string): boolean {
  const wanted = word.normalize('NFKC').toLowerCase();
  if (wanted.length < 2 && /^[a-z]?$/.test(wanted)) return false;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const before = text[at - 1] ?? ' ';
    const after = text[at + wanted.length] ?? ' ';
    if (!/[a-z]/.test(wanted) || !(/[a-z]/.test(before) || /[a-z]/.test(after))) return true;
  }
  return false;
}

/** 「10/13のお休みを取り消し」, "I'm back". */
export function saysBack(text: string): boolean {
  return /取り?消|キャンセル|やめ|出勤|出社|復帰|戻り|戻っ|なくなり|(?<![a-z])(?:cancel|back|not off|working after all)(?![a-z])/.test(
    text.normalize('NFKC').toLowerCase(),
  );
}
