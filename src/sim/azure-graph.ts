import type { ServerResponse } from 'node:http';
import { type SimMachine, type SimulatedFleet, subscriptionOf } from './azure-fleet.ts';
import { send } from './azure-http.ts';

/** Queries in 5 s: learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests */
const QUOTA = 15;
const WINDOW_MS = 5_000;
const MOST_ROWS = 1_000;

export interface GraphRequest {
  readonly subscriptions?: readonly string[];
  readonly query?: string;
  readonly options?: { readonly $top?: number; readonly $skipToken?: string };
}

export interface GraphOptions {
  readonly fleet: SimulatedFleet;
  readonly now: () => Date;
}

/**
 * Resource Graph as far as the bot asks it: machines with or without their extensions and data collection
 * rules joined in. Answers after specification/resourcegraph (ResourcesQuery.json) of
 * Azure/azure-rest-api-specs; every row, page and limit is worked out, the query text is only recognised.
 */
export class SimulatedGraph {
  /** Whether a query with `join` is refused as invalid. */
  joinRefused = false;
  /** Queries it answers in 5 s. */
  quota = QUOTA;
  /** Queries that came beyond the limit. */
  refused = 0;
  readonly #options: GraphOptions;
  #windowAt = 0;
  #used = 0;

  constructor(options: GraphOptions) {
    this.#options = options;
  }

  answer(response: ServerResponse, request: GraphRequest): void {
    const now = this.#options.now().getTime();
    if (now - this.#windowAt >= WINDOW_MS) {
      this.#windowAt = now;
      this.#used = 0;
    }
    this.#used += 1;
    const resetsIn = Math.max(1, Math.ceil((this.#windowAt + WINDOW_MS - now) / 1_000));
    const quota = {
      'x-ms-user-quota-remaining': String(Math.max(0, this.quota - this.#used)),
      'x-ms-user-quota-resets-after': `00:00:${String(resetsIn).padStart(2, '0')}`,
    };
    if (this.#used > this.quota) {
      this.refused += 1;
      const error = { code: 'RateLimiting', message: 'Please wait before the next query.' };
      send(response, 429, { error }, { ...quota, 'retry-after': String(resetsIn) });
      return;
    }
    const query = request.query ?? '';
    if (this.joinRefused && /\bjoin\b/.test(query)) {
      const details = [{ code: 'InvalidQuery', message: 'Query is invalid.' }];
      const error = { code: 'BadRequest', message: 'Please provide the details.', details };
      send(response, 400, { error }, quota);
      return;
    }
    const rows = this.#rows(query, request.subscriptions ?? []);
    const top = Math.min(request.options?.$top ?? 100, MOST_ROWS);
    const token = request.options?.$skipToken;
    const from = token ? Number(Buffer.from(token, 'base64url').toString()) : 0;
    const page = rows.slice(from, from + top);
    const next = from + top < rows.length ? { $skipToken: tokenFor(from + top) } : {};
    const body = { totalRecords: rows.length, count: page.length, resultTruncated: 'false' };
    send(response, 200, { ...body, facets: [], data: page.map((row) => row()), ...next }, quota);
  }

  /** Rows that are made only when their page is sent. */
  #rows(query: string, subscriptions: readonly string[]): readonly (() => unknown)[] {
    const wanted = new Set(subscriptions.map((one) => one.toLowerCase()));
    const { fleet } = this.#options;
    const machines = fleet.sorted().filter((machine) => wanted.has(subscriptionOf(machine.id)));
    if (/\bjoin\b/.test(query)) {
      return machines.map((machine) => () => ({
        ...machineRow(machine),
        extensions: extensionRows(machine),
        rules: fleet.rulesOf(machine).map((rule) => rule.toLowerCase()),
      }));
    }
    if (query.includes('datacollectionruleassociations')) return associationRows(fleet, machines);
    if (query.includes('machines/extensions')) {
      return machines.flatMap((machine) =>
        extensionRows(machine).map((row) => () => ({
          id: `${machine.id}/extensions/${row.name}`,
          machineKey: machine.id.toLowerCase(),
          ...row,
        })),
      );
    }
    return machines.map((machine) => () => machineRow(machine));
  }
}

function tokenFor(from: number): string {
  return Buffer.from(String(from)).toString('base64url');
}

function machineRow(machine: SimMachine): Record<string, unknown> {
  const { id, name, location, tags, properties } = machine;
  return { id, machineKey: id.toLowerCase(), name, location, tags, ...properties };
}

function extensionRows(machine: SimMachine) {
  return [...machine.extensions.values()].map(({ name, properties }) => {
    const view = properties.instanceView as { status?: { message?: string } } | undefined;
    const { publisher, type, provisioningState, typeHandlerVersion } = properties;
    const message = view?.status?.message ?? '';
    return { name, publisher, type, provisioningState, typeHandlerVersion, message };
  });
}

/** Grouped by the last characters of the machine's id, as the query does. */
function associationRows(
  fleet: SimulatedFleet,
  machines: readonly SimMachine[],
): readonly (() => unknown)[] {
  const groups = new Map<string, { rule: string; bucket: string; machines: string[] }>();
  for (const machine of machines) {
    const key = machine.id.toLowerCase();
    for (const rule of fleet.rulesOf(machine)) {
      const bucket = key.slice(-2);
      const group = `${rule.toLowerCase()} ${bucket}`;
      const known = groups.get(group);
      if (known) known.machines.push(key);
      else groups.set(group, { rule: rule.toLowerCase(), bucket, machines: [key] });
    }
  }
  return [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([, row]) =>
        () =>
          row,
    );
}
