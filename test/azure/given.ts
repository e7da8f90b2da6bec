import type { TokenCredential } from '@azure/identity';
import { CLOUDS } from '../../src/azure/clouds.ts';
import type { Pace } from '../../src/azure/throttle.ts';
import type { AzureMachine } from '../../src/core/azure.ts';
import type { MachineName } from '../../src/core/ids.ts';
import type { Profile } from '../../src/core/roll-out.ts';
import type { SimulatedFleet } from '../../src/sim/azure.ts';
import { sampleRollOut } from '../support/sample-roll-out.ts';

export const TOKEN = 'a-token-for-azure-alone';
export const credential: TokenCredential = {
  getToken: async () => ({ token: TOKEN, expiresOnTimestamp: Date.now() + 3_600_000 }),
};
export const cloud = CLOUDS.AzureCloud;
export const profile = sampleRollOut.profiles.find((one) => one.privateLinkScopeId) as Profile;
export const SUBSCRIPTION = profile.subscriptionId;

export const soon = (): AbortSignal => AbortSignal.timeout(8_000);
export const machineName = (name: string): MachineName => name as MachineName;

/** Time that passes only by waiting. */
export class SteppedPace implements Pace {
  readonly waits: number[] = [];
  #now: number;

  constructor(start = Date.parse('2026-11-25T01:00:00Z')) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  async wait(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.waits.push(ms);
    this.#now += ms;
  }

  forward(ms: number): void {
    this.#now += ms;
  }
}

export function idOf(name: string, subscription = SUBSCRIPTION): string {
  return `/subscriptions/${subscription}/resourceGroups/rg-arc-jpe/providers/Microsoft.HybridCompute/machines/${name}`;
}

/** A machine as azcmagent makes it, with AMA and MDE. */
export function putMachine(
  fleet: SimulatedFleet,
  name: string,
  changes: Readonly<Record<string, unknown>> = {},
  subscription = SUBSCRIPTION,
): string {
  const id = idOf(name, subscription);
  fleet.put({
    id,
    name,
    location: 'japaneast',
    tags: { Datacenter: 'osaka-01' },
    properties: {
      provisioningState: 'Succeeded',
      status: 'Connected',
      lastStatusChange: '2026-11-19T23:34:02.9794112Z',
      agentVersion: '1.67.03504.3207',
      privateLinkScopeResourceId: profile.privateLinkScopeId,
      agentConfiguration: { proxyUrl: 'http://proxy.corp.example:8080', proxyBypass: ['Arc'] },
      ...changes,
    },
  });
  for (const [publisher, type] of [
    ['Microsoft.Azure.AzureDefenderForServers', 'MDE.Windows'],
    ['Microsoft.Azure.Monitor', 'AzureMonitorWindowsAgent'],
  ] as const) {
    const properties = {
      publisher,
      type,
      typeHandlerVersion: '1.0',
      provisioningState: 'Succeeded',
    };
    fleet.putExtension(id, { name: type, properties });
  }
  return id;
}

export async function readAll(
  pages: AsyncIterable<readonly AzureMachine[]>,
): Promise<AzureMachine[]> {
  const machines: AzureMachine[] = [];
  for await (const page of pages) machines.push(...page);
  return machines;
}
