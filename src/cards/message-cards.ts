import type { MachineName } from '../core/ids.ts';
import type { Finding } from '../core/network-check.ts';
import type { NoticeOf, PersonName, SiteName } from '../core/notice.ts';
import { findingOf } from './network-check-card.ts';
import type { Fact, Page, Reader, Row, Saying } from './page.ts';
import { ALERT } from './text/alert.ts';
import { HELP, HELP_LEAD, HELP_SAYINGS, HELP_TITLE } from './text/help.ts';
import { BUTTON, FIELD, personName, ROLE, siteName } from './text/labels.ts';
import { COMMANDS, CONFIRM, CONFIRM_OVER, DONE, MARKED, MESSAGE, SHELL } from './text/messages.ts';
import { OPENING_PROBLEM, REFUSAL } from './text/refusal.ts';
import { CHECK_LEAD } from './text/status.ts';
import { timeOf } from './times.ts';
import { bold, joined, mono, say, type Words } from './words.ts';

type Some<T> = T | undefined;
const NUMBERS = '①②③④⑤⑥⑦⑧⑨';

function message(title: string, lead: readonly Words[], more: Partial<Page> = {}): Page {
  return { template: 'message', title, tone: 'accent', lead, ...more };
}

function siteFact(site: Some<SiteName>, { lang }: Reader): Fact[] {
  return site === undefined
    ? []
    : [{ label: FIELD.site[lang], value: say`${siteName(site, lang)}` }];
}

function machineFact(machine: Some<MachineName>, { lang }: Reader): Fact[] {
  return machine === undefined ? [] : [{ label: FIELD.server[lang], value: bold(machine) }];
}

function someServer(machine: Some<MachineName>, { lang }: Reader): string {
  return machine ?? CHECK_LEAD.someServer[lang];
}

export function noCheckPage(notice: NoticeOf<'no-check-yet'>, reader: Reader): Page {
  const { lang } = reader;
  const site = notice.site === undefined ? undefined : siteName(notice.site, lang);
  const what = notice.machine ?? site ?? CHECK_LEAD.someServer[lang];
  return message(MESSAGE.noCheck.title[lang], [MESSAGE.noCheck.text[lang](what)], {
    tone: 'warning',
  });
}

export function askPersonPage(notice: NoticeOf<'ask-person'>, reader: Reader): Page {
  const { lang } = reader;
  const facts = [...siteFact(notice.site, reader)];
  if (notice.side === 'engineer') {
    facts.unshift({ label: FIELD.asker[lang], value: bold(personName(notice.asker, lang)) });
    facts.push(...phoneFact(notice.asker, reader));
    facts.push({ label: FIELD.at[lang], value: say`${timeOf(notice.askedAt, reader)}` });
    const text = MESSAGE.engineerAsked.text[lang](personName(notice.asker, lang));
    return message(MESSAGE.engineerAsked.title[lang], [text], { facts, buttons: ['acknowledge'] });
  }
  if (notice.engineer === undefined) {
    return message(MESSAGE.askerNobody.title[lang], [MESSAGE.askerNobody.text[lang]()], {
      tone: 'warning',
      facts,
    });
  }
  facts.push(...phoneFact(notice.engineer, reader));
  const text = MESSAGE.askerTold.text[lang](personName(notice.engineer, lang));
  return message(MESSAGE.askerTold.title[lang], [text], { facts });
}

function phoneFact(person: PersonName, { lang }: Reader): Fact[] {
  return person.phone === undefined
    ? []
    : [{ label: FIELD.phone[lang], value: say`☎ ${person.phone}` }];
}

export function commandsPage(notice: NoticeOf<'commands'>, reader: Reader): Page {
  const { lang } = reader;
  const site = siteName(notice.site, lang);
  const { title, text } = COMMANDS[notice.what];
  return {
    template: 'commands',
    title: title[lang],
    tone: 'accent',
    lead: [text[lang](notice.machine ?? site)],
    sections: [
      {
        heading: SHELL[notice.shell][lang],
        rows: notice.lines.slice(0, reader.rows).map((line) => ({ words: mono(line) })),
      },
    ],
    copy: notice.lines,
  };
}

export function explainPage(notice: NoticeOf<'explain-error'>, reader: Reader): Page {
  const { lang } = reader;
  const foot = notice.code === undefined ? [] : [say`${FIELD.code[lang]}: ${notice.code}`];
  if (notice.finding === undefined) {
    return message(MESSAGE.noExplanation.title[lang], [MESSAGE.noExplanation.text[lang]()], {
      tone: 'warning',
      foot,
    });
  }
  return explained(MESSAGE.explained.title[lang], notice.finding, foot, reader);
}

