import { OpsBotError } from '../core/errors.ts';
import type { MachineName, SignInId } from '../core/ids.ts';
import type { SignInReads, SignInWrites } from '../core/ports.ts';
import { isEnded, type SignIn } from '../core/sign-in.ts';
import { decode, encode, same } from './codec.ts';
import type { Db } from './engine.ts';
import { lower } from './rows.ts';

const CODE_REMEMBERED_MS = 60 * 60_000;

export class SignIns implements SignInReads, SignInWrites {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async get(id: SignInId): Promise<SignIn | undefined> {
    return toSignIn(
      await this.#db.selectFrom('sign_ins').select('body').where('id', '=', id).executeTakeFirst(),
    );
  }

  async openFor(machine: MachineName): Promise<SignIn | undefined> {
    return toSignIn(
      await this.#db
        .selectFrom('sign_ins')
        .select('body')
        .where('machine', '=', lower(machine))
        .where('is_open', '=', 1)
        .executeTakeFirst(),
    );
  }

  async latestFor(machine: MachineName): Promise<SignIn | undefined> {
    return toSignIn(
      await this.#db
        .selectFrom('sign_ins')
        .select('body')
        .where('machine', '=', lower(machine))
        // One opened in the same moment as the end of another is the later one.
        .orderBy('opened_at', 'desc')
        .orderBy('is_open', 'desc')
        .limit(1)
        .executeTakeFirst(),
    );
  }

  async listOpen(): Promise<readonly SignIn[]> {
    const rows = await this.#db
      .selectFrom('sign_ins')
      .select('body')
      .where('is_open', '=', 1)
      .orderBy('opened_at')
      .orderBy('id')
      .execute();
    return rows.map((row) => decode<SignIn>(row.body));
  }

  async countSince(machine: MachineName, since: Date): Promise<number> {
    const row = await this.#db
      .selectFrom('sign_ins')
      .select((e) => e.fn.countAll<number>().as('count'))
      .where('machine', '=', lower(machine))
      .where('opened_at', '>=', since.getTime())
      .executeTakeFirstOrThrow();
    return row.count;
  }

  async put(signIn: SignIn): Promise<void> {
    const before = await this.get(signIn.id);
    if (before && isEnded(before.progress) && !same(before.progress, signIn.progress)) {
      throw new OpsBotError('VALUE_REFUSED', `sign-in ${signIn.id} has ended: its end stays`);
    }
    const open = isEnded(signIn.progress) ? 0 : 1;
    const other = open === 1 ? await this.openFor(signIn.machine) : undefined;
    if (other && other.id !== signIn.id) {
      throw new OpsBotError('VALUE_REFUSED', `${signIn.machine} has an open sign-in: ${other.id}`);
    }
    const row = {
      machine: lower(signIn.machine),
      opened_at: signIn.openedAt.getTime(),
      is_open: open,
      body: encode(signIn),
    };
    await this.#db
      .insertInto('sign_ins')
      .values({ id: signIn.id, ...row })
      .onConflict((on) => on.column('id').doUpdateSet(row))
      .execute();
  }

  async codeSeen(mac: string, machine: MachineName, at: Date): Promise<MachineName | undefined> {
    const seen_at = at.getTime();
    await this.#db
      .deleteFrom('codes_seen')
      .where('seen_at', '<=', seen_at - CODE_REMEMBERED_MS)
      .execute();
    const other = await this.#db
      .selectFrom('codes_seen')
      .select('machine_name')
      .where('mac', '=', mac)
      .where('machine', '<>', lower(machine))
      .orderBy('seen_at')
      .limit(1)
      .executeTakeFirst();
    await this.#db
      .insertInto('codes_seen')
      .values({ mac, machine: lower(machine), machine_name: machine, seen_at })
      .onConflict((on) => on.columns(['mac', 'machine']).doUpdateSet({ seen_at }))
      .execute();
    return other?.machine_name as MachineName | undefined;
  }
}

function toSignIn(row: { body: string } | undefined): SignIn | undefined {
  return row && decode<SignIn>(row.body);
}
