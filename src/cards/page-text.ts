import type { Lang } from '../core/ids.ts';
import type { Page } from './page.ts';
import { FIELD } from './text/labels.ts';
import { CHECK } from './text/status.ts';
import { plain, visible } from './words.ts';

/** A page in plain words, for terminals: the same sentences as on the card. */
export function pageText(page: Page, lang: Lang): string {
  const lines: string[] = [page.title];
  const fact = ({ label, value }: NonNullable<Page['facts']>[number]): string =>
    `${label}: ${plain(value)}`;
  const colon = ': ';
  if (page.steps !== undefined) lines.push(plain(page.steps));
  lines.push(...(page.lead ?? []).map(plain), ...(page.facts ?? []).map(fact));
  for (const group of page.groups ?? []) {
    lines.push('', `【${plain(group.name)}】`);
    lines.push(...group.lines.map(plain), ...(group.facts ?? []).map(fact));
    lines.push(...rowsText(group.rows));
  }
  if (page.finding !== undefined) {
    const { cause, remedy, owner, commands } = page.finding;
    lines.push('', `${CHECK.cause[lang]}${colon}${plain(cause)}`);
    lines.push(`${CHECK.remedy[lang]}${colon}${plain(remedy)}`);
    lines.push(`${FIELD.owner[lang]}${colon}${plain(owner)}`);
    if (commands.length > 0) lines.push(`${CHECK.commands[lang]}${colon}`.trimEnd());
    lines.push(...commands.map((command) => `  ${plain(command)}`));
  }
  if (page.template === 'commands') {
    // To the letter: these are copied.
    lines.push('', ...(page.copy ?? []).map((line) => `  ${visible(line)}`));
    return lines.join('\n');
  }
  for (const section of page.sections ?? []) {
    if (section.rows.length === 0) continue;
    if (section.heading !== undefined) lines.push('', `■ ${section.heading}`);
    lines.push(...rowsText(section.rows));
  }
  if (page.foot !== undefined && page.foot.length > 0) lines.push('', ...page.foot.map(plain));
  return lines.join('\n');
}

function rowsText(rows: NonNullable<Page['sections']>[number]['rows']): string[] {
  return rows.flatMap(({ words, under }) => [
    `・${plain(words)}`,
    ...(under ?? []).map((line) => `    ${plain(line)}`),
  ]);
}
