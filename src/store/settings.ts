import type { SettingReads, SettingWrites } from '../core/ports.ts';
import type { Db } from './engine.ts';

export class Settings implements SettingReads, SettingWrites {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async get(name: string): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('settings')
      .select('value')
      .where('name', '=', name)
      .executeTakeFirst();
    return row?.value;
  }

  async set(name: string, value: string | undefined): Promise<void> {
    if (value === undefined) {
      await this.#db.deleteFrom('settings').where('name', '=', name).execute();
      return;
    }
    await this.#db
      .insertInto('settings')
      .values({ name, value })
      .onConflict((on) => on.column('name').doUpdateSet({ value }))
      .execute();
  }
}
