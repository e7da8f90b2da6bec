import { OpsBotError } from '../core/errors.ts';
import type { PersonKey } from '../core/ids.ts';
import type { PutCounts, RollOutWrites } from '../core/ports.ts';
import {
  type Machine,
  type Person,
  type Profile,
  RollOut,
  type RollOutRows,
  type Site,
} from '../core/roll-out.ts';
import { decode, encode, same } from './codec.ts';
import type { Db } from './engine.ts';
import { batches, currentNumber, lower, nextNumber } from './rows.ts';

const VERSION = 'roll-out';

/** The roll-out as last read, for as long as its version stands. One per store. */
export class RollOutCache {
  #kept: { version: number; rollOut: RollOut } | undefined;

  async get(db: Db): Promise<RollOut> {
    const version = await currentNumber(db, VERSION);
    if (this.#kept?.version !== version) {
      this.#kept = { version, rollOut: await loadRollOut(db) };
    }
    return this.#kept.rollOut;
  }
}

export async function loadRollOut(db: Db): Promise<RollOut> {
  const profiles = await db.selectFrom('profiles').selectAll().orderBy('position').execute();
  const sites = await db.selectFrom('sites').selectAll().orderBy('position').execute();
  const machines = await db.selectFrom('machines').selectAll().orderBy('position').execute();
  const people = await db.selectFrom('people').selectAll().orderBy('position').execute();
  return new RollOut({
    profiles: profiles.map((row) => decode<Profile>(row.body)),
    sites: sites.map((row) => decode<Site>(row.body)),
    machines: machines.map((row) => decode<Machine>(row.body)),
    people: people.map(toPerson),
  });
}

function toPerson(row: { body: string; learned_object_id: string | null }): Person {
  const person = decode<Person>(row.body);
  if (person.aadObjectId !== undefined || row.learned_object_id === null) return person;
  return { ...person, aadObjectId: row.learned_object_id };
}

type Kind = keyof RollOutRows;

/** What each table needs to know of its rows. */
const KINDS = {
  profiles: {
    key: (row: Profile) => row.name as string,
    insert: (db: Db, rows: readonly Placed<Profile>[]) =>
      db
        .insertInto('profiles')
        .values(rows.map(({ key, position, row }) => ({ name: key, position, body: encode(row) })))
        .onConflict((on) =>
          on.column('name').doUpdateSet((e) => ({ body: e.ref('excluded.body') })),
        )
        .execute(),
  },
  sites: {
    key: (row: Site) => row.code as string,
    insert: (db: Db, rows: readonly Placed<Site>[]) =>
      db
        .insertInto('sites')
        .values(rows.map(({ key, position, row }) => ({ code: key, position, body: encode(row) })))
        .onConflict((on) =>
          on.column('code').doUpdateSet((e) => ({ body: e.ref('excluded.body') })),
        )
        .execute(),
  },
  machines: {
    key: (row: Machine) => lower(row.name),
    insert: (db: Db, rows: readonly Placed<Machine>[]) =>
      db
        .insertInto('machines')
        .values(
          rows.map(({ key, position, row }) => ({
            machine: key,
            position,
            site: row.site,
            body: encode(row),
          })),
        )
        .onConflict((on) =>
          on
            .column('machine')
            .doUpdateSet((e) => ({ site: e.ref('excluded.site'), body: e.ref('excluded.body') })),
        )
        .execute(),
  },
} as const;

interface Placed<Row> {
  readonly key: string;
  readonly position: number;
  readonly row: Row;
}

export class RollOutTables implements RollOutWrites {
  readonly #db: Db;
  readonly #changed: () => void;

  constructor(db: Db, changed: () => void) {
    this.#db = db;
    this.#changed = changed;
  }

  putProfiles(rows: readonly Profile[]): Promise<PutCounts> {
    return this.#put('profiles', rows, KINDS.profiles.key, KINDS.profiles.insert);
  }

  putSites(rows: readonly Site[]): Promise<PutCounts> {
    return this.#put('sites', rows, KINDS.sites.key, KINDS.sites.insert);
  }

