export interface SimMachine {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly tags: Record<string, string>;
  readonly properties: Record<string, unknown>;
  readonly extensions: Map<string, SimExtension>;
}

export interface SimExtension {
  readonly name: string;
  readonly properties: Record<string, unknown>;
}

/** A write as the activity log tells it. */
export interface ActivityEvent {
  readonly resourceId: string;
  readonly operation: string;
  readonly caller: string;
  readonly at: Date;
}

export interface DefenderPlan {
  readonly pricingTier: 'Standard' | 'Free';
  readonly subPlan?: 'P1' | 'P2';
}

/** The machines of the simulated subscriptions, by resource id in lower case, and what stands around them. */
export class SimulatedFleet {
  readonly machines = new Map<string, SimMachine>();
  readonly activity: ActivityEvent[] = [];
  /** Defender for Servers by subscription, lower case; where nothing is said it is on. */
  readonly plans = new Map<string, DefenderPlan>();
  /** Data collection rules of a machine, by id in lower case; where nothing is said Policy associated one with AMA. */
  readonly rules = new Map<string, readonly string[]>();
  /** Last heartbeat of a machine's AMA, by id in lower case; where nothing is said it follows from its state. */
  readonly heartbeats = new Map<string, Date | 'none'>();
  #sorted: SimMachine[] | undefined;

  put(machine: Omit<SimMachine, 'extensions'>): SimMachine {
    const key = machine.id.toLowerCase();
    const known = this.machines.get(key);
    const kept = { ...machine, extensions: known?.extensions ?? new Map() };
    this.machines.set(key, kept);
    this.#sorted = undefined;
    return kept;
  }

  remove(id: string): boolean {
    this.#sorted = undefined;
    return this.machines.delete(id.toLowerCase());
  }

  putExtension(machineId: string, extension: SimExtension): void {
    this.machines.get(machineId.toLowerCase())?.extensions.set(extension.name, extension);
  }

  /** In id order, as the query asks. */
  sorted(): readonly SimMachine[] {
    if (this.#sorted?.length !== this.machines.size) {
      this.#sorted = [...this.machines.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    }
    return this.#sorted;
  }

  rulesOf(machine: SimMachine): readonly string[] {
    const said = this.rules.get(machine.id.toLowerCase());
    if (said) return said;
    return amaOf(machine) ? [defaultRule(machine.id)] : [];
  }

  /** What the workspace last heard of a machine: every minute while it is connected, set up and installed. */
  heartbeatOf(machine: SimMachine, now: Date): Date | undefined {
    const said = this.heartbeats.get(machine.id.toLowerCase());
    if (said !== undefined) return said === 'none' ? undefined : said;
    const sends =
      machine.properties.status === 'Connected' &&
      amaOf(machine)?.properties.provisioningState === 'Succeeded' &&
      this.rulesOf(machine).length > 0;
    return sends ? now : undefined;
  }

  planOf(subscription: string): DefenderPlan {
    return this.plans.get(subscription.toLowerCase()) ?? { pricingTier: 'Standard', subPlan: 'P2' };
  }
}

export function subscriptionOf(id: string): string {
  return (id.split('/')[2] ?? '').toLowerCase();
}

function amaOf(machine: SimMachine): SimExtension | undefined {
  return [...machine.extensions.values()].find(
    (one) => one.properties.publisher === 'Microsoft.Azure.Monitor',
  );
}

function defaultRule(machineId: string): string {
  const group = machineId.split('/').slice(0, 5).join('/');
  return `${group}/providers/Microsoft.Insights/dataCollectionRules/dcr-servers`;
}
