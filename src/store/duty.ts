import type { Absence, DutyLine } from '../core/duty.ts';
import type { PersonKey, SiteCode } from '../core/ids.ts';
import type { DutyReads, DutyWrites } from '../core/ports.ts';
import type { Db } from './engine.ts';

export class DutyTables implements DutyReads, DutyWrites {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async absences(days: readonly string[]): Promise<readonly Absence[]> {
    if (days.length === 0) return [];
    const rows = await this.#db
      .selectFrom('absences')
      .selectAll()
      .where('day', 'in', [...days])
      .orderBy('person')
      .orderBy('day')
      .execute();
    return rows.map(({ person, day, stand_in }) => ({
      person: person as PersonKey,
      day,
      ...(stand_in !== null && { standIn: stand_in as PersonKey }),
    }));
  }

  async lines(days: readonly string[]): Promise<readonly DutyLine[]> {
    if (days.length === 0) return [];
    const rows = await this.#db
      .selectFrom('duties')
      .selectAll()
      .where('day', 'in', [...days])
      .orderBy('site')
      .orderBy('day')
      .execute();
    return rows.map(({ site, day, person }) => ({
      site: site as SiteCode,
      day,
      person: person as PersonKey,
    }));
  }

  async putAbsence({ person, day, standIn }: Absence): Promise<void> {
    const stand_in = standIn ?? null;
    await this.#db
      .insertInto('absences')
      .values({ person, day, stand_in })
      .onConflict((on) => on.columns(['person', 'day']).doUpdateSet({ stand_in }))
      .execute();
  }

  async dropAbsence(person: PersonKey, day: string): Promise<void> {
    await this.#db
      .deleteFrom('absences')
      .where('person', '=', person)
      .where('day', '=', day)
      .execute();
  }

  async putLine({ site, day, person }: DutyLine): Promise<void> {
    await this.#db
      .insertInto('duties')
      .values({ site, day, person })
      .onConflict((on) => on.columns(['site', 'day']).doUpdateSet({ person }))
      .execute();
  }
}
