import type { ListRow, ListTopic } from '../../core/notice.ts';
import type { Alert, ReadTx } from '../../core/ports.ts';
import type { Site } from '../../core/roll-out.ts';
import type { SignIn } from '../../core/sign-in.ts';
import type { ExtensionState, MachineSummary } from '../../core/site-status.ts';
import { nameOfSite, personName, siteName } from '../names.ts';
import { type Answered, refuse } from './deps.ts';
import {
  capped,
  evidenceOf,
  findingBehind,
  maySee,
  ownSites,
  type Scene,
  saysWhere,
  siteStatus,
  visibleSites,
} from './scene.ts';
import { asOf } from './status.ts';

export function answerMissingExtension(scene: Scene): Answered {
  return list(scene, 'missing-extension', (sites) => {
    const rows = summariesAt(scene, sites).flatMap((summary) => {
      const lacking = summary.extensions.filter((one) => isLacking(scene, one));
      if (lacking.length === 0) return [];
      const note = lacking.some(({ installed }) => installed === 'failed') ? 'failed' : 'missing';
      return [{ ...about(scene, summary), extensions: lacking, note } as const];
    });
    // A server that Azure knows comes first: what is not connected yet cannot have it.
    return rows.sort((a, b) => connectedFirst(scene, a) - connectedFirst(scene, b));
  });
}

function isLacking({ slots }: Scene, { extension, installed }: ExtensionState): boolean {
  const asked = slots.extension === undefined || slots.extension === extension;
  return asked && (installed === 'missing' || installed === 'failed');
}

function connectedFirst(scene: Scene, { machine }: ListRow): number {
  return machine && evidenceOf(scene, machine).azure ? 0 : 1;
}

/** One row per site: its first blocked machine, and who must act. */
export function answerBlockedSites(scene: Scene): Answered {
  return list(scene, 'blocked-sites', (sites) =>
    sites.flatMap((site) => {
      const blocked = siteStatus(scene, site).machines.find((summary) => summary.block);
      return blocked ? [blockedRow(scene, blocked)] : [];
    }),
  );
}

function blockedRow(scene: Scene, summary: MachineSummary): ListRow {
  const finding = findingBehind(scene, summary);
  return {
    ...about(scene, summary),
    ...(summary.block && { owner: summary.block.owner }),
    ...(finding && { finding }),
    note: 'blocked',
  };
}

export function answerLateSites(scene: Scene): Answered {
  return list(scene, 'late-sites', (sites) =>
    sites.flatMap((site) => {
      const status = siteStatus(scene, site);
      if (!status.late) return [];
      return [
        {
          site: nameOfSite(site),
          ...(status.plannedDate && { plannedDate: status.plannedDate }),
          ...(status.waitingFor && { owner: status.waitingFor }),
          note: 'late',
        } as const,
      ];
    }),
  );
}

/** On its way a server is expected to be silent, so it is no answer here. */
export function answerDisconnected(scene: Scene): Answered {
  return list(scene, 'disconnected-machines', (sites) =>
    summariesAt(scene, sites).flatMap((summary) => {
      const { status, stage } = summary;
      const lost = status === 'disconnected' || status === 'expired' || status === 'error';
      if (!lost || (stage === 'shipped' && status !== 'expired')) return [];
      const sinceAt = evidenceOf(scene, summary.machine).azure?.machine.lastStatusChangeAt;
      const note = status === 'expired' ? 'expired' : 'disconnected';
      return [{ ...about(scene, summary), ...(sinceAt && { sinceAt }), note } as const];
    }),
  );
}

export async function answerOpenAlerts(scene: Scene, tx: ReadTx): Promise<Answered> {
  const shown = scene.openAlerts.filter((alert) => isVisible(scene, alert));
  const { rows, more } = capped([...shown].sort(newestFirst));
  const drawn = await Promise.all(rows.map((alert) => alertRow(scene, tx, alert)));
  return {
    notice: { ...head(scene, 'open-alerts'), rows: drawn, ...(more && { more }) },
  };
}

function isVisible(scene: Scene, alert: Alert): boolean {
  const site = alert.site === undefined ? undefined : scene.rollOut.site(alert.site);
  const wanted = !saysWhere(scene.slots) || (site && visibleSites(scene).includes(site));
  const { machines } = scene.slots;
  const named = !machines || (alert.machine && machines.includes(alert.machine));
  return Boolean(wanted && named && maySee(scene, site));
}

