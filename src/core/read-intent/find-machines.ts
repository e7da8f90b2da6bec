import type { MachineName } from '../ids.ts';
import { machineKey, type PlaceIndex } from './place-index.ts';
import type { Spans } from './spans.ts';

export interface FoundMachines {
  readonly machines: readonly MachineName[];
  /** Looks like a machine's name (`sv-osk-09`) but is none of the roll-out. */
  readonly unknown: readonly string[];
}

/** Letters and digits with at most one separator between: what a machine's name may be typed as. */
const TOKEN = /[a-z0-9]+/g;
const NAME_LIKE = /(?<![a-z0-9])[a-z]{2,4}[-_][a-z]{2,5}[-_]?\d{1,3}(?![a-z0-9])/g;
const MOST_PARTS = 4;

/** Every machine said, in any case and with or without hyphens; 「SV-OSK-01と02」 and 「01〜03」 too. */
export function findMachines(spans: Spans, index: PlaceIndex): FoundMachines {
  const found: MachineName[] = [];
  const tokens = [...spans.text.matchAll(TOKEN)].map((match) => ({
    word: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));
  for (let at = 0; at < tokens.length; at += 1) {
    const hit = longestName(spans.text, tokens, at, index);
    if (!hit) continue;
    const end = tokens[hit.last]?.end ?? 0;
    spans.paint(tokens[at]?.start ?? 0, end, 'machine');
    found.push(hit.name);
    const more = siblings(spans, end, hit.name, index);
    found.push(...more.names);
    at = hit.last + more.tokens;
  }
  const unknown = [...spans.masked.matchAll(NAME_LIKE)].map((match) => {
    spans.paint(match.index, match.index + match[0].length, 'unknownMachine');
    return match[0].toUpperCase();
  });
  return { machines: [...new Set(found)], unknown };
}

interface Token {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

function longestName(
  text: string,
  tokens: readonly Token[],
  first: number,
  index: PlaceIndex,
): { name: MachineName; last: number } | undefined {
  let joined = '';
  let best: { name: MachineName; last: number } | undefined;
  for (let last = first; last < Math.min(first + MOST_PARTS, tokens.length); last += 1) {
    const token = tokens[last];
    const before = tokens[last - 1];
    if (!token) break;
    if (last > first && before && !/^[-_ .]$/.test(text.slice(before.end, token.start))) break;
    joined += token.word;
    const name = index.machines.get(joined) ?? index.machines.get(unpadded(joined));
    if (name) best = { name: name as MachineName, last };
  }
  return best;
}

function unpadded(joined: string): string {
  return machineKey(joined);
}

/** 「SV-OSK-01と02」: numbers that follow a name stand for its siblings. */
function siblings(
  spans: Spans,
  end: number,
  name: MachineName,
  index: PlaceIndex,
): { names: readonly MachineName[]; tokens: number } {
  const stem = name.replace(/\d+$/, '');
  const names: MachineName[] = [];
  let at = end;
  let tokens = 0;
  let last = Number(/\d+$/.exec(name)?.[0] ?? 'NaN');
  for (;;) {
    const match = FOLLOWING.exec(spans.text.slice(at, at + 16));
    const [whole = '', link = '', digits = ''] = match ?? [];
    if (!match || !Number.isFinite(last)) break;
    const number = Number(digits);
    const from = RANGE.test(link) ? last + 1 : number;
    const step: MachineName[] = [];
    for (let one = from; one <= number && one < from + 20; one += 1) {
      const sibling = index.machines.get(machineKey(`${stem}${one}`));
      if (sibling) step.push(sibling as MachineName);
    }
    if (step.length === 0) break;
    names.push(...step);
    spans.paint(at, at + whole.length, 'machine');
    at += whole.length;
    tokens += whole.includes('and') || whole.includes('to') ? 2 : 1;
    last = number;
  }
  return { names, tokens };
}

const FOLLOWING =
  /^( ?(?:と|や|、|,|・|\/|&|〜|~|から|-| and | to |, and ) ?)(\d{1,2})(?![\d台時分個月日件陣次:.-])/;
const RANGE = /〜|~|から|-|to/;
