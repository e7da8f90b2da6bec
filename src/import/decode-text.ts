import iconv from 'iconv-lite';

/**
 * The text of a file in UTF-8 (with or without BOM) or Shift_JIS as Windows writes it (CP932); undefined
 * when it is neither. Bytes that are UTF-8 are taken as such: Japanese in CP932 practically never is.
 */
export function decodeText(bytes: Uint8Array): string | undefined {
  const utf8 = decodeUtf8(bytes);
  if (utf8 !== undefined) return utf8.includes('\0') ? undefined : utf8;
  if (startsWithBom(bytes) || isBrokenUtf8(bytes)) return undefined;
  const text = iconv.decode(bytes, 'cp932');
  if (text.includes('\uFFFD') || text.includes('\0')) return undefined;
  return isEucJp(bytes, text) ? undefined : text;
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    // Takes a BOM off.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function startsWithBom(bytes: Uint8Array): boolean {
  const [first, second, third] = bytes;
  const utf8 = first === 0xef && second === 0xbb && third === 0xbf;
  const utf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return utf8 || utf16;
}

/** UTF-8 that was cut or damaged somewhere: nearly all of it still reads as such, unlike Shift_JIS. */
function isBrokenUtf8(bytes: Uint8Array): boolean {
  const text = new TextDecoder('utf-8').decode(bytes);
  const foreign = count(text, /[^\0-\x7F]/g);
  const broken = count(text, /\uFFFD/g);
  return broken * 4 < foreign;
}

/** EUC-JP reads as Shift_JIS too, but as a row of half-width kana that nobody types. */
function isEucJp(bytes: Uint8Array, asShiftJis: string): boolean {
  const foreign = count(asShiftJis, /[^\0-\x7F]/g);
  if (count(asShiftJis, /[\uFF61-\uFF9F]/g) * 2 <= foreign) return false;
  const asEuc = iconv.decode(bytes, 'euc-jp');
  return !asEuc.includes('\uFFFD') && /[\u3041-\u30FE]/.test(asEuc);
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
