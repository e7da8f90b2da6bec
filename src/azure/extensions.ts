import { HybridComputeManagementClient } from '@azure/arm-hybridcompute';
import type { TokenCredential } from '@azure/identity';
import type { ExtensionRequest, ExtensionWriter, WriteOutcome } from '../core/ports.ts';
import type { Profile } from '../core/roll-out.ts';
import type { ArmReader } from './arm.ts';
import type { Cloud } from './clouds.ts';
import { keepWithin } from './pipeline.ts';
import { type Pace, REAL_PACE, Throttle } from './throttle.ts';
import { azureError, troubleOfStatus } from './trouble.ts';
import { object } from './words.ts';

/** The same version that single machines are read with; SDK 3.0.0 asks for 2021-05-20. */
const API_VERSION = '2024-07-10';
const ONBOARDINGS_VERSION = '2021-10-01-preview';

export interface ExtensionWriterOptions {
  /** With the right to write: the approver's own, or the second identity's. Never the Reader's. */
  readonly credential: TokenCredential;
  readonly cloud: Cloud;
  /** Reads, as Reader, what MDE must be given. */
  readonly reader: ArmReader;
  readonly simulated?: string;
  readonly pace?: Pace;
  readonly ca?: string;
}

type Client = HybridComputeManagementClient;

/**
 * Sends the request that begins a long-running operation and waits for nothing more: how it ends is read
 * from provisioningState, as Reader, also by a bot that was started anew in between.
 */
export function createExtensionWriter(options: ExtensionWriterOptions): ExtensionWriter {
  const throttle = new Throttle(options.pace ?? REAL_PACE);

  return {
    install: (profile, request, signal) =>
      begun(async (sent) => {
        const properties = {
          publisher: request.publisher,
          type: request.type,
          autoUpgradeMinorVersion: true,
          ...(await settingsOf(options.reader, profile, request, signal)),
        };
        const poller = await clientFor(profile, sent).machineExtensions.beginCreateOrUpdate(
          profile.resourceGroup,
          request.machine,
          request.name,
          { location: profile.location, properties },
          { abortSignal: signal },
        );
        // The SDK sends nothing before the first poll.
        await poller.poll({ abortSignal: signal });
      }),
    remove: (profile, request, signal) =>
      begun(async (sent) => {
        const poller = await clientFor(profile, sent).machineExtensions.beginDelete(
          profile.resourceGroup,
          request.machine,
          request.name,
          { abortSignal: signal },
        );
        await poller.poll({ abortSignal: signal });
      }),
  };

  function clientFor(profile: Profile, sent: Sent): Client {
    const { credential, cloud, simulated } = options;
    const endpoint = simulated ?? cloud.armEndpoint;
    const client = new HybridComputeManagementClient(credential, profile.subscriptionId, {
      endpoint,
      credentialScopes: cloud.armScope,
      ...(simulated && { allowInsecureConnection: true }),
      ...(options.ca && { tlsOptions: { ca: options.ca } }),
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
    client.pipeline.addPolicy(onlyTheWrite(sent));
    keepWithin(client.pipeline, { endpoint, throttle, isSimulated: simulated !== undefined });
    return client;
  }
}

/** Whether Azure took the request. */
interface Sent {
  isTaken: boolean;
}

/**
 * Once the write is taken its poller would ask for the operation's status: that is the Reader's to see, and
 * the right to write does not hold the right to read it.
 */
function onlyTheWrite(sent: Sent): Parameters<Client['pipeline']['addPolicy']>[0] {
  return {
    name: 'onlyTheWrite',
    async sendRequest(request, next) {
      if (sent.isTaken) throw new Error('the operation is followed by whoever reads');
      const response = await next(request);
      sent.isTaken = response.status >= 200 && response.status < 300;
      return response;
    },
  };
}

async function begun(send: (sent: Sent) => Promise<void>): Promise<WriteOutcome> {
  const sent: Sent = { isTaken: false };
  try {
    await send(sent);
    return { outcome: 'begun' };
  } catch (error) {
    if (sent.isTaken) return { outcome: 'begun' };
    const { statusCode, code } = object(error);
    const status = Number(statusCode);
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
    const isRefused = status >= 400 && status < 500 && status !== 408 && status !== 429;
    const said = [typeof code === 'string' ? code : '', message].filter(Boolean).join(': ');
    return { outcome: isRefused ? 'refused' : 'unclear', message: said.slice(0, 300) };
  }
}

/**
 * MDE is refused without the tenant's onboarding script ("Protected Setting defenderForEndpointOnboardingScript
 * does not exist, please use mdeOnboardings API"), which Reader may read:
 * learn.microsoft.com/rest/api/defenderforcloud/mde-onboardings.
 */
async function settingsOf(
  reader: ArmReader,
  profile: Profile,
  request: ExtensionRequest,
  signal: AbortSignal,
): Promise<{ settings: Record<string, unknown>; protectedSettings?: Record<string, unknown> }> {
  if (!/^MDE\./i.test(request.type)) return { settings: { ...request.settings } };
  const { subscriptionId: subscription, resourceGroup, workspaceId } = profile;
  const path = `/subscriptions/${subscription}/providers/Microsoft.Security/mdeOnboardings/default?api-version=${ONBOARDINGS_VERSION}`;
  const { status, body } = await reader(path, signal);
  const { onboardingPackageWindows, onboardingPackageLinux } = object(object(body).properties);
  const script = request.os === 'windows' ? onboardingPackageWindows : onboardingPackageLinux;
  if (status !== 200 || typeof script !== 'string') {
    throw azureError('reading the onboarding script of MDE', troubleOfStatus(status, ''));
  }
  const machineId = `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.HybridCompute/machines/${request.machine}`;
  return {
    settings: {
      azureResourceId: machineId,
      forceReOnboarding: true,
      ...(workspaceId && { defenderForServersWorkspaceId: workspaceId }),
      ...request.settings,
    },
    protectedSettings: { defenderForEndpointOnboardingScript: script },
  };
}
