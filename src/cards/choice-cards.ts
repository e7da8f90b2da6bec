import type { NoticeOf } from '../core/notice.ts';
import type { Page, Reader, Row, Saying } from './page.ts';
import { message, namesOf, siteFact } from './short-message.ts';
import { CONFIRM, CONFIRM_OVER } from './text/deeds.ts';
import { HELP, HELP_LEAD, HELP_SAYINGS, HELP_TITLE } from './text/help.ts';
import { BUTTON } from './text/labels.ts';
import { MESSAGE } from './text/messages.ts';
import { bold, joined, say, type Words } from './words.ts';

const NUMBERS = '①②③④⑤⑥⑦⑧⑨';

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
