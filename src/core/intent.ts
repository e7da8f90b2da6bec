import type { MachineName, SiteCode } from './ids.ts';
import type { ExtensionName } from './roll-out.ts';

export const INTENTS = [
  'site-status',
  'machine-status',
  'rollout-status',
  'next-step',
  'network-check',
  'run-check',
  'extension-state',
  'missing-extension',
  'blocked-sites',
  'late-sites',
  'disconnected-machines',
  'open-alerts',
  'pending-sign-ins',
  'responsible-engineer',
  'ask-person',
  'my-work',
  'connect-command',
  'proxy-command',
  'endpoint-requirements',
  'explain-error',
  'start-sign-in',
  'mark-shipped',
  'mark-arrived',
  'mark-powered-on',
  'replace-machine',
  'history',
  'export',
  'help',
  'unknown',
  'diagnose-text',
  'repair-extension',
  'get-kit',
  'dns-records',
  'confirm-number',
  'acknowledge',
  'decline',
  'unexpected',
  'hand-over',
  'continue-sign-in',
  'lift-quarantine',
  'alerts-here',
  'stop-sign-ins',
  'resume-sign-ins',
  'undo-mark',
  'who-am-i',
  'retire-machine',
  'set-serial',
  'absent',
  'hand-duty',
  'set-duty',
  'test-contact',
] as const;
export type IntentName = (typeof INTENTS)[number];

/** Only what was said. The shape is a promise of `ask --json`. */
export interface Slots {
  readonly sites?: readonly SiteCode[];
  readonly machines?: readonly MachineName[];
  /** A region as written in sites.csv. */
  readonly area?: string;
  readonly wave?: number;
  readonly extension?: ExtensionName;
  readonly error?: string;
  readonly route?: 'private' | 'proxy';
}

/** What a button of an ask-back would send. */
export interface Choice {
  readonly label: string;
  readonly text: string;
}

export interface Intent {
  readonly intent: IntentName;
  readonly slots: Slots;
  /** Above 0, up to 1; from 0.5 the bot acts on its reading, below it asks back with `ask`. */
  readonly confidence: number;
  readonly ask?: readonly Choice[];
  /** Four digits sent for a sign-in; never a slot, so that it reaches no log or JSON of `ask`. */
  readonly number?: string;
}
