import type { Lang } from '../core/ids.ts';
import type { Action } from './buttons.ts';
import type { Page, Row } from './page.ts';
import type { TemplateData } from './template.ts';
import { FIELD } from './text/labels.ts';
import { CHECK } from './text/status.ts';
import type { Run, Words } from './words.ts';

/** A page as its template needs it: every field there, flags for what may be left out. */
export function dataOf(page: Page, actions: readonly Action[], lang: Lang): TemplateData {
  const facts = factsOf(page.facts);
  return {
    lang,
    title: page.title,
    tone: page.tone,
    lead: (page.lead ?? []).map(line),
    facts,
    hasFacts: facts.length > 0,
    hasSteps: page.steps !== undefined,
    steps: inlines(page.steps ?? []),
    groups: (page.groups ?? []).map((group, index) => ({
      separator: index > 0,
      name: inlines(group.name),
      lines: group.lines.map(line),
      facts: factsOf(group.facts),
      rows: group.rows.map(row),
    })),
    label: {
      cause: CHECK.cause[lang],
      remedy: CHECK.remedy[lang],
      owner: FIELD.owner[lang],
      commands: CHECK.commands[lang],
    },
    hasFinding: page.finding !== undefined,
    finding: {
      cause: inlines(page.finding?.cause ?? []),
      remedy: inlines(page.finding?.remedy ?? []),
      owner: inlines(page.finding?.owner ?? []),
      commands: (page.finding?.commands ?? []).map(line),
      hasCommands: (page.finding?.commands.length ?? 0) > 0,
    },
    sections: (page.sections ?? []).filter(hasRows).map((section, index) => ({
      separator: index > 0 || (page.lead?.length ?? 0) > 0 || page.finding !== undefined,
      hasHeading: section.heading !== undefined,
      heading: section.heading ?? '',
      rows: section.rows.map(row),
    })),
    foot: (page.foot ?? []).map(small),
    hasFoot: (page.foot ?? []).length > 0,
    asksNumber: page.number !== undefined && actions.length > 0,
    numberLabel: page.number ?? '',
    actions,
  };
}

function hasRows({ rows }: NonNullable<Page['sections']>[number]): boolean {
  return rows.length > 0;
}

function factsOf(facts: Page['facts']): readonly { label: string; inlines: unknown[] }[] {
  return (facts ?? []).map(({ label, value }) => ({ label, inlines: inlines(value) }));
}

function row({ words, under }: Row): { inlines: unknown[]; under: unknown[] } {
  return { inlines: inlines(words), under: (under ?? []).map(small) };
}

function line(words: Words): { inlines: unknown[] } {
  return { inlines: inlines(words) };
}

function small(words: Words): { inlines: unknown[] } {
  return { inlines: words.map((run) => ({ ...textRun(run), size: 'Small' })) };
}

function inlines(words: Words): unknown[] {
  return words.map(textRun);
}

function textRun(run: Run): Record<string, unknown> {
  return {
    type: 'TextRun',
    text: run.text,
    ...(run.bold && { weight: 'Bolder' }),
    ...(run.subtle && { isSubtle: true }),
    ...(run.mono && { fontType: 'Monospace' }),
    ...(run.color !== undefined && { color: run.color }),
  };
}
