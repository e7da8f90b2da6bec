import type { Reading } from '../azcmagent/reading.ts';
import type { Bilingual } from '../ids.ts';
import type { Finding } from '../network-check.ts';
import data from './azcm-errors.json' with { type: 'json' };
import { type Expectations, NO_EXPECTATIONS } from './expectations.ts';
import { finding, findingOf, type Rule, TEXT_RULES } from './rules.ts';

/** A code of azcmagent: `AZCM0026`, which a process ends with as 26. */
interface AgentError extends Omit<Rule, 'id'> {
  /** Absent: exists as an exit code only. */
  readonly code: string | null;
  readonly exit?: number;
  readonly stage: string;
}

export const AGENT_ERRORS = data as unknown as readonly AgentError[];

const BY_CODE: ReadonlyMap<string, AgentError> = new Map(
  AGENT_ERRORS.flatMap((error) => (error.code ? [[error.code, error]] : [])),
);
const BY_EXIT: ReadonlyMap<number, AgentError> = new Map(
  AGENT_ERRORS.flatMap((error) => (error.exit === undefined ? [] : [[error.exit, error]])),
);

/** Codes that somebody else explains, such as the kit's steps (`K-12`): the line, and what to do. */
export interface CodeRegistry {
  get(code: string): { readonly line: Bilingual; readonly explanation: Bilingual } | undefined;
}

/** What an AZCM code, an exit code or an Entra code means; undefined for one that nobody knows. */
export function explainError(
  code: string,
  registry?: CodeRegistry,
  expected: Expectations = NO_EXPECTATIONS,
): Finding | undefined {
  const word = code.trim().toUpperCase();
  const agent = agentError(word);
  if (agent) {
    const id = agent.code ? `azcm-${agent.code.slice(4)}` : `exit-${agent.exit}`;
    return findingOf({ ...agent, id }, expected);
  }
  const entra = /^AADSTS(\d{4,7})$/.exec(word)?.[1];
  if (entra) {
    const known = TEXT_RULES.some((rule) => rule.id === `aadsts-${entra}`);
    return finding(known ? `aadsts-${entra}` : 'aadsts-any', expected);
  }
  const known = registry?.get(word);
  if (!known) return undefined;
  return {
    id: word.toLowerCase(),
    severity: 'info',
    owner: 'site',
    confidence: 1,
    endpoints: [],
    cause: known.line,
    remedy: known.explanation,
    commands: [],
    source: word,
  };
}

/** Whether a bare number is an exit code of azcmagent. */
export function isExitCode(number: number): boolean {
  return BY_EXIT.has(number);
}

function agentError(word: string): AgentError | undefined {
  const digits = /^(AZCM|EXIT ?(?:CODE)? ?)?(\d{1,4})$/.exec(word);
  if (!digits) return undefined;
  if (digits[1]?.startsWith('AZCM')) return BY_CODE.get(`AZCM${digits[2]?.padStart(4, '0')}`);
  return BY_EXIT.get(Number(digits[2]));
}

/** Codes that nothing more telling explained. */
export function codeFindings(
  reading: Reading,
  causes: readonly Finding[],
  expected: Expectations,
): Finding[] {
  if (causes.some((one) => one.severity === 'error' || one.severity === 'critical')) return [];
  const found = new Map<string, Finding>();
  const signIn = causes.some((one) => /^(?:aadsts|devicecode)-/.test(one.id));
  for (const { code } of reading.codes) {
    if (signIn && code === 'AZCM0041') continue;
    const one = explainError(code, undefined, expected);
    if (one && one.id !== 'azcm-0000' && !causes.some((cause) => cause.id === one.id)) {
      found.set(one.id, one);
    }
  }
  return [...found.values()];
}
