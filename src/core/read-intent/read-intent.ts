import type { Lang, MachineName } from '../ids.ts';
import type { Choice, Intent, IntentName, Slots } from '../intent.ts';
import type { Asker, RollOut } from '../roll-out.ts';
import { choose } from './choose.ts';
import { findMachines } from './find-machines.ts';
import { findNumber } from './find-number.ts';
import { findPlaces } from './find-places.ts';
import { findError, findExtensions, findWave } from './find-words.ts';
import { moodOf } from './mood.ts';
import type { Named } from './named.ts';
import { normalise } from './normalise.ts';
import { isOffTopic } from './off-topic.ts';
import { isPastedOutput } from './pasted.ts';
import { phrase } from './phrases.ts';
import { placeIndexOf } from './place-index.ts';
import { score } from './score.ts';
import { Spans } from './spans.ts';

/** Below this a reading is not acted on: the bot asks back. */
export const SURE_ENOUGH = 0.5;

/** What someone wants and names, in Japanese or English as people type. Never throws. */
export function readIntent(text: string, rollOut: RollOut, asker?: Asker): Intent {
  const lang = languageOf(text, asker);
  if (isPastedOutput(text)) {
    const { machines } = named(text, rollOut).found;
    return { intent: 'diagnose-text', slots: pick({ machines }), confidence: 0.95 };
  }
  const { found, masked, number } = named(text, rollOut);
  if (number !== undefined) {
    const slots = pick({ machines: found.machines });
    return { intent: 'confirm-number', slots, confidence: 0.95, number };
  }
  const reading = isOffTopic(masked)
    ? undefined
    : choose(score(masked, namesSomething(found)), found, moodOf(masked), masked);
  if (reading === undefined) return { intent: 'unknown', slots: {}, confidence: 0.8 };
  const slots = slotsFor(reading.intent, found);
  const doubt = found.strangers.length > 0 && NEEDS_THINGS.has(reading.intent) ? 0.45 : 1;
  const confidence = round(Math.min(reading.confidence, found.certainty, doubt));
  if (confidence >= SURE_ENOUGH) return { intent: reading.intent, slots, confidence };
  const ask = choices(reading, found, lang, rollOut);
  return { intent: reading.intent, slots, confidence, ...(ask.length > 0 && { ask }) };
}

function named(text: string, rollOut: RollOut) {
  const index = placeIndexOf(rollOut);
  const spans = new Spans(normalise(text));
  const { machines, unknown } = findMachines(spans, index);
  const number = findNumber(spans);
  const wave = findWave(spans);
  const error = findError(spans);
  const extensions = findExtensions(spans);
  const { sites, area, certainty } = findPlaces(spans, index);
  const route = routeOf(spans.masked);
  const found: Named = {
    sites,
    machines,
    strangers: unknown,
    ...(area !== undefined && { area }),
    ...(wave !== undefined && { wave }),
    extensions,
    ...(error !== undefined && { error }),
    ...(route && { route }),
    certainty,
  };
  return { found, masked: spans.masked, number };
}

function namesSomething(found: Named): boolean {
  const { sites, machines, strangers, extensions } = found;
  const one = found.area ?? found.wave ?? found.error ?? found.route;
  return (
    one !== undefined || [sites, machines, strangers, extensions].some((list) => list.length > 0)
  );
}

/** Private link or proxy, when exactly one is named. */
function routeOf(masked: string): Named['route'] {
  const isPrivate =
    /プライベート|閉域|専用線|(?<![a-z])(?:private|privately|privatelink|pls)(?![a-z])/.test(
      masked,
    );
  const isProxy = /プロキシ|(?<![a-z])proxy(?![a-z])/.test(masked);
  if (isPrivate === isProxy) return undefined;
  return isPrivate ? 'private' : 'proxy';
}

/** Intents that are not about anything in the roll-out. */
const ABOUT_NOTHING: ReadonlySet<IntentName> = new Set([
  'help',
  'unknown',
  'alerts-here',
  'stop-sign-ins',
  'resume-sign-ins',
  'who-am-i',
  'absent',
  'hand-duty',
  'test-contact',
]);
const NEEDS_THINGS: ReadonlySet<IntentName> = new Set([
  'machine-status',
  'next-step',
  'network-check',
  'run-check',
  'extension-state',
  'connect-command',
  'proxy-command',
  'start-sign-in',
  'mark-shipped',
  'mark-arrived',
  'mark-powered-on',
  'replace-machine',
  'retire-machine',
  'set-serial',
  'history',
  'get-kit',
  'undo-mark',
]);
const WITH_EXTENSION: ReadonlySet<IntentName> = new Set([
  'extension-state',
  'missing-extension',
  'endpoint-requirements',
  'repair-extension',
]);

function slotsFor(intent: IntentName, found: Named): Slots {
  if (ABOUT_NOTHING.has(intent)) return {};
  const [extension, ...others] = found.extensions;
  return pick({
    sites: found.sites,
    machines: found.machines,
    area: found.area,
    wave: found.wave,
    extension: WITH_EXTENSION.has(intent) && others.length === 0 ? extension : undefined,
    error: intent === 'explain-error' ? found.error : undefined,
    route: intent === 'endpoint-requirements' ? found.route : undefined,
  });
}

/** Only what is there: no key for what was not said. */
function pick(slots: { [K in keyof Slots]: Slots[K] | undefined }): Slots {
  return Object.fromEntries(
    Object.entries(slots).filter(
      ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

function choices(
  reading: { intent: IntentName; others: readonly IntentName[] },
  found: Named,
  lang: Lang,
  rollOut: RollOut,
): readonly Choice[] {
  const nearby = nearMachines(found.strangers[0], rollOut);
  const options: Choice[] = [];
  for (const intent of [reading.intent, ...reading.others]) {
    for (const machines of nearby.length > 0 ? nearby.map((name) => [name]) : [found.machines]) {
      const slots = slotsFor(intent, { ...found, machines });
      const option = phrase(intent, slots, lang, rollOut);
      if (option && !options.some((one) => one.text === option.text)) options.push(option);
    }
  }
  const help = phrase('help', {}, lang, rollOut);
  return [...options.slice(0, 4), ...(help ? [help] : [])];
}

/** Machines whose names begin like the one that does not exist. */
function nearMachines(stranger: string | undefined, rollOut: RollOut): readonly MachineName[] {
  if (stranger === undefined) return [];
  const stem = stranger.replace(/[-_]?\d+$/, '').replace(/_/g, '-');
  return rollOut.machines
    .filter(({ name }) => name.toUpperCase().startsWith(stem))
    .slice(0, 4)
    .map(({ name }) => name);
}

function languageOf(text: string, asker: Asker | undefined): Lang {
  if (/[ぁ-ゖァ-ヶ一-龠]/.test(text.slice(0, 2000))) return 'ja';
  if (/[A-Za-z]{3}/.test(text.slice(0, 2000))) return 'en';
  if (!asker) return 'ja';
  return asker.kind === 'person' ? asker.person.language : asker.language;
}

function round(confidence: number): number {
  return Math.max(0.05, Math.min(1, Math.round(confidence * 100) / 100));
}
