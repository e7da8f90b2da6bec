import { slips } from './slips.ts';

/** Mends one slip of the finger in the words that questions are made of: `staus`, `netwrok`. */
export function correctWords(text: string): string {
  return text.replace(/(?<![a-z0-9_-])[a-z]{5,14}(?![a-z0-9_-])/g, (word) => mended(word) ?? word);
}

function mended(word: string): string | undefined {
  if (KNOWN.has(word) || REAL_WORDS.has(word)) return undefined;
  const near = WORDS.filter(
    (known) => known.charAt(0) === word.charAt(0) && slips(known, word, 1) <= 1,
  );
  return near.length === 1 ? near[0] : undefined;
}

const WORDS =
  `status progress network connect command settings extension history alerts blocked disconnected
arrived replace installed missing engineer endpoints overall pending server servers machine defender monitor
shipped powered delayed offline waiting errors responsible requirements private firewall download`.split(
    /\s+/,
  );
const KNOWN = new Set(WORDS);

/** Words of their own that are one letter away from those. */
const REAL_WORDS = new Set(
  `alert error commands connects connected extensions machines states stats skipped slipped whipped severs serves
served serve arrives replaced replacer mission misting erros endpoint monitors defenders waited wafting requirement`.split(
    /\s+/,
  ),
);
