import type { AzureMachine, SeenMachine } from './azure.ts';
import { driftFinding } from './drift.ts';
import type { Finding } from './network-check.ts';
import type { RollOut } from './roll-out.ts';
import { inOneOrder } from './uuid.ts';

/** Something that shows only when the machines of a fleet are seen together. */
export interface FleetFinding {
  readonly finding: Finding;
  /** Names of all servers it is about, as Azure spells them. */
  readonly machines: readonly string[];
  readonly resourceIds: readonly string[];
}

/** Unknown servers in our scope, names that Azure has twice, and servers made from one image. */
export function fleetFindings(
  rollOut: RollOut,
  fleet: readonly SeenMachine[],
): readonly FleetFinding[] {
  const machines = fleet.map((seen) => seen.machine);
  const ours = new Set(rollOut.profiles.map(scopeOf));
  const inScope = machines.filter((machine) => ours.has(scopeOf(machine)));
  const unknown = inScope.filter((machine) => rollOut.machine(machine.name) === undefined);
  const known = machines.filter((machine) => rollOut.machine(machine.name) !== undefined);
  return [
    ...unknown.map((machine) => told('unknown-machine', 'info', [machine])),
    ...together(known, (machine) => machine.name.toLowerCase()).map((same) =>
      told('duplicate-name', 'error', same),
    ),
    ...clones(inScope),
  ];
}

/** What of it stands against a machine of the roll-out, by its name in lower case. */
export function findingsByMachine(
  findings: readonly FleetFinding[],
): ReadonlyMap<string, readonly Finding[]> {
  const found = new Map<string, Finding[]>();
  for (const { finding, machines } of findings) {
    for (const name of new Set(machines.map((machine) => machine.toLowerCase()))) {
      found.set(name, [...(found.get(name) ?? []), finding]);
    }
  }
  return found;
}

/** By the hardware's uuid in either byte order, or by the agent's own id. Each pair is told once. */
function clones(machines: readonly AzureMachine[]): FleetFinding[] {
  const groups = [
    ...together(machines, (machine) => machine.vmUuid && inOneOrder(machine.vmUuid)),
    ...together(machines, (machine) => machine.vmId?.toLowerCase()),
  ].filter((group) => new Set(group.map(({ name }) => name.toLowerCase())).size > 1);
  const seen = new Set<string>();
  return groups.flatMap((group) => {
    const one = told('cloned-image', 'critical', group);
    const key = one.resourceIds.join(' ').toLowerCase();
    if (seen.has(key)) return [];
    seen.add(key);
    return [one];
  });
}

function told(
  id: 'unknown-machine' | 'duplicate-name' | 'cloned-image',
  severity: Finding['severity'],
  machines: readonly AzureMachine[],
): FleetFinding {
  const sorted = machines.toSorted((a, b) => (a.resourceId < b.resourceId ? -1 : 1));
  const owner = id === 'cloned-image' ? 'engineer' : 'azure-admin';
  const names = sorted.map(({ name }) => name);
  return {
    finding: driftFinding(id, severity, owner, { evidence: { words: names.join(', ') } }),
    machines: names,
    resourceIds: sorted.map(({ resourceId }) => resourceId),
  };
}

function together(
  machines: readonly AzureMachine[],
  keyOf: (machine: AzureMachine) => string | undefined,
): AzureMachine[][] {
  const groups = Map.groupBy(machines, (machine) => keyOf(machine) ?? '');
  groups.delete('');
  return [...groups.values()].filter((group) => group.length > 1);
}

function scopeOf(one: { subscriptionId: string; resourceGroup: string }): string {
  return `${one.subscriptionId}/${one.resourceGroup}`.toLowerCase();
}
