import type { PersonKey, SiteCode } from './ids.ts';
import { RollOut, type Site } from './roll-out.ts';

/** Someone is away on a calendar day; what is theirs then is the stand-in's, where one was named. */
export interface Absence {
  readonly person: PersonKey;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly standIn?: PersonKey;
}

/** A lead's word: on that day this person is asked first at that site. */
export interface DutyLine {
  readonly site: SiteCode;
  readonly day: string;
  readonly person: PersonKey;
}

/** Who is asked first at a site on its day; undefined: its engineer, as the roll-out says. */
export function onDutyAt(
  site: Site,
  absences: readonly Absence[],
  lines: readonly DutyLine[],
): PersonKey | undefined {
  const line = lines.find((one) => one.site === site.code);
  if (line) return line.person;
  const away = absences.find((one) => one.person === site.engineer);
  return away?.standIn;
}

/** The roll-out as it is today: at each site who is on duty, and who is away. */
export function withDuty(
  rollOut: RollOut,
  dayAt: (site: Site) => string,
  absences: readonly Absence[],
  lines: readonly DutyLine[],
): RollOut {
  const sites = rollOut.sites.map((site): Site => {
    const day = dayAt(site);
    const today = absences.filter((one) => one.day === day);
    const onDuty = onDutyAt(
      site,
      today,
      lines.filter((one) => one.day === day),
    );
    const away = today.map((one) => one.person);
    const deputy = today.find((one) => one.person === site.deputy)?.standIn;
    return {
      ...site,
      ...(onDuty && { onDuty }),
      ...(deputy && { deputy }),
      ...(away.length > 0 && { away }),
    };
  });
  const { profiles, machines, people } = rollOut;
  return new RollOut({ profiles, sites, machines, people });
}
