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
const SLICE = 125;

type Page = readonly AzureMachine[];

/** Reads the fleet with one joined query, and in parts once Resource Graph has refused the join. */
export function createFleetPages(graph: ResourceGraphClient) {
  let joinRefused = false;
  return async function* fleetPages(
    subscriptions: readonly string[],
    signal: AbortSignal,
  ): AsyncIterable<Page> {
    if (!joinRefused) {
      try {
        yield* joined(subscriptions, signal);
        return;
      } catch (error) {
        if (!isQueryRefused(error)) throw error;
        joinRefused = true;
      }
    }
    yield* inParts(subscriptions, signal);
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
    const shared = sharedWords();
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

/** The same few names and versions stand in every row: kept once, not once a machine. */
function sharedWords(): (extension: AzureExtension) => AzureExtension {
  const words = new Map<string, string>();
  const one = (word: string): string => {
    const known = words.get(word);
    if (known !== undefined) return known;
    words.set(word, word);
    return word;
  };
  return (extension) => ({
    ...extension,
    name: one(extension.name),
    publisher: one(extension.publisher),
    type: one(extension.type),
    ...(extension.version && { version: one(extension.version) }),
  });
}

function extensionOf(row: unknown): AzureExtension[] {
  const read = extensionFrom(row);
  return read ? [read] : [];
}

/** 400 for the query itself: Resource Graph will say the same of it every time. */
function isQueryRefused(error: unknown): boolean {
  return (
    object(object(error).cause).statusCode === 400 ||
    Number(object(object(error).cause).status) === 400
  );
}
