import type { Diagnosis, EndpointCheck, EndpointVerdict, Finding } from '../core/network-check.ts';
import type { ButtonId, NoticeOf } from '../core/notice.ts';
import type { Fact, Page, Reader, Row, Section } from './page.ts';
import { withMore } from './rows.ts';
import { ENDPOINT_VERDICT, FIELD, OWNER, personName, ROUTE, siteName } from './text/labels.ts';
import { CHECK, CHECK_LEAD, CHECK_TITLE, PASTED_TITLE, STATUS } from './text/status.ts';
import { timeOf } from './times.ts';
import { bold, clean, mono, say, subtle, type Words } from './words.ts';

const WORST_FIRST: readonly EndpointVerdict[] = [
  'unreachable',
  'tls-failed',
  'wrong-route',
  'not-tested',
  'ok',
];

/** A diagnosed output: the first finding in full, the rest in short, addresses grouped by verdict. */
export function networkCheckPage(notice: NoticeOf<'network-check'>, reader: Reader): Page {
  const { diagnosis } = notice;
  const { lang } = reader;
  const mood = moodOf(diagnosis);
  const [first, ...others] = diagnosis.findings;
  const pasted = notice.machine === undefined && notice.checkedAt === undefined;
  return {
    template: 'network-check',
    title: (pasted ? PASTED_TITLE : CHECK_TITLE)[mood][lang],
    tone: TONE[mood],
    lead: leadOf(notice, mood, reader),
    facts: factsOf(notice, reader),
    ...(first !== undefined && { finding: findingOf(first, reader) }),
    ...(notice.alert === undefined &&
      first !== undefined &&
      first.commands.length > 0 && { copy: first.commands }),
    ...(notice.alert === undefined && { messages: mailsOf(diagnosis.findings, reader) }),
    sections: [...othersOf(others, reader), ...endpointsOf(diagnosis.endpoints, reader)],
    foot: footOf(diagnosis, reader),
    buttons: buttonsOf(notice),
  };
}

type Mood = 'fine' | 'bad' | 'unknown';
const TONE = { fine: 'good', bad: 'attention', unknown: 'warning' } as const satisfies Record<
  Mood,
  Page['tone']
>;

function moodOf(diagnosis: Diagnosis): Mood {
  switch (diagnosis.verdict) {
    case 'healthy':
      return 'fine';
    case 'degraded':
    case 'blocked':
    case 'down':
      return 'bad';
    case 'unknown':
      return diagnosis.findings.length > 0 ? 'bad' : 'unknown';
  }
}

function leadOf(notice: NoticeOf<'network-check'>, mood: Mood, reader: Reader): Words[] {
  const { lang } = reader;
  const { alert, diagnosis, machine, site } = notice;
  const where = site === undefined ? undefined : siteName(site, lang);
  const what = machine ?? diagnosis.facts.machineName ?? where ?? CHECK_LEAD.someServer[lang];
  const first = diagnosis.findings[0];
  const lead: Words[] = [];
  if (mood === 'fine') lead.push(CHECK_LEAD.fine[lang](what));
  else if (mood === 'unknown') lead.push(CHECK_LEAD.unknown[lang](what));
  else if (first === undefined) lead.push(CHECK_LEAD.badNobody[lang](what));
  else lead.push(CHECK_LEAD.bad[lang](what, OWNER[first.owner][lang]));
  if (alert?.resolvedAt !== undefined) {
    lead.push(CHECK_LEAD.resolvedAt[lang](timeOf(alert.resolvedAt, reader)));
  } else if (alert?.acknowledgedBy !== undefined) {
    lead.push(CHECK_LEAD.acknowledgedBy[lang](personName(alert.acknowledgedBy, lang)));
  }
  if (alert?.snoozedUntilAt !== undefined && alert.resolvedAt === undefined) {
    lead.push(CHECK_LEAD.snoozedUntil[lang](timeOf(alert.snoozedUntilAt, reader)));
  }
  return lead;
}

