/**
 * What happens to output on its way into a chat: broken by a terminal, coloured, escaped, quoted, cut and
 * mixed with talk. Seeded, so a failing variation comes back.
 */
export interface Variation {
  readonly name: string;
  readonly text: string;
}

export type Random = () => number;

/** Mulberry32. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** All variations of a text that must mean the same; `evidence` is what a cut may not lose. */
export function variations(text: string, random: Random, evidence?: string): Variation[] {
  const widths = [80, 100, 120].toSorted(() => random() - 0.5);
  const made: Variation[] = [
    { name: `wrapped at ${widths[0]}`, text: wrap(text, widths[0] ?? 80) },
    { name: 'coloured', text: colour(text, random) },
    { name: 'escaped for HTML', text: escapeHtml(text) },
    { name: 'quoted', text: text.replace(/^/gm, '> ') },
    { name: 'fenced and introduced', text: `確認をお願いします。\n\`\`\`\n${text}\n\`\`\`\n` },
    { name: 'with Windows line ends', text: text.replace(/\n/g, '\r\n') },
    { name: 'between talk', text: `${pick(BEFORE, random)}\n\n${text}\n\n${pick(AFTER, random)}` },
    { name: 'after a shell prompt', text: `PS C:\\Windows\\system32> cls\n${text}` },
    { name: 'coloured and wrapped', text: colour(wrap(text, widths[1] ?? 100), random) },
  ];
  if (evidence) made.push({ name: 'cut', text: cut(text, random, evidence) });
  return made;
}

/** As a terminal does: after so many characters, inside words too. */
export function wrap(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => line.match(new RegExp(`.{1,${width}}`, 'g')) ?? [''])
    .join('\n');
}

function colour(text: string, random: Random): string {
  const esc = String.fromCharCode(27);
  return text.replace(/\b(?:INFO|ERROR|FATAL|true|false|Connected|ENDPOINT|https)\b/g, (word) =>
    random() < 0.7 ? `${esc}[${31 + Math.floor(random() * 6)}m${word}${esc}[0m` : word,
  );
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Loses lines at both ends, but keeps the one that tells. */
function cut(text: string, random: Random, evidence: string): string {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.includes(evidence));
  const first = Math.floor(random() * (at + 1));
  const rest = lines.length - at - 1;
  const last = at + 1 + Math.floor(random() * (rest + 1));
  return lines.slice(first, last).join('\n');
}

function pick(list: readonly string[], random: Random): string {
  return list[Math.floor(random() * list.length)] ?? '';
}

const BEFORE = [
  'お疲れさまです。実行した結果です。',
  '現地の山本です。下のとおり表示されました。',
  'Hi, this is what the server shows:',
];
const AFTER = ['よろしくお願いします。', '次はどうすればよいでしょうか。', 'Thanks!'];