async function alertRow(scene: Scene, tx: ReadTx, alert: Alert): Promise<ListRow> {
  const by = alert.acknowledgedBy && personName(scene.rollOut, alert.acknowledgedBy);
  const notice = (await tx.cards.get(alert.card))?.notice;
  const finding = notice?.kind === 'network-check' ? notice.diagnosis.findings[0] : undefined;
  return {
    ...(alert.site && { site: siteName(scene.rollOut, alert.site) }),
    ...(alert.machine && { machine: alert.machine }),
    alert: alert.id,
    what: alert.what,
    ...(finding && { finding, owner: finding.owner }),
    ...(by && { person: by }),
    sinceAt: alert.raisedAt,
    ...(alert.state === 'acknowledged' && { note: 'acknowledged' }),
  };
}

export function answerPendingSignIns(scene: Scene): Answered {
  const shown = scene.openSignIns.filter((signIn) => {
    const site = scene.rollOut.site(signIn.site);
    const { machines } = scene.slots;
    const wanted = !saysWhere(scene.slots) || (site && visibleSites(scene).includes(site));
    return wanted && (!machines || machines.includes(signIn.machine)) && maySee(scene, site);
  });
  const { rows, more } = capped(shown.map((signIn) => signInRow(scene, signIn)));
  return { notice: { ...head(scene, 'pending-sign-ins'), rows, ...(more && { more }) } };
}

function signInRow(scene: Scene, signIn: SignIn): ListRow {
  const opener = personName(scene.rollOut, signIn.openedBy);
  return {
    machine: signIn.machine,
    site: siteName(scene.rollOut, signIn.site),
    signIn: signIn.progress.state,
    ...(opener && { person: opener }),
    sinceAt: signIn.openedAt,
    note: 'waiting',
  };
}

/** What waits for the asker: sign-ins, alerts nobody has taken, blocked servers of their sites. */
export async function answerMyWork(scene: Scene, tx: ReadTx): Promise<Answered> {
  const { person } = scene;
  const sites = ownSites(scene).filter(
    (site) => !saysWhere(scene.slots) || visibleSites(scene).includes(site),
  );
  const codes = new Set(sites.map((site) => site.code));
  const signIns = scene.openSignIns.filter(
    (signIn) =>
      codes.has(signIn.site) || signIn.asked.some((asked) => asked.person === person?.key),
  );
  const alerts = scene.openAlerts.filter(
    (alert) =>
      (alert.state === 'open' || alert.acknowledgedBy === person?.key) &&
      (alert.site === undefined ? person?.role !== 'site-staff' : codes.has(alert.site)),
  );
  const blocked = summariesAt(scene, sites).filter((summary) => summary.block);
  const { rows, more } = capped<() => ListRow | Promise<ListRow>>([
    ...signIns.map((signIn) => () => signInRow(scene, signIn)),
    ...alerts.map((alert) => () => alertRow(scene, tx, alert)),
    ...blocked.map((summary) => () => blockedRow(scene, summary)),
  ]);
  const drawn = await Promise.all(rows.map((row) => row()));
  return { notice: { ...head(scene, 'my-work'), rows: drawn, ...(more && { more }) } };
}

function list(
  scene: Scene,
  topic: ListTopic,
  rowsAt: (sites: readonly Site[]) => readonly ListRow[],
): Answered {
  const sites = visibleSites(scene);
  const hidden = scene.slots.sites?.[0];
  if (sites.length === 0 && hidden) {
    return refuse('not-your-site', { site: siteName(scene.rollOut, hidden) });
  }
  const { rows, more } = capped(rowsAt(sites));
  return { notice: { ...head(scene, topic), rows, ...(more && { more }) } };
}

function head(scene: Scene, topic: ListTopic) {
  const { extension, area, wave } = scene.slots;
  return {
    kind: 'list',
    topic,
    ...(extension && { extension }),
    ...(area !== undefined && { area }),
    ...(wave !== undefined && { wave }),
    ...asOf(scene),
  } as const;
}

function summariesAt(scene: Scene, sites: readonly Site[]): readonly MachineSummary[] {
  const { machines } = scene.slots;
  return sites
    .flatMap((site) => siteStatus(scene, site).machines)
    .filter((summary) => !machines || machines.includes(summary.machine));
}

function about(scene: Scene, summary: MachineSummary) {
  return {
    machine: summary.machine,
    site: siteName(scene.rollOut, summary.site),
    stage: summary.stage,
  };
}

function newestFirst(one: Alert, other: Alert): number {
  return other.raisedAt.getTime() - one.raisedAt.getTime();
}
