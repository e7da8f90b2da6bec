import type { Finding } from '../core/network-check.ts';
import type { NoticeOf, PersonName } from '../core/notice.ts';
import { findingOf } from './network-check-card.ts';
import type { Fact, Page, Reader, Row } from './page.ts';
import { message, namesOf, siteFact, someServer } from './short-message.ts';
import { DONE, MARKED, REMOVAL, REMOVAL_ORDER, REPLACE_LINE } from './text/deeds.ts';
import { FIELD, personName, ROLE, siteName } from './text/labels.ts';
import { MESSAGE } from './text/messages.ts';
import { OPENING_PROBLEM, REFUSAL } from './text/refusal.ts';
import { CHECK_LEAD } from './text/status.ts';
import { timeOf } from './times.ts';
import { bold, joined, mono, say, type Words } from './words.ts';

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
    ...afterMark(notice, reader),
  });
}

/** What is to be done after a deed that the bot cannot finish by itself. */
function afterMark({ what, machines }: NoticeOf<'marked'>, { lang }: Reader): Partial<Page> {
  if (what === 'retired') {
    const rows = REMOVAL_ORDER.map((step) => ({ words: say`${step[lang]}` }));
    return { sections: [{ heading: REMOVAL[lang], rows }] };
  }
  if (what !== 'replaced') return {};
  const lines = machines.filter((name) => MACHINE.test(name)).map(REPLACE_LINE);
  return { sections: [{ rows: lines.map((line) => ({ words: mono(line) })) }], copy: lines };
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

/** A name that is none is refused rather than quoted. */
const MACHINE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,53}$/;
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
