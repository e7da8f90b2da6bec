import type { OutputKind } from '../network-check.ts';
import { Phrases } from './phrases.ts';

/** What single phrases tell about the output that holds them. */
interface Mark {
  readonly phrase: string;
  readonly kind?: OutputKind;
  /** The line begins an output. */
  readonly begins?: boolean;
  readonly outcome?: 'connected' | 'disconnected';
}

const MARKS: readonly Mark[] = [
  { phrase: 'Connecting machine to Azure', kind: 'connect', begins: true },
  { phrase: 'Connected machine to Azure', kind: 'connect', outcome: 'connected' },
  { phrase: 'Creating resource in Azure', kind: 'connect' },
  { phrase: 'Machine overview page', kind: 'connect' },
  { phrase: 'error connecting machine', kind: 'connect' },
  { phrase: 'AzcmagentConnect ARM', kind: 'connect' },
  { phrase: 'Please login using the pop-up browser', kind: 'connect' },
  { phrase: 'Failed to acquire authorization token', kind: 'connect' },
  { phrase: 'request for Device Authorization Code', kind: 'connect' },
  { phrase: 'Private Link Scope resource ID must be provided', kind: 'connect' },
  { phrase: 'No indication of Private Link Scope', kind: 'connect' },
  { phrase: 'required endpoints unavailable', kind: 'connect' },
  { phrase: 'To sign in, use a web browser to open the page', kind: 'connect' },
  { phrase: 'Disconnecting machine', kind: 'disconnect', begins: true },
  { phrase: 'Disconnected machine', kind: 'disconnect', outcome: 'disconnected' },
  { phrase: 'Successfully disconnected', kind: 'disconnect', outcome: 'disconnected' },
  { phrase: 'error disconnecting', kind: 'disconnect' },
  { phrase: 'failed to disconnect', kind: 'disconnect' },
  { phrase: 'Updating service configuration', kind: 'config' },
  { phrase: 'Testing connectivity to endpoints', begins: true },
  ...[
    'azcmagent',
    'himds',
    'Azure Arc',
    'AZCM0',
    'AADSTS',
    'his.arc.azure',
    'guestconfiguration.azure',
    'guestnotificationservice',
    'Regional Service Discovery',
    'login.microsoftonline',
    'login.windows.net',
    'management.azure.com',
    'pas.windows.net',
    'handler.control.monitor.azure',
    'ods.opinsights',
    'endpoint.security.microsoft',
    'Microsoft.HybridCompute',
    'Private Link Scope',
    'ext_mgr_logs',
    'tcp socket connected to host',
    'Connected Machine',
  ].map((phrase) => ({ phrase })),
];

const SCANNER = new Phrases(MARKS.map((mark) => mark.phrase));

export interface Signs {
  readonly ours: boolean;
  readonly kind?: OutputKind;
  readonly begins: boolean;
  readonly outcome?: 'connected' | 'disconnected';
}

export function signsOf(line: string): Signs {
  let ours = false;
  let begins = false;
  let kind: OutputKind | undefined;
  let outcome: Signs['outcome'];
  SCANNER.scan(line, (index) => {
    const mark = MARKS[index];
    ours = true;
    begins ||= mark?.begins === true;
    kind ??= mark?.kind;
    outcome = mark?.outcome ?? outcome;
  });
  return { ours, begins, ...(kind ? { kind } : {}), ...(outcome ? { outcome } : {}) };
}
