import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import type { KitReport } from '../../src/core/kit-request.ts';
import type { KitAnswer } from '../../src/core/ports.ts';
import type { Entra } from '../../src/sim/entra.ts';
import type { DoorWorld } from './door-world.ts';
import { columns } from './kit-world.ts';

export type SeenReport = KitReport & { text?: { text: string } };
type Answerer = (report: SeenReport) => KitAnswer | Promise<KitAnswer>;
export type Script = Partial<Record<'ready' | 'watch' | 'deviceCode' | 'outcome', Answerer>>;

const FALLBACKS: Readonly<Record<keyof Script, KitAnswer>> = {
  ready: { status: 202, do: 'go', round: 1 },
  watch: { status: 202, do: 'ok' },
  deviceCode: { status: 202, do: 'ok', round: 1, number: '4821' },
  outcome: { status: 202, do: 'ok' },
};

/** What the bot answers to a kit in this scene; each report that came is kept, in order. */
export function playScene(world: DoorWorld, answers: Script): SeenReport[] {
  const reports: SeenReport[] = [];
  for (const name of ['ready', 'watch', 'deviceCode', 'outcome'] as const) {
    const handler = async (_tx: unknown, { payload }: { payload: SeenReport }) => {
      reports.push(payload);
      return (await answers[name]?.(payload)) ?? FALLBACKS[name];
    };
    Object.assign(world.handlers, { [name]: handler });
  }
  return reports;
}

/** Makes every network check of the kit come out like this, and keeps what was sent. */
export function diagnoseAs(world: DoorWorld, verdict: 'healthy' | 'blocked'): string[] {
  const texts: string[] = [];
  const found = { kind: 'check', verdict, endpoints: [], findings: [], errors: [], facts: {} };
  const diagnose = (text: string) => {
    texts.push(text);
    return { diagnosis: found, codeRemoved: false, cleaned: text };
  };
  Object.assign(world.deps, { diagnose });
  return texts;
}

export function codeIn(text: string): string {
  return /enter the code ([A-Z0-9]{9}) to authenticate/.exec(text)?.[1] ?? '';
}

export async function typeCode(entra: Entra, code: string, answer = 'continue'): Promise<void> {
  await fetch(`${entra.url}/devicelogin`, {
    method: 'POST',
    body: new URLSearchParams({ code, answer }),
  });
}

/** Arguments and environment of every process that has this folder in them. */
export function processesOf(folder: string): string[] {
  const read = (pid: string, name: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, 'latin1');
    } catch {
      return '';
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => `${read(pid, 'cmdline')}\n${read(pid, 'environ')}`)
    .filter((text) => text.includes(folder));
}

export function assertGoodScreen(screen: string): void {
  for (const line of screen.trimEnd().split('\n')) {
    assert.match(line, /^K-\d{2} /, `no step code: ${line}`);
    assert.ok(columns(line) <= 80, `wider than 80 columns: ${line}`);
  }
}

export const QUIET = { debug() {}, info() {}, warn() {}, error() {} };
export const TEST_RANDOM = {
  id: () => Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url'),
  digits: (count: number) => '7'.repeat(count),
};
