import { diagnoseText } from '../src/core/diagnose/index.ts';

const LIMIT_MS = 2;
const HOSTILE_LIMIT_MS = 100;
const ROUNDS = 2_000;
const MEGABYTE = 1_048_576;

const HEADER =
  'ENDPOINT                                              |REACHABLE  |PRIVATE  |TLS      |PROXY';
const ARC = [
  'https://agentserviceapi.guestconfiguration.azure.com',
  'https://gbl.his.arc.azure.com',
  'https://japaneast-gas.guestconfiguration.azure.com',
  'https://je.his.arc.azure.com',
];
const OTHERS = [
  'https://login.microsoftonline.com',
  'https://management.azure.com',
  'https://pas.windows.net',
];

/** A check as sites send it: log lines, then seven rows, four of them failed. */
const USUAL_CHECK = [
  'time="2026-11-09T01:12:01Z" level=info msg="Testing connectivity to endpoints that are needed to connect to Azure... This might take a few minutes."',
  'time="2026-11-09T01:12:14Z" level=error msg="Regional Service Discovery" Error="Get \\"https://gbl.his.arc.azure.com/discovery?location=japaneast&api-version=2.1\\": Service Unavailable" Proxy Status="proxy set via config command"',
  HEADER,
  ...ARC.map((url) => `${url.padEnd(54)}|false      |true     |unknown  |set`),
  ...OTHERS.map((url) => `${url.padEnd(54)}|true       |false    |TLS 1.2  |set`),
  '',
].join('\n');

/** Texts that would be slow to read for anything that backtracks or looks back. */
const HOSTILE: Readonly<Record<string, string>> = {
  'one letter': 'a',
  'line ends': '\n',
  'short lines': 'x\n',
  addresses: 'Get "https://gbl.his.arc.azure.com/": ',
  rows: 'https://gbl.his.arc.azure.com |f\n',
  'half tokens': 'eyJ-',
  prompts: 'enter the code ',
  'open brackets': '[{"a":\n',
  'log lines':
    'time="2026-01-01T00:00:00Z" level=error msg="x509: certificate signed by unknown authority"\n',
};

/** Prints each measurement as `value, limit, ok|over`. */
export function run(print: (line: string) => void): boolean {
  const expected = { route: 'private', siteCode: 'osaka-01', location: 'japaneast' } as const;
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    diagnoseText(USUAL_CHECK, expected);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const usual = times[Math.floor(ROUNDS * 0.99)] ?? 0;
  let fine = tell(print, 'usual check read and diagnosed, p99', usual, LIMIT_MS);
  for (const [name, piece] of Object.entries(HOSTILE)) {
    const text = piece.repeat(Math.ceil(MEGABYTE / piece.length)).slice(0, MEGABYTE);
    diagnoseText(text.slice(0, 50_000), expected);
    const start = performance.now();
    diagnoseText(text, expected);
    fine = tell(print, `1 MB of ${name}`, performance.now() - start, HOSTILE_LIMIT_MS) && fine;
  }
  return fine;
}

function tell(print: (line: string) => void, what: string, ms: number, limit: number): boolean {
  const fine = ms <= limit;
  print(`${what}: ${ms.toFixed(2)} ms, ${limit} ms, ${fine ? 'ok' : 'over'}`);
  return fine;
}

if (import.meta.main) {
  const fine = run((line) => process.stdout.write(`${line}\n`));
  process.exitCode = fine ? 0 : 1;
}
