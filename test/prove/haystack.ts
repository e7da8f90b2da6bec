import { Buffer } from 'node:buffer';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CANARY } from '../support/made-codes.ts';

/**
 * Every way in which the head that all canaries share could stand in some bytes: as it is, in UTF-16, as
 * hex, and inside base64 at each of its three offsets.
 */
const NEEDLES: readonly Buffer[] = [
  Buffer.from(CANARY),
  Buffer.from(CANARY.toLowerCase()),
  Buffer.from(CANARY, 'utf16le'),
  Buffer.from(CANARY, 'utf16le').swap16(),
  Buffer.from(Buffer.from(CANARY).toString('hex')),
  ...[0, 1, 2].map((offset) => Buffer.from(base64At(offset))),
];

/** The characters of base64 that depend on the head alone, with so many bytes before it. */
function base64At(offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(CANARY)]);
  const first = Math.ceil((offset * 8) / 6);
  const last = Math.floor((bytes.length * 8) / 6);
  return bytes.toString('base64').slice(first, last);
}

/** Where canaries were found, by place, with what stood around them. */
export class Haystack {
  readonly found = new Map<string, string>();
  bytes = 0;

  look(place: string, hay: Buffer | string): void {
    const bytes = typeof hay === 'string' ? Buffer.from(hay) : hay;
    this.bytes += bytes.length;
    for (const needle of NEEDLES) {
      for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) {
        const around = bytes.subarray(Math.max(0, at - 80), at + 40).toString('latin1');
        this.found.set(`${place} ${bytes.subarray(at, at + 9).toString('latin1')}`, around);
      }
    }
  }

  /** Every file below a folder: the store, its log of changes, and whatever else lies there. */
  lookOnDisk(folder: string): void {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const path = join(folder, name);
      if (existsSync(path) && statSync(path).isFile()) this.look(name, readFileSync(path));
    }
  }
}
