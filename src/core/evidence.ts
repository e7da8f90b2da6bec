import type { SeenMachine } from './azure.ts';
import type { MachineName } from './ids.ts';
import type { KeptCheck } from './network-check.ts';
import type { ExtensionName } from './roll-out.ts';

/** What people and kits have marked about a machine. An undone mark is absent again; the audit keeps both. */
export interface Marks {
  readonly enrolledAt?: Date;
  readonly poweredOnAt?: Date;
  readonly shippedAt?: Date;
  readonly arrivedAt?: Date;
  readonly replacedAt?: Date;
  readonly retiredAt?: Date;
  /** When its stage was first `done`; what goes wrong later is a block, never a step back. */
  readonly doneAt?: Date;
}

/** The kept facts a stage rests on. */
export interface Evidence {
  readonly machine: MachineName;
  readonly marks: Marks;
  readonly lastCheck?: KeptCheck;
  readonly azure?: SeenMachine;
  /** When the bot last heard from Azure at all; absent when Azure was never read. */
  readonly azureAsOfAt?: Date;
  /** Last proof that an extension's data arrived (AMA heartbeat, MDE contact). */
  readonly dataSeenAt: Readonly<Partial<Record<ExtensionName, Date>>>;
  readonly quarantined: boolean;
}
