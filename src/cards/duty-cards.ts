import type { Lang } from '../core/ids.ts';
import type { NoticeOf } from '../core/notice.ts';
import type { Page, Reader, Row } from './page.ts';
import { message } from './short-message.ts';
import { AWAY, CONTACT_TEST, DAYS, DUTY, DUTY_TITLE, REACHABLE } from './text/duty.ts';
import { FIELD, personName, ROLE, siteName } from './text/labels.ts';
import { dayWords, timeOf } from './times.ts';
import { bold, say, type Words } from './words.ts';

export function dutyPage(notice: NoticeOf<'duty'>, { lang }: Reader): Page {
  return message(DUTY_TITLE[notice.what][lang], [dutyWords(notice, lang)], { tone: 'good' });
}

function dutyWords(notice: NoticeOf<'duty'>, lang: Lang): Words {
  const person = personName(notice.person, lang);
  const from = dayWords(notice.from, lang);
  const until = dayWords(notice.until, lang);
  const days = from === until ? DAYS.one[lang](from) : DAYS.range[lang](from, until);
  switch (notice.what) {
    case 'absent':
      return DUTY.absent[lang](person, days);
    case 'back':
      return DUTY.back[lang](person, days);
    case 'handed-over':
      return DUTY['handed-over'][lang](
        person,
        days,
        personName(notice.standIn ?? notice.person, lang),
      );
    case 'set': {
      const sites = notice.sites.map((site) => siteName(site, lang));
      return DUTY.set[lang](person, days, sites.join(lang === 'ja' ? '、' : ', '));
    }
  }
}

export function reachablePage(notice: NoticeOf<'reachable'>, reader: Reader): Page {
  const { lang } = reader;
  const rows = notice.rows
    .slice(0, reader.rows * 2)
    .map(({ person, role, obstacle, away }): Row => {
      const name = personName(person, lang);
      const rest = ` / ${ROLE[role][lang]}${away ? AWAY[lang] : ''}`;
      return {
        words: say`${obstacle === undefined ? '✅' : '❌'} ${bold(name)}${rest}`,
        under: obstacle === undefined ? [] : [say`${REACHABLE.obstacle[obstacle][lang]}`],
      };
    });
  const left = notice.rows.length - rows.length;
  const more = lang === 'ja' ? `ほか${left}人` : `and ${left} more`;
  return {
    template: 'list',
    title: REACHABLE.title[lang],
    tone: notice.rows.some(({ obstacle }) => obstacle) ? 'warning' : 'good',
    lead: [notice.tested ? REACHABLE.tested[lang]() : REACHABLE.listed[lang]()],
    sections: [{ rows: left > 0 ? [...rows, { words: say`${more}` }] : rows }],
  };
}

export function contactTestPage(notice: NoticeOf<'contact-test'>, reader: Reader): Page {
  const { lang } = reader;
  const facts = [{ label: FIELD.at[lang], value: say`${timeOf(notice.at, reader)}` }];
  const text = CONTACT_TEST.text[lang](personName(notice.by, lang));
  return message(CONTACT_TEST.title[lang], [text], { facts });
}
