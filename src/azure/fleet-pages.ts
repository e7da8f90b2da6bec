import { setImmediate } from 'node:timers/promises';
import type { ResourceGraphClient } from '@azure/arm-resourcegraph';
import type { AzureExtension, AzureMachine } from '../core/azure.ts';
import {
  EXTENSIONS_QUERY,
  JOINED_QUERY,
  MACHINES_QUERY,
  RULE_ROWS,
  RULES_QUERY,
} from './fleet-query.ts';
import { graphPages } from './graph-pages.ts';
import { extensionFrom, list, machineFrom, object, texts } from './words.ts';

/** A slice small enough that turning it into our words holds nobody up. */
const SLICE = 100;

type Page = readonly AzureMachine[];

/** So long a refused join is not tried again. */
const JOIN_AGAIN_MS = 60 * 60 * 1000;

/** Reads the fleet with one joined query, and in parts while Resource Graph refuses the join. */
export function createFleetPages(graph: ResourceGraphClient, now: () => number) {
  let joinAgainAt = 0;
  return async function* fleetPages(
    subscriptions: readonly string[],
    signal: AbortSignal,
  ): AsyncIterable<Page> {
    if (now() >= joinAgainAt) {
      try {
        yield* joined(subscriptions, signal);
        return;
      } catch (error) {
        if (!isQueryRefused(error)) throw error;
      }
    }
    yield* inParts(subscriptions, signal);
    // Only now it is known that it was the join.
    if (now() >= joinAgainAt) joinAgainAt = now() + JOIN_AGAIN_MS;
  };

  async function* joined(subscriptions: readonly string[], signal: AbortSignal) {
    const query = { query: JOINED_QUERY, subscriptions };
    for await (const rows of graphPages(graph, query, signal)) {
      yield* converted(rows, (row) => {
        const { extensions, rules } = object(row);
        return machineFrom(row, list(extensions).flatMap(extensionOf), texts(rules));
      });
    }
  }

  async function* inParts(subscriptions: readonly string[], signal: AbortSignal) {
    const rules = await rulesByMachine(subscriptions, signal);
    const extensions = new Map<string, AzureExtension[]>();
    const shared = sharedLooks();
    const query = { query: EXTENSIONS_QUERY, subscriptions };
    for await (const rows of graphPages(graph, query, signal)) {
      for (const row of rows) {
        const key = String(object(row).machineKey ?? '');
        const read = extensionOf(row).map(shared);
        const known = extensions.get(key);
        if (known) known.push(...read);
        else extensions.set(key, read);
      }
    }
    const machines = { query: MACHINES_QUERY, subscriptions };
    for await (const rows of graphPages(graph, machines, signal)) {
      yield* converted(rows, (row) => {
        const key = String(object(row).machineKey ?? '');
        return machineFrom(row, extensions.get(key) ?? [], rules.get(key) ?? []);
      });
    }
  }

  async function rulesByMachine(subscriptions: readonly string[], signal: AbortSignal) {
    const found = new Map<string, string[]>();
    const query = { query: RULES_QUERY, subscriptions, rows: RULE_ROWS };
    for await (const rows of graphPages(graph, query, signal)) {
      for (const row of rows) {
        const { rule, machines } = object(row);
        for (const machine of texts(machines)) {
          const known = found.get(machine);
          if (known) known.push(String(rule));
          else found.set(machine, [String(rule)]);
        }
      }
    }
    return found;
  }
}

async function* converted(
  rows: readonly unknown[],
  convert: (row: unknown) => AzureMachine | undefined,
): AsyncIterable<Page> {
  for (let start = 0; start < rows.length || start === 0; start += SLICE) {
    await setImmediate();
    yield rows.slice(start, start + SLICE).flatMap((row) => convert(row) ?? []);
  }
}

/** Most machines' extensions look alike: each look is kept once, not once a machine. */
function sharedLooks(): (extension: AzureExtension) => AzureExtension {
  const looks = new Map<string, AzureExtension>();
  return (extension) => {
    const key = JSON.stringify(extension);
    const known = looks.get(key);
    if (known) return known;
    looks.set(key, extension);
    return extension;
  };
}

function extensionOf(row: unknown): AzureExtension[] {
  const read = extensionFrom(row);
  return read ? [read] : [];
}

/** 400 for the query itself: Resource Graph will say the same of it every time. */
function isQueryRefused(error: unknown): boolean {
  const { message, cause } = object(error);
  const { statusCode, status } = object(cause);
  return Number(statusCode ?? status) === 400 && String(message).startsWith('refused: ');
}
