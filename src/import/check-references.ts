import type { PersonKey } from '../core/ids.ts';
import type { Machine, Person, Profile, RollOut, Site } from '../core/roll-out.ts';
import { type ImportMessage, SAY } from './messages.ts';
import type { PlacedRow, Reading } from './read-rows.ts';
import { warnRoads } from './warn-roads.ts';

/** All rows of one import, each right by itself. */
export interface Imported {
  readonly profiles: readonly PlacedRow<Profile>[];
  readonly sites: readonly PlacedRow<Site>[];
  readonly machines: readonly PlacedRow<Machine>[];
  readonly people: readonly PlacedRow<Person>[];
}

/** Looks at the rows together with each other and with what is known: `after` is how it all would be. */
export function checkReferences(imported: Imported, after: RollOut, reading: Reading): void {
  warnUnknown(imported, after, reading.warnings);
  warnRoads(imported, after, reading.warnings);
  checkPeople(imported, after, reading.errors);
  checkResponsible(imported, after, reading.errors);
}

function warnUnknown(imported: Imported, after: RollOut, warnings: ImportMessage[]): void {
  const warn = (at: PlacedRow, column: string, what: string): void => {
    const text = SAY['reference-unknown'](what);
    warnings.push({ file: at.file, row: at.row, column, text });
  };
  for (const at of imported.sites) {
    const { profile } = at.value;
    if (!after.profile(profile)) warn(at, 'profile', profile);
    for (const column of ['engineer', 'deputy'] as const) {
      const person = at.value[column];
      if (person !== undefined && !after.person(person)) warn(at, column, person);
    }
  }
  for (const at of imported.machines) {
    if (!after.site(at.value.site)) warn(at, 'site', at.value.site);
  }
  for (const at of imported.people) {
    for (const site of at.value.sites) {
      if (!after.site(site)) warn(at, 'sites', site);
    }
  }
}

/** Who is who must be certain: one person per object id and per principal name. */
function checkPeople(imported: Imported, after: RollOut, errors: ImportMessage[]): void {
  const holders = {
    aad_object_id: holdersOf(after, (person) => person.aadObjectId),
    upn: holdersOf(after, (person) => person.upn),
  };
  for (const at of imported.people) {
    const { key, role, aadObjectId, upn } = at.value;
    const place = { file: at.file, row: at.row };
    // Not one that was learned at a first contact: authority comes from the file alone.
    if ((role === 'engineer' || role === 'lead') && aadObjectId === undefined) {
      errors.push({ ...place, column: 'aad_object_id', text: SAY['object-id-needed']() });
    }
    for (const [column, value] of [
      ['aad_object_id', aadObjectId],
      ['upn', upn],
    ] as const) {
      const others = holders[column].get(value?.toLowerCase() ?? '') ?? [];
      const other = others.find((one) => one !== key);
      if (value !== undefined && other !== undefined) {
        errors.push({ ...place, column, text: SAY['taken-by'](other) });
      }
    }
  }
}

function holdersOf(
  after: RollOut,
  read: (person: Person) => string | undefined,
): Map<string, string[]> {
  const holders = new Map<string, string[]>();
  for (const person of after.people) {
    const value = read(person)?.toLowerCase();
    if (value !== undefined) holders.set(value, [...(holders.get(value) ?? []), person.key]);
  }
  return holders;
}

/** Authority never comes from a name: whoever is responsible for a site is known by their object id. */
function checkResponsible(imported: Imported, after: RollOut, errors: ImportMessage[]): void {
  for (const at of imported.sites) {
    for (const column of ['engineer', 'deputy'] as const) {
      const person = after.person(at.value[column] ?? '');
      const text = person && whyNotResponsible(person);
      if (text) errors.push({ file: at.file, row: at.row, column, text });
    }
  }
  const told = new Set(imported.sites.flatMap((at) => responsibleOf(at.value)));
  const responsible = new Set(after.sites.flatMap(responsibleOf));
  for (const at of imported.people) {
    const { key, role } = at.value;
    if (role === 'engineer' || role === 'lead' || told.has(key) || !responsible.has(key)) continue;
    errors.push({ file: at.file, row: at.row, column: 'role', text: SAY['not-an-engineer'](key) });
  }
}

function responsibleOf({ engineer, deputy }: Site): (PersonKey | undefined)[] {
  return [engineer, deputy];
}

function whyNotResponsible(person: Person) {
  if (person.role !== 'engineer' && person.role !== 'lead') {
    return SAY['not-an-engineer'](person.key);
  }
  return person.aadObjectId === undefined ? SAY['responsible-without-id'](person.key) : undefined;
}
