import type { Owner } from '../../core/network-check.ts';
import type { NextStep, NoticeOf } from '../../core/notice.ts';
import type { MachineSummary } from '../../core/site-status.ts';
import { ORDER, type Stage } from '../../core/stage.ts';
import { nameOfSite, siteName } from '../names.ts';
import { type Answered, refuse } from './deps.ts';
import {
  capped,
  findingBehind,
  machineSummary,
  machinesMeant,
  maySee,
  narrowed,
  profileOf,
  type Scene,
  siteStatus,
  visibleSites,
} from './scene.ts';

const MOST_SITES = 6;
const MOST_MACHINES = 12;

export function answerSiteStatus(scene: Scene): Answered {
  const sites = visibleSites(scene);
  const [asked] = narrowed(scene);
  if (sites.length === 0 && asked) return refuse('not-your-site', { site: nameOfSite(asked) });
  const { rows, more } = capped(sites, MOST_SITES);
  const statuses = rows.map((site) => siteStatus(scene, site));
  return { notice: { kind: 'site-status', sites: statuses, ...(more && { more }) } };
}

export function answerMachineStatus(scene: Scene): Answered {
  const { machines, hidden } = machinesMeant(scene);
  if (hidden) return refuse('not-your-site', { site: nameOfSite(hidden) });
  const summaries = machines.flatMap((machine) => machineSummary(scene, machine) ?? []);
  const { rows, more } = capped(summaries, MOST_MACHINES);
  const codes = [...new Set(rows.map((summary) => summary.site))];
  return {
    notice: {
      kind: 'machine-status',
      machines: rows,
      sites: codes.map((code) => siteName(scene.rollOut, code)),
      ...asOf(scene),
      ...(more && { more }),
    },
  };
}

/** Totals are for everyone; single sites only for those who may see them. */
export function answerRolloutStatus(scene: Scene): Answered {
  const { area, wave } = scene.slots;
  const sites = narrowed(scene).filter(
    (site) => site.kind === 'site' || scene.rollOut.machinesAt(site.code).length > 0,
  );
  const statuses = sites.map((site) => siteStatus(scene, site));
  const machines = statuses.flatMap((status) => status.machines);
  const counts = Map.groupBy(machines, (machine) => machine.stage);
  const order = [...new Set<Stage>([...ORDER.base, ...ORDER.site])];
  const seen = statuses.filter((status) => maySee(scene, scene.rollOut.site(status.site)));
  const { rows, more } = capped(seen, 30);
  return {
    notice: {
      kind: 'rollout-status',
      ...(area !== undefined && { area }),
      ...(wave !== undefined && { wave }),
      done: sum(statuses.map((status) => status.done)),
      total: sum(statuses.map((status) => status.total)),
      blocked: machines.filter((machine) => machine.block).length,
      late: statuses.filter((status) => status.late).length,
      stages: order.flatMap((stage) => {
        const count = counts.get(stage)?.length ?? 0;
        return count > 0 ? [{ stage, count }] : [];
      }),
      bySite: rows.map((status) => ({
        site: siteName(scene.rollOut, status.site),
        done: status.done,
        total: status.total,
        late: status.late,
        blocked: status.machines.filter((machine) => machine.block).length,
      })),
      ...asOf(scene),
      ...(more && { more }),
    },
  };
}

type Step = NoticeOf<'next-step'>['steps'][number];

export function answerNextStep(scene: Scene): Answered {
  const { machines, hidden } = machinesMeant(scene);
  if (hidden) return refuse('not-your-site', { site: nameOfSite(hidden) });
  const asked = scene.slots.machines !== undefined;
  const steps = machines.flatMap((machine) => {
    const summary = machineSummary(scene, machine);
    if (!summary || summary.history) return [];
    const step = stepFor(scene, summary);
    return asked || step.step !== 'nothing' ? [step] : [];
  });
  const { rows, more } = capped(steps, MOST_MACHINES);
  return { notice: { kind: 'next-step', steps: rows, ...(more && { more }) } };
}

export function stepFor(scene: Scene, summary: MachineSummary): Step {
  const site = scene.rollOut.site(summary.site);
  const profile = site && profileOf(scene, site);
  const finding = findingBehind(scene, summary);
  const [step, owner] = nextStep(summary, profile?.connectAt ?? 'site');
  return {
    machine: summary.machine,
    site: siteName(scene.rollOut, summary.site),
    stage: summary.stage,
    owner,
    step,
    ...(finding && { finding }),
    ...(summary.block && { block: summary.block }),
  };
}

/** What comes next and who does it: a block first, then an open sign-in, then the way of its profile. */
function nextStep(
  { stage, block, openSignIn, status }: MachineSummary,
  connectAt: 'base' | 'site',
): readonly [NextStep, Owner] {
  if (block?.reason === 'expired') return ['reconnect', block.owner];
  if (block) return ['fix-finding', block.owner];
  if (openSignIn) return ['finish-sign-in', openSignIn === 'opened' ? 'site' : 'engineer'];
  switch (stage) {
    case 'planned':
      return ['prepare-kit', 'engineer'];
    case 'kitted':
      return connectAt === 'base' ? ['open-sign-in', 'engineer'] : ['ship', 'engineer'];
    case 'connected':
      return ['wait-extensions', 'none'];
    case 'extensions':
      return ['wait-data', 'none'];
    case 'data-seen':
      return connectAt === 'base' ? ['ship', 'engineer'] : ['run-check', 'site'];
    case 'shipped':
      return ['wait-arrival', 'site'];
    case 'arrived':
      return connectAt === 'base' ? ['bring-online', 'site'] : ['run-check', 'site'];
    case 'network-ready':
      return status === 'connected' ? ['wait-extensions', 'none'] : ['open-sign-in', 'site'];
    case 'back-online':
      return ['run-check', 'site'];
    case 'done':
      return ['nothing', 'none'];
  }
}

export function asOf({ azureAsOfAt }: Scene): { azureAsOfAt?: Date } {
  return azureAsOfAt ? { azureAsOfAt } : {};
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
