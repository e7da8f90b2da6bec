import type { IntentName } from '../intent.ts';
import type { Topic } from './cue.ts';
import type { Mood } from './mood.ts';
import type { Named } from './named.ts';
import type { Scores } from './score.ts';
import { Votes } from './votes.ts';
import { weigh } from './weigh.ts';

export interface Reading {
  readonly intent: IntentName;
  readonly confidence: number;
  /** Other things it may have meant, best first. */
  readonly others: readonly IntentName[];
}

/** Weaker than this is not about us. */
const WORTH_ASKING = 1.6;
const WORTH_DOING = 2.4;

/** The intent that the words, the names and the mood speak for most; undefined when nothing does. */
export function choose(
  scores: Scores,
  found: Named,
  mood: Mood,
  masked: string,
): Reading | undefined {
  const votes = new Votes(scores.of);
  weigh(votes, found, mood, masked);
  const [top] = votes.ranked();
  if (!top || top[1] < WORTH_ASKING) {
    const bare = bareName(found, scores.strange + scores.rest);
    if (bare) return bare;
  }
  const ranked = votes
    .ranked()
    .filter(([, points]) => points >= 1)
    .map(([topic, points]) => ({ intent: intentOf(topic, found), points }));
  const [best, second] = ranked;
  if (!best || best.points < WORTH_ASKING) return undefined;
  const others = [...new Set(ranked.slice(1, 4).map(({ intent }) => intent))].filter(
    (intent) => intent !== best.intent,
  );
  const margin = best.points - (second?.points ?? 0);
  const sure = best.points >= WORTH_DOING && margin >= 0.15;
  const confidence = sure
    ? Math.min(0.98, 0.55 + 0.05 * Math.min(best.points, 5) + 0.04 * Math.min(margin, 5))
    : 0.4;
  return { intent: best.intent, confidence, others };
}

function intentOf(topic: Topic, found: Named): IntentName {
  if (topic !== 'status') return topic;
  if (found.machines.length > 0 || (found.strangers.length > 0 && found.sites.length === 0)) {
    return 'machine-status';
  }
  return found.sites.length > 0 ? 'site-status' : 'rollout-status';
}

/** A name alone asks how it stands. */
function bareName(found: Named, strange: number): Reading | undefined {
  if (strange > 0) return undefined;
  const none: readonly IntentName[] = [];
  if (found.machines.length > 0 || found.strangers.length > 0) {
    return { intent: 'machine-status', confidence: 0.7, others: ['next-step', 'network-check'] };
  }
  if (found.sites.length > 0) {
    return { intent: 'site-status', confidence: 0.7, others: ['next-step', 'network-check'] };
  }
  if (found.area !== undefined || found.wave !== undefined) {
    return { intent: 'rollout-status', confidence: 0.65, others: none };
  }
  return undefined;
}
