import { HybridComputeManagementClient } from '@azure/arm-hybridcompute';
import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import type { TokenCredential } from '@azure/identity';
import type { AzureMachine } from '../core/azure.ts';
import type { MachineName } from '../core/ids.ts';
import type { MachineDirectory } from '../core/ports.ts';
import type { Profile } from '../core/roll-out.ts';
import { createArmReader } from './arm.ts';
import type { Cloud } from './clouds.ts';
import { createDefenderPlans } from './defender-plans.ts';
import { createFleetPages } from './fleet-pages.ts';
import { keepWithin } from './pipeline.ts';
import { type Pace, REAL_PACE, Throttle } from './throttle.ts';
import { azureError, told, troubleOfStatus } from './trouble.ts';
import { extensionFrom, machineFrom, object } from './words.ts';

/** A version that has agentConfiguration, networkProfile and serviceStatuses; SDK 3.0.0 asks for 2021-05-20. */
const API_VERSION = '2024-07-10';

export interface DirectoryOptions {
  readonly credential: TokenCredential;
  readonly cloud: Cloud;
  readonly subscriptions: () => Promise<readonly string[]>;
  /** The simulated Azure's address on loopback, http: then no token is sent at all. */
  readonly simulated?: string;
  readonly pace?: Pace;
  /** PEM of the authority to trust beside the usual ones: for an https far end in tests. */
  readonly ca?: string;
}

/** MachineDirectory over the real SDKs: Resource Graph for the fleet, hybridcompute for one machine. */
export function createMachineDirectory(options: DirectoryOptions): Required<MachineDirectory> {
  const { credential, cloud, simulated, pace = REAL_PACE } = options;
  const endpoint = simulated ?? cloud.armEndpoint;
  const isSimulated = simulated !== undefined;
  const common = {
    endpoint,
    ...(isSimulated && { allowInsecureConnection: true }),
    ...(options.ca && { tlsOptions: { ca: options.ca } }),
  };
  const graph = new ResourceGraphClient(credential, {
    ...common,
    credentials: { scopes: [cloud.armScope] },
  });
  keepWithin(graph.pipeline, { endpoint, throttle: new Throttle(pace), isSimulated });
  const fleetPages = createFleetPages(graph, () => pace.now());
  const arm = createArmReader(options);
  const plans = createDefenderPlans(arm, pace);
  const clients = new Map<string, HybridComputeManagementClient>();
  const armThrottle = new Throttle(pace);

  return {
    async *listMachines(signal) {
      const subscriptions = await options.subscriptions();
      if (subscriptions.length === 0) return;
      const known = await plans(subscriptions, signal);
      for await (const page of fleetPages(subscriptions, signal)) {
        yield page.map((machine) => {
          const plan = known.get(machine.subscriptionId.toLowerCase());
          return plan ? { ...machine, defenderPlan: plan } : machine;
        });
      }
    },

    machine: (profile, name, signal) => oneMachine(clientFor(profile), profile, name, signal),

    async isGone(resourceId, signal) {
      const what = 'asking for a machine that was not listed';
      const { status, body } = await arm(`${resourceId}?api-version=${API_VERSION}`, signal);
      if (status === 200) return false;
      const code = String(object(object(body).error).code ?? '');
      if (status === 404 && /^Resource(Group)?NotFound$/i.test(code)) return true;
      throw azureError(what, troubleOfStatus(status, code));
    },
  };

  function clientFor(profile: Profile): HybridComputeManagementClient {
    const known = clients.get(profile.subscriptionId);
    if (known) return known;
    const client = new HybridComputeManagementClient(credential, profile.subscriptionId, {
      ...common,
      credentialScopes: cloud.armScope,
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
    keepWithin(client.pipeline, { endpoint, throttle: armThrottle, isSimulated });
    clients.set(profile.subscriptionId, client);
    return client;
  }
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
    const seen = new Set<string | undefined>();
    for await (const extension of client.machineExtensions.list(profile.resourceGroup, name, {
      abortSignal: signal,
    })) {
      // Pages that run in a circle never end by themselves.
      if (seen.has(extension.id)) throw azureError(`reading ${name}`, 'incomplete');
      seen.add(extension.id);
      const read = extensionFrom(extension);
      if (read) extensions.push(read);
    }
    const machine = machineFrom(body, extensions);
    if (!machine) throw azureError(`reading ${name}`, 'not-azure');
    return machine;
  });
}
