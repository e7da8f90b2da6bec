import { driftOf } from '../../src/core/drift.ts';
import type { MachineName } from '../../src/core/ids.ts';
import type { Diagnosis } from '../../src/core/network-check.ts';
import type { Tx } from '../../src/core/ports.ts';
import {
  type Machine,
  type Profile,
  RollOut,
  type Site,
  tagsFor,
} from '../../src/core/roll-out.ts';
import { summarizeMachine } from '../../src/core/site-status.ts';
import { ORDER } from '../../src/core/stage.ts';
import { noteDone } from '../../src/flows/note-done.ts';
import { putExtensions } from '../../src/sim/story.ts';
import { aDiagnosis, aFinding } from '../support/builders.ts';
import { sampleRows } from '../support/sample-roll-out.ts';
import { type Act, type Order, scriptFor } from './azure-roll-out-script.ts';
import { AzureWorld } from './azure-world.ts';

const DAYS = 60;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Machines start one after the other, so that every day sees many stages. */
const STARTS = 12;

/** All machines of the sample through every stage, once connected at the base and once at the site. */
export async function proveRollOut(print: (line: string) => void): Promise<boolean> {
  let fine = true;
  for (const order of ['base', 'site'] as const) fine = (await walk(order, print)) && fine;
  return fine;
}

async function walk(order: Order, print: (line: string) => void): Promise<boolean> {
  const profiles = sampleRows.profiles.map((row) => ({ ...row, connectAt: order }));
  const rollOut = new RollOut({ ...sampleRows, profiles });
  const world = await AzureWorld.start(profiles);
  const counts = { steps: 0, right: 0, inTruck: 0, alarms: 0, done: 0 };
  const stages = new Map<MachineName, Set<string>>();
  try {
    for (let day = 0; day < DAYS; day += 1) {
      const today = rollOut.machines.map((machine, index) => {
        const script = scriptFor(order, index);
        const step = script[Math.min(day - 1 - (index % STARTS), script.length - 1)];
        return { machine, step, isNew: day - 1 - (index % STARTS) < script.length };
      });
      for (const { machine, step, isNew } of today) {
        if (step && isNew) for (const act of step.acts) await perform(world, rollOut, machine, act);
      }
      world.pace.forward(DAY_MS - 60_000);
      await world.poll();
      const clock = { now: () => new Date(world.pace.now()) };
      const drift = (machine: Machine, site: Site, profile: Profile, evidence: Evidence) =>
        driftOf({ machine, site, profile, evidence }, clock.now());
      await world.store.write((tx) => noteDone(tx, { clock, driftOf: drift }));
      const evidences = await world.store.read((tx) => tx.evidence.all());
      for (const { machine, step } of today) {
        const evidence = evidences.get(machine.name);
        const { site, profile } = placeOf(rollOut, machine);
        if (!evidence) continue;
        const findings = drift(machine, site, profile, evidence);
        const context = { machine, site, profile, evidence, drift: findings };
        const { stage, block } = summarizeMachine(context, clock.now());
        const expected = step ?? { stage: 'planned', owner: undefined };
        counts.steps += 1;
        if (stage === expected.stage && block?.owner === expected.owner) counts.right += 1;
        else {
          const what = `${stage}, ${block?.reason} ${block?.owner}`;
          const wanted = `${expected.stage}, ${expected.owner}`;
          print(`wrong: ${order} day ${day} ${machine.name}: ${what}; expected ${wanted}`);
        }
        stages.set(machine.name, (stages.get(machine.name) ?? new Set()).add(stage));
        if (expected.stage === 'shipped') {
          counts.inTruck += 1;
          const loud = findings.some(({ id }) => id.startsWith('heartbeat'));
          if (block || loud) counts.alarms += 1;
        }
        if (day === DAYS - 1 && stage === 'done') counts.done += 1;
      }
    }
    const alerts = await world.store.read((tx) => tx.alerts.listOpen());
    const total = rollOut.machines.length;
    const all = [...stages.values()].filter((seen) => ORDER[order].every((one) => seen.has(one)));
    const said = `connected at the ${order}`;
    print(
      `${said}: steps with the right stage and who must act: ${counts.right} of ${counts.steps}`,
    );
    print(`${said}: machines that walked every stage: ${all.length} of ${total}`);
    print(`${said}: machines done after ${DAYS} days: ${counts.done} of ${total}`);
    print(
      `${said}: alarms in ${counts.inTruck} days in the truck: ${counts.alarms + alerts.length}, at most 0`,
    );
    return (
      counts.right === counts.steps &&
      counts.done === total &&
      all.length === total &&
      counts.alarms + alerts.length === 0
    );
  } finally {
    await world.close();
  }
}

