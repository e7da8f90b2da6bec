import type { App } from '../app.ts';
import type { Lang } from '../core/ids.ts';
import type { Asker, RollOut } from '../core/roll-out.ts';
import { type Call, languageOf, type Outcome, usage } from './io.ts';
import { SAY } from './words.ts';

/** Where a command runs: only a demo lets the terminal act as someone. */
export interface World {
  readonly mayChange: boolean;
}

export type Command = (app: App, call: Call, world: World) => Promise<Outcome>;

/** Who `--as` names; without it the terminal, who sees everything and changes nothing. */
export function askerOf(rollOut: RollOut, call: Call, text = ''): Asker | Outcome {
  const key = call.options.as;
  if (key === undefined) return { kind: 'terminal', language: languageOf(text, call.language) };
  const person = rollOut.person(String(key));
  if (person) return { kind: 'person', person };
  const keys = rollOut.people.map((one) => one.key).join(', ');
  return usage(SAY.personUnknown[call.language](String(key), keys));
}

export function langOfAsker(asker: Asker): Lang {
  return asker.kind === 'person' ? asker.person.language : asker.language;
}

export function isOutcome(value: object): value is Outcome {
  return 'exit' in value;
}
