import type { MachineName } from '../core/ids.ts';
import type { Clock, Tx } from '../core/ports.ts';
import { noEvidence } from '../core/site-status.ts';
import { stageOf } from '../core/stage.ts';
import type { DriftOf } from './answers/deps.ts';

export interface NoteDoneDeps {
  readonly clock: Clock;
  readonly driftOf?: DriftOf;
}

/**
 * Keeps the moment a machine's stage first was `done`, so that it stays done whatever happens later. Call it
 * in the transaction that brought new evidence; without names it looks at the whole roll-out.
 */
export async function noteDone(
  tx: Tx,
  deps: NoteDoneDeps,
  names?: readonly MachineName[],
): Promise<readonly MachineName[]> {
  const now = deps.clock.now();
  const rollOut = await tx.rollOut();
  const machines = names?.flatMap((name) => rollOut.machine(name) ?? []) ?? rollOut.machines;
  const sites = [...new Set(machines.map((machine) => machine.site))];
  const evidences = await tx.evidence.all(names ? sites : undefined);
  const done: MachineName[] = [];
  for (const machine of machines) {
    const evidence = evidences.get(machine.name) ?? noEvidence(machine.name);
    const site = rollOut.siteOf(machine);
    const profile = site && rollOut.profileOf(site);
    if (!site || !profile) continue;
    const drift = deps.driftOf?.(machine, site, profile, evidence) ?? [];
    const { stage, history } = stageOf(evidence, site, profile, now, drift);
    const { doneAt, replacedAt } = evidence.marks;
    const alreadyNoted = doneAt && !(replacedAt && replacedAt > doneAt);
    if (stage !== 'done' || history || alreadyNoted) continue;
    await tx.evidence.mark(machine.name, { doneAt: now });
    await tx.audit.append({
      at: now,
      event: 'machine-done',
      machine: machine.name,
      site: machine.site,
      facts: {},
    });
    done.push(machine.name);
  }
  return done;
}
