import { missingRows } from '../../core/endpoints/requirements.ts';
import { OpsBotError } from '../../core/errors.ts';
import type { Diagnosis, Finding, KeptCheck, Verdict } from '../../core/network-check.ts';
import type { RequirementRow } from '../../core/notice.ts';
import type { Machine, Site } from '../../core/roll-out.ts';
import { isExpired } from '../../core/stage.ts';
import { nameOfSite, siteName } from '../names.ts';
import { type AnswerDeps, type Answered, refuse } from './deps.ts';
import { withMails } from './mails.ts';
import {
  capped,
  evidenceOf,
  machineSummary,
  machinesMeant,
  maySee,
  ownSites,
  profileOf,
  type Scene,
  saysWhere,
  visibleSites,
} from './scene.ts';
import { asOf } from './status.ts';

const WORST_FIRST: readonly Verdict[] = ['down', 'blocked', 'unknown', 'degraded', 'healthy'];

/** One card holds one check: of several, the worst, and of equals the newest. */
export function answerNetworkCheck(scene: Scene): Answered {
  const { machines, hidden } = machinesMeant(scene);
  if (hidden) return refuse('not-your-site', { site: nameOfSite(hidden) });
  const checks = machines
    .flatMap((machine) => evidenceOf(scene, machine.name).lastCheck ?? [])
    .sort((a, b) => rank(a) - rank(b) || b.checkedAt.getTime() - a.checkedAt.getTime());
  const [check] = checks;
  if (check) {
    return {
      notice: {
        kind: 'network-check',
        machine: check.machine,
        site: siteName(scene.rollOut, check.site),
        checkedAt: check.checkedAt,
        diagnosis: diagnosisOf(scene, check),
      },
    };
  }
  const [machine] = scene.slots.machines ?? [];
  const [first] = machines;
  const code = scene.slots.sites?.[0] ?? first?.site;
  return {
    notice: {
      kind: 'no-check-yet',
      ...(machine && { machine }),
      ...(code && { site: siteName(scene.rollOut, code) }),
    },
  };
}

function diagnosisOf(scene: Scene, { machine, site, ...check }: KeptCheck): Diagnosis {
  const known = scene.rollOut.machine(machine);
  const at = scene.rollOut.site(site);
  return withMails(scene, check.diagnosis, {
    at: check.checkedAt,
    ...(known && { machine: known }),
    ...(at && { site: at }),
    ...(check.address && { address: check.address }),
  });
}

function rank({ diagnosis }: KeptCheck): number {
  return WORST_FIRST.indexOf(diagnosis.verdict);
}

/** The bot cannot run anything on a server: it says which line of the kit does. */
export function answerRunCheck(scene: Scene): Answered {
  const one = oneMachine(scene);
  if ('notice' in one) return one;
  const { machine, site } = one;
  const line = /windows/i.test(machine.os) ? '.\\Onboard.ps1 check' : 'sudo ./onboard.sh check';
  return { notice: { kind: 'run-check', machine: machine.name, site: nameOfSite(site), line } };
}

export function answerExtensionState(scene: Scene): Answered {
  const { machines, hidden } = machinesMeant(scene);
  if (hidden) return refuse('not-your-site', { site: nameOfSite(hidden) });
  const { extension, sites } = scene.slots;
  const summaries = machines.flatMap((machine) => machineSummary(scene, machine) ?? []);
  const all = summaries
    .filter((summary) => summary.history === undefined)
    .map((summary) => ({
      machine: summary.machine,
      extensions: summary.extensions.filter((one) => !extension || one.extension === extension),
    }));
  const { rows, more } = capped(all);
  const [code, ...others] = sites ?? [];
  return {
    notice: {
      kind: 'extension-state',
      ...(extension && { extension }),
      rows,
      ...(code && others.length === 0 && { site: siteName(scene.rollOut, code) }),
      ...asOf(scene),
      ...(more && { more }),
    },
  };
}

