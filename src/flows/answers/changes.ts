import { type Deed, may, standsAt } from '../../core/authority.ts';
import { OpsBotError } from '../../core/errors.ts';
import type { Evidence } from '../../core/evidence.ts';
import type { MachineName } from '../../core/ids.ts';
import type { Notice, NoticeOf, SiteName } from '../../core/notice.ts';
import type { Machine, Person, Site } from '../../core/roll-out.ts';
import { isInTransit } from '../../core/stage.ts';
import { nameOfPerson, nameOfSite } from '../names.ts';
import { liftQuarantine } from '../quarantine.ts';
import { oneMachine } from './checks.ts';
import { type AnswerDeps, type Answered, refuse } from './deps.ts';
import { evidenceOf, machinesMeant, ownSites, type Scene } from './scene.ts';

export type ConfirmedDeed = NoticeOf<'confirm'>['what'];

export const DEED_OF = {
  'mark-shipped': 'mark-shipped',
  'mark-arrived': 'mark-arrived',
  'mark-powered-on': 'mark-powered-on',
  'replace-machine': 'replace',
  'retire-machine': 'retire',
  'start-sign-in': 'open-sign-in',
} as const satisfies Record<ConfirmedDeed, Deed>;

/** What would change, as a question: nothing changes before its button is pressed. */
export function askToConfirm(scene: Scene, what: ConfirmedDeed): Answered {
  const { message, person, slots } = scene;
  const meant = machinesFor(scene, what);
  if ('notice' in meant) return meant;
  const [first] = meant;
  const site = first && scene.rollOut.siteOf(first);
  const about = { ...(first && { machine: first.name }), ...(site && { site: nameOfSite(site) }) };
  if (!person || !message.mayChange) return refuse('read-only', about);
  const refused = meant.find((machine) => !mayDo(scene, person, what, machine));
  if (refused) {
    const place = scene.rollOut.siteOf(refused);
    const foreign = person.role === 'site-staff' && place && !standsAt(person, place.code);
    return refuse(foreign ? 'not-your-site' : 'not-allowed', {
      machine: refused.name,
      ...(place && { site: nameOfSite(place) }),
    });
  }
  const again = meant.every(({ name }) => evidenceOf(scene, name).marks.retiredAt !== undefined);
  if (what === 'retire-machine' && again) return refuse('already-done', about);
  const oneSite = meant.every((machine) => machine.site === first?.site);
  const named = slots.machines === undefined;
  return {
    confirm: true,
    notice: {
      kind: 'confirm',
      what,
      machines: meant.map((machine) => machine.name),
      ...(site && (oneSite || named) && { site: nameOfSite(site) }),
      pending: true,
    },
  };
}

function mayDo(scene: Scene, person: Person, what: ConfirmedDeed, machine: Machine): boolean {
  return may({ kind: 'person', person }, DEED_OF[what], scene.rollOut.siteOf(machine));
}

/** The machines named; of a site named, those for which the deed is still to be done. */
function machinesFor(scene: Scene, what: ConfirmedDeed): readonly Machine[] | Answered {
  const { slots, rollOut } = scene;
  const named = slots.machines?.flatMap((name) => rollOut.machine(name) ?? []) ?? [];
  if (named.length > 0) return named;
  if (!slots.sites) return atOwnSite(scene, what);
  const sites = slots.sites.flatMap((code) => rollOut.site(code) ?? []);
  const there = sites.flatMap((site) => rollOut.machinesAt(site.code));
  const due = there.filter((machine) => isDue(evidenceOf(scene, machine.name), what));
  const [site] = sites;
  if (due.length === 0) return refuse('already-done', site ? { site: nameOfSite(site) } : {});
  return onlyOne(what) && due.length > 1 ? choice(due) : due;
}

/** Nothing named: the asker's own servers, when only one can be meant. */
function atOwnSite(scene: Scene, what: ConfirmedDeed): readonly Machine[] | Answered {
  const { machines } = machinesMeant(scene);
  const due = machines.filter((machine) => isDue(evidenceOf(scene, machine.name), what));
  const alone: readonly Site[] = scene.person?.role === 'site-staff' ? ownSites(scene) : [];
  if (due.length === 1 && alone.length > 0) return due;
  return choice(due.length > 0 ? due : machines);
}

