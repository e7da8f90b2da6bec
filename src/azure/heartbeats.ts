import { setImmediate } from 'node:timers/promises';
import type { TokenCredential } from '@azure/identity';
import { Durations, LogsQueryClient, LogsQueryResultStatus } from '@azure/monitor-query-logs';
import type { Heartbeat } from '../core/azure.ts';
import type { Cloud } from './clouds.ts';
import { keepWithin } from './pipeline.ts';
import { type Pace, Throttle } from './throttle.ts';
import { told } from './trouble.ts';

export interface HeartbeatOptions {
  readonly credential: TokenCredential;
  readonly cloud: Cloud;
  /** The simulated Azure's address on loopback: then no token is sent at all. */
  readonly simulated?: string;
  readonly pace?: Pace;
  readonly ca?: string;
}

/** So many machines to an answer: a workspace's whole fleet in one would hold everybody up while it is read. */
const MACHINES_AT_ONCE = 2_000;
/** Rows that are kept without a pause in between. */
const SLICE = 200;

/**
 * The last heartbeat of AMA per machine, from the workspace's Heartbeat table (Log Analytics Reader). One
 * question for all machines; of a fleet too large for one answer, one per part.
 */
export function createHeartbeats(options: HeartbeatOptions) {
  const { cloud, credential, simulated } = options;
  const endpoint = `${simulated ?? cloud.logsEndpoint}/v1`;
  const throttle = new Throttle(options.pace);
  return async function* heartbeats(
    workspaceId: string,
    machines: number,
    signal: AbortSignal,
  ): AsyncIterable<readonly Heartbeat[]> {
    const parts = Math.max(1, Math.ceil(machines / MACHINES_AT_ONCE));
    for (let part = 0; part < parts; part += 1) {
      const found = await told('reading heartbeats', async () => {
        const result = await clientFor(signal).queryWorkspace(workspaceId, query(part, parts), {
          duration: Durations.oneHour,
        });
        const tables =
          result.status === LogsQueryResultStatus.Success ? result.tables : result.partialTables;
        return (tables[0]?.rows ?? []).flatMap(heartbeatOf);
      });
      for (let start = 0; start < found.length; start += SLICE) {
        await setImmediate();
        yield found.slice(start, start + SLICE);
      }
    }
  };

  /** One client a question: 1.0.0 drops the `abortSignal` of its options, so the pipeline brings it. */
  function clientFor(signal: AbortSignal): LogsQueryClient {
    const client = new LogsQueryClient(credential, {
      endpoint,
      credentials: { scopes: [cloud.logsScope] },
      ...(simulated !== undefined && { allowInsecureConnection: true }),
      ...(options.ca && { tlsOptions: { ca: options.ca } }),
    });
    client.pipeline.addPolicy({
      name: 'abortSignal',
      sendRequest(request, next) {
        request.abortSignal = signal;
        return next(request);
      },
    });
    keepWithin(client.pipeline, { endpoint, throttle, isSimulated: simulated !== undefined });
    return client;
  }
}

function query(part: number, parts: number): string {
  return [
    'Heartbeat',
    "| where Category == 'Azure Monitor Agent'",
    ...(parts > 1 ? [`| where hash(tolower(_ResourceId), ${parts}) == ${part}`] : []),
    '| summarize seenAt = max(TimeGenerated) by Computer, _ResourceId',
  ].join('\n');
}

function heartbeatOf(row: readonly unknown[]): Heartbeat[] {
  const [computer, resourceId, seenAt] = row;
  const at = seenAt instanceof Date ? seenAt : new Date(String(seenAt));
  if (typeof computer !== 'string' || Number.isNaN(at.getTime())) return [];
  return [{ computer, resourceId: typeof resourceId === 'string' ? resourceId : '', seenAt: at }];
}
