import type { SignInNotice } from '../core/notice.ts';
import type { EndedProgress } from '../core/sign-in.ts';
import type { Fact, Page, Reader } from './page.ts';
import { FIELD, OWNER, personName, siteName } from './text/labels.ts';
import * as open from './text/sign-in.ts';
import * as ended from './text/sign-in-ended.ts';
import { CHECK } from './text/status.ts';
import { timeOf } from './times.ts';
import { bold, joined, mono, say, subtle, type Words } from './words.ts';

type EndedState = EndedProgress['state'];

/** A sign-in as one side sees it; never with the code, which no notice can hold. */
export function signInPage(notice: SignInNotice, reader: Reader): Page {
  switch (notice.state) {
    case 'opened':
    case 'code-held':
    case 'waiting':
    case 'confirmed':
    case 'shown':
      return openPage(notice, notice.state, reader);
    case 'completed':
    case 'declined':
    case 'expired':
    case 'failed':
    case 'burned':
      return endedPage(notice, notice.state, reader);
  }
}

function openPage(notice: SignInNotice, state: open.OpenState, reader: Reader): Page {
  const { lang } = reader;
  const words = wordsOf(notice, reader);
  const buttons = buttonsFor(notice);
  const lead: Words[] = [];
  if (notice.view === 'opener' && notice.round > 1 && state === 'waiting') {
    lead.push(open.MORE.renewed[lang]());
  }
  const confirmAs = notice.confirmAs ?? (notice.view === 'asked' ? 'phone' : 'number');
  const own = notice.view === 'asked' && confirmAs === 'self';
  lead.push(
    own && state === 'waiting' ? open.MORE.own[lang]() : open.LEAD[notice.view][state][lang](words),
  );
  lead.push(...circumstances(notice, words, reader));
  if ((notice.wrongTries ?? 0) > 0) lead.push(open.MORE.wrongTries[lang](notice.wrongTries ?? 0));
  const asksNumber = buttons.includes('confirm-number');
  if (asksNumber && confirmAs === 'phone' && notice.openedBy.phone !== undefined) {
    lead.push(open.MORE.phone[lang](notice.openedBy.phone));
  }
  return {
    template: 'sign-in',
    title: open.TITLE[notice.view][state][lang],
    tone: state === 'confirmed' ? 'good' : 'accent',
    steps: stepsOf(state, reader),
    lead,
    facts: factsOf(notice, words, reader),
    ...(asksNumber && { number: open.NUMBER_FIELD[confirmAs][lang] }),
    buttons,
  };
}

/** What else people must know while it is open. */
function circumstances(notice: SignInNotice, words: open.SignInWords, reader: Reader): Words[] {
  const { lang } = reader;
  const lines: Words[] = [];
  if (notice.held === 'places') lines.push(open.MORE.heldPlaces[lang]());
  if (notice.held === 'same-code') lines.push(open.MORE.heldSameCode[lang]());
  if (notice.handedOver === true) lines.push(open.MORE.handedOverByYou[lang]());
  else if (notice.handedOverBy !== undefined) {
    lines.push(open.MORE.handedOver[lang](personName(notice.handedOverBy, lang)));
  }
  if (notice.silentSinceAt !== undefined) {
    lines.push(open.MORE.silent[lang](words.machine, timeOf(notice.silentSinceAt, reader)));
  }
  if (notice.nobodyReachable === true) lines.push(open.MORE.nobodyReachable[lang]());
  return lines;
}

function endedPage(notice: SignInNotice, state: EndedState, reader: Reader): Page {
  const { lang } = reader;
  const words = wordsOf(notice, reader);
  const lead: Words[] = [endingOf(notice, state, words, reader)];
  if (notice.afterCheck !== undefined) lead.push(ended.AFTER_CHECK[notice.afterCheck][lang]());
  const { finding } = notice;
  const facts = factsOf(notice, words, reader);
  if (finding !== undefined) {
    facts.push(
      { label: CHECK.cause[lang], value: say`${finding.cause[lang]}` },
      { label: CHECK.remedy[lang], value: say`${finding.remedy[lang]}` },
      { label: FIELD.owner[lang], value: bold(OWNER[finding.owner][lang]) },
    );
  }
  if (notice.azcmCode !== undefined) {
    facts.push({ label: FIELD.code[lang], value: mono(notice.azcmCode) });
  }
  const sawCode = notice.view === 'asked' && notice.shownTo !== undefined;
  return {
    template: 'sign-in-settled',
    title: ended.TITLE[state][lang],
    tone: notice.afterCheck === 'wrong' ? 'attention' : TONE_OF[state],
    lead,
    facts,
    ...(sawCode &&
      (state === 'burned' || notice.afterCheck === 'wrong') && {
        sections: [
          {
            heading: ended.AFTER_REVEAL_HEADING[lang],
            rows: ended.AFTER_REVEAL[lang].map((step) => ({ words: step })),
          },
        ],
      }),
    buttons: buttonsFor(notice),
  };
}

