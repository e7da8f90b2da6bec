import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SimulatedFleet } from './azure-fleet.ts';
import { armError, bodyOf, send } from './azure-http.ts';

export interface WriteOptions {
  readonly now: () => Date;
  /** Who writes with this token, or why not; without it everyone may. */
  readonly mayWrite?: (token: string | undefined) => { readonly caller: string } | 401 | 403;
  /** How long an extension takes to come or go. */
  readonly operationMs?: number;
}

interface Operation {
  readonly id: string;
  readonly kind: 'write' | 'delete';
  readonly machineId: string;
  readonly name: string;
  readonly endsAtMs: number;
  readonly failure?: string;
  done: boolean;
}

const OPERATION_MS = 60_000;
const EXTENSION =
  /^(?<id>\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.HybridCompute\/machines\/(?<machine>[^/]+))\/extensions\/(?<name>[^/]+)$/i;
const STATUS =
  /^\/subscriptions\/[^/]+\/providers\/Microsoft\.HybridCompute\/locations\/[^/]+\/operationStatus\/(?<id>[^/]+)$/i;
const ONBOARDINGS =
  /^\/subscriptions\/[^/]+\/providers\/Microsoft\.Security\/mdeOnboardings\/default$/i;

/**
 * Extensions that come and go as long-running operations. Shapes: Azure/azure-rest-api-specs,
 * specification/hybridcompute (Extension_CreateOrUpdate.json, Extension_Delete.json: 202 with
 * Azure-AsyncOperation), specification/security (GetMdeOnboardings_example.json).
 */
export class ExtensionOperations {
  /** Requests taken, with whoever sent them and what was asked; newest last. */
  readonly taken: { readonly line: string; readonly caller: string; readonly body?: unknown }[] =
    [];
  readonly #fleet: SimulatedFleet;
  readonly #options: WriteOptions;
  readonly #operations: Operation[] = [];
  readonly #failures = new Map<string, string>();
  readonly #stuck = new Set<string>();

  constructor(fleet: SimulatedFleet, options: WriteOptions) {
    this.#fleet = fleet;
    this.#options = options;
  }

  /** The next installation on this machine ends as Failed with this message. */
  failNext(machine: string, message: string): void {
    this.#failures.set(machine.toLowerCase(), message);
  }

  /** The next operation on this machine never ends. */
  stickNext(machine: string): void {
    this.#stuck.add(machine.toLowerCase());
  }

  /** Brings every operation up to now. */
  settle(): void {
    const now = this.#options.now().getTime();
    for (const operation of this.#operations) {
      if (operation.done || operation.endsAtMs > now) continue;
      operation.done = true;
      const extensions = this.#fleet.machines.get(operation.machineId.toLowerCase())?.extensions;
      const known = extensions?.get(operation.name);
      if (operation.kind === 'delete') {
        extensions?.delete(operation.name);
      } else if (known) {
        const { failure } = operation;
        const status = { code: failure ? '64' : '0', level: failure ? 'Error' : 'Information' };
        const message = failure ? `Extension Message: ${failure}` : 'Extension Message: OK';
        const properties = {
          ...known.properties,
          provisioningState: failure ? 'Failed' : 'Succeeded',
          typeHandlerVersion: '1.37.0',
          instanceView: { name: operation.name, status: { ...status, message } },
        };
        this.#fleet.putExtension(operation.machineId, { name: operation.name, properties });
      }
    }
  }

