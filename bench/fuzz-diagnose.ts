import { diagnoseText, type Expectations, readPrompt } from '../src/core/diagnose/index.ts';
import { scrub } from '../src/core/scrub.ts';
import { readCases } from '../test/corpus/cases.ts';
import { type Random, seeded } from '../test/corpus/vary.ts';

const DEFAULT_RUNS = 1_000_000;
const LONGEST = 4_000;

/** Words that steer a reader into its corners. */
const WORDS = [
  'https://gbl.his.arc.azure.com',
  '|true |false |unknown |set\n',
  'ENDPOINT |REACHABLE |PRIVATE |TLS |PROXY\n',
  'time="2026-01-01T00:00:00Z" level=error msg="',
  'FATAL   ',
  'Get "https://',
  '": ',
  'proxyconnect tcp: dial tcp ',
  'x509: ',
  'AZCM0026',
  'AADSTS53003',
  'Agent Status : ',
  'PROBE name=AMA host=',
  ' dns=fail tcp=',
  '{"endpoint":',
  '[{',
  '}]',
  'enter the code ',
  'https://microsoft.com/devicelogin',
  'コード',
  '\u001b[31m',
  '\r\n',
  '\n',
  '"',
  '\\"',
  '&quot;',
  '&#x0;',
  '\ud800',
  '\u0000',
  '__proto__',
  'required endpoints unavailable: ',
  '://user:pass@',
  'eyJ',
  '-----BEGIN RSA PRIVATE KEY-----',
];

/**
 * Reads and diagnoses so many generated and mutated inputs. Any exception is a failure, and so is a text
 * that changes when it is cleaned twice or a confidence that is not one. Prints what was really run.
 */
export function run(print: (line: string) => void, runs = DEFAULT_RUNS, seed = 1): boolean {
  const random = seeded(seed);
  const texts = readCases().map((one) => one.text);
  const counts = { generated: 0, mutated: 0, mixed: 0 };
  const kinds = new Map<string, number>();
  let done = 0;
  let failed = 0;
  for (; done < runs; done += 1) {
    const way = pick(['generated', 'mutated', 'mixed'] as const, random);
    const text = make(way, texts, random).slice(0, LONGEST);
    counts[way] += 1;
    try {
      const { diagnosis, cleaned } = diagnoseText(text, expectations(random));
      readPrompt(text);
      const wrong =
        scrub(cleaned) !== cleaned ||
        diagnosis.findings.some((one) => !(one.confidence > 0 && one.confidence <= 1));
      if (wrong) throw new Error('an answer that breaks its promise');
      kinds.set(diagnosis.kind, (kinds.get(diagnosis.kind) ?? 0) + 1);
    } catch (error) {
      failed += 1;
      if (failed <= 5) print(`run ${done} (${way}): ${String(error)} ${JSON.stringify(text)}`);
    }
  }
  const spread = [...kinds].map(([kind, count]) => `${kind} ${count}`).join(', ');
  print(
    `${done} runs (${counts.generated} generated, ${counts.mutated} mutated, ${counts.mixed} mixed), ${failed} failed; read as ${spread}`,
  );
  return failed === 0;
}

function make(
  way: 'generated' | 'mutated' | 'mixed',
  texts: readonly string[],
  random: Random,
): string {
  switch (way) {
    case 'generated':
      return Array.from({ length: 1 + below(24, random) }, () => piece(random)).join('');
    case 'mutated':
      return mutate(pick(texts, random), random);
    case 'mixed':
      return `${mutate(pick(texts, random), random)}\n${mutate(pick(texts, random), random)}`;
  }
}

function piece(random: Random): string {
  if (random() < 0.7) return pick(WORDS, random);
  return Array.from({ length: below(12, random) }, () =>
    String.fromCharCode(random() < 0.9 ? 32 + below(95, random) : below(65_536, random)),
  ).join('');
}

/** Loses, doubles, swaps and inserts stretches, as bad copies and worse people do. */
function mutate(text: string, random: Random): string {
  let out = text.slice(0, LONGEST);
  for (let times = 1 + below(4, random); times > 0; times -= 1) {
    const at = below(out.length + 1, random);
    const length = below(40, random);
    const roll = random();
    if (roll < 0.3) out = out.slice(0, at) + out.slice(at + length);
    else if (roll < 0.5)
      out = out.slice(0, at) + out.slice(at, at + length).repeat(2) + out.slice(at);
    else if (roll < 0.8) out = out.slice(0, at) + piece(random) + out.slice(at);
    else out = out.slice(at) + out.slice(0, at);
  }
  return out;
}

function expectations(random: Random): Expectations {
  return {
    route: pick(['private', 'public', 'unknown'] as const, random),
    ...(random() < 0.5 ? { siteCode: 'osaka-01', proxyUrl: 'http://proxy.corp.example:8080' } : {}),
    ...(random() < 0.3 ? { scopeAddresses: ['10.13.0.4'] } : {}),
  };
}

function below(limit: number, random: Random): number {
  return Math.floor(random() * limit);
}

function pick<T>(list: readonly [T, ...T[]] | readonly T[], random: Random): T {
  return list[below(list.length, random)] as T;
}

if (import.meta.main) {
  const [runs, seed] = process.argv.slice(2).map(Number);
  const fine = run((line) => process.stdout.write(`${line}\n`), runs || DEFAULT_RUNS, seed || 1);
  process.exitCode = fine ? 0 : 1;
}