function factsOf(notice: NoticeOf<'network-check'>, reader: Reader): Fact[] {
  const { lang } = reader;
  const facts: Fact[] = [];
  if (notice.site !== undefined) {
    facts.push({ label: FIELD.site[lang], value: say`${siteName(notice.site, lang)}` });
  }
  if (notice.checkedAt !== undefined) {
    const time = timeOf(notice.checkedAt, reader);
    facts.push({ label: FIELD.checkedAt[lang], value: STATUS.checkedAt[lang](time) });
  }
  return facts;
}

/** The first finding, as the card shows it large. */
export function findingOf(finding: Finding, { lang, rows }: Reader): NonNullable<Page['finding']> {
  const commands = finding.commands.slice(0, Math.min(rows, 8));
  return {
    cause: say`${clean(finding.cause[lang], 800)}`,
    remedy: say`${clean(finding.remedy[lang], 800)}`,
    owner: say`${bold(OWNER[finding.owner][lang])}  ${subtle(
      CHECK_LEAD.confidence[lang](Math.round(finding.confidence * 100)),
    )}`,
    commands: commands.map((line) => mono(line)),
  };
}

const MOST_MAILS = 3;

/** Ready mails to whoever runs the network: each can be copied and sent as it is. */
function mailsOf(findings: readonly Finding[], { lang }: Reader): string[][] {
  return findings
    .flatMap(({ mail }) => (mail ? [mail[lang].replaceAll('```', "'''").split('\n')] : []))
    .slice(0, MOST_MAILS);
}

function othersOf(findings: readonly Finding[], reader: Reader): Section[] {
  const { lang } = reader;
  if (findings.length === 0) return [];
  const limit = Math.min(reader.rows, 6);
  const rows: Row[] = findings.slice(0, limit).map((finding) => ({
    words: say`${clean(finding.cause[lang], 160)}`,
    under: [say`→ ${OWNER[finding.owner][lang]}`],
  }));
  return [{ heading: CHECK.findings[lang], rows: withMore(rows, findings.length, reader) }];
}

/** Hosts by verdict, the wrong routes also by which is taken and which is right. */
function endpointsOf(endpoints: readonly EndpointCheck[], reader: Reader): Section[] {
  const { lang } = reader;
  if (endpoints.length === 0) return [];
  const groups = Map.groupBy(endpoints, (endpoint) => groupName(endpoint, reader));
  const worstFirst = [...groups].sort(
    ([, [a]], [, [b]]) => rankOf(a?.verdict ?? 'ok') - rankOf(b?.verdict ?? 'ok'),
  );
  const rows = worstFirst.map(([name, members]): Row => {
    const words = bold(`${name} (${members.length})`);
    // What is fine needs no list: a phone's screen is small.
    if (members[0]?.verdict === 'ok') return { words };
    const under = members.slice(0, reader.rows).map(({ url }) => hostWords(url));
    if (members.length > under.length) under.push(STATUS.more[lang](members.length - under.length));
    return { words, under };
  });
  return [{ heading: CHECK.endpoints[lang], rows }];
}

function rankOf(verdict: EndpointVerdict): number {
  return WORST_FIRST.indexOf(verdict);
}

function groupName({ verdict, actualRoute, expectedRoute }: EndpointCheck, reader: Reader): string {
  const name = ENDPOINT_VERDICT[verdict][reader.lang];
  if (verdict !== 'wrong-route') return name;
  const [actual, expected] = [ROUTE[actualRoute], ROUTE[expectedRoute]];
  return `${name}: ${actual[reader.lang]} → ${CHECK.rightly[reader.lang]}${expected[reader.lang]}`;
}

function hostWords(url: string): Words {
  return say`${clean(url.replace(/^https:\/\//, ''), 120)}`;
}

function footOf(diagnosis: Diagnosis, { lang }: Reader): Words[] {
  const codes = [...new Set(diagnosis.errors.map((error) => error.code))].slice(0, 6);
  return codes.length === 0 ? [] : [say`${CHECK.errors[lang]}: ${clean(codes.join(', '), 120)}`];
}

/** The channel's alert can be acted on; an answer to a question has nothing to press. */
function buttonsOf({ alert }: NoticeOf<'network-check'>): ButtonId[] {
  if (alert === undefined || alert.resolvedAt !== undefined) return [];
  return alert.acknowledgedBy === undefined
    ? ['acknowledge', 'assign', 'snooze', 'resolve']
    : ['resolve', 'snooze', 'assign'];
}
