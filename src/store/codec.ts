/**
 * Core values as JSON text. An instant under a name that is `at` or ends in `At` stands as ISO text and
 * revives as Date; anywhere else it is wrapped as `{"$at": …}`. A text that only looks like an instant under
 * such a name is wrapped as `{"$text": …}`, so that a tag someone in Azure named `createdAt` stays a text.
 */
export function encode(value: unknown): string {
  return JSON.stringify(toPlain(value, '', keepOrder));
}

/** The same, names sorted: equal values give equal text. */
export function canonical(value: unknown): string {
  return JSON.stringify(toPlain(value, '', sortNames));
}

export function decode<T>(text: string): T {
  return revive(JSON.parse(text), '') as T;
}

export function same(left: unknown, right: unknown): boolean {
  return canonical(left) === canonical(right);
}

const TEXT = '$text';
const DATE = '$at';
const INSTANT = /^(?:\d{4}|[+-]\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const keepOrder = (names: string[]): string[] => names;
const sortNames = (names: string[]): string[] => names.sort();

function namesInstant(name: string): boolean {
  return name === 'at' || name.endsWith('At');
}

function toPlain(value: unknown, name: string, order: (names: string[]) => string[]): unknown {
  if (typeof value === 'string') {
    return namesInstant(name) && INSTANT.test(value) ? { [TEXT]: value } : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) {
    return namesInstant(name) ? value.toISOString() : { [DATE]: value.toISOString() };
  }
  if (Array.isArray(value)) return value.map((item) => toPlain(item, '', order));
  const entries = order(Object.keys(value)).map((key) => [
    key.startsWith('$') ? `$${key}` : key,
    toPlain((value as Record<string, unknown>)[key], key, order),
  ]);
  return Object.fromEntries(entries);
}

/** Changes parsed JSON where it stands: most of it is as it should be. */
function revive(value: unknown, name: string): unknown {
  if (typeof value === 'string') {
    return namesInstant(name) && INSTANT.test(value) ? new Date(value) : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      if (typeof item === 'object') value[index] = revive(item, '');
    }
    return value;
  }
  const record = value as Record<string, unknown>;
  const names = Object.keys(record);
  if (names.length === 1 && names[0] === TEXT) return record[TEXT];
  if (names.length === 1 && names[0] === DATE) return new Date(String(record[DATE]));
  for (const key of names) record[key] = revive(record[key], key);
  if (!names.some((key) => key.startsWith('$'))) return record;
  return Object.fromEntries(
    Object.entries(record).map(([key, item]) => [key.startsWith('$') ? key.slice(1) : key, item]),
  );
}