function choice(machines: readonly Machine[]): Answered {
  return refuse('machine-needed', { choices: machines.slice(0, 6).map(({ name }) => name) });
}

function onlyOne(what: ConfirmedDeed): boolean {
  return what === 'start-sign-in' || what === 'replace-machine' || what === 'retire-machine';
}

function isDue({ marks, azure }: Evidence, what: ConfirmedDeed): boolean {
  switch (what) {
    case 'mark-shipped':
      return marks.shippedAt === undefined;
    case 'mark-arrived':
      return isInTransit(marks) || marks.arrivedAt === undefined;
    case 'mark-powered-on':
      return marks.poweredOnAt === undefined;
    case 'replace-machine':
    case 'retire-machine':
      return marks.retiredAt === undefined;
    case 'start-sign-in':
      return azure?.machine.status !== 'connected';
  }
}

const REASON =
  /(?:理由|わけ)\s{0,3}(?:は|[::])?\s{0,3}(.{2,300})|(?:reason|because)\s{0,3}:?\s{0,3}(.{2,300})/i;

/** The site's engineer or a lead takes a server back, and says why. */
export async function answerLiftQuarantine(
  scene: Scene,
  deps: AnswerDeps,
  person: Person,
): Promise<Answered> {
  const one = oneMachine(scene);
  if ('notice' in one) return one;
  const { machine, site } = one;
  const said = REASON.exec(scene.message.text);
  const reason = (said?.[1] ?? said?.[2])?.trim();
  if (!reason) return refuse('reason-needed', { machine: machine.name, site: nameOfSite(site) });
  return {
    notice: await deps.store.write((tx) =>
      liftQuarantine(tx, deps, { machine, by: person, reason }),
    ),
  };
}

/** A lead chooses the channel in which alerts stand from now on. */
export async function answerAlertsHere(
  scene: Scene,
  deps: AnswerDeps,
  person: Person,
): Promise<Answered> {
  const { conversationId, scope } = scene.message;
  if (!may({ kind: 'person', person }, 'set-alert-channel')) return refuse('not-allowed');
  if (scope !== 'channel' || conversationId === undefined) return refuse('only-in-channel');
  await deps.store.write(async (tx) => {
    await tx.conversations.setAlertChannel(conversationId);
    const facts = { conversationId };
    await tx.audit.append({ at: scene.now, event: 'alert-channel-set', by: person.key, facts });
  });
  return { notice: { kind: 'channel-set', by: nameOfPerson(person) } };
}

/**
 * Where the kit comes from; to a person in their own chat also a token by a button, and the zip where Teams
 * takes files.
 */
export async function answerGetKit(scene: Scene, deps: AnswerDeps): Promise<Answered> {
  const one = oneMachine(scene);
  if ('notice' in one) return one;
  const { machine, site } = one;
  const { asker, scope, mayChange } = scene.message;
  const about = { machine: machine.name, site: nameOfSite(site) };
  if (!may(asker, 'get-kit', site)) return refuse('not-allowed', about);
  if (evidenceOf(scene, machine.name).marks.retiredAt) return refuse('retired', about);
  const alone = scope === 'personal' || scope === 'terminal';
  if (!scene.person || !mayChange || !alone) return { notice: { kind: 'kit', ...about } };
  const also = scope === 'personal' ? await fileOffer(deps, machine, about) : undefined;
  const notice = { kind: 'kit', ...about, token: true, ...(also && { file: true }) } as const;
  return { notice, confirm: true, ...(also && { also }) };
}

async function fileOffer(
  { kitFile }: AnswerDeps,
  machine: Machine,
  about: { readonly machine: MachineName; readonly site: SiteName },
): Promise<Notice | undefined> {
  try {
    const file = await kitFile?.(machine);
    if (!file) return undefined;
    const { name, bytes } = file;
    return { kind: 'kit-file', ...about, name, bytes: bytes.length, state: 'offered' };
  } catch (error) {
    // The command line says which value or setting it is.
    if (error instanceof OpsBotError) return undefined;
    throw error;
  }
}
