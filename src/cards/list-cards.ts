import type { Lang, PersonKey } from '../core/ids.ts';
import type { ListRow, ListTopic, NoticeOf, PersonName } from '../core/notice.ts';
import { lampLine } from './machine-lines.ts';
import type { Page, Reader, Row } from './page.ts';
import { azureAge, withMore } from './rows.ts';
import { ALERT } from './text/alert.ts';
import { AWAY } from './text/duty.ts';
import {
  BLOCK,
  FIELD,
  LIST_NOTE,
  OWNER,
  personName,
  SIGN_IN_STATE,
  STAGE,
  siteName,
} from './text/labels.ts';
import { LIST, LIST_NETWORK_CHECK, LIST_UNREAD } from './text/lists.ts';
import { MESSAGE } from './text/messages.ts';
import { STATUS } from './text/status.ts';
import { EVENT, STEP } from './text/steps.ts';
import { dayWords, timeOf } from './times.ts';
import { bold, clean, joined, say, subtle, type Words } from './words.ts';

export function listPage(notice: NoticeOf<'list'>, reader: Reader): Page {
  const { lang } = reader;
  const { title, empty } = LIST[notice.topic];
  const scope: Words[] = [];
  if (notice.extension !== undefined) scope.push(say`${notice.extension}`);
  if (notice.area !== undefined) scope.push(say`${notice.area}`);
  if (notice.wave !== undefined) scope.push(STATUS.wave[lang](notice.wave));
  const rows = notice.rows.slice(0, reader.rows).map((row) => listRow(row, reader));
  // Nothing found where nobody looked is no good news.
  const unread = FROM_AZURE.has(notice.topic) && notice.azureAsOfAt === undefined;
  const nothing = unread ? say`${LIST_UNREAD[lang]}` : say`✅ ${empty[lang]}`;
  const emptyTone = unread ? 'warning' : 'good';
  return {
    template: 'list',
    title: title[lang],
    tone: rows.length === 0 ? emptyTone : 'accent',
    lead: [
      ...(scope.length === 0 ? [] : [bold(joined(scope, ' / '))]),
      ...(rows.length === 0 ? [nothing] : []),
    ],
    sections: [{ rows: withMore(rows, notice.rows.length + (notice.more ?? 0), reader) }],
    foot: azureAge(notice.azureAsOfAt, reader, notice.azureAsOfAt !== undefined),
  };
}

/** Lists whose rows rest on Azure's picture. */
const FROM_AZURE: ReadonlySet<ListTopic> = new Set([
  'missing-extension',
  'disconnected-machines',
  'blocked-sites',
]);

function listRow(row: ListRow, reader: Reader): Row {
  const { lang } = reader;
  const names: Words[] = [];
  if (row.machine !== undefined) names.push(bold(row.machine));
  if (row.site !== undefined) {
    const name = siteName(row.site, lang);
    names.push(row.machine === undefined ? bold(name) : say`${name}`);
  }
  if (row.note !== undefined) names.push(say`${LIST_NOTE[row.note][lang]}`);
  const under: Words[] = [];
  if (row.what !== undefined) under.push(say`${whatWords(row.what, lang)}`);
  if (row.finding !== undefined) under.push(say`${clean(row.finding.cause[lang], 160)}`);
  if (row.owner !== undefined) under.push(say`→ ${OWNER[row.owner][lang]}`);
  if (row.extensions !== undefined) under.push(...row.extensions.map(lampLine(reader)));
  const small: Words[] = [];
  if (row.signIn !== undefined) small.push(say`🔑 ${SIGN_IN_STATE[row.signIn][lang]}`);
  if (row.stage !== undefined) small.push(say`${STAGE[row.stage][lang]}`);
  if (row.plannedDate !== undefined) {
    small.push(STATUS.planned[lang](dayWords(row.plannedDate, lang)));
  }
  if (row.sinceAt !== undefined) {
    const time = timeOf(row.sinceAt, reader);
    small.push(lang === 'ja' ? say`${time}から` : say`since ${time}`);
  }
  if (row.person !== undefined) small.push(say`${personName(row.person, lang)}`);
  if (small.length > 0) under.push(joined(small, ' / '));
  return { words: joined(names, '  '), under };
}

