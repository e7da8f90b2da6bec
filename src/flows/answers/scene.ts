import { isResponsible, may, standsAt } from '../../core/authority.ts';
import { worstBlocking } from '../../core/block.ts';
import type { Evidence } from '../../core/evidence.ts';
import type { Lang, MachineName, SiteCode } from '../../core/ids.ts';
import type { Intent, Slots } from '../../core/intent.ts';
import type { Finding } from '../../core/network-check.ts';
import type { Alert, ReadTx } from '../../core/ports.ts';
import type { Machine, Person, Profile, RollOut, Site } from '../../core/roll-out.ts';
import type { SignIn } from '../../core/sign-in.ts';
import {
  type MachineSummary,
  noEvidence,
  type SiteStatus,
  summarizeMachine,
  summarizeSite,
} from '../../core/site-status.ts';
import type { Message } from '../../core/turn.ts';
import type { AnswerDeps } from './deps.ts';

/** Rows a card shows at most; what is left out is counted in `more`. */
export const MOST_ROWS = 20;

/** Everything kept that one answer may need, read in one transaction. */
export interface Scene {
  readonly message: Message;
  readonly intent: Intent;
  readonly slots: Slots;
  readonly person?: Person;
  readonly lang: Lang;
  readonly now: Date;
  readonly rollOut: RollOut;
  readonly evidence: ReadonlyMap<MachineName, Evidence>;
  readonly openSignIns: readonly SignIn[];
  readonly openAlerts: readonly Alert[];
  readonly azureAsOfAt?: Date;
  readonly driftOf?: AnswerDeps['driftOf'];
}

export async function readScene(
  tx: ReadTx,
  deps: AnswerDeps,
  message: Message,
  intent: Intent,
  rollOut: RollOut,
): Promise<Scene> {
  const { asker } = message;
  const named = sitesNamed(rollOut, intent.slots);
  const azureAsOfAt = await tx.evidence.azureAsOf();
  return {
    message,
    intent,
    slots: intent.slots,
    ...(asker.kind === 'person' && { person: asker.person }),
    lang: asker.kind === 'person' ? asker.person.language : asker.language,
    now: deps.clock.now(),
    rollOut,
    evidence: await tx.evidence.all(named),
    openSignIns: await tx.signIns.listOpen(),
    openAlerts: await tx.alerts.listOpen(),
    ...(azureAsOfAt && { azureAsOfAt }),
    ...(deps.driftOf && { driftOf: deps.driftOf }),
  };
}

/** The sites an answer can touch, when the words name some; undefined: all of them. */
function sitesNamed(rollOut: RollOut, slots: Slots): readonly SiteCode[] | undefined {
  const ofMachines = (slots.machines ?? []).flatMap((name) => rollOut.machine(name)?.site ?? []);
  const codes = [...(slots.sites ?? []), ...ofMachines];
  return codes.length > 0 ? [...new Set(codes)] : undefined;
}

export function maySee({ message }: Scene, site: Site | undefined): boolean {
  return may(message.asker, 'see-everything') || may(message.asker, 'see-site', site);
}

/** All sites, or those the words narrow it down to, that the asker may see. */
export function visibleSites(scene: Scene): readonly Site[] {
  return narrowed(scene).filter((site) => maySee(scene, site));
}

/** Sites by name, region and wave, whoever asks. */
export function narrowed({ rollOut, slots }: Scene): readonly Site[] {
  const { sites, area, wave } = slots;
  return rollOut.sites.filter(
    (site) =>
      (sites === undefined || sites.includes(site.code)) &&
      (area === undefined || site.region === area) &&
      (wave === undefined || site.wave === wave),
  );
}

/** Where the asker belongs: the sites they stand at or answer for. A lead and the terminal belong everywhere. */
export function ownSites({ rollOut, person }: Scene): readonly Site[] {
  if (!person || person.role === 'lead' || person.role === 'auditor') return rollOut.sites;
  return rollOut.sites.filter((site) =>
    person.role === 'engineer' ? isResponsible(person, site) : standsAt(person, site.code),
  );
}

/**
 * The machines a question is about: those named, or those of the places named, or the asker's own. What the
 * asker may not see is left out and told as `hidden`.
 */
export function machinesMeant(scene: Scene): {
  readonly machines: readonly Machine[];
  readonly hidden?: Site;
} {
  const { rollOut, slots } = scene;
  const wanted = slots.machines?.flatMap((name) => rollOut.machine(name) ?? []) ?? [];
  if (wanted.length > 0) {
    const seen = wanted.filter((machine) => maySee(scene, rollOut.siteOf(machine)));
    const hidden = wanted.find((machine) => !seen.includes(machine));
    const site = hidden && rollOut.siteOf(hidden);
    return { machines: seen, ...(seen.length === 0 && site && { hidden: site }) };
  }
  const somewhere = saysWhere(slots);
  const places = somewhere ? narrowed(scene) : ownSites(scene);
  const seen = places.filter((site) => maySee(scene, site));
  const [first] = places;
  return {
    machines: seen.flatMap((site) => rollOut.machinesAt(site.code)),
    ...(seen.length === 0 && first && { hidden: first }),
  };
}

export function saysWhere({ sites, area, wave }: Slots): boolean {
  return sites !== undefined || area !== undefined || wave !== undefined;
}

export function evidenceOf(scene: Scene, machine: MachineName): Evidence {
  return scene.evidence.get(machine) ?? noEvidence(machine);
}

export function profileOf({ rollOut }: Scene, site: Site): Profile | undefined {
  return rollOut.profileOf(site);
}

export function siteStatus(scene: Scene, site: Site): SiteStatus {
  const profile = profileOf(scene, site);
  return summarizeSite(
    site,
    profile,
    scene.rollOut.machinesAt(site.code),
    scene.evidence,
    scene.openSignIns,
    scene.now,
    (machine) => drift(scene, machine, site),
  );
}

export function machineSummary(scene: Scene, machine: Machine): MachineSummary | undefined {
  const site = scene.rollOut.siteOf(machine);
  if (!site) return undefined;
  const openSignIn = scene.openSignIns.find((one) => one.machine === machine.name);
  return summarizeMachine(
    {
      machine,
      site,
      profile: profileOf(scene, site),
      evidence: evidenceOf(scene, machine.name),
      ...(openSignIn && { openSignIn }),
      drift: drift(scene, machine, site),
    },
    scene.now,
  );
}

/** The finding behind a block, from the last check or from Azure's picture. */
export function findingBehind(scene: Scene, summary: MachineSummary): Finding | undefined {
  const { block, machine: name, site: code } = summary;
  const site = scene.rollOut.site(code);
  const machine = scene.rollOut.machine(name);
  if (!block || !site || !machine) return undefined;
  const found = [
    ...(evidenceOf(scene, name).lastCheck?.diagnosis.findings ?? []),
    ...drift(scene, machine, site),
  ];
  const isOne = block.reason === 'network-check-failed' || block.reason === 'finding';
  return (
    found.find((finding) => finding.id === block.detail) ??
    (isOne ? worstBlocking(found) : undefined)
  );
}

function drift(scene: Scene, machine: Machine, site: Site): readonly Finding[] {
  const profile = profileOf(scene, site);
  if (!profile || !scene.driftOf) return [];
  return scene.driftOf(machine, site, profile, evidenceOf(scene, machine.name));
}

/** The first rows, and how many were left out. */
export function capped<T>(
  rows: readonly T[],
  most = MOST_ROWS,
): { rows: readonly T[]; more?: number } {
  if (rows.length <= most) return { rows };
  return { rows: rows.slice(0, most), more: rows.length - most };
}
