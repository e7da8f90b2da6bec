import type { TokenCredential } from '@azure/identity';
import type { Cloud } from './clouds.ts';
import { assertOwnHost } from './pipeline.ts';
import { azureError, told } from './trouble.ts';

const REQUEST_TIMEOUT_MS = 30_000;

export interface ArmOptions {
  readonly credential: TokenCredential;
  readonly cloud: Cloud;
  /** The simulated Azure's address on loopback: then no token is sent at all. */
  readonly simulated?: string;
}

export type ArmReader = (
  path: string,
  signal: AbortSignal,
) => Promise<{ readonly status: number; readonly body: unknown }>;

/**
 * Plain GETs on ARM for what hybridcompute 3.0.0 has no operation for: provider registration, resource
 * groups, plans, the activity log. The token goes to the configured endpoint alone; redirects are not followed.
 */
export function createArmReader(options: ArmOptions): ArmReader {
  return (path, signal) => {
    const endpoint = options.simulated ?? options.cloud.armEndpoint;
    const url = new URL(path, endpoint);
    return told(`reading ${url.pathname}`, async () => {
      // A path that begins with two slashes names a host.
      assertOwnHost(url.href, endpoint);
      const headers: Record<string, string> = { accept: 'application/json' };
      if (!options.simulated) {
        const scope = options.cloud.armScope;
        const token = await options.credential.getToken(scope, { abortSignal: signal });
        if (!token) throw azureError('signing in', 'token-refused');
        headers.authorization = `Bearer ${token.token}`;
      }
      const ends = AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]);
      const answer = await fetch(url, { headers, signal: ends, redirect: 'error' });
      return { status: answer.status, body: await answer.json().catch(() => undefined) };
    });
  };
}
