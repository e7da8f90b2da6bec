import type { Bilingual } from '../core/ids.ts';
import type { NoticeOf, PersonName } from '../core/notice.ts';
import type { RepairMachine } from '../core/repair.ts';
import type { Fact, Page, Reader, Row, Tone } from './page.ts';
import { withMore } from './rows.ts';
import { message } from './short-message.ts';
import { personName, siteName } from './text/labels.ts';
import {
  REPAIR,
  REPAIR_BY,
  REPAIR_FIELD,
  REPAIR_PLAN,
  REPAIR_RESULT,
  REPAIR_RIGHTS,
  REPAIR_STEP,
  REPAIR_TROUBLE,
} from './text/repair.ts';
import { timeOf } from './times.ts';
import { bold, joined, say } from './words.ts';

type RepairNotice = NoticeOf<'repair'>;

/** One card per repair and reader, edited as it goes on. */
export function repairPage(notice: RepairNotice, reader: Reader): Page {
  const { lang } = reader;
  const { title, text } = REPAIR[notice.state];
  const helps = notice.state === 'instead' || notice.deployer !== 'bot';
  const rights = notice.repair === undefined || notice.mode === 'off' ? undefined : notice.mode;
  return message(
    title[lang],
    [
      text[lang](notice.extension, siteName(notice.site, lang)),
      ...(helps ? [REPAIR_BY[notice.deployer][lang]()] : []),
    ],
    {
      tone: toneOf(notice),
      facts: factsOf(notice, reader),
      sections: [{ rows: rowsOf(notice, reader) }],
      foot: rights ? [say`${REPAIR_RIGHTS[rights][lang]}`] : [],
      buttons: notice.buttons,
      ...(notice.lines && notice.lines.length > 0 && { copy: notice.lines }),
    },
  );
}

function toneOf({ state, machines }: RepairNotice): Tone {
  switch (state) {
    case 'instead':
    case 'nothing':
    case 'approved':
      return 'accent';
    case 'asked':
      return 'warning';
    case 'declined':
      return 'emphasis';
    case 'expired':
      return 'attention';
    case 'ended':
      return machines.every(({ step, trouble }) => step === 'done' || trouble === 'fine')
        ? 'good'
        : 'attention';
  }
}

function factsOf(notice: RepairNotice, reader: Reader): Fact[] {
  const { requestedBy, requestedAt, approvedBy, approvedAt, declinedBy } = notice;
  return [
    ...byFact(REPAIR_FIELD.requestedBy, requestedBy, requestedAt, reader),
    ...byFact(REPAIR_FIELD.approvedBy, approvedBy, approvedAt, reader),
    ...byFact(REPAIR_FIELD.declinedBy, declinedBy, undefined, reader),
  ];
}

function byFact(
  label: Bilingual,
  person: PersonName | undefined,
  at: Date | undefined,
  reader: Reader,
): Fact[] {
  if (!person) return [];
  const { lang } = reader;
  const name = personName(person, lang);
  const value = at ? say`${name}  ${timeOf(at, reader)}` : say`${name}`;
  return [{ label: label[lang], value }];
}

function rowsOf(notice: RepairNotice, reader: Reader): readonly Row[] {
  const rows = notice.machines.slice(0, reader.rows).map((machine) => ({
    words: joined(
      [bold(machine.machine), say`${stepWords(machine, notice.state)[reader.lang]}`],
      '  ',
    ),
    under: machine.message ? [say`${machine.message}`] : [],
  }));
  return withMore(rows, notice.machines.length, reader);
}

function stepWords(
  { step, plan, trouble }: RepairMachine,
  state: RepairNotice['state'],
): Bilingual {
  const isOver = state === 'declined' || state === 'expired';
  if (isOver && (step === 'waiting' || step === 'watching')) return REPAIR_STEP['not-done'];
  if (isOver && step === 'removed') return REPAIR_RESULT.left;
  switch (step) {
    case 'waiting':
      return both(REPAIR_STEP.waiting, REPAIR_PLAN[plan]);
    case 'done':
      return plan === 'remove' ? REPAIR_RESULT.removed : REPAIR_RESULT.installed;
    case 'not-done':
      return trouble ? REPAIR_TROUBLE[trouble] : REPAIR_STEP['not-done'];
    case 'watching':
    case 'removing':
    case 'removed':
    case 'installing':
      return REPAIR_STEP[step];
  }
}

function both(first: Bilingual, second: Bilingual): Bilingual {
  return { ja: `${first.ja}(${second.ja})`, en: `${first.en} (${second.en})` };
}