export function answerCommands(
  scene: Scene,
  deps: AnswerDeps,
  what: 'connect' | 'proxy' | 'check',
): Answered {
  const place = oneSite(scene);
  if ('notice' in place) return place;
  const { site, machine } = place;
  const profile = profileOf(scene, site);
  if (!profile) return refuse('site-needed', { site: nameOfSite(site) });
  const certificate = /証明書|\bcertificates?\b|\bservice principal\b/i.test(scene.message.text);
  const evidence = machine && evidenceOf(scene, machine.name);
  const options = {
    ...(certificate && { auth: 'certificate' as const }),
    ...(evidence && isExpired(evidence) && { expired: true }),
  };
  const made = linesFor(deps, what, machine, site, profile, options);
  if (!made) return refuse('value-refused', { site: nameOfSite(site) });
  const { shell, lines } = made;
  return {
    notice: {
      kind: 'commands',
      ...(machine && { machine: machine.name }),
      site: nameOfSite(site),
      what,
      shell,
      lines,
    },
  };
}

export function answerRequirements(scene: Scene, deps: AnswerDeps): Answered {
  const { route, extension } = scene.slots;
  const isSaid = saysWhere(scene.slots) || scene.slots.machines !== undefined;
  const [site, ...others] = isSaid ? placesOf(scene) : [];
  const alone = isSaid ? (others.length === 0 ? site : undefined) : aloneAt(scene);
  const profile = alone ? profileOf(scene, alone) : scene.rollOut.profiles[0];
  const listed = deps.requirements(alone, profile, route);
  const named = listed.filter((row) => extension !== undefined && isFor(extension, row));
  const all = named.length > 0 ? named : listed;
  const failed = alone && !WANTS_ALL.test(scene.message.text) && missingAt(scene, alone, all);
  const { rows, more } = capped(failed ? failed.rows : all, 60);
  return {
    notice: {
      kind: 'endpoint-requirements',
      ...(route && { route }),
      ...(alone && { site: nameOfSite(alone) }),
      ...(alone?.subnet && { from: alone.subnet }),
      ...(failed && { missing: failed.missing }),
      rows,
      ...(more && { more }),
    },
  };
}

const WANTS_ALL = /全部|全て|すべて|ぜんぶ|一式|\ball\b|\bevery\b|\bfull\b/i;

/** After a failed check the network team is asked for what is still closed, and nothing twice. */
function missingAt(scene: Scene, site: Site, rows: readonly RequirementRow[]) {
  const { machines } = scene.slots;
  const checks = scene.rollOut
    .machinesAt(site.code)
    .filter(({ name }) => !machines || machines.includes(name))
    .flatMap(({ name }) => evidenceOf(scene, name).lastCheck ?? [])
    .sort((a, b) => rank(a) - rank(b) || b.checkedAt.getTime() - a.checkedAt.getTime());
  const [worst] = checks;
  if (!worst || worst.diagnosis.verdict === 'healthy') return undefined;
  const closed = missingRows(rows, worst.diagnosis);
  if (closed.length === 0) return undefined;
  const { machine, checkedAt } = worst;
  return { rows: closed, missing: { machine, checkedAt, of: rows.length } };
}

/** Rows say in words whom they serve: the agents are named in `when` and `purpose`. */
function isFor(extension: 'MDE' | 'AMA', row: { when: string; purpose: { en: string } }): boolean {
  const words = `${row.when} ${row.purpose.en}`;
  return extension === 'MDE' ? /\bMDE\b|defender/i.test(words) : /\bAMA\b|monitor/i.test(words);
}

export function answerExplainError(scene: Scene, deps: AnswerDeps): Answered {
  const { error: code } = scene.slots;
  const finding = (code !== undefined && deps.explainError(code)) || spokenOf(scene, deps);
  return {
    notice: {
      kind: 'explain-error',
      ...(code !== undefined && { code }),
      ...(finding && { finding }),
    },
  };
}

/** What someone read off a screen: a whole message, or the few words that stand after an address there. */
function spokenOf({ message }: Scene, deps: AnswerDeps): Finding | undefined {
  const whole = told(deps.diagnose(message.text).diagnosis.findings);
  const words = SPOKEN.exec(message.text)?.[0];
  if (whole || words === undefined) return whole;
  const printed = `Get "https://gbl.his.arc.azure.com/": ${words}`;
  const found = told(deps.diagnose(printed).diagnosis.findings);
  return found && { ...found, endpoints: [] };
}

const SPOKEN =
  /DNS Failure|Service Unavailable|Bad Gateway|Gateway Time-?out|Proxy Authentication Required|no such host|connection refused/i;

