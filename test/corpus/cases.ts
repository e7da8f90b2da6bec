import { readdirSync, readFileSync } from 'node:fs';
import type { Expectations } from '../../src/core/diagnose/index.ts';
import type { OutputKind, Owner, Verdict } from '../../src/core/network-check.ts';

/**
 * A case is two files: `cases/<name>.txt`, what was pasted, and `cases/<name>.expect.json`, what must be
 * said about it. Adding a case from the field needs nothing else.
 */
export interface Case {
  readonly name: string;
  readonly text: string;
  readonly expect: Expect;
}

export interface Expect {
  /** False: copied from a real log, issue or document. */
  readonly made: boolean;
  readonly origin?: string;
  readonly route?: Expectations['route'];
  /** The site's own values. */
  readonly site?: Partial<Expectations>;
  readonly kind?: OutputKind;
  readonly verdict?: Verdict;
  /** All of them, in any order: nothing else may be found. */
  readonly findings: readonly { readonly id: string; readonly owner: Owner }[];
  readonly facts?: Readonly<Record<string, string>>;
  readonly codeRemoved?: boolean;
  /** Part of the line that tells: what a cut copy must still hold. */
  readonly evidence?: string;
  /** Where the rule comes from: an id or a URL. */
  readonly source: string;
}

const FOLDER = new URL('./cases/', import.meta.url);

export function readCases(): Case[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.expect.json'))
    .sort()
    .map((file) => {
      const name = file.replace(/\.expect\.json$/, '');
      return {
        name,
        text: readFileSync(new URL(`${name}.txt`, FOLDER), 'utf8'),
        expect: JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Expect,
      };
    });
}
