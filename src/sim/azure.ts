import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ArmOptions, answerArm } from './azure-arm.ts';
import { SimulatedFleet } from './azure-fleet.ts';
import { SimulatedGraph } from './azure-graph.ts';
import { applyFault, armError, bodyOf, type Fault, send, takeFault } from './azure-http.ts';
import { answerHeartbeats } from './azure-logs.ts';
import { SimulatedScope } from './azure-scope.ts';
import { ExtensionOperations, type WriteOptions } from './azure-writes.ts';

export type { ActivityEvent, SimExtension, SimMachine } from './azure-fleet.ts';
export { SimulatedFleet } from './azure-fleet.ts';
export type { Fault } from './azure-http.ts';

/** Azure as a request listener, for whoever brings the server: https with a made authority, for one. */
export interface AzureListener {
  readonly fleet: SimulatedFleet;
  readonly graph: SimulatedGraph;
  readonly scope: SimulatedScope;
  readonly writes: ExtensionOperations;
  /** What goes wrong next, in order; each fault is used once. */
  readonly faults: Fault[];
  /** Requests seen, as `METHOD path`, newest last. */
  readonly requests: string[];
  readonly listener: RequestListener;
}

/**
 * A simulated Azure: the ARM, Resource Graph and Log Analytics routes the bot uses, as a real HTTP server on
 * loopback that the real SDK clients talk to.
 */
export interface SimulatedAzure extends Omit<AzureListener, 'listener'> {
  readonly url: string;
  close(): Promise<void>;
}

export interface SimulatedAzureOptions extends ArmOptions, WriteOptions {
  readonly port?: number;
}

export function createAzureListener(options: ArmOptions & WriteOptions): AzureListener {
  const fleet = new SimulatedFleet();
  const graph = new SimulatedGraph({ fleet, now: options.now });
  const scope = new SimulatedScope();
  const writes = new ExtensionOperations(fleet, options);
  const faults: Fault[] = [];
  const requests: string[] = [];
  const listener: RequestListener = (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const fault = takeFault(faults, request);
    if (fault && applyFault(fault, request, response)) return;
    const at = new URL(request.url ?? '/', 'http://azure.invalid');
    writes.settle();
    const answer = async (): Promise<void> => {
      const asked = `${request.method} ${at.pathname}`;
      if (/^POST \/v1\/workspaces\/[^/]+\/query$/i.test(asked)) {
        const body = JSON.parse((await bodyOf(request)) || '{}') as { query?: string };
        return answerHeartbeats(response, fleet, body, options.now());
      }
      if (!at.searchParams.has('api-version')) {
        const message = 'The api-version query parameter is required.';
        return armError(response, 400, 'MissingApiVersionParameter', message);
      }
      if (/^POST \/providers\/Microsoft\.ResourceGraph\/resources$/i.test(asked)) {
        return graph.answer(response, JSON.parse((await bodyOf(request)) || '{}'));
      }
      const linked = request.method === 'GET' ? scope.answer(at.pathname) : undefined;
      if (linked) return send(response, 200, linked);
      if (await writes.answer(request, response, at.pathname)) return;
      await answerArm(fleet, options, request, response, at);
    };
    answer().catch(() => send(response, 500, { error: { code: 'InternalServerError' } }));
  };
  return { fleet, graph, scope, writes, faults, requests, listener };
}

export async function startSimulatedAzure(options: SimulatedAzureOptions): Promise<SimulatedAzure> {
  const { listener, ...azure } = createAzureListener(options);
  const server = createServer(listener);
  await listen(server, options.port ?? 0);
  return {
    ...azure,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}
