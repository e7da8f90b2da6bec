import type { AzureMachine } from './azure.ts';
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

type Member = Pick<
  AzureMachine,
  'resourceId' | 'name' | 'resourceGroup' | 'subscriptionId' | 'vmUuid' | 'vmId'
>;

/** Takes the machines of a fleet one by one, so that no one waits while a large one is looked through. */
export class FleetLook {
  readonly #rollOut: RollOut;
  readonly #scopes: ReadonlySet<string>;
  readonly #unknown: Member[] = [];
  readonly #names = new Together();
  readonly #uuids = new Together();
  readonly #ids = new Together();

  constructor(rollOut: RollOut) {
    this.#rollOut = rollOut;
    this.#scopes = new Set(rollOut.profiles.map(scopeOf));
  }

  add({ resourceId, name, resourceGroup, subscriptionId, vmUuid, vmId }: Member): void {
    const machine = { resourceId, name, resourceGroup, subscriptionId };
    const isKnown = this.#rollOut.machine(name) !== undefined;
    const isInScope = this.#scopes.has(scopeOf(machine));
    if (isKnown) this.#names.add(name.toLowerCase(), machine);
    if (!isInScope) return;
    if (!isKnown) this.#unknown.push(machine);
    if (vmUuid) this.#uuids.add(inOneOrder(vmUuid), machine);
    if (vmId) this.#ids.add(vmId.toLowerCase(), machine);
  }

  /** Unknown servers in our scope, names that Azure has twice, and servers made from one image. */
  findings(): readonly FleetFinding[] {
    return [
      ...this.#unknown.map((machine) => told('unknown-machine', 'info', [machine])),
      ...this.#names.groups().map((same) => told('duplicate-name', 'warning', same)),
      ...this.#clones(),
    ];
  }

  /** By the hardware's uuid in either byte order, or by the agent's own id. Each group is told once. */
  #clones(): FleetFinding[] {
    const groups = [...this.#uuids.groups(), ...this.#ids.groups()].filter(
      (group) => new Set(group.map(({ name }) => name.toLowerCase())).size > 1,
    );
    const clones = groups.map((group) => told('cloned-image', 'critical', group));
    const byServers = clones.map((one) => [one.resourceIds.join(' ').toLowerCase(), one] as const);
    return [...new Map(byServers).values()];
  }
}

export function fleetFindings(
  rollOut: RollOut,
  machines: readonly Member[],
): readonly FleetFinding[] {
  const look = new FleetLook(rollOut);
  for (const machine of machines) look.add(machine);
  return look.findings();
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

/** Machines that share a key; of the others only the first is kept. */
class Together {
  readonly #first = new Map<string, Member>();
  readonly #more = new Map<string, Member[]>();

  add(key: string, machine: Member): void {
    const first = this.#first.get(key);
    if (!first) {
      this.#first.set(key, machine);
      return;
    }
    const more = this.#more.get(key);
    if (more) more.push(machine);
    else this.#more.set(key, [first, machine]);
  }

  groups(): Member[][] {
    return [...this.#more.values()];
  }
}

function told(
  id: 'unknown-machine' | 'duplicate-name' | 'cloned-image',
  severity: Finding['severity'],
  machines: readonly Member[],
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

function scopeOf(one: { subscriptionId: string; resourceGroup: string }): string {
  return `${one.subscriptionId}/${one.resourceGroup}`.toLowerCase();
}
