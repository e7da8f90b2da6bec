import type { Lang } from '../core/ids.ts';
import type { Reader } from './page.ts';

const FORMATS = new Map<string, Intl.DateTimeFormat>();

interface Parts {
  readonly day: string;
  readonly time: string;
}

/** `10:42`, with its date in front when it is another day for the reader. */
export function timeOf(at: Date, reader: Reader): string {
  const then = partsOf(at, reader);
  if (reader.now !== undefined && partsOf(reader.now, reader).day === then.day) return then.time;
  return `${dayWords(then.day, reader.lang)} ${then.time}`;
}

/** A moment's day alone: `11/24`, `24 Nov`. */
export function dateOf(at: Date, reader: Reader): string {
  return dayWords(partsOf(at, reader).day, reader.lang);
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `2026-10-13` as people say it; anything else stays as it is. */
export function dayWords(day: string, lang: Lang): string {
  const [, month, date] = /^\d{4}-(\d\d)-(\d\d)$/.exec(day) ?? [];
  if (month === undefined || date === undefined) return day;
  if (lang === 'ja') return `${Number(month)}/${Number(date)}`;
  return `${Number(date)} ${MONTHS[Number(month) - 1] ?? month}`;
}

function partsOf(at: Date, { timeZone }: Reader): Parts {
  let format = FORMATS.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    FORMATS.set(timeZone, format);
  }
  const parts: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(at)) parts[type] = value;
  const { year, month, day, hour, minute } = parts;
  return { day: `${year}-${month}-${day}`, time: `${hour}:${minute}` };
}
