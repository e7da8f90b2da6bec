import { OpsBotError } from '../core/errors.ts';
import type { AlertId, CardId } from '../core/ids.ts';
import type { Alert, AlertReads, AlertWrites } from '../core/ports.ts';
import { decode, encode } from './codec.ts';
import type { Db } from './engine.ts';

export class Alerts implements AlertReads, AlertWrites {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async get(id: AlertId): Promise<Alert | undefined> {
    const row = await this.#select().where('id', '=', id).executeTakeFirst();
    return row && decode<Alert>(row.body);
  }

  async openByKey(key: string): Promise<Alert | undefined> {
    const row = await this.#select()
      .where('key', '=', key)
      .where('is_open', '=', 1)
      .executeTakeFirst();
    return row && decode<Alert>(row.body);
  }

  async byCard(card: CardId): Promise<Alert | undefined> {
    const row = await this.#select()
      .where('card', '=', card)
      .orderBy('raised_at', 'desc')
      .orderBy('is_open', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row && decode<Alert>(row.body);
  }

  async listOpen(): Promise<readonly Alert[]> {
    const rows = await this.#select()
      .where('is_open', '=', 1)
      .orderBy('raised_at')
      .orderBy('id')
      .execute();
    return rows.map((row) => decode<Alert>(row.body));
  }

  async put(alert: Alert): Promise<void> {
    const open = alert.state === 'resolved' ? 0 : 1;
    const other = open === 1 ? await this.openByKey(alert.key) : undefined;
    if (other && other.id !== alert.id) {
      throw new OpsBotError('VALUE_REFUSED', `an alert for ${alert.key} is open: ${other.id}`);
    }
    const row = {
      key: alert.key,
      card: alert.card,
      is_open: open,
      raised_at: alert.raisedAt.getTime(),
      body: encode(alert),
    };
    await this.#db
      .insertInto('alerts')
      .values({ id: alert.id, ...row })
      .onConflict((on) => on.column('id').doUpdateSet(row))
      .execute();
  }

  #select() {
    return this.#db.selectFrom('alerts').select('body');
  }
}
