import { isIPv6 } from 'node:net';
import { z } from 'zod';
import type { CellProblem } from './messages.ts';

/** One schema per kind of cell: text in, checked and tidied value out. Messages are ids of messages.ts. */

const LONGEST = 200;
/** Controls, line breaks of all kinds, and what turns the direction of text around. */
const HIDDEN = /[\p{Cc}\u2028\u2029\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/u;

export const text = z
  .string()
  .refine((value) => !HIDDEN.test(value) && value.isWellFormed(), problem('hidden-characters'))
  .transform((value) => value.trim())
  .refine((value) => value.length <= LONGEST, problem('too-long'));

export const filled = text.refine((value) => value !== '', problem('empty'));

export function matching(pattern: RegExp, id: CellProblem) {
  return filled.refine((value) => pattern.test(value), problem(id));
}

/** Absent when the cell is blank. */
export function optional<T>(schema: z.ZodType<T, string>) {
  return z.string().transform((value, check): T | undefined => {
    if (value.trim() === '') return undefined;
    return passOn(schema.safeParse(value), check);
  });
}

/** Hands what an inner schema found to the outer one. */
function passOn<T>(result: z.ZodSafeParseResult<T>, check: z.RefinementCtx): T {
  if (result.success) return result.data;
  for (const { message } of result.error.issues) check.addIssue({ code: 'custom', message });
  return z.NEVER;
}

/** The value of a blank cell. */
export function orElse<T>(schema: z.ZodType<T, string>, value: T) {
  return optional(schema).transform((given) => given ?? value);
}

export function oneOf<const T extends string>(words: readonly T[], id: CellProblem) {
  return filled.transform((value, check) => {
    const word = words.find((one) => one.toLowerCase() === value.toLowerCase());
    if (word !== undefined) return word;
    check.addIssue({ code: 'custom', ...problem(id) });
    return z.NEVER;
  });
}

export const code = matching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'code');
export const key = matching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'key');
/**
 * Microsoft.HybridCompute/machines: `[a-zA-Z0-9-_\.]+`, 54 at most (its REST specification). Beginning with
 * a letter or digit it can stand in a command line and as a folder's name.
 */
export const machineName = matching(
  /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,52}[A-Za-z0-9_-])?$/,
  'machine-name',
);

const GUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

export const guid = filled
  .transform((value) => value.toLowerCase())
  .refine(
    (value) => new RegExp(`^${GUID}$`).test(value) && !/^[0-]+$/.test(value),
    problem('guid'),
  );

export const resourceGroup = matching(
  /^[\p{L}\p{N}_.()-]{0,89}[\p{L}\p{N}_()-]$/u,
  'resource-group',
);

export function resourceId(type: string, id: CellProblem) {
  return matching(resourceIdPattern(type), id);
}

function resourceIdPattern(type: string): RegExp {
  const provider = type.replaceAll('.', '\\.');
  return new RegExp(
    `^/subscriptions/${GUID}/resourceGroups/[^/\\s]{1,90}/providers/${provider}/[^/\\s]{1,128}$`,
    'i',
  );
}

export const workspace = filled.refine(
  (value) =>
    new RegExp(`^${GUID}$`, 'i').test(value) ||
    resourceIdPattern('Microsoft.OperationalInsights/workspaces').test(value),
  problem('workspace'),
);

export const timeZone = filled.refine((value) => {
  if (!/^[A-Za-z]/.test(value)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}, problem('time-zone'));

export const wave = filled
  .transform((value) => value.normalize('NFKC'))
  .refine((value) => /^\d{1,3}$/.test(value), problem('wave'))
  .transform(Number);

/** A real day. Excel in Japan rewrites 2026-10-05 as 2026/10/5 when it saves. */
export const day = filled.transform((value, check) => {
  const [, year = '', month = '', date = ''] =
    /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(value.normalize('NFKC')) ?? [];
  const iso = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  const read = new Date(`${iso}T00:00:00Z`);
  if (!Number.isNaN(read.getTime()) && read.toISOString().startsWith(iso)) return iso;
  check.addIssue({ code: 'custom', ...problem('date') });
  return z.NEVER;
});

export const subnet = filled.refine(isSubnet, problem('subnet'));

function isSubnet(value: string): boolean {
  const [address = '', length = '', more] = value.split('/');
  if (more !== undefined || !/^\d{1,3}$/.test(length)) return false;
  if (isIPv6(address)) return Number(length) <= 128;
  const parts = address.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part))) return false;
  const bytes = parts.map(Number);
  const bits = Number(length);
  if (bits > 32 || bytes.some((byte) => byte > 255)) return false;
  const number = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  return number % 2 ** (32 - bits) === 0;
}

