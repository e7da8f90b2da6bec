import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A simulated Azure: the ARM and Resource Graph routes the bot uses, as a real HTTP server on loopback that
 * the real SDK clients talk to. Shapes follow Microsoft's published examples: Azure/azure-rest-api-specs,
 * specification/hybridcompute (Machines_Get.json, Extension_List.json) and specification/resourcegraph
 * (ResourcesQuery.json); paging and limits: learn.microsoft.com/azure/governance/resource-graph.
 */
export interface SimulatedAzure {
  readonly url: string;
  readonly fleet: SimulatedFleet;
  /** What goes wrong next, in order; each fault is used once. */
  readonly faults: Fault[];
  /** Requests seen, as `METHOD path`, newest last. */
  readonly requests: string[];
  close(): Promise<void>;
}

export type Fault =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  | { readonly reset: true }
  | { readonly hang: true };

export interface SimMachine {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly tags: Record<string, string>;
  readonly properties: Record<string, unknown>;
  readonly extensions: Map<string, SimExtension>;
}

export interface SimExtension {
  readonly name: string;
  readonly properties: Record<string, unknown>;
}

/** A write as the activity log tells it. */
export interface ActivityEvent {
  readonly resourceId: string;
  readonly operation: string;
  readonly caller: string;
  readonly at: Date;
}

/** The machines of the simulated subscription, by resource id in lower case. */
export class SimulatedFleet {
  readonly machines = new Map<string, SimMachine>();
  readonly activity: ActivityEvent[] = [];

  put(machine: Omit<SimMachine, 'extensions'>): SimMachine {
    const key = machine.id.toLowerCase();
    const known = this.machines.get(key);
    const kept = { ...machine, extensions: known?.extensions ?? new Map() };
    this.machines.set(key, kept);
    return kept;
  }

  putExtension(machineId: string, extension: SimExtension): void {
    this.machines.get(machineId.toLowerCase())?.extensions.set(extension.name, extension);
  }

  /** In id order, as the query asks. */
  sorted(): SimMachine[] {
    return [...this.machines.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }
}

export interface SimulatedAzureOptions {
  readonly port?: number;
  readonly now: () => Date;
  /** Called after azcmagent created a machine: the demo lets Defender and Policy do their work then. */
  readonly onConnected?: (machine: SimMachine) => void;
  /** Who the bearer of this token is, for the activity log. */
  readonly callerOf?: (token: string) => string | undefined;
}

export async function startSimulatedAzure(options: SimulatedAzureOptions): Promise<SimulatedAzure> {
  const fleet = new SimulatedFleet();
  const faults: Fault[] = [];
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const fault = faults.shift();
    if (fault) return fail(fault, request, response);
    answer(request, response).catch(() =>
      send(response, 500, { error: { code: 'InternalServerError' } }),
    );
  });
  await listen(server, options.port ?? 0);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    fleet,
    faults,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = new URL(request.url ?? '/', 'http://azure.invalid');
    if (!at.searchParams.has('api-version')) {
      return armError(
        response,
        400,
        'MissingApiVersionParameter',
        'The api-version query parameter is required.',
      );
    }
    const path = at.pathname.replaceAll(/\/+/g, '/');
    if (
      request.method === 'POST' &&
      /^\/providers\/Microsoft\.ResourceGraph\/resources$/i.test(path)
    ) {
      return query(response, JSON.parse((await bodyOf(request)) || '{}'));
    }
    const one = MACHINE.exec(path);
    if (one) return machineRoute(request, response, path, one[1] ?? '', one[2]);
    const all = /^\/subscriptions\/([^/]+)\/providers\/Microsoft\.HybridCompute\/machines$/i.exec(
      path,
    );
    if (all && request.method === 'GET') {
      const mine = fleet
        .sorted()
        .filter((machine) => subscriptionOf(machine.id) === all[1]?.toLowerCase());
      return send(response, 200, { value: mine.map(armMachine) });
    }
    const log =
      /^\/subscriptions\/[^/]+\/providers\/Microsoft\.Insights\/eventtypes\/management\/values$/i.exec(
        path,
      );
    if (log && request.method === 'GET')
      return activityLog(response, at.searchParams.get('$filter') ?? '');
    const provider = /^\/subscriptions\/[^/]+\/providers\/([^/]+)$/i.exec(path);
    if (provider && request.method === 'GET') {
      return send(response, 200, { namespace: provider[1], registrationState: 'Registered' });
    }
    const group = /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)$/i.exec(path);
    if (group && request.method === 'GET') return send(response, 200, { id: path, name: group[1] });
    const scope =
      /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.HybridCompute\/privateLinkScopes\/([^/]+)$/i.exec(
        path,
      );
    if (scope && request.method === 'GET') {
      return send(response, 200, {
        id: path,
        name: scope[1],
        location: 'japaneast',
        properties: { publicNetworkAccess: 'Disabled', provisioningState: 'Succeeded' },
      });
    }
    return armError(response, 404, 'ResourceNotFound', `The Resource '${path}' was not found.`);
  }

  function query(response: ServerResponse, request: GraphRequest): void {
    const wanted = new Set((request.subscriptions ?? []).map((one) => one.toLowerCase()));
    const rows = fleet.sorted().filter((machine) => wanted.has(subscriptionOf(machine.id)));
    const top = Math.min(request.options?.$top ?? 1000, 1000);
    const from = request.options?.$skipToken
      ? Number(Buffer.from(request.options.$skipToken, 'base64url').toString())
      : 0;
    const page = rows.slice(from, from + top);
    const next =
      from + top < rows.length
        ? { $skipToken: Buffer.from(String(from + top)).toString('base64url') }
        : {};
    send(
      response,
      200,
      {
        totalRecords: rows.length,
        count: page.length,
        resultTruncated: 'false',
        facets: [],
        data: page.map(graphRow),
        ...next,
      },
      { 'x-ms-user-quota-remaining': '14', 'x-ms-user-quota-resets-after': '00:00:05' },
    );
  }

  async function machineRoute(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    name: string,
    extensions: string | undefined,
  ): Promise<void> {
    const id = path.replace(/\/extensions.*$/i, '');
    const known = fleet.machines.get(id.toLowerCase());
    if (extensions !== undefined) {
      if (!known) return notFound(response, id);
      return send(response, 200, {
        value: [...known.extensions.values()].map((one) => armExtension(known, one)),
      });
    }
    switch (request.method) {
      case 'GET':
        return known ? send(response, 200, armMachine(known)) : notFound(response, id);
      case 'PUT':
        return connect(request, response, id, name);
      case 'DELETE':
        fleet.machines.delete(id.toLowerCase());
        return send(response, known ? 200 : 204, undefined);
      default:
        return armError(response, 405, 'MethodNotAllowed', 'The method is not allowed.');
    }
  }

  async function connect(
    request: IncomingMessage,
    response: ServerResponse,
    id: string,
    name: string,
  ): Promise<void> {
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const caller =
      token === undefined
        ? undefined
        : (options.callerOf?.(token) ?? (options.callerOf ? undefined : 'unknown'));
    if (caller === undefined) {
      return armError(response, 401, 'InvalidAuthenticationToken', 'The access token is invalid.');
    }
    const body = JSON.parse((await bodyOf(request)) || '{}') as Partial<SimMachine>;
    const created = !fleet.machines.has(id.toLowerCase());
    const machine = fleet.put({
      id,
      name,
      location: body.location ?? 'japaneast',
      tags: body.tags ?? {},
      properties: {
        provisioningState: 'Succeeded',
        status: 'Connected',
        lastStatusChange: options.now().toISOString(),
        ...body.properties,
      },
    });
    fleet.activity.push({
      resourceId: id,
      operation: 'Microsoft.HybridCompute/machines/write',
      caller,
      at: options.now(),
    });
    options.onConnected?.(machine);
    send(response, created ? 201 : 200, armMachine(machine));
  }

  /** Shape: Azure Monitor "Activity Logs - List"; only the resourceId filter is understood. */
  function activityLog(response: ServerResponse, filter: string): void {
    const wanted = /resourceUri eq '([^']+)'|resourceId eq '([^']+)'/i.exec(filter);
    const id = (wanted?.[1] ?? wanted?.[2])?.toLowerCase();
    const value = fleet.activity
      .filter((event) => id === undefined || event.resourceId.toLowerCase() === id)
      .map((event) => ({
        resourceId: event.resourceId,
        operationName: { value: event.operation },
        status: { value: 'Succeeded' },
        caller: event.caller,
        eventTimestamp: event.at.toISOString(),
      }));
    send(response, 200, { value });
  }
}

