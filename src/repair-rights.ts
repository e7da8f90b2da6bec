import type { ArmReader } from './azure/arm.ts';
import { CLOUDS } from './azure/clouds.ts';
import { azureCredential } from './azure/credential.ts';
import type { createMachineDirectory } from './azure/machine-directory.ts';
import {
  AUTHORITY,
  exchange,
  managedIdentityAssertion,
  neverTheReader,
  secondIdentity,
} from './azure/write-credential.ts';
import type { Config } from './config.ts';
import { OpsBotError } from './core/errors.ts';
import type { Clock, ExtensionWriter, Log, Random, Store } from './core/ports.ts';
import type { RepairDeps } from './flows/repair/index.ts';
import { extensionLines, extensionRequest } from './kit/extension-plan.ts';

export interface RepairParts {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly simulated?: { readonly azure: string };
  /** Azure as Reader. */
  readonly azure: () => Promise<{
    readonly arm: ArmReader;
    readonly directory: Pick<ReturnType<typeof createMachineDirectory>, 'machine'>;
  }>;
}

export interface Repairs {
  readonly deps: RepairDeps;
  /** Resolves once nothing that a press began is under way. */
  idle(): Promise<void>;
}

/** Joins the repair of extensions with Azure, by whosever rights the setting WRITE names. */
export function createRepairs(parts: RepairParts): Repairs {
  const { config, store, clock, random, log, simulated, azure } = parts;
  const cloud = CLOUDS[config.AZURE_CLOUD];
  const underWay = new Set<Promise<void>>();
  const assertion = managedIdentityAssertion(config.WRITE_CLIENT_ID);

  async function writerWith(
    credential: Parameters<typeof neverTheReader>[0],
  ): Promise<ExtensionWriter> {
    const { createExtensionWriter } = await import('./azure/extensions.ts');
    const { arm } = await azure();
    const where = simulated ? { simulated: simulated.azure } : {};
    return createExtensionWriter({ credential, cloud, reader: arm, ...where });
  }

  let second: Promise<ExtensionWriter> | undefined;
  async function makeSecond(clientId: string): Promise<ExtensionWriter> {
    const [writer, reader] = [await secondIdentity(clientId), await azureCredential()];
    return writerWith(neverTheReader(writer, reader, cloud));
  }

  const deps: RepairDeps = {
    store,
    clock,
    random,
    log,
    write: { mode: config.WRITE, twoPersons: config.TWO_PERSONS === 'on' },
    request: extensionRequest,
    lines: extensionLines,
    readMachine: async (profile, name, signal) =>
      (await azure()).directory.machine(profile, name, signal),
    async lend(ssoToken, _profile, signal) {
      const options = {
        tenantId: config.MicrosoftAppTenantId,
        clientId: config.MicrosoftAppId,
        authorityHost: AUTHORITY[config.AZURE_CLOUD],
        getAssertion: assertion,
        cloud,
      };
      const exchanged = await exchange(options, ssoToken, signal);
      switch (exchanged.kind) {
        case 'claims':
          return exchanged;
        case 'refused':
        case 'unreachable':
          log.warn('rights-not-lent', { kind: exchanged.kind, error: exchanged.cause });
          return { kind: exchanged.kind };
        case 'exchanged': {
          const { credential } = exchanged;
          const giveBack = (): void => credential.drop();
          return { kind: 'lent', writer: await writerWith(credential), giveBack };
        }
      }
    },
    own() {
      const clientId = config.WRITE_CLIENT_ID;
      if (clientId === undefined) {
        const why = 'WRITE_CLIENT_ID: the second identity has no client id';
        return Promise.reject(new OpsBotError('CONFIG_REFUSED', why));
      }
      second ??= makeSecond(clientId);
      return second;
    },
    later(work) {
      const going = work()
        .catch((error: unknown) => log.error('repair-failed', { error }))
        .finally(() => underWay.delete(going));
      underWay.add(going);
    },
  };
  return {
    deps,
    async idle() {
      await Promise.all(underWay);
    },
  };
}