/** `http://host:port` and nothing else, as azcmagent and both extensions take it. */
export const proxyUrl = filled
  .refine((value) => !value.includes('@'), { ...problem('proxy-credentials'), abort: true })
  .transform((value) => value.replace(/\/$/, ''))
  .refine((value) => {
    const [, port] =
      /^http:\/\/(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]):(\d{1,5})$/.exec(
        value,
      ) ?? [];
    return port !== undefined && Number(port) >= 1 && Number(port) <= 65_535;
  }, problem('proxy'));

export const phone = filled
  .transform((value) => value.normalize('NFKC').replace(/[‐‑–—−]/g, '-'))
  .refine((value) => /^\+?[0-9][0-9 ()-]{1,28}[0-9]$/.test(value), problem('phone'));

export const upn = filled
  .refine((value) => !/#EXT#/i.test(value), { ...problem('guest'), abort: true })
  .refine((value) => /^[^\s@#]{1,64}@[^\s@]+\.[^\s@]+$/.test(value), problem('upn'));

/** Values separated by semicolons, or a JSON list where a value holds one itself. */
export const list = text.transform((value, check): readonly string[] => {
  const read = readList(value);
  if (read) return [...new Set(read.map((item) => item.trim()).filter((item) => item !== ''))];
  check.addIssue({ code: 'custom', ...problem('list') });
  return z.NEVER;
});

function readList(value: string): string[] | undefined {
  if (!value.startsWith('[')) return value.split(/[;;]/);
  const parsed = z.array(z.string()).safeParse(parseJson(value));
  return parsed.success && parsed.data.every((item) => !HIDDEN.test(item))
    ? parsed.data
    : undefined;
}

export function listOf<T>(item: z.ZodType<T, string>) {
  return list.transform((values, check): readonly T[] =>
    values.map((value) => passOn(item.safeParse(value), check)),
  );
}

const PLACEHOLDERS: ReadonlySet<string> = new Set(['{code}', '{name_en}', '{prefecture}']);

/** `name=value` separated by semicolons, or a JSON object. */
export const tags = z
  .string()
  .refine((value) => !HIDDEN.test(value), problem('hidden-characters'))
  .transform((value, check): Readonly<Record<string, string>> => {
    const entries = readTags(value.trim());
    const wrong = entries === undefined ? 'tags' : entries.map(tagProblem).find(Boolean);
    if (entries && !wrong) return Object.fromEntries(entries);
    check.addIssue({ code: 'custom', ...problem(wrong ?? 'tags') });
    return z.NEVER;
  });

function readTags(value: string): (readonly [string, string])[] | undefined {
  if (value.startsWith('{')) {
    const parsed = z.record(z.string(), z.string()).safeParse(parseJson(value));
    return parsed.success ? Object.entries(parsed.data) : undefined;
  }
  const parts = value.split(';').filter((part) => part.trim() !== '');
  const entries = parts.map((part) => {
    const equals = part.indexOf('=');
    return [part.slice(0, equals).trim(), part.slice(equals + 1).trim(), equals] as const;
  });
  if (entries.some(([name, , equals]) => equals < 1 || name === '')) return undefined;
  const names = new Set(entries.map(([name]) => name.toLowerCase()));
  return names.size === entries.length
    ? entries.map(([name, content]) => [name, content])
    : undefined;
}

function tagProblem([name, value]: readonly [string, string]): CellProblem | undefined {
  if (name.trim() === '' || name.length > 512 || /[<>%&\\?/]/.test(name)) return 'tag-name';
  if (value.length > 256) return 'tag-value';
  const used = value.match(/\{[^{}]*\}/g) ?? [];
  return used.every((one) => PLACEHOLDERS.has(one)) ? undefined : 'tag-placeholder';
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function problem(id: CellProblem): { message: CellProblem } {
  return { message: id };
}
