import { createHash } from 'node:crypto';
import type { AzureMachine, SeenMachine } from '../core/azure.ts';
import type { Machine, RollOut } from '../core/roll-out.ts';
import { canonical, decode, encode } from './codec.ts';
import type { Db } from './engine.ts';
import { BATCH, batches, breathe, lower, toDate } from './rows.ts';
import { Settings } from './settings.ts';

const AS_OF = 'azure-as-of';

/** What Azure last said, kept by resource id; a name can stand in several resource groups. */
export class AzureMachines {
  readonly #db: Db;
  readonly #settings: Settings;

  constructor(db: Db) {
    this.#db = db;
    this.#settings = new Settings(db);
  }

  async keep(machines: readonly AzureMachine[], seenAt: Date): Promise<{ changed: number }> {
    const newest = new Map(machines.map((machine) => [lower(machine.resourceId), machine]));
    let changed = 0;
    for (const batch of batches([...newest])) changed += await this.#keepBatch(batch, seenAt);
    return { changed };
  }

  async #keepBatch(
    batch: readonly (readonly [string, AzureMachine])[],
    seenAt: Date,
  ): Promise<number> {
    const resources = batch.map(([resource]) => resource);
    const known = await this.#db
      .selectFrom('azure_machines')
      .innerJoin('azure_seen', 'azure_seen.resource', 'azure_machines.resource')
      .select(['azure_machines.resource', 'hash', 'seen_at'])
      .where('azure_machines.resource', 'in', resources)
      .execute();
    const before = new Map(known.map((row) => [row.resource, row]));
    const seen_at = seenAt.getTime();
    const rows = batch
      .filter(([resource]) => (before.get(resource)?.seen_at ?? 0) <= seen_at)
      .map(([resource, machine]) => ({
        resource,
        machine: lower(machine.name),
        hash: createHash('sha256').update(canonical(machine)).digest('hex'),
        body: encode(machine),
      }))
      .filter((row) => before.get(row.resource)?.hash !== row.hash);
    if (rows.length > 0) {
      await this.#db
        .insertInto('azure_machines')
        .values(rows)
        .onConflict((on) =>
          on.column('resource').doUpdateSet((e) => ({
            machine: e.ref('excluded.machine'),
            hash: e.ref('excluded.hash'),
            body: e.ref('excluded.body'),
          })),
        )
        .execute();
    }
    const added = rows.filter((row) => !before.has(row.resource));
    if (added.length > 0) {
      await this.#db
        .insertInto('azure_seen')
        .values(added.map(({ resource }) => ({ resource, seen_at })))
        .execute();
    }
    await this.#db
      .updateTable('azure_seen')
      .set({ seen_at })
      .where('resource', 'in', resources)
      .where('seen_at', '<', seen_at)
      .execute();
    return rows.length;
  }

  /** Whatever was not seen since the reading began is gone from Azure, or of it what is named. */
  async complete(seenAt: Date, gone?: readonly string[]): Promise<void> {
    const unseen = () =>
      this.#db
        .deleteFrom('azure_machines')
        .where('resource', 'in', (e) =>
          e.selectFrom('azure_seen').select('resource').where('seen_at', '<', seenAt.getTime()),
        );
    if (gone === undefined) await unseen().execute();
    for (const batch of batches((gone ?? []).map(lower))) {
      await unseen().where('resource', 'in', batch).execute();
    }
    const asOf = await this.asOf();
    if (asOf === undefined || asOf < seenAt) {
      await this.#settings.set(AS_OF, String(seenAt.getTime()));
    }
  }

  async asOf(): Promise<Date | undefined> {
    const value = await this.#settings.get(AS_OF);
    return value === undefined ? undefined : toDate(Number(value));
  }

  async all(unseenSince?: Date): Promise<readonly SeenMachine[]> {
    const machines: SeenMachine[] = [];
    let after = '';
    for (;;) {
      const rows = await this.#select()
        .where('azure_machines.resource', '>', after)
        .where('seen_at', '<', unseenSince?.getTime() ?? Number.MAX_SAFE_INTEGER)
        .orderBy('azure_machines.resource')
        .limit(BATCH)
        .execute();
      machines.push(...rows.map(toSeen));
      if (rows.length < BATCH) return machines;
      after = rows.at(-1)?.resource ?? after;
      await breathe();
    }
  }

  async named(names: readonly string[]): Promise<readonly SeenMachine[]> {
    const machines: SeenMachine[] = [];
    for (const batch of batches(names)) {
      const rows = await this.#select().where('azure_machines.machine', 'in', batch).execute();
      machines.push(...rows.map(toSeen));
    }
    return machines;
  }

  #select() {
    return this.#db
      .selectFrom('azure_machines')
      .innerJoin('azure_seen', 'azure_seen.resource', 'azure_machines.resource')
      .select(['azure_machines.resource', 'body', 'seen_at']);
  }
}

function toSeen(row: { body: string; seen_at: number }): SeenMachine {
  return { machine: decode<AzureMachine>(row.body), seenAt: toDate(row.seen_at) };
}

/** Which of the machines of this name is the one meant: where the profile puts it, else the newest seen. */
export function pick(
  rollOut: RollOut,
  machine: Machine,
  candidates: readonly SeenMachine[],
): SeenMachine | undefined {
  const site = rollOut.siteOf(machine);
  const profile = site && rollOut.profileOf(site);
  const planned = candidates.filter(
    (one) =>
      lower(one.machine.subscriptionId) === lower(profile?.subscriptionId ?? '') &&
      lower(one.machine.resourceGroup) === lower(profile?.resourceGroup ?? ''),
  );
  const best = planned.length > 0 ? planned : candidates;
  return best.reduce<SeenMachine | undefined>(
    (newest, one) => (newest === undefined || one.seenAt > newest.seenAt ? one : newest),
    undefined,
  );
}
