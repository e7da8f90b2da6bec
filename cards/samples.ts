import type { Notice } from '../src/core/notice.ts';
import type { RevealAnswer } from '../src/core/sign-in.ts';
import data from './samples.json' with { type: 'json' };

export interface Sample {
  readonly name: string;
  readonly notice: Notice;
}

/** JSON has no dates: the fields named after a moment hold one. */
function revived(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return /^at$|At$/.test(name) ? new Date(value) : value;
  if (Array.isArray(value)) return value.map((item) => revived(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revived(item, key)]));
}

/** When the samples are looked at. */
export const SAMPLE_NOW = new Date(data.now);
export const SAMPLE_TIME_ZONE = data.timeZone;
/** One realistic data set per kind of notice, and per state where the card changes much. */
export const SAMPLES = revived(data.notices) as readonly Sample[];
/** The reveal's sample; whoever draws it brings a made code. */
export const SAMPLE_REVEAL = revived(data.reveal) as Omit<RevealAnswer, 'kind' | 'userCode'>;
