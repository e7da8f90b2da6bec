import type { NoticeOf, SiteName } from '../core/notice.ts';
import type { ExtensionState, MachineSummary, SiteStatus } from '../core/site-status.ts';
import { withMore } from './network-check-card.ts';
import type { Fact, Page, Reader, Row, Section } from './page.ts';
import {
  BLOCK,
  FIELD,
  HISTORY,
  LAMP,
  LAMP_OF,
  MACHINE_STATUS,
  OWNER,
  SIGN_IN_STATE,
  STAGE,
  siteName,
  VERDICT,
} from './text/labels.ts';
import { STATUS, STATUS_TITLE } from './text/status.ts';
import { dateOf, dayWords, timeOf } from './times.ts';
import { bold, clean, joined, say, subtle, type Words } from './words.ts';

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

function siteGroup(site: SiteStatus, reader: Reader): NonNullable<Page['groups']>[number] {
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

/** One machine in two or three short lines: stage, what blocks it, its extensions. */
function machineRow(machine: MachineSummary, reader: Reader): Row {
  const { lang } = reader;
  const under: Words[] = [];
  if (machine.block !== undefined) under.push(...blockLines(machine, reader));
  if (machine.openSignIn !== undefined) {
    under.push(STATUS.signInOpen[lang](SIGN_IN_STATE[machine.openSignIn][lang]));
  }
  if (machine.lastSafeAt !== undefined) {
    under.push(STATUS.lastSafe[lang](dateOf(machine.lastSafeAt, reader)));
  }
  if (machine.status !== 'not-in-azure') under.push(...lampLines(machine.extensions, reader));
  return { words: say`${bold(machine.machine)}  ${stageWords(machine, reader)}`, under };
}

function moreWords(count: number, { lang }: Reader): Words[] {
  return count > 0 ? [STATUS.more[lang](count)] : [];
}

function stageWords(machine: MachineSummary, { lang }: Reader): Words {
  if (machine.history !== undefined) return subtle(HISTORY[machine.history][lang]);
  const mark = machine.block !== undefined ? '⛔ ' : machine.stage === 'done' ? '✅ ' : '';
  return say`${mark}${STAGE[machine.stage][lang]}`;
}

function blockLines({ block }: MachineSummary, { lang }: Reader): Words[] {
  if (block === undefined) return [];
  const what = BLOCK[block.reason][lang];
  const detail =
    block.detail !== undefined && block.reason.startsWith('extension') ? ` (${block.detail})` : '';
  return [say`${what}${detail}`, STATUS.blocked[lang](OWNER[block.owner][lang])];
}

/** One line when all is well, else one each. */
function lampLines(states: readonly ExtensionState[], reader: Reader): Words[] {
  const fine = states.every(
    (state) => state.installed === 'ok' && state.configured === 'ok' && state.dataSeen === 'ok',
  );
  if (!fine) return states.map(lampLine(reader));
  return states.length === 0
    ? []
    : [
        joined(
          states.map(({ extension }) => say`${extension} ✅`),
          '  ',
        ),
      ];
}

/** `MDE  導入✅ 設定✅ データ❔未確認`. */
export function lampLine({ lang }: Reader): (state: ExtensionState) => Words {
  return (state) => {
    const lamps = (['installed', 'configured', 'dataSeen'] as const).map(
      (lamp) => say`${LAMP_OF[lamp][lang]}${lang === 'en' ? ' ' : ''}${LAMP[state[lamp]][lang]}`,
    );
    return say`${bold(state.extension)}  ${joined(lamps, lang === 'ja' ? ' ' : ', ')}`;
  };
}

export function machineStatusPage(notice: NoticeOf<'machine-status'>, reader: Reader): Page {
  const { lang } = reader;
  const { machines } = notice;
  const shown = machines.slice(0, Math.min(reader.rows, 8));
  return {
    template: 'machine-status',
    title: STATUS_TITLE.machine[lang],
    tone: machines.some((machine) => machine.block !== undefined) ? 'warning' : 'accent',
    ...(machines.length === 0 && { lead: [STATUS.noMachines[lang]()] }),
    groups: shown.map((machine) => {
      const site = notice.sites.find((candidate) => candidate.code === machine.site);
      return machineGroup(machine, site, reader);
    }),
    foot: [
      ...moreWords(machines.length - shown.length + (notice.more ?? 0), reader),
      ...azureAge(notice.azureAsOfAt, reader, machines.length > 0),
    ],
  };
}

function machineGroup(
  machine: MachineSummary,
  site: SiteName | undefined,
  reader: Reader,
): NonNullable<Page['groups']>[number] {
  const { lang } = reader;
  const facts: Fact[] = [];
  if (site !== undefined)
    facts.push({ label: FIELD.site[lang], value: say`${siteName(site, lang)}` });
  facts.push(
    { label: FIELD.stage[lang], value: bold(stageWords(machine, reader)) },
    { label: FIELD.azure[lang], value: say`${MACHINE_STATUS[machine.status][lang]}` },
  );
  const verdict = VERDICT[machine.checkVerdict ?? 'unknown'][lang];
  const age =
    machine.checkedAt === undefined
      ? ''
      : ` (${STATUS.checkedAt[lang](timeOf(machine.checkedAt, reader))
          .map((run) => run.text)
          .join('')})`;
  facts.push({ label: FIELD.network[lang], value: say`${verdict}${age}` });
  if (machine.openSignIn !== undefined) {
    facts.push({
      label: FIELD.signIn[lang],
      value: say`🔑 ${SIGN_IN_STATE[machine.openSignIn][lang]}`,
    });
  }
  facts.push({ label: FIELD.system[lang], value: say`${machine.os} / ${machine.role}` });
  const lines: Words[] = [...blockLines(machine, reader)];
  if (machine.lastSafeAt !== undefined) {
    lines.push(STATUS.lastSafe[lang](dateOf(machine.lastSafeAt, reader)));
  }
  const rows =
    machine.extensions.length === 0 || machine.status === 'not-in-azure'
      ? []
      : machine.extensions.map((state) => ({
          words: lampLine(reader)(state),
          under: state.message === undefined ? [] : [say`${clean(state.message, 200)}`],
        }));
  return { name: bold(machine.machine), lines, facts, rows };
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

export function extensionStatePage(notice: NoticeOf<'extension-state'>, reader: Reader): Page {
  const { lang } = reader;
  const rows: Row[] = notice.rows.slice(0, reader.rows).map((row) => ({
    words: bold(row.machine),
    under: row.extensions.flatMap((state) => [
      lampLine(reader)(state),
      ...(state.message === undefined ? [] : [subtle(clean(state.message, 200))]),
    ]),
  }));
  return {
    template: 'list',
    title: STATUS_TITLE.extensions[lang],
    tone: 'accent',
    lead: [
      ...(notice.site === undefined ? [] : [bold(siteName(notice.site, lang))]),
      ...(rows.length === 0 ? [STATUS.noMachines[lang]()] : []),
    ],
    sections: [{ rows: withMore(rows, notice.rows.length + (notice.more ?? 0), reader) }],
    foot: azureAge(notice.azureAsOfAt, reader, rows.length > 0),
  };
}

/** Ten squares: how much of it is done. */
function barOf(done: number, total: number): Words {
  const full = total === 0 ? 0 : Math.floor((done / total) * 10);
  return [{ text: '■'.repeat(full) + '□'.repeat(10 - full), color: 'accent' }];
}

export function azureAge(at: Date | undefined, reader: Reader, wanted: boolean): Words[] {
  if (!wanted) return [];
  const { lang } = reader;
  return [
    at === undefined ? STATUS.azureUnread[lang]() : STATUS.azureAsOf[lang](timeOf(at, reader)),
  ];
}

function oldest(dates: readonly (Date | undefined)[]): Date | undefined {
  let result: Date | undefined;
  for (const date of dates) {
    if (date === undefined) return undefined;
    if (result === undefined || date < result) result = date;
  }
  return result;
}