function explained(title: string, finding: Finding, foot: readonly Words[], reader: Reader): Page {
  return {
    template: 'network-check',
    title,
    tone: 'accent',
    finding: findingOf(finding, reader),
    foot,
    ...(finding.commands.length > 0 && { copy: finding.commands }),
  };
}

export function confirmPage(notice: NoticeOf<'confirm'>, reader: Reader): Page {
  const { lang } = reader;
  const { title, text } = CONFIRM[notice.what];
  return {
    template: 'confirm',
    title: title[lang],
    tone: notice.pending ? 'warning' : 'emphasis',
    lead: [
      text[lang](namesOf(notice.machines, reader)),
      ...(notice.pending ? [] : [say`${CONFIRM_OVER[lang]}`]),
    ],
    facts: siteFact(notice.site, reader),
    buttons: notice.pending ? ['confirm'] : [],
  };
}

/** Up to ten names, then how many more. */
function namesOf(machines: readonly MachineName[], { lang }: Reader): string {
  const names = machines.slice(0, 10).join(lang === 'ja' ? '、' : ', ');
  const more = machines.length - 10;
  if (more <= 0) return names;
  return lang === 'ja' ? `${names}、ほか${more}台` : `${names} and ${more} more`;
}

export function markedPage(notice: NoticeOf<'marked'>, reader: Reader): Page {
  const { lang } = reader;
  const { title, text } = MARKED[notice.what];
  return message(title[lang], [text[lang](namesOf(notice.machines, reader))], {
    tone: notice.what === 'undone' ? 'accent' : 'good',
    facts: [
      ...siteFact(notice.site, reader),
      { label: FIELD.by[lang], value: say`${personName(notice.by, lang)}` },
      { label: FIELD.at[lang], value: say`${timeOf(notice.markedAt, reader)}` },
    ],
  });
}

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
const ALERT_SOMEONE = { ja: '関係者', en: 'Someone' } as const;

export function runCheckPage(notice: NoticeOf<'run-check'>, reader: Reader): Page {
  const { lang } = reader;
  const text = MESSAGE.runCheck.text[lang](notice.machine, siteName(notice.site, lang));
  return {
    template: 'commands',
    title: MESSAGE.runCheck.title[lang],
    tone: 'accent',
    lead: [text],
    sections: [{ rows: [{ words: mono(notice.line) }] }],
    copy: [notice.line],
  };
}

export function kitPage(notice: NoticeOf<'kit'>, reader: Reader): Page {
  const { lang } = reader;
  const text = MESSAGE.kit.text[lang](notice.machine, siteName(notice.site, lang));
  // A name that is none is refused rather than quoted.
  const line = /^[A-Za-z0-9][A-Za-z0-9._-]{0,53}$/.test(notice.machine)
    ? `arc-onboarding-bot kit ${notice.machine}`
    : undefined;
  return {
    template: 'commands',
    title: MESSAGE.kit.title[lang],
    tone: 'accent',
    lead: [text],
    ...(line !== undefined && { sections: [{ rows: [{ words: mono(line) }] }], copy: [line] }),
  };
}

export function exportPage(notice: NoticeOf<'export'>, reader: Reader): Page {
  const { lang } = reader;
  const line = `arc-onboarding-bot export --format ${notice.format}`;
  return {
    template: 'commands',
    title: MESSAGE.exported.title[lang],
    tone: 'accent',
    lead: [MESSAGE.exported.text[lang](String(notice.rows))],
    sections: [{ rows: [{ words: mono(line) }] }],
    copy: [line],
  };
}

export function channelSetPage({ by }: NoticeOf<'channel-set'>, { lang }: Reader): Page {
  const text = MESSAGE.channelSet.text[lang](personName(by, lang));
  return message(MESSAGE.channelSet.title[lang], [text], { tone: 'good' });
}

export function switchedPage(notice: NoticeOf<'sign-ins-switched'>, { lang }: Reader): Page {
  const by = personName(notice.by, lang);
  return notice.stopped
    ? message(
        MESSAGE.stopped.title[lang],
        [MESSAGE.stopped.text[lang](by, String(notice.burned))],
        { tone: 'attention' },
      )
    : message(MESSAGE.resumed.title[lang], [MESSAGE.resumed.text[lang](by)], { tone: 'good' });
}

