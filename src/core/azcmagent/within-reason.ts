/**
 * A text with more lines than anyone pastes keeps its beginning and, because the newest lines of a log come
 * last, most of its end; `skipped` says how many lines between them were not read.
 */
export function withinReason(text: string): { readonly text: string; readonly skipped: number } {
  let lines = 1;
  let head = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    lines += 1;
    if (lines === FIRST_LINES) head = at;
  }
  if (lines <= FIRST_LINES + LAST_LINES) return { text, skipped: 0 };
  let tail = text.length;
  for (let count = 0; count < LAST_LINES; count += 1) tail = text.lastIndexOf('\n', tail - 1);
  return {
    text: `${text.slice(0, head)}\n${text.slice(tail)}`,
    skipped: lines - FIRST_LINES - LAST_LINES,
  };
}

const FIRST_LINES = 2_000;
const LAST_LINES = 8_000;
