import { may } from '../core/authority.ts';
import { calendarDay } from '../core/calendar.ts';
import { withDuty } from '../core/duty.ts';
import type { CardId, PersonKey } from '../core/ids.ts';
import type { NoticeOf } from '../core/notice.ts';
import type { Clock, Random, ReadTx, Tx } from '../core/ports.ts';
import { readDays, readPeople, saysBack } from '../core/read-duty.ts';
import type { Person, RollOut, Site } from '../core/roll-out.ts';
import { nameOfPerson, nameOfSite, personName } from './names.ts';
import type { SaidDuty, SignInAnswer } from './sign-in-flows.ts';

const DEFAULT_TIME_ZONE = 'Asia/Tokyo';
const DAY_MS = 24 * 60 * 60 * 1000;

export interface DutyDeps {
  readonly clock: Clock;
  readonly random: Random;
}

/** The roll-out with who is on duty and who is away today, at each site by its own calendar. */
export async function rollOutToday(tx: ReadTx, clock: Clock): Promise<RollOut> {
  const rollOut = await tx.rollOut();
  const now = clock.now();
  const days = [-1, 0, 1].map((ahead) =>
    calendarDay(new Date(now.getTime() + ahead * DAY_MS), 'UTC'),
  );
  const [absences, lines] = [await tx.duty.absences(days), await tx.duty.lines(days)];
  if (absences.length === 0 && lines.length === 0) return rollOut;
  const dayAt = (site: Site): string => calendarDay(now, zoneOf(rollOut, site));
  return withDuty(rollOut, dayAt, absences, lines);
}

function zoneOf(rollOut: RollOut, site: Site | undefined): string {
  const profile = site ? rollOut.profileOf(site) : rollOut.profiles[0];
  return profile?.timeZone ?? DEFAULT_TIME_ZONE;
}

/** What was said about who is there and who is not: kept, with its line in the audit. */
export async function sayDuty(
  tx: Tx,
  deps: DutyDeps,
  given: Person,
  said: SaidDuty,
): Promise<SignInAnswer> {
  const rollOut = await tx.rollOut();
  const by = rollOut.person(given.key);
  if (!by) return refuse('not-known');
  return said.what === 'set-duty'
    ? setDuty(tx, deps, rollOut, by, said)
    : beAway(tx, deps, rollOut, by, said);
}

async function beAway(
  tx: Tx,
  deps: DutyDeps,
  rollOut: RollOut,
  by: Person,
  { what, text }: SaidDuty,
): Promise<SignInAnswer> {
  if (by.role !== 'engineer' && by.role !== 'lead') return refuse('not-allowed');
  const today = todayOf(rollOut, deps.clock, siteOf(rollOut, by));
  const said = readDays(text, today);
  const days = said.length > 0 || what === 'hand-duty' ? said : [today];
  if (days.length === 0 || days.some((day) => day < today)) return refuse('day-needed');
  if (what === 'absent' && saysBack(text)) {
    for (const day of days) await tx.duty.dropAbsence(by.key, day);
    return note(tx, deps, by, { what: 'back', person: by }, days);
  }
  if (what === 'absent') {
    for (const day of days) await tx.duty.putAbsence({ person: by.key, day });
    return note(tx, deps, by, { what: 'absent', person: by }, days);
  }
  const standIn = oneOf(rollOut, text, by.key);
  if (!standIn) return refuse('person-needed');
  for (const day of days) await tx.duty.putAbsence({ person: by.key, day, standIn: standIn.key });
  await tell(tx, deps, standIn, { what: 'handed-over', person: by, standIn }, days);
  return note(tx, deps, by, { what: 'handed-over', person: by, standIn }, days);
}

async function setDuty(
  tx: Tx,
  deps: DutyDeps,
  rollOut: RollOut,
  by: Person,
  { text, sites }: SaidDuty,
): Promise<SignInAnswer> {
  if (by.role !== 'lead') return refuse('not-allowed');
  const places = sites.flatMap((code) => rollOut.site(code) ?? []);
  if (places.length === 0) return refuse('site-needed');
  const person = oneOf(rollOut, text, undefined);
  if (!person) return refuse('person-needed');
  const today = todayOf(rollOut, deps.clock, places[0]);
  const said = readDays(text, today);
  const days = said.length > 0 ? said : [today];
  if (days.some((day) => day < today)) return refuse('day-needed');
  for (const { code } of places) {
    for (const day of days) await tx.duty.putLine({ site: code, day, person: person.key });
  }
  const set = { what: 'set', person, sites: places } as const;
  if (person.key !== by.key) await tell(tx, deps, person, set, days);
  return note(tx, deps, by, set, days);
}

interface Said {
  readonly what: NoticeOf<'duty'>['what'];
  readonly person: Person;
  readonly standIn?: Person;
  readonly sites?: readonly Site[];
}

