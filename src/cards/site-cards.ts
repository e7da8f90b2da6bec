import type { NoticeOf } from '../core/notice.ts';
import type { SiteStatus } from '../core/site-status.ts';
import { machineRow } from './machine-lines.ts';
import type { Group, Page, Reader, Section } from './page.ts';
import { azureAge, moreWords, withMore } from './rows.ts';
import { OWNER, STAGE, siteName } from './text/labels.ts';
import { STATUS, STATUS_TITLE } from './text/status.ts';
import { dayWords } from './times.ts';
import { bold, joined, say, type Words } from './words.ts';

export function siteStatusPage({ sites, more }: NoticeOf<'site-status'>, reader: Reader): Page {
  const { lang } = reader;
  const shown = sites.slice(0, 6);
  const blocked = sites.some((site) => site.waitingFor !== undefined);
  const done = sites.length > 0 && sites.every((site) => site.done === site.total);
  return {
    template: 'site-status',
    title: STATUS_TITLE.site[lang],
    tone: blocked ? 'warning' : done ? 'good' : 'accent',
    ...(sites.length === 0 && { lead: [STATUS.noSites[lang]()] }),
    groups: shown.map((site) => siteGroup(site, reader)),
    foot: [
      ...moreWords(sites.length - shown.length + (more ?? 0), reader),
      ...azureAge(oldest(sites.map((site) => site.azureAsOfAt)), reader, sites.length > 0),
    ],
  };
}

function siteGroup(site: SiteStatus, reader: Reader): Group {
  const { lang } = reader;
  const name = siteName({ code: site.site, name: site.name, nameEn: site.nameEn }, lang);
  const lines: Words[] = [
    say`${barOf(site.done, site.total)} ${STATUS.done[lang](site.done, site.total)}`,
  ];
  if (site.waitingFor !== undefined) lines.push(STATUS.blocked[lang](OWNER[site.waitingFor][lang]));
  const planned: Words[] = [];
  if (site.plannedDate !== undefined) {
    planned.push(STATUS.planned[lang](dayWords(site.plannedDate, lang)));
  }
  if (site.late) planned.push(STATUS.late[lang]());
  if (planned.length > 0) lines.push(joined(planned, '  '));
  const rows = site.machines.slice(0, reader.rows).map((machine) => machineRow(machine, reader));
  return { name: bold(name), lines, rows: withMore(rows, site.machines.length, reader) };
}

export function rolloutStatusPage(notice: NoticeOf<'rollout-status'>, reader: Reader): Page {
  const { lang } = reader;
  const scope: Words[] = [];
  if (notice.area !== undefined) scope.push(say`${notice.area}`);
  if (notice.wave !== undefined) scope.push(STATUS.wave[lang](notice.wave));
  const lead: Words[] = [];
  if (scope.length > 0) lead.push(bold(joined(scope, ' / ')));
  lead.push(
    say`${barOf(notice.done, notice.total)} ${STATUS.done[lang](notice.done, notice.total)}`,
  );
  if (notice.blocked > 0) lead.push(STATUS.blockedCount[lang](notice.blocked));
  if (notice.late > 0) lead.push(STATUS.lateCount[lang](notice.late));
  const sections: Section[] = [
    {
      heading: STATUS_TITLE.stages[lang],
      rows: notice.stages
        .filter(({ count }) => count > 0)
        .map(({ stage, count }) => ({
          words: say`${STAGE[stage][lang]}  ${bold(lang === 'ja' ? `${count}台` : String(count))}`,
        })),
    },
  ];
  const rows = notice.bySite.slice(0, reader.rows).map((row) => {
    const marks = [
      ...(row.blocked > 0 ? [STATUS.blockedCount[lang](row.blocked)] : []),
      ...(row.late ? [STATUS.late[lang]()] : []),
    ];
    const mark = row.done === row.total && row.total > 0 ? '✅ ' : '';
    return {
      words: say`${mark}${bold(siteName(row.site, lang))}  ${String(row.done)}/${String(row.total)}`,
      under: marks.length === 0 ? [] : [joined(marks, '  ')],
    };
  });
  if (rows.length > 0) {
    sections.push({
      heading: STATUS_TITLE.sites[lang],
      rows: withMore(rows, notice.bySite.length + (notice.more ?? 0), reader),
    });
  }
  return {
    template: 'rollout-status',
    title: STATUS_TITLE.rollout[lang],
    tone: notice.total > 0 && notice.done === notice.total ? 'good' : 'accent',
    lead,
    sections,
    foot: azureAge(notice.azureAsOfAt, reader, true),
  };
}

/** Ten squares: how much of it is done. */
function barOf(done: number, total: number): Words {
  const full = total === 0 ? 0 : Math.floor((done / total) * 10);
  return [{ text: '■'.repeat(full) + '□'.repeat(10 - full), color: 'accent' }];
}

function oldest(dates: readonly (Date | undefined)[]): Date | undefined {
  let result: Date | undefined;
  for (const date of dates) {
    if (date === undefined) return undefined;
    if (result === undefined || date < result) result = date;
  }
  return result;
}