const MACHINE =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.HybridCompute\/machines\/([^/]+)(\/extensions(?:\/[^/]+)?)?$/i;

interface GraphRequest {
  readonly subscriptions?: readonly string[];
  readonly options?: { readonly $top?: number; readonly $skipToken?: string };
}

function graphRow(machine: SimMachine): Record<string, unknown> {
  return {
    id: machine.id,
    machineKey: machine.id.toLowerCase(),
    name: machine.name,
    location: machine.location,
    tags: machine.tags,
    ...machine.properties,
    extensions: [...machine.extensions.values()].map((one) => {
      const status = (one.properties.instanceView as { status?: { message?: string } } | undefined)
        ?.status;
      return {
        name: one.name,
        publisher: one.properties.publisher,
        type: one.properties.type,
        provisioningState: one.properties.provisioningState,
        typeHandlerVersion: one.properties.typeHandlerVersion,
        message: status?.message ?? '',
      };
    }),
  };
}

function armMachine(machine: SimMachine): Record<string, unknown> {
  return {
    id: machine.id,
    name: machine.name,
    type: 'Microsoft.HybridCompute/machines',
    location: machine.location,
    tags: machine.tags,
    properties: machine.properties,
  };
}

function armExtension(machine: SimMachine, extension: SimExtension): Record<string, unknown> {
  return {
    id: `${machine.id}/extensions/${extension.name}`,
    name: extension.name,
    type: 'Microsoft.HybridCompute/machines/extensions',
    location: machine.location,
    properties: extension.properties,
  };
}

function subscriptionOf(id: string): string {
  return (id.split('/')[2] ?? '').toLowerCase();
}

function notFound(response: ServerResponse, id: string): void {
  armError(response, 404, 'ResourceNotFound', `The Resource '${id}' was not found.`);
}

function armError(response: ServerResponse, status: number, code: string, message: string): void {
  send(response, status, { error: { code, message } });
}

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

function fail(fault: Fault, request: IncomingMessage, response: ServerResponse): void {
  if ('reset' in fault) {
    request.socket.destroy();
    return;
  }
  if ('hang' in fault) return;
  response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
  response.end(fault.body ?? JSON.stringify({ error: { code: 'Fault', message: 'as asked' } }));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}