export function liftedPage(notice: NoticeOf<'quarantine-lifted'>, { lang }: Reader): Page {
  const text = MESSAGE.lifted.text[lang](notice.machine, personName(notice.by, lang));
  const facts = [{ label: FIELD.reason[lang], value: say`${notice.why}` }];
  return message(MESSAGE.lifted.title[lang], [text], { facts });
}

export function whoAreYouPage(notice: NoticeOf<'who-are-you'>, reader: Reader): Page {
  const { lang } = reader;
  const { aadObjectId, person, role } = notice;
  const facts: Fact[] = [];
  if (role !== undefined) facts.push({ label: FIELD.role[lang], value: say`${ROLE[role][lang]}` });
  const sites = (notice.sites ?? []).slice(0, 10).map((site) => say`${siteName(site, lang)}`);
  if (sites.length > 0) {
    facts.push({ label: FIELD.sites[lang], value: joined(sites, lang === 'ja' ? '、' : ', ') });
  }
  if (aadObjectId !== undefined) {
    facts.push({ label: FIELD.objectId[lang], value: mono(aadObjectId) });
  }
  if (person !== undefined) {
    const text = MESSAGE.known.text[lang](personName(person, lang));
    return message(MESSAGE.known.title[lang], [text], { facts });
  }
  return message(MESSAGE.whoAreYou.title[lang], [MESSAGE.whoAreYou.text[lang]()], {
    tone: 'warning',
    facts,
    // A lead needs it to the letter, and cards cannot be copied on a phone.
    ...(GUID.test(aadObjectId ?? '') && { copy: [aadObjectId ?? ''] }),
  });
}
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function refusalPage(notice: NoticeOf<'refusal'>, reader: Reader): Page {
  const { lang } = reader;
  const words = {
    machine: someServer(notice.machine, reader),
    site: notice.site === undefined ? FIELD.site[lang] : siteName(notice.site, lang),
  };
  const rows: Row[] = [
    ...(notice.problems ?? []).map((problem) => ({
      words: say`⛔ ${OPENING_PROBLEM[problem][lang]}`,
    })),
    ...(notice.choices ?? []).slice(0, 10).map((choice) => ({ words: say`${choice}` })),
  ];
  return message(MESSAGE.refusal.title[lang], [REFUSAL[notice.reason][lang](words)], {
    tone: 'warning',
    sections: [{ rows }],
  });
}

export function donePage(notice: NoticeOf<'done'>, reader: Reader): Page {
  const { title, text } = DONE[notice.what];
  const tone = notice.what === 'burned' ? 'attention' : 'good';
  return message(title[reader.lang], [text[reader.lang](someServer(notice.machine, reader))], {
    tone,
  });
}

export function helpPage({ role }: NoticeOf<'help'>, { lang }: Reader): Page {
  return {
    template: 'help',
    title: HELP_TITLE[lang],
    tone: 'accent',
    lead: [say`${HELP_LEAD[lang]}`],
    sections: HELP[role].map((group) => ({
      heading: group.heading[lang],
      rows: group.examples.map((example) => ({
        words: lang === 'ja' ? say`「${example[lang]}」` : say`“${example[lang]}”`,
      })),
    })),
    sayings: HELP_SAYINGS[role].map((saying) => ({ title: saying[lang], text: saying[lang] })),
  };
}

export function askBackPage(notice: NoticeOf<'ask-back'>, reader: Reader): Page {
  const { title, text } = MESSAGE.askBack;
  return choosing(title[reader.lang], text[reader.lang](), notice.choices, reader);
}

export function unknownPage(notice: NoticeOf<'unknown'>, reader: Reader): Page {
  const { title, text } = MESSAGE.unknown;
  return choosing(title[reader.lang], text[reader.lang](), notice.suggestions, reader);
}

/** Numbered lines with numbered buttons: labels may hold imported names, button titles may not. */
function choosing(
  title: string,
  text: Words,
  choices: NoticeOf<'unknown'>['suggestions'],
  { lang }: Reader,
): Page {
  const shown = choices.slice(0, 5);
  const rows: Row[] = shown.map(({ label, text: sent }, index) => ({
    words: joined([bold(NUMBERS[index] ?? '・'), say`${label}`], ' '),
    under: label === sent ? [] : [lang === 'ja' ? say`「${sent}」` : say`“${sent}”`],
  }));
  const sayings: Saying[] = shown.map(({ text: sent }, index) => ({
    title: NUMBERS[index] ?? BUTTON.confirm[lang],
    text: sent,
  }));
  return message(title, [text], { sections: [{ rows }], sayings });
}
