import { dnsLines } from '../core/dns-records.ts';
import type { NoticeOf } from '../core/notice.ts';
import type { Page, Reader } from './page.ts';
import { withMore } from './rows.ts';
import { COMMANDS, DNS, SHELL } from './text/commands.ts';
import { siteName } from './text/labels.ts';
import { MESSAGE } from './text/messages.ts';
import { mono } from './words.ts';

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

export function dnsPage(notice: NoticeOf<'dns-records'>, reader: Reader): Page {
  const { lang } = reader;
  const site = siteName(notice.site, lang);
  const { problem, records, addresses, missing } = notice;
  const page = { template: 'commands', title: DNS.title[lang], tone: 'accent' } as const;
  if (problem !== undefined) {
    return {
      ...page,
      tone: problem === 'no-scope' ? 'default' : 'warning',
      lead: [DNS.problem[problem][lang](site)],
      sections: addresses.length === 0 ? [] : [{ rows: [{ words: mono(addresses.join('  ')) }] }],
    };
  }
  const { windows, bind, hosts } = dnsLines(records);
  const rows = records.slice(0, reader.rows).map(({ name, address }) => ({
    words: mono(`${address}  ${name}`),
  }));
  return {
    ...page,
    lead: [
      DNS.text[lang](site),
      ...(missing.length > 0 ? [DNS.missing[lang](missing.join(', '))] : []),
    ],
    sections: [{ rows: withMore(rows, records.length, reader) }],
    foot: [DNS.order[lang]()],
    messages: [
      [`# Windows DNS (PowerShell)`, ...windows],
      ['; BIND', ...bind],
      ['# hosts', ...hosts],
    ],
  };
}
