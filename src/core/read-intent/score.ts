import type { Cue, Topic } from './cue.ts';
import { CHECK_CUES } from './cues-checks.ts';
import { COMMAND_CUES } from './cues-commands.ts';
import { DUTY_CUES } from './cues-duty.ts';
import { LIST_CUES } from './cues-lists.ts';
import { MARK_CUES } from './cues-marks.ts';
import { PEOPLE_CUES } from './cues-people.ts';
import { SIGN_IN_CUES } from './cues-sign-ins.ts';
import { STATUS_CUES } from './cues-status.ts';
import { unexplained } from './filler.ts';

const CUES: readonly Cue[] = [
  ...STATUS_CUES,
  ...LIST_CUES,
  ...CHECK_CUES,
  ...COMMAND_CUES,
  ...MARK_CUES,
  ...SIGN_IN_CUES,
  ...PEOPLE_CUES,
  ...DUTY_CUES,
];

export interface Scores {
  readonly of: ReadonlyMap<Topic, number>;
  /** Content words that nothing explains. */
  readonly strange: number;
  /** Single letters left over beside them. */
  readonly rest: number;
}

/**
 * Adds up what every cue says. A cue counts once however often it stands there; strange words weigh more
 * where nothing of the roll-out is named.
 */
export function score(masked: string, namesSomething = true): Scores {
  const explained: boolean[] = new Array(masked.length).fill(false);
  const certain = new Map<Topic, number>();
  const vague = new Map<Topic, number>();
  for (const cue of CUES) {
    let matched = false;
    for (const match of masked.matchAll(cue.pattern)) {
      matched ||= match[0] !== '';
      explained.fill(true, match.index, match.index + match[0].length);
    }
    if (!matched) continue;
    const table = cue.vague ? vague : certain;
    for (const [topic, weight] of Object.entries(cue.votes) as [Topic, number][]) {
      table.set(topic, (table.get(topic) ?? 0) + weight);
    }
  }
  const { strange, rest } = unexplained(masked, explained);
  const of = new Map<Topic, number>();
  for (const topic of new Set([...certain.keys(), ...vague.keys()])) {
    const doubt = Math.min(strange, 4);
    const everyday = Math.max(0, (vague.get(topic) ?? 0) - 1.4 * doubt);
    of.set(
      topic,
      Math.max(0, (certain.get(topic) ?? 0) + everyday - (namesSomething ? 0.35 : 0.9) * doubt),
    );
  }
  return { of, strange, rest };
}