  /** False when the request is none of these. */
  async answer(
    request: IncomingMessage,
    response: ServerResponse,
    pathname: string,
  ): Promise<boolean> {
    const { method = '' } = request;
    if (method === 'GET') return this.#read(response, pathname);
    const groups = EXTENSION.exec(pathname)?.groups;
    if (!groups || (method !== 'PUT' && method !== 'DELETE')) return false;
    const body: unknown =
      method === 'PUT' ? JSON.parse((await bodyOf(request)) || '{}') : undefined;
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const who = this.#options.mayWrite?.(token) ?? { caller: 'unknown' };
    if (who === 401) {
      armError(response, 401, 'InvalidAuthenticationToken', 'The access token is invalid.');
    } else if (who === 403) {
      const message = 'The client does not have authorization to perform the action.';
      armError(response, 403, 'AuthorizationFailed', message);
    } else {
      this.taken.push({ line: `${method} ${pathname}`, caller: who.caller, body });
      const { id = '', name = '', machine = '' } = groups;
      this.#begin(
        response,
        method === 'PUT' ? 'write' : 'delete',
        { id, name, machine },
        who,
        body,
      );
    }
    return true;
  }

  #read(response: ServerResponse, pathname: string): boolean {
    const id = STATUS.exec(pathname)?.groups?.id;
    const operation = this.#operations.find((one) => one.id === id);
    if (operation) {
      const { done, failure } = operation;
      const status = done ? (failure ? 'Failed' : 'Succeeded') : 'InProgress';
      const error = failure && done ? { error: { code: 'Failed', message: failure } } : {};
      send(response, 200, { id: pathname, name: id, status, ...error });
      return true;
    }
    if (!ONBOARDINGS.test(pathname)) return false;
    const properties = {
      onboardingPackageWindows: Buffer.from('echo simulated').toString('base64'),
      onboardingPackageLinux: Buffer.from('# simulated').toString('base64'),
    };
    const type = 'Microsoft.Security/mdeOnboardings';
    send(response, 200, { id: pathname, name: 'default', type, properties });
    return true;
  }

  #begin(
    response: ServerResponse,
    kind: Operation['kind'],
    { id, name, machine }: { id: string; name: string; machine: string },
    { caller }: { caller: string },
    body: unknown,
  ): void {
    const known = this.#fleet.machines.get(id.toLowerCase());
    if (!known) {
      armError(response, 404, 'ParentResourceNotFound', `The Resource '${id}' was not found.`);
      return;
    }
    const before = known.extensions.get(name);
    if (kind === 'delete' && !before) {
      send(response, 204, undefined);
      return;
    }
    const now = this.#options.now();
    const key = machine.toLowerCase();
    const failure = kind === 'write' ? this.#failures.get(key) : undefined;
    if (failure) this.#failures.delete(key);
    const operation: Operation = {
      id: `op-${this.#operations.length + 1}`,
      kind,
      machineId: known.id,
      name,
      endsAtMs: this.#stuck.delete(key)
        ? Number.POSITIVE_INFINITY
        : now.getTime() + (this.#options.operationMs ?? OPERATION_MS),
      ...(failure && { failure }),
      done: false,
    };
    this.#operations.push(operation);
    const { properties = {} } = (body ?? {}) as { properties?: Record<string, unknown> };
    // Protected settings are never given back.
    const { protectedSettings: _, ...shown } = properties;
    const provisioningState = kind === 'delete' ? 'Deleting' : before ? 'Updating' : 'Creating';
    const kept = { ...before?.properties, ...shown, provisioningState };
    this.#fleet.putExtension(known.id, { name, properties: kept });
    const deed = kind === 'delete' ? 'delete' : 'write';
    this.#fleet.activity.push({
      resourceId: `${known.id}/extensions/${name}`,
      operation: `Microsoft.HybridCompute/machines/extensions/${deed}`,
      caller,
      at: now,
    });
    const subscription = known.id.split('/')[2] ?? '';
    const status = `/subscriptions/${subscription}/providers/Microsoft.HybridCompute/locations/${known.location}/operationStatus/${operation.id}`;
    const host = response.req.headers.host ?? 'localhost';
    const scheme = 'encrypted' in response.req.socket ? 'https' : 'http';
    const at = `${scheme}://${host}${status}?api-version=2024-07-10`;
    send(response, 202, undefined, {
      'azure-asyncoperation': at,
      location: at,
      'retry-after': '5',
    });
  }
}