function noticeOf({ what, person, standIn, sites = [] }: Said, days: readonly string[]) {
  const [from = ''] = days;
  return {
    kind: 'duty',
    what,
    person: nameOfPerson(person),
    ...(standIn && { standIn: nameOfPerson(standIn) }),
    sites: sites.map(nameOfSite),
    from,
    until: days.at(-1) ?? from,
  } as const satisfies NoticeOf<'duty'>;
}

async function note(
  tx: Tx,
  deps: DutyDeps,
  by: Person,
  said: Said,
  days: readonly string[],
): Promise<SignInAnswer> {
  const { what, person, standIn, sites = [] } = said;
  const facts = {
    person: person.key,
    days: days.join(' '),
    ...(standIn && { standIn: standIn.key }),
  };
  const at = deps.clock.now();
  const event = `duty-${what}`;
  for (const site of sites)
    await tx.audit.append({ at, event, by: by.key, site: site.code, facts });
  if (sites.length === 0) await tx.audit.append({ at, event, by: by.key, facts });
  return { notice: noticeOf(said, days) };
}

/** Whoever stands in hears of it in their own chat. */
async function tell(
  tx: Tx,
  { clock, random }: DutyDeps,
  to: Person,
  said: Said,
  days: readonly string[],
): Promise<void> {
  const audience = { kind: 'person', person: to.key } as const;
  await tx.cards.post(random.id() as CardId, audience, noticeOf(said, days), clock.now());
}

/** The one engineer or lead a sentence names beside its sender. */
function oneOf(rollOut: RollOut, text: string, but: PersonKey | undefined): Person | undefined {
  const named = readPeople(text, rollOut)
    .filter((key) => key !== but)
    .flatMap((key) => rollOut.person(key) ?? [])
    .filter((person) => person.role === 'engineer' || person.role === 'lead');
  return named.length === 1 ? named[0] : undefined;
}

function todayOf(rollOut: RollOut, clock: Clock, site: Site | undefined): string {
  return calendarDay(clock.now(), zoneOf(rollOut, site));
}

function siteOf(rollOut: RollOut, { key }: Person): Site | undefined {
  return rollOut.sites.find((site) => site.engineer === key || site.deputy === key);
}

function refuse(reason: NoticeOf<'refusal'>['reason']): SignInAnswer {
  return { notice: { kind: 'refusal', reason } };
}

/** 「連絡テスト」 may be said again after so long; before that only the list is given. */
const TESTED_AGAIN_MS = 10 * 60 * 1000;
const TESTED_AT = 'contact-test-at';

/** A harmless card to each person's own chat, and who can be reached there and why not. */
export async function testContact(tx: Tx, deps: DutyDeps, given: Person): Promise<SignInAnswer> {
  const by = (await tx.rollOut()).person(given.key);
  if (!by) return refuse('not-known');
  if (by.role === 'auditor' || !may({ kind: 'person', person: by }, 'see-everything')) {
    return refuse('not-allowed');
  }
  const { clock, random } = deps;
  const at = clock.now();
  const before = await tx.settings.get(TESTED_AT);
  const tests = before === undefined || at.getTime() - Date.parse(before) >= TESTED_AGAIN_MS;
  const rows = await whoCanBeReached(tx, clock);
  if (tests) {
    await tx.settings.set(TESTED_AT, at.toISOString());
    const notice = { kind: 'contact-test', by: nameOfPerson(by), at } as const;
    for (const { person, obstacle } of rows) {
      if (obstacle === 'blocked' || obstacle === 'not-in-roster' || obstacle === 'no-account')
        continue;
      const audience = { kind: 'person', person: person.key } as const;
      await tx.cards.post(random.id() as CardId, audience, notice, at);
    }
    const reached = rows.filter(({ obstacle }) => obstacle === undefined).length;
    const facts = { people: rows.length, reached };
    await tx.audit.append({ at, event: 'contact-tested', by: by.key, facts });
  }
  return { notice: { kind: 'reachable', tested: tests, rows } };
}

/** Everyone of the roll-out: those who cannot be reached come first. */
export async function whoCanBeReached(
  tx: ReadTx,
  clock: Clock,
): Promise<NoticeOf<'reachable'>['rows']> {
  const rollOut = await tx.rollOut();
  const today = todayOf(rollOut, clock, undefined);
  const away = new Set((await tx.duty.absences([today])).map((one) => one.person));
  const rows: NoticeOf<'reachable'>['rows'][number][] = [];
  for (const person of rollOut.people) {
    const chat = await tx.conversations.personal(person.key);
    const obstacle =
      chat?.suspended ??
      (chat ? undefined : person.aadObjectId === undefined ? 'no-account' : 'never-wrote');
    const name = personName(rollOut, person.key) ?? nameOfPerson(person);
    rows.push({
      person: name,
      role: person.role,
      ...(obstacle && { obstacle }),
      ...(away.has(person.key) && { away: true }),
    });
  }
  return rows.toSorted(
    (a, b) => Number(a.obstacle === undefined) - Number(b.obstacle === undefined),
  );
}
