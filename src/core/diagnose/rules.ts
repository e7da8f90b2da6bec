import type { Bilingual } from '../ids.ts';
import type { Finding, FindingEvidence, Owner, Severity } from '../network-check.ts';
import { fillCommands } from './commands.ts';
import type { Expectations } from './expectations.ts';
import ownRules from './own-rules.json' with { type: 'json' };
import textRules from './text-rules.json' with { type: 'json' };

/** A cause we know: what it is called, who acts, and the words for it. */
export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  readonly owner: Owner;
  readonly confidence: number;
  readonly cause: Bilingual;
  readonly remedy: Bilingual;
  /** With `{proxyUrl}` and the like, filled from the site. */
  readonly commands: readonly string[];
  readonly link: string;
  readonly source: string;
}

/** A cause known by the words azcmagent prints; the lowest priority number wins where several match. */
export interface TextRule extends Rule {
  readonly priority: number;
  readonly phrases: readonly string[];
  /** True: the words are nobody else's and count without any other sign of azcmagent. */
  readonly strong?: boolean | 'leading';
}

export const TEXT_RULES = textRules as unknown as readonly TextRule[];
export const OWN_RULES = ownRules as unknown as readonly Rule[];

const BY_ID: ReadonlyMap<string, Rule> = new Map(
  [...OWN_RULES, ...TEXT_RULES].map((rule) => [rule.id, rule]),
);

export function ruleOf(id: string): Rule {
  const rule = BY_ID.get(id);
  if (!rule) throw new RangeError(`no rule ${id}`);
  return rule;
}

const AMA_PAGE =
  'https://learn.microsoft.com/azure/azure-monitor/agents/azure-monitor-agent-network-configuration';
const MDE_PAGE = 'https://learn.microsoft.com/defender-endpoint/configure-proxy-internet';

export interface Seen {
  readonly endpoints?: readonly string[];
  readonly evidence?: FindingEvidence;
  /** Multiplies the rule's own confidence. */
  readonly certainty?: number;
  readonly severity?: Severity;
  readonly owner?: Owner;
}

/** The finding of a rule at this site. */
export function finding(id: string, expected: Expectations, seen: Seen = {}): Finding {
  return findingOf(ruleOf(id), expected, seen);
}

export function findingOf(rule: Rule, expected: Expectations, seen: Seen = {}): Finding {
  const extension = seen.evidence?.extension;
  const name = (text: string): string => text.replaceAll('{extension}', extension ?? 'AMA / MDE');
  const evidence =
    seen.evidence && Object.keys(seen.evidence).length > 0 ? seen.evidence : undefined;
  return {
    id: rule.id,
    severity: seen.severity ?? rule.severity,
    owner: seen.owner ?? rule.owner,
    confidence: Math.min(1, Math.round(rule.confidence * (seen.certainty ?? 1) * 100) / 100),
    endpoints: [...new Set(seen.endpoints ?? [])],
    cause: { ja: name(rule.cause.ja), en: name(rule.cause.en) },
    remedy: { ja: name(rule.remedy.ja), en: name(rule.remedy.en) },
    commands: fillCommands(rule.commands, expected, extension),
    source: rule.source,
    link: extension === 'MDE' ? rule.link.replace(AMA_PAGE, MDE_PAGE) : rule.link,
    ...(evidence ? { evidence } : {}),
  };
}
