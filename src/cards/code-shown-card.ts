import { OpsBotError } from '../core/errors.ts';
import type { CardId, Lang, MachineName } from '../core/ids.ts';
import type { RevealAnswer } from '../core/sign-in.ts';
import { type Action, answerAct, dialogAct, type Reveal } from './buttons.ts';
import type { Page, Reader } from './page.ts';
import { dataOf } from './page-data.ts';
import { expand } from './template.ts';
import { REVEAL } from './text/code-shown.ts';
import { FIELD } from './text/labels.ts';
import { timeOf } from './times.ts';
import { bold, mono, say, type Words } from './words.ts';

export interface RevealOptions {
  readonly lang: Lang;
  readonly now: Date;
  readonly timeZone: string;
  readonly reveal: Reveal;
  /** AZURE_CLOUD; decides which page the link opens. */
  readonly cloud?: string;
  /** Only in the demo: where the simulated Entra page takes the code. */
  readonly entraUrl?: string;
}

/** Where Microsoft takes device codes: constants, never an address out of what a server sent. */
export const DEVICE_LOGIN: Readonly<Record<string, string>> = {
  AzureCloud: 'https://microsoft.com/devicelogin',
  AzureUSGovernment: 'https://microsoft.com/deviceloginus',
  AzureChinaCloud: 'https://microsoft.com/deviceloginchina',
};
const KNOWN: ReadonlySet<string> = new Set([
  ...Object.values(DEVICE_LOGIN),
  'https://login.microsoft.com/device',
]);

/** The card with the code: only ever the answer to one invoke, to the one person who asked. */
export function drawReveal(answer: RevealAnswer, options: RevealOptions): Record<string, unknown> {
  const { lang, reveal, now, timeZone } = options;
  const reader: Reader = { lang, now, timeZone, rows: 1 };
  // The code stands in a TextBlock: nothing but the shape of a code may get there.
  if (!/^[A-Z0-9](?:[A-Z0-9-]{2,14})[A-Z0-9]$/.test(answer.userCode)) {
    throw new OpsBotError('VALUE_REFUSED', 'a code of an unknown shape is not shown');
  }
  const link = linkOf(answer, options);
  const act = reveal === 'dialog' ? dialogAct : answerAct;
  const actions: Action[] = [
    { type: 'Action.OpenUrl', title: REVEAL.open[lang], url: link, style: 'positive' },
    act('unexpected', lang, answer.card, answer.nonce),
    act('hand-over', lang, answer.card, answer.nonce),
    ...(answer.again ? [showAgain(act('show-code', lang, answer.card, answer.nonce), lang)] : []),
  ];
  const site = lang === 'ja' ? answer.siteName : answer.siteNameEn || answer.siteName;
  const facts: NonNullable<Page['facts']> = [
    { label: FIELD.server[lang], value: say`${bold(answer.machine)}` },
    { label: FIELD.site[lang], value: say`${site}` },
    {
      label: FIELD.openedBy[lang],
      value:
        lang === 'ja'
          ? say`${answer.openerName}さん`
          : say`${answer.openerNameEn ?? answer.openerName}`,
    },
    {
      label: FIELD.confirmed[lang],
      value: REVEAL.confirmed[answer.confirmedHow ?? 'number'][lang](
        timeOf(answer.confirmedAt, reader),
      ),
    },
    ...(answer.onboardingAccount === undefined
      ? []
      : [{ label: FIELD.account[lang], value: bold(answer.onboardingAccount) }]),
    ...(answer.application === undefined
      ? []
      : [{ label: FIELD.application[lang], value: bold(answer.application) }]),
  ];
  const lead: Words[] = [REVEAL.lead[lang](timeOf(answer.expiresAt, reader))];
  const foot: Words[] = [
    ...(options.entraUrl === undefined ? [] : [REVEAL.demo[lang](options.entraUrl)]),
  ];
  const page: Page = {
    template: 'code-shown',
    title: REVEAL.title[lang],
    tone: 'emphasis',
    lead,
    facts,
    foot,
  };
  return expand('code-shown', {
    ...dataOf(page, actions, lang),
    userCode: answer.userCode,
    address: [{ type: 'TextRun', text: link, weight: 'Bolder' }],
    enter: REVEAL.enter[lang],
    warning: REVEAL.warning[lang],
  });
}

/** What there is to do first is the link above it. */
function showAgain({ style: _, ...action }: Action, lang: Lang): Action {
  return { ...action, title: REVEAL.again[lang] };
}

function linkOf(answer: RevealAnswer, { cloud, entraUrl }: RevealOptions): string {
  if (entraUrl !== undefined) return entraUrl;
  if (KNOWN.has(answer.verificationUri)) return answer.verificationUri;
  return DEVICE_LOGIN[cloud ?? 'AzureCloud'] ?? 'https://microsoft.com/devicelogin';
}

/** What `task/fetch` gets: a dialog without the code, whose one button asks for it. */
export function drawRevealDialog(
  dialog: { readonly card: CardId; readonly nonce: string; readonly machine?: MachineName },
  lang: Lang,
): Record<string, unknown> {
  const page: Page = {
    template: 'message',
    title: REVEAL.title[lang],
    tone: 'emphasis',
    lead: [REVEAL.ask[lang]()],
    facts:
      dialog.machine === undefined
        ? []
        : [{ label: FIELD.server[lang], value: mono(dialog.machine) }],
  };
  const actions = [
    dialogAct('show-code', lang, dialog.card, dialog.nonce),
    dialogAct('unexpected', lang, dialog.card, dialog.nonce),
  ];
  return expand('message', dataOf(page, actions, lang));
}
