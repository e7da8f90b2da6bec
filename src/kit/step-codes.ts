import type { Bilingual, Lang } from '../core/ids.ts';
import { readKitFile } from './kit-folder.ts';

/** What a line of the kit's console means: the line itself, and what to do. */
export interface StepCode {
  readonly code: string;
  readonly line: Bilingual;
  readonly explanation: Bilingual;
}

/** Reads the same files that the kit prints from, so that chat and console never differ. */
export function readStepCodes(): ReadonlyMap<string, StepCode> {
  const ja = readTexts('ja');
  const en = readTexts('en');
  return new Map(
    [...ja.lines].map(([code, line]) => [
      code,
      {
        code,
        line: { ja: withoutValues(line), en: withoutValues(en.lines.get(code) ?? line) },
        explanation: {
          ja: ja.explanations.get(code) ?? '',
          en: en.explanations.get(code) ?? '',
        },
      },
    ]),
  );
}

interface Texts {
  readonly lines: ReadonlyMap<string, string>;
  readonly explanations: ReadonlyMap<string, string>;
}

function readTexts(language: Lang): Texts {
  const lines = new Map<string, string>();
  const explanations = new Map<string, string>();
  for (const row of readKitFile(`texts.${language}.txt`).toString('utf8').split('\n')) {
    const match = /^(K-\d{2})(\??) (.+)$/.exec(row);
    if (match?.[1] && match[3]) (match[2] ? explanations : lines).set(match[1], match[3]);
  }
  return { lines, explanations };
}

function withoutValues(line: string): string {
  return line.replaceAll(/\{\d\}/g, '…');
}
