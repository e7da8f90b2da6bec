import { OpsBotError } from '../core/errors.ts';
import type { CardId, Lang, MachineName } from '../core/ids.ts';
import type { NoticeOf } from '../core/notice.ts';
import type { DrawnNotice } from '../core/ports.ts';
import type { TokenAnswer } from '../core/token-answer.ts';
import { answerAct, dialogAct, type Reveal } from './buttons.ts';
import type { Page, Reader } from './page.ts';
import { dataOf } from './page-data.ts';
import { machineFact, message, siteFact } from './short-message.ts';
import { expand } from './template.ts';
import { FILE_OFFER, KIT, KIT_FILE, TOKEN } from './text/kit.ts';
import { FIELD, siteName } from './text/labels.ts';
import { timeOf } from './times.ts';
import { mono } from './words.ts';

export function kitPage(notice: NoticeOf<'kit'>, reader: Reader): Page {
  const { lang } = reader;
  const where = notice.file ? KIT.file : KIT.line;
  const page = kitLine(notice.machine);
  return {
    template: 'commands',
    title: KIT.title[lang],
    tone: 'accent',
    lead: [
      where[lang](notice.machine, siteName(notice.site, lang)),
      (notice.token ? KIT.token : KIT.alone)[lang](),
    ],
    ...page,
    ...(notice.token && { buttons: ['show-token'] }),
  };
}

export function kitFilePage(notice: NoticeOf<'kit-file'>, reader: Reader): Page {
  const { lang } = reader;
  const { title, text } = KIT_FILE[notice.state];
  const tone = { offered: 'accent', sent: 'good', declined: 'default', failed: 'warning' } as const;
  return message(title[lang], [text[lang](notice.machine)], {
    tone: tone[notice.state],
    facts: siteFact(notice.site, reader),
    ...(notice.state === 'failed' && kitLine(notice.machine)),
  });
}

/** A name that is none is refused rather than quoted. */
function kitLine(machine: MachineName): Partial<Page> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,53}$/.test(machine)) return {};
  const line = `arc-onboarding-bot kit ${machine}`;
  return { sections: [{ rows: [{ words: mono(line) }] }], copy: [line] };
}

/**
 * What Teams shows instead of the card: the file offered, later the file itself
 * (learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4).
 */
export function fileAttachment(
  notice: NoticeOf<'kit-file'>,
  act: { readonly card: CardId; readonly nonce: string },
  lang: Lang,
): DrawnNotice['attachment'] {
  const { name, bytes, state, contentUrl, uniqueId } = notice;
  if (state === 'offered') {
    return {
      contentType: 'application/vnd.microsoft.teams.card.file.consent',
      name,
      content: {
        description: FILE_OFFER[lang],
        sizeInBytes: bytes,
        acceptContext: act,
        declineContext: act,
      },
    };
  }
  if (state !== 'sent' || contentUrl === undefined || uniqueId === undefined) return undefined;
  return {
    contentType: 'application/vnd.microsoft.teams.card.file.info',
    name,
    contentUrl,
    content: { uniqueId, fileType: 'zip' },
  };
}

export interface TokenOptions {
  readonly lang: Lang;
  readonly now: Date;
  readonly timeZone: string;
  readonly reveal: Reveal;
}

/** The card with the token: only ever the answer to one press, to the one person who pressed. */
export function drawToken(answer: TokenAnswer, options: TokenOptions): Record<string, unknown> {
  const { lang, reveal } = options;
  if (!/^[A-Za-z0-9_-]{22}$/.test(answer.token)) {
    throw new OpsBotError('VALUE_REFUSED', 'a token of an unknown shape is not shown');
  }
  const reader: Reader = {
    ...options,
    timeZone: answer.site.timeZone ?? options.timeZone,
    rows: 1,
  };
  const page: Page = {
    template: 'token-shown',
    title: TOKEN.title[lang],
    tone: 'emphasis',
    lead: [TOKEN.lead[lang](timeOf(answer.expiresAt, reader))],
    facts: [...machineFact(answer.machine, reader), ...siteFact(answer.site, reader)],
  };
  const act = reveal === 'dialog' ? dialogAct : answerAct;
  const actions = [act('show-token', lang, answer.card, answer.nonce)];
  return expand('token-shown', {
    ...dataOf(page, actions, lang),
    token: [
      {
        type: 'TextRun',
        text: answer.token,
        size: 'Large',
        weight: 'Bolder',
        fontType: 'Monospace',
      },
    ],
    warning: TOKEN.warning[lang],
  });
}

/** What `task/fetch` gets: a dialog without the token, whose one button asks for it. */
export function drawTokenDialog(
  dialog: { readonly card: CardId; readonly nonce: string; readonly machine: MachineName },
  lang: Lang,
): Record<string, unknown> {
  const page = message(TOKEN.title[lang], [TOKEN.ask[lang]()], {
    tone: 'emphasis',
    facts: [{ label: FIELD.server[lang], value: mono(dialog.machine) }],
  });
  return expand(
    'message',
    dataOf(page, [dialogAct('show-token', lang, dialog.card, dialog.nonce)], lang),
  );
}
