import type { NoticeOf, SiteName } from '../core/notice.ts';
import type { MachineSummary } from '../core/site-status.ts';
import { blockLines, lampLine, stageWords } from './machine-lines.ts';
import type { Fact, Group, Page, Reader, Row } from './page.ts';
import { azureAge, moreWords, withMore } from './rows.ts';
import { FIELD, MACHINE_STATUS, SIGN_IN_STATE, siteName, VERDICT } from './text/labels.ts';
import { STATUS, STATUS_TITLE } from './text/status.ts';
import { dateOf, timeOf } from './times.ts';
import { bold, clean, say, subtle, type Words } from './words.ts';

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

function machineGroup(machine: MachineSummary, site: SiteName | undefined, reader: Reader): Group {
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
