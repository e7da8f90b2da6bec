import iconv from 'iconv-lite';
import type { KitText } from '../core/kit-request.ts';
import { readBase64 } from './base64.ts';

/** The last 24 KB of what azcmagent printed. */
export const MAX_TEXT_BYTES = 24 * 1024;

/** Raw console output as text: what a byte order mark says, else UTF-8, else code page 932, else Latin-1. */
export function readKitText(base64: string): KitText | undefined {
  const bytes = readBase64(base64);
  return bytes && bytes.length <= MAX_TEXT_BYTES ? decode(bytes) : undefined;
}

function decode(bytes: Buffer): KitText {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    return { text: bytes.subarray(2).toString('utf16le'), decodedAs: 'utf-16le' };
  }
  const utf8 = decodeTail(bytes);
  if (utf8 !== undefined) return { text: utf8, decodedAs: 'utf-8' };
  const cp932 = iconv.decode(bytes, 'cp932');
  if (!cp932.includes('\uFFFD')) return { text: cp932, decodedAs: 'cp932' };
  return { text: bytes.toString('latin1'), decodedAs: 'latin1' };
}

/** The kit cuts long output at bytes, maybe within a character: up to 3 leftover bytes are dropped then. */
function decodeTail(bytes: Buffer): string | undefined {
  const mayBeCut = bytes.length === MAX_TEXT_BYTES;
  let start = 0;
  while (mayBeCut && start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(start));
  } catch {
    return undefined;
  }
}
