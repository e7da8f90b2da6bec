/**
 * The text of a saved console output: UTF-8, UTF-16 (Windows PowerShell's `>`), or Japanese Windows' code
 * page 932. Undefined for what is no text.
 */
export function decodeBytes(bytes: Uint8Array): string | undefined {
  const text = utf16(bytes) ?? read('utf-8', bytes) ?? read('shift_jis', bytes);
  if (text === undefined) return undefined;
  return isText(text) ? text : undefined;
}

function utf16(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return read('utf-16le', bytes);
  if (first === 0xfe && second === 0xff) return read('utf-16be', bytes);
  // Without its mark: plain letters leave every other byte empty.
  const head = bytes.subarray(0, 512);
  const empty = (from: 0 | 1): number =>
    head.reduce((sum, byte, at) => sum + (at % 2 === from && byte === 0 ? 1 : 0), 0);
  const most = head.length * 0.3;
  if (head.length < 8 || Math.max(empty(0), empty(1)) < most) return undefined;
  return read(empty(1) > empty(0) ? 'utf-16le' : 'utf-16be', bytes);
}

function read(encoding: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Consoles print tabs, line ends, colours, bells; a file with many other controls is a picture or archive. */
function isText(text: string): boolean {
  const head = text.slice(0, 8_000);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they tell text from the rest
  const controls = head.match(/[\u0000-\u0006\u000e-\u001a\u001c-\u001f\ufffd]/g)?.length ?? 0;
  return controls * 50 <= head.length;
}