/** What happened, and what this reader does about it. */
function endingOf(
  notice: SignInNotice,
  state: EndedState,
  words: open.SignInWords,
  { lang }: Reader,
): Words {
  const { what, opener, others } = ended.REASON[notice.reason ?? REASON_OF[state]];
  const space = lang === 'ja' ? '' : ' ';
  const then = (next: Words): Words => [...what[lang](words), { text: space }, ...next];
  if (notice.view === 'opener' || notice.buttons.includes('continue')) {
    if (opener !== 'again') return then(opener[lang](words));
    const button = notice.buttons.includes('continue') ? 'button' : 'words';
    const way = notice.finding === undefined ? button : 'remedy';
    return then(ended.AGAIN[way][lang](words));
  }
  return others === undefined ? what[lang](words) : then(others[lang](words));
}

const TONE_OF = {
  completed: 'good',
  declined: 'emphasis',
  expired: 'warning',
  failed: 'attention',
  burned: 'attention',
} as const satisfies Record<EndedState, Page['tone']>;

/** What is said when a settled notice carries no reason of its own. */
const REASON_OF = {
  completed: 'connected',
  declined: 'declined',
  expired: 'code-run-out',
  failed: 'agent-failed',
  burned: 'quarantined',
} as const satisfies Record<EndedState, NonNullable<SignInNotice['reason']>>;

/** Whoever may look into a channel may not act on a sign-in there. */
const CHANNEL_BUTTONS: ReadonlySet<string> = new Set([
  'acknowledge',
  'snooze',
  'resolve',
  'assign',
]);
function buttonsFor(notice: SignInNotice): SignInNotice['buttons'] {
  return notice.view === 'channel'
    ? notice.buttons.filter((button) => CHANNEL_BUTTONS.has(button))
    : notice.buttons;
}

const STEP_OF = {
  opened: 0,
  'code-held': 1,
  waiting: 1,
  confirmed: 2,
  shown: 2,
} as const satisfies Record<open.OpenState, number>;

function stepsOf(state: open.OpenState, { lang }: Reader): Words {
  const here = STEP_OF[state];
  const steps = open.STEPS.map((step, index) => {
    if (index < here) return say`✅ ${step[lang]}`;
    return index === here ? bold(`▶ ${step[lang]}`) : subtle(step[lang]);
  });
  return joined(steps, ' → ');
}

function factsOf(notice: SignInNotice, words: open.SignInWords, reader: Reader): Fact[] {
  const { lang } = reader;
  const facts: Fact[] = [
    { label: FIELD.server[lang], value: bold(words.machine) },
    { label: FIELD.site[lang], value: say`${words.site}` },
    {
      label: FIELD.openedBy[lang],
      value:
        lang === 'ja'
          ? say`${words.opener}(${timeOf(notice.openedAt, reader)})`
          : say`${words.opener}, ${timeOf(notice.openedAt, reader)}`,
    },
  ];
  if (notice.view !== 'asked' && notice.asked !== undefined) {
    facts.push({
      label: open.ASKED_AS[notice.askedAs ?? 'engineer'][lang],
      value: say`${words.asked}`,
    });
  }
  if (notice.confirmedBy !== undefined && notice.confirmedHow !== undefined) {
    facts.push({
      label: FIELD.confirmed[lang],
      value: open.CONFIRMED[notice.confirmedHow][lang](words),
    });
  }
  if (notice.acknowledgedBy !== undefined && notice.settledAt === undefined) {
    const person = personName(notice.acknowledgedBy, lang);
    facts.push({ label: FIELD.acknowledged[lang], value: open.MORE.acknowledged[lang](person) });
  }
  if (notice.settledAt !== undefined) {
    facts.push({ label: FIELD.at[lang], value: say`${timeOf(notice.settledAt, reader)}` });
  } else if (notice.untilAt !== undefined) {
    facts.push({
      label: FIELD.until[lang],
      value: open.MORE.until[lang](timeOf(notice.untilAt, reader)),
    });
  }
  return facts;
}

function wordsOf(notice: SignInNotice, reader: Reader): open.SignInWords {
  const { lang } = reader;
  const someone = open.SOMEONE[lang];
  const person = (who: SignInNotice['asked']): string =>
    who === undefined ? someone : personName(who, lang);
  const time = (at: Date | undefined): string => (at === undefined ? '' : timeOf(at, reader));
  return {
    machine: notice.machine,
    site: siteName(notice.site, lang),
    opener: personName(notice.openedBy, lang),
    asked: person(notice.asked),
    confirmedBy: person(notice.confirmedBy),
    confirmedAt: time(notice.confirmedAt),
    shownTo: person(notice.shownTo),
    shownAt: time(notice.shownAt),
    endedBy: person(notice.endedBy),
  };
}
