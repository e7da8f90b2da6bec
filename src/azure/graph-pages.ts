import type { ResourceGraphClient } from '@azure/arm-resourcegraph';
import { PAGE_ROWS } from './fleet-query.ts';
import { azureError, told } from './trouble.ts';
import { object } from './words.ts';

const MOST_PAGES = 300;

export interface GraphQuery {
  readonly query: string;
  readonly subscriptions: readonly string[];
  readonly rows?: number;
}

/** All rows of a query, page by page; a reading that is cut, goes in a circle or has no form ends in an error. */
export async function* graphPages(
  graph: ResourceGraphClient,
  { query, subscriptions, rows = PAGE_ROWS }: GraphQuery,
  signal: AbortSignal,
): AsyncIterable<readonly unknown[]> {
  const what = 'listing the fleet';
  const tokens = new Set<string>();
  const firstRows = new Set<string>();
  let skipToken: string | undefined;
  let seen = 0;
  let total = Number.POSITIVE_INFINITY;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const options = {
      resultFormat: 'objectArray' as const,
      top: rows,
      ...(skipToken ? { skipToken } : {}),
    };
    const answer = await told(what, () =>
      graph.resources(
        { subscriptions: [...subscriptions], query, options },
        { abortSignal: signal },
      ),
    );
    const { data } = answer as { data: unknown };
    if (!Array.isArray(data)) throw azureError(what, 'not-azure');
    if (answer.count !== undefined && data.length < answer.count) {
      throw azureError(what, 'incomplete');
    }
    const { id, rule, bucket } = object(data[0]);
    const first = String(id ?? `${rule} ${bucket}`);
    if (data.length > 0 && firstRows.has(first)) throw azureError(what, 'incomplete');
    firstRows.add(first);
    seen += data.length;
    // Machines may come and go while the pages are read.
    total = Math.min(total, answer.totalRecords ?? 0);
    yield data;
    skipToken = answer.skipToken;
    if (!skipToken) {
      if (answer.resultTruncated === 'true' || seen < total) throw azureError(what, 'incomplete');
      return;
    }
    if (tokens.has(skipToken) || data.length === 0) throw azureError(what, 'incomplete');
    tokens.add(skipToken);
  }
  throw azureError(what, 'incomplete');
}
