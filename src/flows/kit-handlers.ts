import type { MachineName } from '../core/ids.ts';
import type {
  DeviceCodeReport,
  KitReport,
  OutcomeReport,
  ReadyReport,
  WatchReport,
} from '../core/kit-request.ts';
import type { KitAnswer, KitKey, Tx } from '../core/ports.ts';
import type { Machine, Profile, Site } from '../core/roll-out.ts';

/** Who asks, with what, and when it reached the bot. */
export interface KitContext<Report extends KitReport = KitReport> {
  /** As kept now: `ack` is already this request's. Change it with `putKey({ ...key, … })`. */
  readonly key: KitKey;
  readonly machine: Machine;
  readonly site: Site;
  readonly profile: Profile;
  /** The bot's clock. `payload.at` is the kit's. */
  readonly at: Date;
  readonly payload: Report;
}

/**
 * The sign-in's side of the door. Each runs inside the transaction that also remembers the request, once
 * per id (a repeat gets the kept answer), and answers with status 202, or 403 and 409 to refuse. `ack`
 * is filled in by the door. An answer is kept: it never holds a code.
 */
export interface KitHandlers {
  ready(tx: Tx, context: KitContext<ReadyReport>): Promise<KitAnswer>;
  watch(tx: Tx, context: KitContext<WatchReport>): Promise<KitAnswer>;
  deviceCode(tx: Tx, context: KitContext<DeviceCodeReport>): Promise<KitAnswer>;
  outcome(tx: Tx, context: KitContext<OutcomeReport>): Promise<KitAnswer>;
}

/** What the door tells the sign-ins that happened beside them. */
export interface SignInHooks {
  /** A device code stood in the text of another report (already removed from what is kept). */
  codeInText(tx: Tx, context: KitContext): Promise<void>;
  /** The machine's key was quarantined, closed or replaced: an open sign-in ends as burned. */
  keyStopped(tx: Tx, key: KitKey, at: Date): Promise<void>;
  /** The machine was replaced or retired, with every key it had: an open sign-in ends as burned. */
  machineClosed(tx: Tx, machine: MachineName): Promise<void>;
}
