import type { NoticeOf } from '../core/notice.ts';
import type { Fact, Page, Reader } from './page.ts';
import { machineFact, siteFact, someServer } from './short-message.ts';
import { ALERT, ALERT_SOMEONE } from './text/alert.ts';
import { FIELD, personName, siteName } from './text/labels.ts';
import { timeOf } from './times.ts';
import { say } from './words.ts';

export function alertPage(notice: NoticeOf<'alert'>, reader: Reader): Page {
  const { lang } = reader;
  const { title, what } = ALERT[notice.what];
  const people = notice.people
    .map((person) => personName(person, lang))
    .join(lang === 'ja' ? '、' : ', ');
  const words = {
    machine: someServer(notice.machine, reader),
    site: notice.site === undefined ? FIELD.site[lang] : siteName(notice.site, lang),
    people: people === '' ? ALERT_SOMEONE[lang] : people,
  };
  const facts: Fact[] = [
    ...machineFact(notice.machine, reader),
    ...siteFact(notice.site, reader),
    ...(people === '' ? [] : [{ label: FIELD.people[lang], value: say`${people}` }]),
    { label: FIELD.raisedAt[lang], value: say`${timeOf(notice.raisedAt, reader)}` },
  ];
  if (notice.acknowledgedBy !== undefined) {
    facts.push({
      label: FIELD.acknowledged[lang],
      value: say`🔵 ${personName(notice.acknowledgedBy, lang)}`,
    });
  }
  if (notice.snoozedUntilAt !== undefined && notice.resolvedAt === undefined) {
    const time = timeOf(notice.snoozedUntilAt, reader);
    facts.push({ label: FIELD.snoozed[lang], value: say`${time}` });
  }
  if (notice.resolvedAt !== undefined) {
    facts.push({
      label: FIELD.resolved[lang],
      value: say`✅ ${timeOf(notice.resolvedAt, reader)}`,
    });
  }
  return {
    template: 'alert',
    title: `${notice.resolvedAt === undefined ? '🚨' : '✅'} ${title[lang]}`,
    tone:
      notice.resolvedAt !== undefined
        ? 'good'
        : notice.acknowledgedBy !== undefined
          ? 'warning'
          : 'attention',
    lead: [what[lang](words)],
    facts,
    buttons:
      notice.resolvedAt !== undefined
        ? []
        : notice.acknowledgedBy !== undefined
          ? ['resolve', 'snooze', 'assign']
          : ['acknowledge', 'assign', 'snooze', 'resolve'],
  };
}
