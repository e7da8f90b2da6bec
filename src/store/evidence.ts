import type { AzureMachine, SeenMachine } from '../core/azure.ts';
import type { Evidence, Marks } from '../core/evidence.ts';
import type { MachineName, SiteCode } from '../core/ids.ts';
import type { KeptCheck } from '../core/network-check.ts';
import type { EvidenceReads, EvidenceWrites } from '../core/ports.ts';
import type { ExtensionName, Machine, RollOut } from '../core/roll-out.ts';
import { AzureMachines, pick } from './azure-machines.ts';
import { decode, encode } from './codec.ts';
import type { Db } from './engine.ts';
import { BATCH, batches, breathe, lower, toDate } from './rows.ts';
import type { Schema } from './schema.ts';

type MarkColumn = Exclude<keyof Schema['marks'], 'machine'>;

const MARK_COLUMNS = {
  enrolledAt: 'enrolled_at',
  poweredOnAt: 'powered_on_at',
  shippedAt: 'shipped_at',
  arrivedAt: 'arrived_at',
  replacedAt: 'replaced_at',
  retiredAt: 'retired_at',
  doneAt: 'done_at',
} as const satisfies Record<keyof Marks, MarkColumn>;

const NO_MARKS = {
  enrolled_at: null,
  powered_on_at: null,
  shipped_at: null,
  arrived_at: null,
  replaced_at: null,
  retired_at: null,
  done_at: null,
} as const satisfies Record<MarkColumn, null>;

export class EvidenceTables implements EvidenceReads, EvidenceWrites {
  readonly #db: Db;
  readonly #azure: AzureMachines;
  readonly #rollOut: () => Promise<RollOut>;

  constructor(db: Db, rollOut: () => Promise<RollOut>) {
    this.#db = db;
    this.#azure = new AzureMachines(db);
    this.#rollOut = rollOut;
  }

  async of(machine: MachineName): Promise<Evidence> {
    const rollOut = await this.#rollOut();
    const row = rollOut.machine(machine) ?? unplanned(machine);
    const found = (await this.#gather(rollOut, [row], [lower(machine)])).get(row.name);
    return found ?? { machine, marks: {}, dataSeenAt: {}, quarantined: false };
  }

  async all(sites?: readonly SiteCode[]): Promise<ReadonlyMap<MachineName, Evidence>> {
    const rollOut = await this.#rollOut();
    if (sites === undefined) return this.#gather(rollOut, rollOut.machines, undefined);
    const machines = [...new Set(sites)].flatMap((code) => rollOut.machinesAt(code));
    return this.#gather(
      rollOut,
      machines,
      machines.map((machine) => lower(machine.name)),
    );
  }

  async latestCheck(machine: MachineName): Promise<KeptCheck | undefined> {
    return (await this.#checks([lower(machine)])).get(lower(machine));
  }

  azureMachines(unseenSince?: Date): Promise<readonly SeenMachine[]> {
    return this.#azure.all(unseenSince);
  }

  azureAsOf(): Promise<Date | undefined> {
    return this.#azure.asOf();
  }

  keepAzure(machines: readonly AzureMachine[], seenAt: Date): Promise<{ changed: number }> {
    return this.#azure.keep(machines, seenAt);
  }

  azureComplete(seenAt: Date, gone?: readonly string[]): Promise<void> {
    return this.#azure.complete(seenAt, gone);
  }

  async mark(
    machine: MachineName,
    marks: Partial<Record<keyof Marks, Date | null>>,
  ): Promise<void> {
    const set: Partial<Record<MarkColumn, number | null>> = {};
    for (const [name, column] of markColumns()) {
      const at = marks[name];
      if (at !== undefined) set[column] = at === null ? null : at.getTime();
    }
    if (Object.keys(set).length === 0) return;
    await this.#db
      .insertInto('marks')
      .values({ machine: lower(machine), ...NO_MARKS, ...set })
      .onConflict((on) => on.column('machine').doUpdateSet(set))
      .execute();
  }

  /** A check that was on its way longer than a later one does not take its place. */
  async keepCheck(check: KeptCheck): Promise<void> {
    const row = { checked_at: check.checkedAt.getTime(), body: encode(check) };
    await this.#db
      .insertInto('checks')
      .values({ machine: lower(check.machine), ...row })
      .onConflict((on) =>
        on.column('machine').doUpdateSet(row).where('checks.checked_at', '<=', row.checked_at),
      )
      .execute();
  }

  async dataSeen(machine: MachineName, extension: ExtensionName, seenAt: Date): Promise<void> {
    const seen_at = seenAt.getTime();
    await this.#db
      .insertInto('data_seen')
      .values({ machine: lower(machine), extension, seen_at })
      .onConflict((on) =>
        on
          .columns(['machine', 'extension'])
          .doUpdateSet({ seen_at })
          .where('data_seen.seen_at', '<', seen_at),
      )
      .execute();
  }

  /** Each table is asked once per batch, never once per machine. Without names: whole tables. */
  async #gather(
    rollOut: RollOut,
    machines: readonly Machine[],
    names: readonly string[] | undefined,
  ): Promise<Map<MachineName, Evidence>> {
    const marks = await this.#marks(names);
    const checks = await this.#checks(names);
    const dataSeen = await this.#dataSeen(names);
    const quarantined = await this.#quarantined();
    const azureAsOfAt = await this.#azure.asOf();
    const seen = Map.groupBy(
      names === undefined ? await this.#azure.all() : await this.#azure.named(names),
      (one) => lower(one.machine.name),
    );
    const evidence = new Map<MachineName, Evidence>();
    for (const machine of machines) {
      const name = lower(machine.name);
      const lastCheck = checks.get(name);
      const azure = pick(rollOut, machine, seen.get(name) ?? []);
      evidence.set(machine.name, {
        machine: machine.name,
        marks: marks.get(name) ?? {},
        ...(lastCheck && { lastCheck }),
        ...(azure && { azure }),
        ...(azureAsOfAt && { azureAsOfAt }),
        dataSeenAt: dataSeen.get(name) ?? {},
        quarantined: quarantined.has(name),
      });
    }
    return evidence;
  }

