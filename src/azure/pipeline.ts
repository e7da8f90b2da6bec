import type { HybridComputeManagementClient } from '@azure/arm-hybridcompute';
import { OpsBotError } from '../core/errors.ts';
import type { Throttle } from './throttle.ts';

type Pipeline = HybridComputeManagementClient['pipeline'];
type Policy = Parameters<Pipeline['addPolicy']>[0];

const RETRIES = 3;
const FIRST_PAUSE_MS = 500;
/** The SDKs wait for ever by themselves. */
const REQUEST_TIMEOUT_MS = 30_000;

export interface PipelineOptions {
  /** The one host that requests, and the token with them, may go to. */
  readonly endpoint: string;
  readonly throttle: Throttle;
  /** http on loopback: the SDK refuses to send a token there, and there is none to send. */
  readonly isSimulated: boolean;
}

/**
 * What every Azure client of the bot keeps to: its own host alone (a nextLink or a redirect may name
 * another), no redirects, and retries that heed what Azure says of its limits.
 */
export function keepWithin(
  pipeline: Pick<Pipeline, 'addPolicy' | 'removePolicy'>,
  options: PipelineOptions,
): void {
  pipeline.removePolicy({ name: 'redirectPolicy' });
  pipeline.removePolicy({ name: 'defaultRetryPolicy' });
  if (options.isSimulated) pipeline.removePolicy({ name: 'bearerTokenAuthenticationPolicy' });
  pipeline.addPolicy(onlyTo(options.endpoint), {
    beforePolicies: ['bearerTokenAuthenticationPolicy'],
  });
  pipeline.addPolicy(patient(options.throttle), { phase: 'Retry' });
}

export function assertOwnHost(url: string, endpoint: string): void {
  if (new URL(url).origin === new URL(endpoint).origin) return;
  throw new OpsBotError('AZURE_UNAVAILABLE', 'foreign-host: an address outside Azure was named');
}

function onlyTo(endpoint: string): Policy {
  return {
    name: 'onlyOurHost',
    sendRequest(request, next) {
      assertOwnHost(request.url, endpoint);
      return next(request);
    },
  };
}

function patient(throttle: Throttle): Policy {
  return {
    name: 'patience',
    async sendRequest(request, next) {
      // Wrapped into a true AbortSignal by an earlier policy of the pipeline.
      const signal = request.abortSignal as AbortSignal | undefined;
      request.timeout ||= REQUEST_TIMEOUT_MS;
      for (let attempt = 0; ; attempt += 1) {
        await throttle.turn(signal);
        const pauseMs = FIRST_PAUSE_MS * 2 ** attempt;
        try {
          const response = await next(request);
          const isNamed = throttle.heed(response.status, response.headers);
          const isPassing = response.status === 429 || response.status >= 500;
          if (!isPassing || attempt === RETRIES) return response;
          if (!isNamed) await throttle.pause(pauseMs, signal);
        } catch (error) {
          if (attempt === RETRIES || signal?.aborted) throw error;
          await throttle.pause(pauseMs, signal);
        }
      }
    },
  };
}