  putMachines(rows: readonly Machine[]): Promise<PutCounts> {
    return this.#put('machines', rows, KINDS.machines.key, KINDS.machines.insert);
  }

  async putPeople(rows: readonly Person[]): Promise<PutCounts> {
    const rollOut = await loadRollOut(this.#db);
    const learned = await this.#learned();
    // What was learned for a mail address stays while that address does and the file names no other id.
    const learnedFor = (row: Person): string | undefined => {
      const sameUpn = row.upn?.toLowerCase() === rollOut.person(row.key)?.upn?.toLowerCase();
      return row.aadObjectId === undefined && sameUpn ? learned.get(row.key) : undefined;
    };
    const merged = rows.map((row) => {
      const aadObjectId = learnedFor(row);
      return aadObjectId === undefined ? row : { ...row, aadObjectId };
    });
    const given = new Map(rows.map((row) => [row.key as string, row]));
    return this.#put(
      'people',
      merged,
      (row) => row.key,
      (db, placed) =>
        db
          .insertInto('people')
          .values(
            placed.map(({ key, position, row }) => ({
              key,
              position,
              learned_object_id: learnedFor(given.get(key) ?? row) ?? null,
              body: encode(given.get(key) ?? row),
            })),
          )
          .onConflict((on) =>
            on.column('key').doUpdateSet((e) => ({
              body: e.ref('excluded.body'),
              learned_object_id: e.ref('excluded.learned_object_id'),
            })),
          )
          .execute(),
    );
  }

  async learnObjectId(person: PersonKey, aadObjectId: string): Promise<void> {
    const rollOut = await loadRollOut(this.#db);
    const holder = rollOut.personByObjectId(aadObjectId);
    if (holder?.key === person) return;
    if (holder) throw new OpsBotError('VALUE_REFUSED', `this object id is ${holder.key}'s`);
    if (!rollOut.person(person)) throw new OpsBotError('PERSON_UNKNOWN', person);
    await this.#db
      .updateTable('people')
      .set({ learned_object_id: aadObjectId })
      .where('key', '=', person)
      .execute();
    await this.#bump();
  }

  async #learned(): Promise<Map<string, string>> {
    const rows = await this.#db
      .selectFrom('people')
      .select(['key', 'learned_object_id'])
      .where('learned_object_id', 'is not', null)
      .execute();
    return new Map(rows.map((row) => [row.key, row.learned_object_id ?? '']));
  }

  async #put<Row>(
    kind: Kind,
    rows: readonly Row[],
    keyOf: (row: Row) => string,
    insert: (db: Db, rows: readonly Placed<Row>[]) => Promise<unknown>,
  ): Promise<PutCounts> {
    const known = await this.#known(kind, keyOf);
    const last = new Map(rows.map((row) => [keyOf(row), row]));
    const counts = { added: 0, changed: 0, same: 0 };
    const written: Placed<Row>[] = [];
    let position = await this.#lastPosition(kind);
    for (const [key, row] of last) {
      const before = known.get(key);
      if (before === undefined) counts.added += 1;
      else if (same(before, row)) counts.same += 1;
      else counts.changed += 1;
      if (before !== undefined && same(before, row)) continue;
      position += 1;
      written.push({ key, position, row });
    }
    for (const batch of batches(written)) await insert(this.#db, batch);
    if (written.length > 0) await this.#bump();
    return counts;
  }

  async #known<Row>(kind: Kind, keyOf: (row: Row) => string): Promise<Map<string, Row>> {
    const rollOut = await loadRollOut(this.#db);
    return new Map(
      (rollOut[kind] as readonly unknown[] as readonly Row[]).map((row) => [keyOf(row), row]),
    );
  }

  async #lastPosition(kind: Kind): Promise<number> {
    const row = await this.#db
      .selectFrom(kind)
      .select((e) => e.fn.max('position').as('position'))
      .executeTakeFirst();
    return row?.position ?? 0;
  }

  async #bump(): Promise<void> {
    this.#changed();
    await nextNumber(this.#db, VERSION);
  }
}
