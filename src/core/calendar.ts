/** The calendar day of an instant in a time zone, `YYYY-MM-DD`; an unknown zone is read as UTC. */
export function calendarDay(at: Date, timeZone: string): string {
  return formatFor(timeZone).format(at);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = make(timeZone) ?? make('UTC') ?? new Intl.DateTimeFormat('sv-SE');
  formats.set(timeZone, made);
  return made;
}

/** Swedish writes dates as ISO does. */
function make(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  } catch {
    return undefined;
  }
}
