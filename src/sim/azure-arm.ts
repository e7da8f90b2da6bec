import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type SimExtension,
  type SimMachine,
  type SimulatedFleet,
  subscriptionOf,
} from './azure-fleet.ts';
import { armError, bodyOf, send } from './azure-http.ts';

export interface ArmOptions {
  readonly now: () => Date;
  /** Called after azcmagent created a machine: the demo lets Defender and Policy do their work then. */
  readonly onConnected?: (machine: SimMachine) => void;
  /** Who the bearer of this token is, for the activity log. */
  readonly callerOf?: (token: string) => string | undefined;
}

type Route = readonly [
  RegExp,
  (groups: Readonly<Record<string, string>>, at: URL) => Promise<void> | void,
];

/**
 * Azure Resource Manager as far as the bot and azcmagent ask it. Shapes: Azure/azure-rest-api-specs,
 * specification/hybridcompute (Machines_Get.json, Extension_List.json), specification/security
 * (pricings: GetPricingByNameSubscription_example.json), Azure Monitor "Activity Logs - List".
 */
export async function answerArm(
  fleet: SimulatedFleet,
  options: ArmOptions,
  request: IncomingMessage,
  response: ServerResponse,
  at: URL,
): Promise<void> {
  const path = at.pathname.replaceAll(/\/+/g, '/');
  const get: readonly Route[] = [
    [EXTENSIONS, ({ id = '' }) => extensionsOf(id)],
    [MACHINE, ({ id = '' }) => oneMachine(id)],
    [MACHINES, ({ subscription = '' }) => allMachines(subscription)],
    [ACTIVITY, (_groups, { searchParams }) => activityLog(searchParams.get('$filter') ?? '')],
    [PRICING, ({ subscription = '', name = '' }) => pricing(subscription, name)],
    [PROVIDER, ({ name }) => ok({ namespace: name, registrationState: 'Registered' })],
    [GROUP, ({ name }) => ok({ id: path, name })],
    [SCOPE, ({ name }) => ok({ id: path, name, location: 'japaneast', properties: SCOPE_STATE })],
  ];
  const put: readonly Route[] = [[MACHINE, ({ id = '', name = '' }) => connect(id, name)]];
  const remove: readonly Route[] = [
    [MACHINE, ({ id = '' }) => send(response, fleet.remove(id) ? 200 : 204, undefined)],
  ];
  const routes = { GET: get, PUT: put, DELETE: remove }[request.method ?? ''] ?? [];
  for (const [pattern, answer] of routes) {
    const groups = pattern.exec(path)?.groups;
    if (groups) return answer(groups, at);
  }
  notFound(path);

  function ok(body: unknown): void {
    send(response, 200, body);
  }

  function notFound(id: string): void {
    armError(response, 404, 'ResourceNotFound', `The Resource '${id}' was not found.`);
  }

  function oneMachine(id: string): void {
    const known = fleet.machines.get(id.toLowerCase());
    if (known) ok(armMachine(known));
    else notFound(id);
  }

  function extensionsOf(id: string): void {
    const known = fleet.machines.get(id.toLowerCase());
    if (known) ok({ value: [...known.extensions.values()].map((one) => armExtension(known, one)) });
    else notFound(id);
  }

  function allMachines(subscription: string): void {
    const mine = fleet
      .sorted()
      .filter((machine) => subscriptionOf(machine.id) === subscription.toLowerCase());
    ok({ value: mine.map(armMachine) });
  }

  function pricing(subscription: string, name: string): void {
    const id = `/subscriptions/${subscription}/providers/Microsoft.Security/pricings/${name}`;
    const properties = fleet.planOf(subscription);
    ok({ id, name, type: 'Microsoft.Security/pricings', properties });
  }

  /** Only the filter by resource is understood. */
  function activityLog(filter: string): void {
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
    ok({ value });
  }

  async function connect(id: string, name: string): Promise<void> {
    const caller = callerOf(request, options);
    if (caller === undefined) {
      const message = 'The access token is invalid.';
      return armError(response, 401, 'InvalidAuthenticationToken', message);
    }
    const body = JSON.parse((await bodyOf(request)) || '{}') as Partial<SimMachine>;
    const isNew = !fleet.machines.has(id.toLowerCase());
    const at = options.now();
    const machine = fleet.put({
      id,
      name,
      location: body.location ?? 'japaneast',
      tags: body.tags ?? {},
      properties: {
        provisioningState: 'Succeeded',
        status: 'Connected',
        lastStatusChange: at.toISOString(),
        ...body.properties,
      },
    });
    const operation = 'Microsoft.HybridCompute/machines/write';
    fleet.activity.push({ resourceId: id, operation, caller, at });
    options.onConnected?.(machine);
    send(response, isNew ? 201 : 200, armMachine(machine));
  }
}

const MACHINE_ID =
  '(?<id>/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.HybridCompute/machines/(?<name>[^/]+))';
const MACHINE = new RegExp(`^${MACHINE_ID}$`, 'i');
const EXTENSIONS = new RegExp(`^${MACHINE_ID}/extensions$`, 'i');
const MACHINES =
  /^\/subscriptions\/(?<subscription>[^/]+)\/providers\/Microsoft\.HybridCompute\/machines$/i;
const ACTIVITY =
  /^\/subscriptions\/(?<subscription>[^/]+)\/providers\/Microsoft\.Insights\/eventtypes\/management\/values$/i;
const PRICING =
  /^\/subscriptions\/(?<subscription>[^/]+)\/providers\/Microsoft\.Security\/pricings\/(?<name>[^/]+)$/i;
const PROVIDER = /^\/subscriptions\/[^/]+\/providers\/(?<name>[^/]+)$/i;
const GROUP = /^\/subscriptions\/[^/]+\/resourceGroups\/(?<name>[^/]+)$/i;
const SCOPE =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.HybridCompute\/privateLinkScopes\/(?<name>[^/]+)$/i;
const SCOPE_STATE = { publicNetworkAccess: 'Disabled', provisioningState: 'Succeeded' };

function callerOf(request: IncomingMessage, options: ArmOptions): string | undefined {
  const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) return undefined;
  return options.callerOf ? options.callerOf(token) : 'unknown';
}

function armMachine({ id, name, location, tags, properties }: SimMachine) {
  return { id, name, type: 'Microsoft.HybridCompute/machines', location, tags, properties };
}

function armExtension(machine: SimMachine, { name, properties }: SimExtension) {
  const type = 'Microsoft.HybridCompute/machines/extensions';
  const id = `${machine.id}/extensions/${name}`;
  return { id, name, type, location: machine.location, properties };
}