  async #marks(names: readonly string[] | undefined): Promise<Map<string, Marks>> {
    const found = new Map<string, Marks>();
    const select = () => this.#db.selectFrom('marks').selectAll();
    const keep = (rows: readonly Schema['marks'][]): void => {
      for (const row of rows) found.set(row.machine, toMarks(row));
    };
    if (names === undefined) keep(await select().execute());
    for (const batch of batches(names ?? [])) {
      keep(await select().where('machine', 'in', batch).execute());
    }
    return found;
  }

  async #dataSeen(
    names: readonly string[] | undefined,
  ): Promise<Map<string, Partial<Record<ExtensionName, Date>>>> {
    const found = new Map<string, Partial<Record<ExtensionName, Date>>>();
    const select = () => this.#db.selectFrom('data_seen').selectAll();
    const keep = (rows: readonly Schema['data_seen'][]): void => {
      for (const row of rows) {
        const seen = { ...found.get(row.machine), [row.extension]: toDate(row.seen_at) };
        found.set(row.machine, seen);
      }
    };
    if (names === undefined) keep(await select().execute());
    for (const batch of batches(names ?? [])) {
      keep(await select().where('machine', 'in', batch).execute());
    }
    return found;
  }

  async #checks(names: readonly string[] | undefined): Promise<Map<string, KeptCheck>> {
    const found = new Map<string, KeptCheck>();
    const keep = (rows: readonly { machine: string; body: string }[]): void => {
      for (const row of rows) found.set(row.machine, decode<KeptCheck>(row.body));
    };
    const select = () => this.#db.selectFrom('checks').select(['machine', 'body']);
    for (const batch of batches(names ?? [])) {
      keep(await select().where('machine', 'in', batch).execute());
    }
    let after = '';
    let more = names === undefined;
    while (more) {
      const rows = await select()
        .where('machine', '>', after)
        .orderBy('machine')
        .limit(BATCH)
        .execute();
      keep(rows);
      after = rows.at(-1)?.machine ?? after;
      more = rows.length === BATCH;
      if (more) await breathe();
    }
    return found;
  }

  async #quarantined(): Promise<Set<string>> {
    const rows = await this.#db
      .selectFrom('kit_keys')
      .select('machine')
      .distinct()
      .where('state', '=', 'quarantined')
      .execute();
    return new Set(rows.map((row) => row.machine));
  }
}

function markColumns(): [keyof Marks, MarkColumn][] {
  return Object.entries(MARK_COLUMNS) as [keyof Marks, MarkColumn][];
}

function toMarks(row: Schema['marks']): Marks {
  const marks: Partial<Record<keyof Marks, Date>> = {};
  for (const [name, column] of markColumns()) {
    const at = row[column];
    if (at !== null) marks[name] = toDate(at);
  }
  return marks;
}

/** Evidence may be kept before its row is imported. */
function unplanned(name: MachineName): Machine {
  return { name, site: '' as SiteCode, os: '', serial: '', role: '' };
}