/** What an alert is about; a network check is told by its finding. */
function whatWords(what: NonNullable<ListRow['what']>, lang: Lang): string {
  return what === 'network-check' ? LIST_NETWORK_CHECK[lang] : ALERT[what].title[lang];
}

export function responsiblePage(notice: NoticeOf<'responsible'>, reader: Reader): Page {
  const { lang } = reader;
  const who = (label: string, person: PersonName, away: readonly PersonKey[] = []): Words => {
    const name = `${personName(person, lang)}${away.includes(person.key) ? AWAY[lang] : ''}`;
    return person.phone === undefined
      ? say`${label}: ${name}`
      : say`${label}: ${name}  ☎ ${person.phone}`;
  };
  const rows: Row[] = notice.rows.slice(0, reader.rows).map((row) => ({
    words: bold(siteName(row.site, lang)),
    under: [
      ...(row.onDuty === undefined ? [] : [who(FIELD.onDuty[lang], row.onDuty)]),
      ...(row.engineer === undefined ? [] : [who(FIELD.engineer[lang], row.engineer, row.away)]),
      ...(row.deputy === undefined ? [] : [who(FIELD.deputy[lang], row.deputy, row.away)]),
    ],
  }));
  return {
    template: 'list',
    title: MESSAGE.responsible.title[lang],
    tone: 'accent',
    ...(rows.length === 0 && { lead: [STATUS.noSites[lang]()] }),
    sections: [{ rows: withMore(rows, notice.rows.length + (notice.more ?? 0), reader) }],
  };
}

export function historyPage(notice: NoticeOf<'history'>, reader: Reader): Page {
  const { lang } = reader;
  const names: Words[] = [];
  if (notice.machine !== undefined) names.push(bold(notice.machine));
  if (notice.site !== undefined) names.push(bold(siteName(notice.site, lang)));
  const rows: Row[] = notice.rows.slice(0, reader.rows).map((row) => {
    const what = EVENT[row.event]?.[lang] ?? row.event;
    const small: Words[] = [];
    if (row.machine !== undefined && notice.machine === undefined) small.push(say`${row.machine}`);
    if (row.by !== undefined) small.push(say`${personName(row.by, lang)}`);
    return {
      words: say`${subtle(timeOf(row.at, reader))}  ${what}`,
      under: small.length === 0 ? [] : [joined(small, ' / ')],
    };
  });
  return {
    template: 'list',
    title: MESSAGE.history.title[lang],
    tone: 'accent',
    lead: [
      ...(names.length === 0 ? [] : [joined(names, '  ')]),
      ...(rows.length === 0 ? [say`${MESSAGE.history.empty[lang]}`] : []),
    ],
    sections: [{ rows: withMore(rows, notice.rows.length + (notice.more ?? 0), reader) }],
  };
}

export function nextStepPage({ steps, more }: NoticeOf<'next-step'>, reader: Reader): Page {
  const { lang } = reader;
  const rows: Row[] = steps.slice(0, reader.rows).map((step) => {
    const under: Words[] = [];
    if (step.block !== undefined) under.push(say`⛔ ${BLOCK[step.block.reason][lang]}`);
    under.push(say`${STEP[step.step][lang]}`);
    if (step.finding !== undefined) {
      under.push(say`⚠️ ${clean(step.finding.cause[lang], 200)}`);
      under.push(say`→ ${clean(step.finding.remedy[lang], 300)}`);
    }
    if (step.owner !== 'none') {
      under.push(subtle(say`${FIELD.owner[lang]}: ${OWNER[step.owner][lang]}`));
    }
    return {
      words: say`${bold(step.machine)}  ${subtle(siteName(step.site, lang))}  ${STAGE[step.stage][lang]}`,
      under,
    };
  });
  return {
    template: 'list',
    title: MESSAGE.nextStep.title[lang],
    tone: rows.length === 0 ? 'good' : 'accent',
    ...(rows.length === 0 && { lead: [say`✅ ${MESSAGE.nextStep.empty[lang]}`] }),
    sections: [{ rows: withMore(rows, steps.length + (more ?? 0), reader) }],
  };
}
