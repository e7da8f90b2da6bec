import { HybridComputeManagementClient } from '@azure/arm-hybridcompute';
import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import type { TokenCredential } from '@azure/identity';
import type { AzureMachine } from '../core/azure.ts';
import { OpsBotError } from '../core/errors.ts';
import type { MachineName } from '../core/ids.ts';
import type { MachineDirectory } from '../core/ports.ts';
import type { Profile } from '../core/roll-out.ts';
import type { Cloud } from './clouds.ts';
import { FLEET_QUERY, PAGE_ROWS } from './fleet-query.ts';
import { extensionFrom, list, machineFrom, object } from './words.ts';

/** A version that has agentConfiguration, networkProfile and serviceStatuses; SDK 3.0.0 asks for 2021-05-20. */
const API_VERSION = '2024-07-10';
const MOST_PAGES = 200;

export interface DirectoryOptions {
  readonly credential: TokenCredential;
  readonly cloud: Cloud;
  readonly subscriptions: () => Promise<readonly string[]>;
  /** The simulated Azure's address on loopback, http: then no token is sent at all. */
  readonly simulated?: string;
}

/** MachineDirectory over the real SDKs: Resource Graph for the fleet, hybridcompute for one machine. */
export function createMachineDirectory(options: DirectoryOptions): MachineDirectory {
  const endpoint = options.simulated ?? options.cloud.armEndpoint;
  const plain = options.simulated === undefined ? {} : { allowInsecureConnection: true };
  const graph = new ResourceGraphClient(options.credential, {
    endpoint,
    credentials: { scopes: [options.cloud.armScope] },
    ...plain,
  });
  if (options.simulated) withoutToken(graph.pipeline);
  const clients = new Map<string, HybridComputeManagementClient>();

  return {
    async *listMachines(signal) {
      const subscriptions = await options.subscriptions();
      if (subscriptions.length === 0) return;
      for await (const rows of fleetPages(graph, subscriptions, signal)) {
        yield rows.flatMap((row) => machineOfRow(row) ?? []);
      }
    },

    async machine(profile, name, signal) {
      const client = clientFor(profile);
      return oneMachine(client, profile, name, signal);
    },
  };

  function clientFor(profile: Profile): HybridComputeManagementClient {
    const known = clients.get(profile.subscriptionId);
    if (known) return known;
    const client = new HybridComputeManagementClient(options.credential, profile.subscriptionId, {
      endpoint,
      credentialScopes: options.cloud.armScope,
      ...plain,
    });
    client.pipeline.addPolicy(
      {
        name: 'apiVersion',
        sendRequest(request, next) {
          const url = new URL(request.url);
          url.searchParams.set('api-version', API_VERSION);
          request.url = url.toString();
          return next(request);
        },
      },
      { afterPhase: 'Serialize' },
    );
    if (options.simulated) withoutToken(client.pipeline);
    clients.set(profile.subscriptionId, client);
    return client;
  }
}

async function* fleetPages(
  graph: ResourceGraphClient,
  subscriptions: readonly string[],
  signal: AbortSignal,
): AsyncIterable<readonly unknown[]> {
  const tokens = new Set<string>();
  let skipToken: string | undefined;
  let seen = 0;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await told('listing the fleet', () =>
      graph.resources(
        {
          subscriptions: [...subscriptions],
          query: FLEET_QUERY,
          options: {
            resultFormat: 'objectArray',
            top: PAGE_ROWS,
            ...(skipToken ? { skipToken } : {}),
          },
        },
        { abortSignal: signal },
      ),
    );
    if (!Array.isArray(answer.data)) throw unavailable('the fleet came in no form we know');
    seen += answer.data.length;
    yield answer.data;
    skipToken = answer.skipToken;
    if (!skipToken) {
      if (answer.resultTruncated === 'true' || seen < (answer.totalRecords ?? 0)) {
        throw unavailable(`the fleet came cut: ${seen} of ${answer.totalRecords}`);
      }
      return;
    }
    if (tokens.has(skipToken) || answer.data.length === 0)
      throw unavailable('the pages run in a circle');
    tokens.add(skipToken);
  }
  throw unavailable(`more than ${MOST_PAGES} pages`);
}

function machineOfRow(row: unknown): AzureMachine | undefined {
  const extensions = list(object(row).extensions).flatMap((one) => extensionFrom(one) ?? []);
  return machineFrom(row, extensions);
}

async function oneMachine(
  client: HybridComputeManagementClient,
  profile: Profile,
  name: MachineName,
  signal: AbortSignal,
): Promise<AzureMachine | undefined> {
  return told(`reading ${name}`, async () => {
    // Fields newer than SDK 3.0.0 come through only in the raw body.
    let body: unknown;
    try {
      await client.machines.get(profile.resourceGroup, name, {
        abortSignal: signal,
        onResponse: (response) => {
          body = JSON.parse(response.bodyAsText ?? 'null');
        },
      });
    } catch (error) {
      if (object(error).statusCode === 404) return undefined;
      throw error;
    }
    const extensions = [];
    for await (const extension of client.machineExtensions.list(profile.resourceGroup, name, {
      abortSignal: signal,
    })) {
      const read = extensionFrom(extension);
      if (read) extensions.push(read);
    }
    return machineFrom(body, extensions);
  });
}

async function told<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof OpsBotError) throw cause;
    throw new OpsBotError('AZURE_UNAVAILABLE', what, { cause });
  }
}

function unavailable(why: string): OpsBotError {
  return new OpsBotError('AZURE_UNAVAILABLE', why);
}

/** http on loopback: the SDK refuses to send a token there, and there is none to send. */
function withoutToken(pipeline: { removePolicy(options: { name: string }): unknown }): void {
  pipeline.removePolicy({ name: 'bearerTokenAuthenticationPolicy' });
}