type Evidence = Parameters<typeof driftOf>[0]['evidence'];

function placeOf(rollOut: RollOut, machine: Machine): { site: Site; profile: Profile } {
  const site = rollOut.siteOf(machine);
  const profile = site && rollOut.profileOf(site);
  if (!site || !profile) throw new Error(`${machine.name} has no site`);
  return { site, profile };
}

async function perform(
  world: AzureWorld,
  rollOut: RollOut,
  machine: Machine,
  act: Act,
): Promise<void> {
  const { site, profile } = placeOf(rollOut, machine);
  const at = new Date(world.pace.now());
  const write = (work: (tx: Tx) => Promise<void>) => world.store.write(work);
  switch (act) {
    case 'enrol':
      return write((tx) => tx.evidence.mark(machine.name, { enrolledAt: at }));
    case 'ship':
      return write((tx) => tx.evidence.mark(machine.name, { shippedAt: at }));
    case 'arrive':
      return write((tx) => tx.evidence.mark(machine.name, { arrivedAt: at }));
    case 'defender-contact':
      return write((tx) => tx.evidence.dataSeen(machine.name, 'MDE', at));
    case 'check-blocked':
      return check({ verdict: 'blocked', findings: [aFinding({ owner: 'network' })] });
    case 'check-degraded':
      return check({ verdict: 'degraded' });
    case 'check-healthy':
      return check({});
    case 'connect-here':
      return put('Connected', site, profile.privateLinkScopeId);
    case 'connect-elsewhere':
      return put('Connected', undefined, profile.privateLinkScopeId);
    case 'connect-wrong-scope':
      return put('Connected', site, '/subscriptions/x/privateLinkScopes/other');
    case 'disconnect':
      return lose();
    case 'extensions':
      return install('Succeeded', ['MDE', 'AMA']);
    case 'extension-failed':
      return install('Failed', ['MDE']);
  }

  function check(changes: Partial<Diagnosis>): Promise<void> {
    const diagnosis = aDiagnosis(changes);
    const kept = { machine: machine.name, site: site.code, checkedAt: at, diagnosis };
    return write((tx) => tx.evidence.keepCheck(kept));
  }

  function idOf(): string {
    return `/subscriptions/${profile.subscriptionId}/resourceGroups/${profile.resourceGroup}/providers/Microsoft.HybridCompute/machines/${machine.name}`;
  }

  /** `where` undefined: with the base's proxy and address. */
  async function put(status: string, where: Site | undefined, scope: string | undefined) {
    world.azure.fleet.put({
      id: idOf(),
      name: machine.name,
      location: profile.location,
      tags: tagsFor(profile, site),
      properties: {
        status,
        lastStatusChange: at.toISOString(),
        agentVersion: '1.67.03504.3207',
        privateLinkScopeResourceId: scope ?? null,
        agentConfiguration: {
          proxyUrl: where?.proxyUrl ?? 'http://proxy-base.corp.example:8080',
          proxyBypass: [...profile.proxyBypass],
        },
        networkProfile: {
          networkInterfaces: [
            { ipAddresses: [{ address: where?.subnet?.replace(/\d+\/.*/, '9') ?? '192.0.2.9' }] },
          ],
        },
      },
    });
  }

  async function lose(): Promise<void> {
    const known = world.azure.fleet.machines.get(idOf().toLowerCase());
    if (!known) return;
    const lost = { status: 'Disconnected', lastStatusChange: at.toISOString() };
    world.azure.fleet.put({ ...known, properties: { ...known.properties, ...lost } });
  }

  async function install(state: 'Succeeded' | 'Failed', names: readonly ('MDE' | 'AMA')[]) {
    const known = world.azure.fleet.machines.get(idOf().toLowerCase());
    if (!known) return;
    putExtensions(world.azure.fleet, known, machine, names, 'Succeeded');
    for (const extension of known.extensions.values()) {
      Object.assign(extension.properties, { provisioningState: state });
    }
  }
}
