/** One stretch of text with its looks. On a card it becomes a TextRun, where Markdown is dead. */
export interface Run {
  readonly text: string;
  readonly bold?: true;
  readonly subtle?: true;
  readonly mono?: true;
  readonly color?: 'good' | 'warning' | 'attention' | 'accent';
}
export type Words = readonly Run[];
export type Value = string | number | Words;

/**
 * A sentence of ours with given values in it. Values are cleaned here, so that nothing imported, pasted or
 * reported reaches a card in any other way.
 */
export function say(parts: TemplateStringsArray, ...values: readonly Value[]): Words {
  const runs: Run[] = [];
  parts.forEach((part, index) => {
    if (part !== '') runs.push({ text: part });
    const value = values[index];
    if (value !== undefined) runs.push(...wordsOf(value));
  });
  return merged(runs);
}

export function wordsOf(value: Value): Words {
  if (typeof value === 'object') return value;
  const text = clean(String(value));
  return text === '' ? [] : [{ text }];
}

export function bold(value: Value): Words {
  return wordsOf(value).map((run) => ({ ...run, bold: true }));
}

export function subtle(value: Value): Words {
  return wordsOf(value).map((run) => ({ ...run, subtle: true }));
}

/** Commands and addresses: whole, even when long. */
export function mono(value: string): Words {
  return [{ text: clean(value, 4000), mono: true }];
}

export function colored(value: Value, color: Run['color']): Words {
  return color === undefined ? wordsOf(value) : wordsOf(value).map((run) => ({ ...run, color }));
}

export function joined(list: readonly Words[], separator: string): Words {
  return list.flatMap((words, index) => (index === 0 ? words : [{ text: separator }, ...words]));
}

/** The same in plain text, for terminals. */
export function plain(words: Words): string {
  return broken(words.map((run) => (run.mono ? run.text : inert(run.text))).join(''));
}

/** Words can end up where a client reads Markdown or mentions; commands stay as they are. */
function inert(text: string): string {
  return text.replace(/\](?=\()/g, '] ').replace(/<(?=[a-z/!])/gi, '< ');
}

const MAX_LENGTH = 600;

// Bidi and zero-width characters can make a name read as another one; C0 and C1 controls move terminals.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed here
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const INVISIBLE = /[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/** A line to copy: what is seen is what is copied, and nothing else in it changes. */
export function visible(line: string): string {
  return line.toWellFormed().replace(CONTROLS, '').replace(INVISIBLE, '');
}

/** Text from elsewhere, made safe to show: no controls, no card functions, no template marks, not endless. */
export function clean(text: string, max = MAX_LENGTH): string {
  const one = text
    .toWellFormed()
    .replace(/\r\n?|\u2028|\u2029/g, '\n')
    .replace(CONTROLS, ' ')
    .replace(INVISIBLE, '');
  const short = one.length > max ? `${one.slice(0, max).toWellFormed()}…` : one;
  return broken(short);
}

/** Teams expands `{{DATE(…)}}`, templates expand `${…}`: neither may survive in text. */
function broken(text: string): string {
  return text.replace(/\{(?=\{)/g, '{ ').replace(/\$(?=\{)/g, '$ ');
}

/** Neighbours that look alike become one run: cards have a size limit. */
function merged(runs: readonly Run[]): Words {
  const result: Run[] = [];
  for (const run of runs) {
    const last = result.at(-1);
    if (last !== undefined && sameLooks(last, run)) {
      result[result.length - 1] = { ...last, text: broken(last.text + run.text) };
    } else {
      result.push(run);
    }
  }
  return result;
}

function sameLooks(a: Run, b: Run): boolean {
  return a.bold === b.bold && a.subtle === b.subtle && a.mono === b.mono && a.color === b.color;
}
