import type { AzcmError, Cell, OutputKind } from '../network-check.ts';
import type { Lookup } from './dns-lookup.ts';

/** One address as the output speaks of it, before anything is concluded. */
export interface CheckRow {
  readonly url: string;
  readonly reachable: Cell;
  readonly private: Cell;
  /** `set`, `bypassed`, `not set`, or `unknown`. */
  readonly proxy: string;
  readonly tls: string;
  readonly from: 'table' | 'json' | 'log' | 'probe';
  /** Set for the kit's own tests. */
  readonly probe?: Probe;
}

export type ProbeResult = 'ok' | 'fail' | 'skip';
export type ProbeLayer = 'dns' | 'tcp' | 'tls';

/** What the kit tried itself, because azcmagent has no test for it. */
export interface Probe {
  readonly name: 'AMA' | 'MDE' | 'BOT';
  readonly host: string;
  readonly port: number;
  readonly via: 'proxy' | 'direct';
  readonly dns: ProbeResult;
  readonly tcp: ProbeResult;
  readonly tls: ProbeResult;
  readonly detail: string;
}

/** A request that Go reports as failed: `Get "https://…": reason`. */
export interface UrlError {
  readonly url: string;
  readonly host: string;
  /** What stands after the address, tidied. */
  readonly reason: string;
  /** Where it starts and ends in the line. */
  readonly from: number;
  readonly to: number;
}

/** One line as azcmagent wrote it, put together again, that may name a cause. */
export interface Complaint {
  readonly line: string;
  /** False for a sentence that merely mentions something. */
  readonly printed: boolean;
  readonly errors: readonly UrlError[];
}

export interface Reading {
  readonly kind: OutputKind;
  readonly rows: readonly CheckRow[];
  readonly complaints: readonly Complaint[];
  readonly codes: readonly AzcmError[];
  readonly facts: Readonly<Record<string, string>>;
  /** Whether the thing attempted was done: connected, disconnected. */
  readonly outcome?: 'connected' | 'disconnected';
  /** Services of the agent by name, as `show` lists them. */
  readonly services: Readonly<Record<string, string>>;
  /** Names that were looked up by hand. */
  readonly lookups: readonly Lookup[];
  /** Lines nobody understood. */
  readonly unread: readonly string[];
}

export const EMPTY: Reading = {
  kind: 'unknown',
  rows: [],
  complaints: [],
  codes: [],
  facts: {},
  services: {},
  lookups: [],
  unread: [],
};
