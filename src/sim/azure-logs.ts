import type { ServerResponse } from 'node:http';
import type { SimulatedFleet } from './azure-fleet.ts';
import { armError, send } from './azure-http.ts';

/**
 * `POST /v1/workspaces/{id}/query` for the one question the bot asks: the newest Heartbeat of each machine.
 * Shape: learn.microsoft.com/azure/azure-monitor/logs/api/response-format
 */
export function answerHeartbeats(
  response: ServerResponse,
  fleet: SimulatedFleet,
  request: { readonly query?: string },
  now: Date,
): void {
  const query = request.query ?? '';
  if (!/^\s*Heartbeat\b/.test(query) || !query.includes('Azure Monitor Agent')) {
    armError(response, 400, 'BadArgumentError', 'The request had some invalid properties');
    return;
  }
  const part = /hash\(.*?,\s*(\d+)\)\s*==\s*(\d+)/.exec(query);
  const parts = Number(part?.[1] ?? 1);
  const rows = fleet.sorted().flatMap((machine) => {
    const key = machine.id.toLowerCase();
    if (parts > 1 && spread(key) % parts !== Number(part?.[2])) return [];
    const seenAt = fleet.heartbeatOf(machine, now);
    return seenAt ? [[machine.name, key, seenAt.toISOString()]] : [];
  });
  const columns = [
    { name: 'Computer', type: 'string' },
    { name: '_ResourceId', type: 'string' },
    { name: 'seenAt', type: 'datetime' },
  ];
  send(response, 200, { tables: [{ name: 'PrimaryResult', columns, rows }] });
}

/** Any even spread will do: Kusto's own `hash` is not promised to anyone. */
function spread(key: string): number {
  let sum = 0;
  for (let i = 0; i < key.length; i += 1) sum = (sum * 31 + key.charCodeAt(i)) >>> 0;
  return sum;
}
