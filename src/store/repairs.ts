import type { RepairId } from '../core/ids.ts';
import type { RepairReads, RepairWrites } from '../core/ports.ts';
import { isOpen, type Repair } from '../core/repair.ts';
import { decode, encode } from './codec.ts';
import type { Db } from './engine.ts';

export class Repairs implements RepairReads, RepairWrites {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async get(id: RepairId): Promise<Repair | undefined> {
    const row = await this.#db
      .selectFrom('repairs')
      .select('body')
      .where('id', '=', id)
      .executeTakeFirst();
    return row && decode<Repair>(row.body);
  }

  async listOpen(): Promise<readonly Repair[]> {
    const rows = await this.#db
      .selectFrom('repairs')
      .select('body')
      .where('is_open', '=', 1)
      .orderBy('requested_at')
      .orderBy('id')
      .execute();
    return rows.map((row) => decode<Repair>(row.body));
  }

  async put(repair: Repair): Promise<void> {
    const row = {
      requested_at: repair.requestedAt.getTime(),
      is_open: isOpen(repair) ? 1 : 0,
      body: encode(repair),
    };
    await this.#db
      .insertInto('repairs')
      .values({ id: repair.id, ...row })
      .onConflict((on) => on.column('id').doUpdateSet(row))
      .execute();
  }
}
