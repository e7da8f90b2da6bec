/**
 * What Teams made of a typed or pasted message, as the words on the screen: `<br>`, `<p>`, `<pre>` and code
 * blocks become lines, other tags of its editor go, entities are undone once. What merely looks like a tag,
 * such as `<tenant id>`, stays. One pass each, and no pattern can backtrack.
 */
export function plainOf(text: string): string {
  const lines = text
    .replaceAll('\u00a0', ' ')
    .replace(/\r\n?/g, '\n')
    .replace(/<br\b[^<>]{0,100}>\n?/gi, '\n')
    .replace(/<\/(?:p|div|pre|codeblock|li|tr|h[1-6]|blockquote)>\n?/gi, '\n')
    .replace(/<\/t[dh]>/gi, '\t')
    .replace(EDITOR_TAG, '');
  return unescaped(lines).trim();
}

const EDITOR_TAG =
  /<\/?(?:p|div|pre|code|codeblock|span|b|i|u|s|em|strong|strike|font|a|ul|ol|li|table|tbody|thead|tr|td|th|blockquote|h[1-6]|hr|img|attachment|at|emoji)(?:\s[^<>]{0,2000})?\/?>/gi;

const NAMED: Readonly<Record<string, string>> = {
  nbsp: ' ',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  amp: '&',
};

/** In one pass, so that nothing is undone twice. */
function unescaped(text: string): string {
  return text.replace(
    /&(?:(nbsp|lt|gt|quot|apos|amp)|#(\d{1,5})|#x([0-9a-f]{1,4}));/gi,
    (...found) => {
      const [entity, name, decimal, hex] = found as (string | undefined)[];
      if (name !== undefined) return NAMED[name.toLowerCase()] ?? entity ?? '';
      const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      if (point === 160) return ' ';
      return point === 9 || point === 10 || point >= 32 ? String.fromCharCode(point) : '';
    },
  );
}
