import type { Bilingual, MachineName, SiteCode } from './ids.ts';

export type Route = 'private' | 'proxy' | 'direct';
export type Verdict = 'healthy' | 'degraded' | 'blocked' | 'down' | 'unknown';
export type EndpointVerdict = 'ok' | 'wrong-route' | 'unreachable' | 'tls-failed' | 'not-tested';
/** Who must act. */
export type Owner =
  | 'site'
  | 'engineer'
  | 'network'
  | 'identity'
  | 'azure-admin'
  | 'microsoft'
  | 'none';
export type OutputKind =
  | 'check'
  | 'show'
  | 'connect'
  | 'disconnect'
  | 'config'
  | 'log'
  | 'exit-code'
  | 'unknown';
/** A cell of `azcmagent check`: what it says, or that it says it does not know. */
export type Cell = boolean | 'unknown';

/** One address of a check, with what we conclude about it. The shape is a promise of `diagnose --json`. */
export interface EndpointCheck {
  readonly url: string;
  readonly reachable: Cell;
  readonly private: Cell;
  /** The proxy column as printed: `set`, `bypassed`, … */
  readonly proxy: string;
  /** `TLS 1.2`, `TLS 1.3` or `unknown`. */
  readonly tls: string;
  readonly expectedRoute: Route | 'unknown';
  readonly actualRoute: Route | 'unknown';
  readonly verdict: EndpointVerdict;
}

export type Severity = 'info' | 'warning' | 'error' | 'critical';

/** One cause, however many symptoms. The shape is a promise of `diagnose --json`. */
export interface Finding {
  /** Stable rule id, such as `proxy-bypass-missing`. */
  readonly id: string;
  readonly severity: Severity;
  readonly owner: Owner;
  /** 0 to 1, said honestly. */
  readonly confidence: number;
  /** URLs of the rows this explains. */
  readonly endpoints: readonly string[];
  readonly cause: Bilingual;
  readonly remedy: Bilingual;
  readonly commands: readonly string[];
  /** Where the rule comes from: an id in the facts, or a URL. */
  readonly source: string;
  /** Microsoft's page about it. */
  readonly link?: string;
  /** What was seen, for whoever must act. Pasted words: for TextRun and mails only. */
  readonly evidence?: FindingEvidence;
  /** A ready mail to the network or proxy team. */
  readonly mail?: Bilingual;
}

export interface FindingEvidence {
  /** The proxy's own words, or the error as Go printed it. */
  readonly words?: string;
  /** Proxy that was asked, `host:port`. */
  readonly proxy?: string;
  /** Who issued the certificate that was refused. */
  readonly issuer?: string;
  /** Address that a name resolved to. */
  readonly address?: string;
  readonly extension?: 'AMA' | 'MDE';
}

export interface AzcmError {
  /** `AZCM0026`, an exit code's digits, `AADSTS53003`. */
  readonly code: string;
  readonly message?: string;
}

/** What `diagnose` answers about one output. The shape is a promise. */
export interface Diagnosis {
  readonly kind: OutputKind;
  readonly verdict: Verdict;
  readonly endpoints: readonly EndpointCheck[];
  readonly findings: readonly Finding[];
  readonly errors: readonly AzcmError[];
  /** What the output says of itself: machineName, resourceId, agentVersion, agentStatus, … */
  readonly facts: Readonly<Record<string, string>>;
  /** Lines that nobody understood: said plainly instead of guessed at. */
  readonly unread?: readonly string[];
  /** Set when one text held several outputs: one document each. */
  readonly parts?: readonly Diagnosis[];
}

/** A diagnosed check of one machine, as kept. */
export interface KeptCheck {
  readonly machine: MachineName;
  readonly site: SiteCode;
  readonly checkedAt: Date;
  readonly diagnosis: Diagnosis;
  /** The server's own address, as its kit saw it. */
  readonly address?: string;
}