function told(findings: readonly Finding[]): Finding | undefined {
  return findings.find((finding) => finding.severity !== 'info') ?? findings[0];
}

/** Pasted output, judged for the server it names, or for the one site its sender stands at. */
export async function answerDiagnoseText(scene: Scene, deps: AnswerDeps): Promise<Answered> {
  const { file, text: typed } = scene.message;
  const text = file ?? typed;
  const first = deps.diagnose(text);
  const machine = machineOfText(scene, first.diagnosis.facts.machineName);
  const site = machine ? scene.rollOut.siteOf(machine) : aloneAt(scene);
  const { diagnosis, codeRemoved } = site
    ? deps.diagnose(text, site, profileOf(scene, site))
    : first;
  const codeTyped = file !== undefined && deps.diagnose(typed).codeRemoved;
  if ((codeRemoved || codeTyped) && scene.person && scene.message.mayChange) {
    await deps.signIns.codeInText(scene.person, machine?.name);
  }
  return {
    notice: {
      kind: 'network-check',
      ...(machine && { machine: machine.name }),
      ...(site && { site: nameOfSite(site) }),
      diagnosis: withMails(scene, diagnosis, {
        at: scene.now,
        ...(machine && { machine }),
        ...(site && { site }),
      }),
    },
  };
}

function machineOfText(scene: Scene, said: string | undefined): Machine | undefined {
  const [named] = scene.slots.machines ?? [];
  const machine = scene.rollOut.machine(named ?? said?.split('.')[0] ?? '');
  return machine && maySee(scene, scene.rollOut.siteOf(machine)) ? machine : undefined;
}

function aloneAt(scene: Scene): Site | undefined {
  if (scene.person?.role !== 'site-staff') return undefined;
  const [site, ...others] = ownSites(scene);
  return others.length === 0 ? site : undefined;
}

function placesOf(scene: Scene): readonly Site[] {
  const { rollOut, slots } = scene;
  const ofMachines = (slots.machines ?? []).flatMap((name) => {
    const machine = rollOut.machine(name);
    return (machine && rollOut.siteOf(machine)) ?? [];
  });
  const sites = ofMachines.length > 0 ? [...new Set(ofMachines)] : visibleSites(scene);
  return sites.filter((site) => maySee(scene, site));
}

/** The one site a question is about, or the question back. */
export function oneSite(
  scene: Scene,
): { readonly site: Site; readonly machine?: Machine } | Answered {
  const { rollOut, slots } = scene;
  const machine = slots.machines?.[0] && rollOut.machine(slots.machines[0]);
  const wanted = machine
    ? [rollOut.siteOf(machine)].filter((site) => site !== undefined)
    : saysWhere(slots)
      ? visibleSites(scene)
      : ownSites(scene);
  const seen = wanted.filter((site) => maySee(scene, site));
  const [site, ...others] = seen;
  if (site && others.length === 0) return { site, ...(machine && { machine }) };
  const hidden = machine ? rollOut.siteOf(machine) : rollOut.site(slots.sites?.[0] ?? '');
  if (!site && hidden) return refuse('not-your-site', { site: nameOfSite(hidden) });
  const choices = seen.slice(0, 6).map((one) => (scene.lang === 'ja' ? one.name : one.nameEn));
  return refuse('site-needed', { choices });
}

/** The one machine a question is about, or the question back. */
export function oneMachine(
  scene: Scene,
): { readonly machine: Machine; readonly site: Site } | Answered {
  const { machines, hidden } = machinesMeant(scene);
  if (hidden) return refuse('not-your-site', { site: nameOfSite(hidden) });
  const [machine] = machines;
  const site = machine && scene.rollOut.siteOf(machine);
  if (machine && site && (machines.length === 1 || scene.slots.machines)) return { machine, site };
  return refuse('machine-needed', { choices: machines.slice(0, 6).map(({ name }) => name) });
}

/** Undefined when a planned value has not its form: that is the roll-out's mistake, told as such. */
function linesFor(deps: AnswerDeps, ...asked: Parameters<AnswerDeps['commands']>) {
  try {
    return deps.commands(...asked);
  } catch (error) {
    if (error instanceof OpsBotError && error.code === 'VALUE_REFUSED') return undefined;
    throw error;
  }
}
