import type { TokenCredential } from '@azure/identity';
import { OpsBotError } from '../core/errors.ts';
import type { Cloud } from './clouds.ts';

/**
 * Plain GETs on ARM for what hybridcompute 3.0.0 has no operation for: provider registration, resource
 * groups, the activity log. The token goes to the configured endpoint alone; redirects are not followed.
 */
export function createArmReader(options: {
  readonly credential: TokenCredential;
  readonly cloud: Cloud;
  readonly simulated?: string;
}): (path: string, signal: AbortSignal) => Promise<{ status: number; body: unknown }> {
  return async (path, signal) => {
    const url = new URL(path, options.simulated ?? options.cloud.armEndpoint);
    const headers: Record<string, string> = { accept: 'application/json' };
    if (!options.simulated) {
      const token = await options.credential.getToken(options.cloud.armScope, {
        abortSignal: signal,
      });
      if (!token) throw new OpsBotError('AZURE_UNAVAILABLE', 'no token for Azure Resource Manager');
      headers.authorization = `Bearer ${token.token}`;
    }
    try {
      const answer = await fetch(url, { headers, signal, redirect: 'error' });
      return { status: answer.status, body: await answer.json().catch(() => undefined) };
    } catch (cause) {
      throw new OpsBotError('AZURE_UNAVAILABLE', `reading ${url.pathname}`, { cause });
    }
  };
}
