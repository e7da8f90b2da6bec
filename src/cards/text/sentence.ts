import type { Bilingual, Lang } from '../../core/ids.ts';
import type { Value, Words } from '../words.ts';

/** A sentence with values in it, in both languages or not at all. */
export type Sentence<Args extends readonly Value[]> = Readonly<
  Record<Lang, (...args: Args) => Words>
>;

export function sentence<Args extends readonly Value[]>(texts: Sentence<Args>): Sentence<Args> {
  return texts;
}

/** A card's title, without data, and what it says. */
export interface TitledText<Args extends readonly Value[]> {
  readonly title: Bilingual;
  readonly text: Sentence<Args>;
}
