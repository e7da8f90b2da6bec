import type { Kid, MachineName } from '../core/ids.ts';
import type { EnrolmentToken, KitKey, KitReads, KitWrites, SeenRequest } from '../core/ports.ts';
import { decode, encode } from './codec.ts';
import type { Db } from './engine.ts';
import { lower } from './rows.ts';

export class Kits implements KitReads, KitWrites {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async key(kid: Kid): Promise<KitKey | undefined> {
    const row = await this.#db
      .selectFrom('kit_keys')
      .select('body')
      .where('kid', '=', kid)
      .executeTakeFirst();
    return row && decode<KitKey>(row.body);
  }

  async activeKeyOf(machine: MachineName): Promise<KitKey | undefined> {
    return (await this.keysOf(machine)).findLast((key) => key.state === 'active');
  }

  async keysOf(machine: MachineName): Promise<readonly KitKey[]> {
    const rows = await this.#db
      .selectFrom('kit_keys')
      .select('body')
      .where('machine', '=', lower(machine))
      .orderBy('enrolled_at')
      .orderBy('kid')
      .execute();
    return rows.map((row) => decode<KitKey>(row.body));
  }

  async keyByPublicKey(publicKey: string): Promise<KitKey | undefined> {
    const row = await this.#db
      .selectFrom('kit_keys')
      .select('body')
      .where('public_key', '=', publicKey)
      .orderBy('enrolled_at')
      .orderBy('kid')
      .limit(1)
      .executeTakeFirst();
    return row && decode<KitKey>(row.body);
  }

  async putKey(key: KitKey): Promise<void> {
    const row = {
      machine: lower(key.machine),
      public_key: key.publicKey,
      state: key.state,
      enrolled_at: key.enrolledAt.getTime(),
      body: encode(key),
    };
    await this.#db
      .insertInto('kit_keys')
      .values({ kid: key.kid, ...row })
      .onConflict((on) => on.column('kid').doUpdateSet(row))
      .execute();
  }

  async token(sha256: string): Promise<EnrolmentToken | undefined> {
    const row = await this.#db
      .selectFrom('kit_tokens')
      .select('body')
      .where('sha256', '=', sha256)
      .executeTakeFirst();
    return row && decode<EnrolmentToken>(row.body);
  }

  async putToken(token: EnrolmentToken): Promise<void> {
    const row = {
      machine: lower(token.machine),
      expires_at: token.expiresAt.getTime(),
      body: encode(token),
    };
    await this.#db
      .insertInto('kit_tokens')
      .values({ sha256: token.sha256, ...row })
      .onConflict((on) => on.column('sha256').doUpdateSet(row))
      .execute();
  }

  async request(kid: Kid, id: string): Promise<SeenRequest | undefined> {
    const row = await this.#db
      .selectFrom('kit_requests')
      .select('body')
      .where('kid', '=', kid)
      .where('id', '=', id)
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row && decode<SeenRequest>(row.body);
  }

  async idOfSeq(kid: Kid, seq: number): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('kit_requests')
      .select('id')
      .where('kid', '=', kid)
      .where('seq', '=', seq)
      .limit(1)
      .executeTakeFirst();
    return row?.id;
  }

  /** A repeat comes with a seq of its own: each (id, seq) is a row, so every seq keeps its id. */
  async putRequest(request: SeenRequest): Promise<void> {
    const { kid, id, seq } = request;
    const row = { forget_at: request.forgetAt.getTime(), body: encode(request) };
    await this.#db
      .insertInto('kit_requests')
      .values({ kid, id, seq, ...row })
      .onConflict((on) => on.columns(['kid', 'id', 'seq']).doUpdateSet(row))
      .execute();
  }

  async forgetRequests(before: Date): Promise<number> {
    const result = await this.#db
      .deleteFrom('kit_requests')
      .where('forget_at', '<=', before.getTime())
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  }
}
