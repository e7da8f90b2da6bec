import type { TokenCredential } from '@azure/identity';

/**
 * The bot's own identity, Reader and nothing more: workload or managed identity first, then what the
 * environment says of a certificate, and Azure CLI for a laptop. Loaded when first asked for: the
 * library costs 180 ms that most commands do not need.
 */
export async function azureCredential(): Promise<TokenCredential> {
  const identity = await import('@azure/identity');
  // WorkloadIdentityCredential throws already when made without its settings.
  const workload = attempt(() => new identity.WorkloadIdentityCredential());
  return new identity.ChainedTokenCredential(
    ...workload,
    new identity.ManagedIdentityCredential(),
    new identity.EnvironmentCredential(),
    new identity.AzureCliCredential(),
  );
}

function attempt<T>(make: () => T): readonly T[] {
  try {
    return [make()];
  } catch {
    return [];
  }
}
