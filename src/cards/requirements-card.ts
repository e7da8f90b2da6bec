import { formCsv, requestForm } from '../core/endpoints/request-form.ts';
import type { Lang } from '../core/ids.ts';
import type { NoticeOf, RequirementRow } from '../core/notice.ts';
import type { Page, Reader, Row, Section } from './page.ts';
import { withMore } from './rows.ts';
import { ROUTE, siteName } from './text/labels.ts';
import { REQUIREMENT } from './text/requirements.ts';
import { STATUS_TITLE } from './text/status.ts';
import { WHEN } from './text/steps.ts';
import { timeOf } from './times.ts';
import { bold, joined, mono, say, subtle, type Words } from './words.ts';

const ROUTES = ['private', 'proxy', 'direct'] as const satisfies readonly RequirementRow['route'][];

export function requirementsPage(notice: NoticeOf<'endpoint-requirements'>, reader: Reader): Page {
  const { lang } = reader;
  const sections: Section[] = [];
  for (const route of ROUTES) {
    const of = notice.rows.filter((row) => row.route === route);
    if (of.length === 0) continue;
    const rows = of.slice(0, reader.rows).map((row) => requirementRow(row, reader));
    sections.push({
      heading: `${ROUTE[route][lang]} (${of.length})`,
      rows: withMore(rows, of.length, reader),
    });
  }
  return {
    template: 'requirements',
    title: STATUS_TITLE.requirements[lang],
    tone: 'accent',
    lead: [
      ...(notice.site === undefined ? [] : [bold(siteName(notice.site, lang))]),
      notice.rows.length === 0 ? REQUIREMENT.none[lang]() : REQUIREMENT.lead[lang](),
      ...missingWords(notice, reader),
    ],
    sections,
    foot: notice.rows.length === 0 ? [] : [REQUIREMENT.foot[lang]()],
    ...(notice.rows.length > 0 && { copy: requirementsCsv(notice, lang) }),
  };
}

function missingWords(
  { missing, rows }: NoticeOf<'endpoint-requirements'>,
  reader: Reader,
): Words[] {
  if (missing === undefined) return [];
  const time = timeOf(missing.checkedAt, reader);
  return [REQUIREMENT.missing[reader.lang](missing.machine, time, rows.length, missing.of)];
}

/** The request form with its header: what the network team fills into its own. */
export function requirementsCsv(notice: NoticeOf<'endpoint-requirements'>, lang: Lang): string[] {
  const when = (key: string): string => WHEN[key]?.[lang] ?? key;
  const { from } = notice;
  return formCsv(requestForm(notice.rows, { lang, when, ...(from !== undefined && { from }) }));
}

function requirementRow(row: RequirementRow, { lang }: Reader): Row {
  const under: Words[] = [
    say`${row.purpose[lang]}`,
    subtle(
      joined(
        [
          say`${WHEN[row.when]?.[lang] ?? row.when}`,
          ...(row.noInspection ? [REQUIREMENT.noInspection[lang]()] : []),
          ...(row.ours === true ? [REQUIREMENT.ours[lang]()] : []),
        ],
        ' / ',
      ),
    ),
  ];
  return { words: mono(`${row.host}:${row.ports.join(',')}`), under };
}
