import { createHash } from 'node:crypto';
import type { MachineName, SiteCode } from '../core/ids.ts';
import type { AuditEntry, AuditReads, AuditRow, AuditWrites } from '../core/ports.ts';
import { canonical } from './codec.ts';
import type { Db } from './engine.ts';
import { BATCH, breathe, lower, toDate } from './rows.ts';
import type { Schema } from './schema.ts';

/** What stands before the first row. */
export const GENESIS = '0'.repeat(64);

export class Audit implements AuditReads, AuditWrites {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async append(entry: AuditEntry): Promise<void> {
    const last = await this.#db
      .selectFrom('audit')
      .select(['seq', 'hash'])
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst();
    const row = {
      seq: (last?.seq ?? 0) + 1,
      at: entry.at.getTime(),
      event: entry.event,
      by: entry.by ?? null,
      site: entry.site ?? null,
      machine: lowerIfSet(entry.machine ?? null),
      machine_name: entry.machine ?? null,
      facts: JSON.stringify(entry.facts),
    };
    await this.#db
      .insertInto('audit')
      .values({ ...row, hash: hashOf(row, last?.hash ?? GENESIS) })
      .execute();
  }

  async list(
    filter: { site?: SiteCode; machine?: MachineName; limit?: number } = {},
  ): Promise<readonly AuditRow[]> {
    let query = this.#db.selectFrom('audit').selectAll().orderBy('seq', 'desc');
    if (filter.site !== undefined) query = query.where('site', '=', filter.site);
    if (filter.machine !== undefined) query = query.where('machine', '=', lower(filter.machine));
    if (filter.limit !== undefined) query = query.limit(filter.limit);
    return (await query.execute()).reverse().map(toAuditRow);
  }

  async verify(): Promise<{ rows: number; head: string; brokenAt?: number }> {
    let head = GENESIS;
    let rows = 0;
    for (;;) {
      const batch = await this.#db
        .selectFrom('audit')
        .selectAll()
        .where('seq', '>', rows)
        .orderBy('seq')
        .limit(BATCH)
        .execute();
      for (const row of batch) {
        const fits =
          row.seq === rows + 1 &&
          row.hash === hashOf(row, head) &&
          row.machine === lowerIfSet(row.machine_name);
        if (!fits) {
          return { rows, head, brokenAt: rows + 1 };
        }
        rows += 1;
        head = row.hash;
      }
      if (batch.length < BATCH) return { rows, head };
      await breathe();
    }
  }
}

/** SHA-256 over the row as canonical JSON (its facts as the text that is kept) and the hash before it. */
function hashOf(row: Omit<Schema['audit'], 'hash'>, before: string): string {
  const { seq, at, event, by, site, machine_name: machine, facts } = row;
  const text = canonical({ before, seq, at, event, by, site, machine, facts });
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function lowerIfSet(name: string | null): string | null {
  return name === null ? null : lower(name);
}

function toAuditRow(row: Schema['audit']): AuditRow {
  return {
    seq: row.seq,
    at: toDate(row.at),
    event: row.event,
    ...(row.by !== null && { by: row.by }),
    ...(row.site !== null && { site: row.site as SiteCode }),
    ...(row.machine_name !== null && { machine: row.machine_name as MachineName }),
    facts: JSON.parse(row.facts),
    hash: row.hash,
  };
}
