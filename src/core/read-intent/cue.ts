import type { IntentName } from '../intent.ts';

/** `status` becomes site-, machine- or rollout-status once it is known what was named. */
export type Topic =
  | Exclude<IntentName, 'site-status' | 'machine-status' | 'rollout-status'>
  | 'status';

/**
 * Words that speak for an intent, over the masked text. Patterns hold no unbounded repetition of
 * anything that can overlap: reading stays linear.
 */
export interface Cue {
  readonly pattern: RegExp;
  readonly votes: Partial<Record<Topic, number>>;
  /** Everyday words: they count only when nothing else in the sentence is unexplained. */
  readonly vague?: true;
}

/** The words of a list as one pattern; `_` stands for a possible space. */
export function words(...alternatives: string[]): RegExp {
  return new RegExp(alternatives.map((one) => one.replaceAll('_', ' ?')).join('|'), 'g');
}

/** English words, not cut out of longer ones. */
export function english(...alternatives: string[]): RegExp {
  return new RegExp(`(?<![a-z])(?:${alternatives.join('|')})(?![a-z])`, 'g');
}
