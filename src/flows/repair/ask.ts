import { may } from '../../core/authority.ts';
import type { CardId, MachineName, RepairId } from '../../core/ids.ts';
import type { Notice, NoticeOf } from '../../core/notice.ts';
import type { Tx } from '../../core/ports.ts';
import { extensionOf, planRepair } from '../../core/repair/plan.ts';
import { isFinal, type Repair, type RepairMachine } from '../../core/repair.ts';
import type {
  ExtensionName,
  Machine,
  Person,
  Profile,
  RollOut,
  Site,
} from '../../core/roll-out.ts';
import { isInTransit } from '../../core/stage.ts';
import { nameOfSite, siteName } from '../names.ts';
import type { SignInAnswer } from '../sign-in-flows.ts';
import type { RepairDeps } from './deps.ts';
import { linesFor } from './instead.ts';
import { entry } from './keep.ts';
import { mayApprove, repairNotice } from './notice.ts';

export interface Asked {
  readonly machines: readonly MachineName[];
  readonly extension: ExtensionName;
  /** The machines were named one by one; of a whole site, what works is left alone. */
  readonly named: boolean;
}

interface Place {
  readonly rollOut: RollOut;
  readonly site: Site;
  readonly profile: Profile;
  readonly machines: readonly Machine[];
}

/**
 * Someone asks to install or reinstall an extension. Nothing in Azure changes here: where the bot may
 * write, whoever may approve gets a card; where not, the answer says what to do instead.
 */
export function askRepair(deps: RepairDeps, person: Person, asked: Asked): Promise<SignInAnswer> {
  return deps.store.write((tx) => ask(tx, deps, person, asked));
}

async function ask(
  tx: Tx,
  deps: RepairDeps,
  person: Person,
  { machines: names, extension, named }: Asked,
): Promise<SignInAnswer> {
  const rollOut = await tx.rollOut();
  const machines = names.flatMap((name) => rollOut.machine(name) ?? []);
  const [first] = machines;
  const site = first && rollOut.siteOf(first);
  const profile = site && rollOut.profileOf(site);
  if (!site || !profile) return refuse('machine-unknown');
  if (machines.some((machine) => machine.site !== site.code)) return refuse('site-needed');
  if (!may({ kind: 'person', person }, 'repair', site)) return refuse('not-allowed', site);

  const place: Place = { rollOut, site, profile, machines };
  const known = await openRepair(tx, extension, names);
  if (known) return already(deps, place, person, known);
  const { planned, resources } = await plan(tx, deps, place, extension, named);
  const workable = planned.some((one) => !isFinal(one));
  if (deps.write.mode === 'off' || !workable) {
    const state = deps.write.mode === 'off' && helps(planned) ? 'instead' : 'nothing';
    return { notice: notHere(deps, place, extension, state, planned, resources) };
  }
  return open(tx, deps, place, person, extension, planned);
}

function refuse(reason: Extract<Notice, { kind: 'refusal' }>['reason'], site?: Site): SignInAnswer {
  return { notice: { kind: 'refusal', reason, ...(site && { site: nameOfSite(site) }) } };
}

async function openRepair(
  tx: Tx,
  extension: ExtensionName,
  names: readonly MachineName[],
): Promise<Repair | undefined> {
  const open = await tx.repairs.listOpen();
  return open.find(
    (repair) =>
      repair.extension === extension &&
      repair.machines.some((one) => !isFinal(one) && names.includes(one.machine)),
  );
}

function already(
  deps: RepairDeps,
  { rollOut }: Place,
  person: Person,
  repair: Repair,
): SignInAnswer {
  const mine = repair.cards.find((one) => one.person === person.key);
  const notice = repairNotice(repair, rollOut, deps.write, mine && person);
  return { notice, ...(mine && { card: mine.card }) };
}

/** What is to be done, and under which name Azure has the extension now. */
async function plan(
  tx: Tx,
  deps: RepairDeps,
  { profile, machines }: Place,
  extension: ExtensionName,
  named: boolean,
) {
  const now = deps.clock.now();
  const planned: RepairMachine[] = [];
  const resources = new Map<MachineName, string>();
  for (const { name } of machines) {
    const { azure, marks, azureAsOfAt } = await tx.evidence.of(name);
    if (marks.replacedAt || marks.retiredAt) continue;
    const one = planRepair(
      name,
      azure?.machine,
      extension,
      profile.deployedBy[extension],
      named,
      now,
    );
    const found = extensionOf(azure?.machine, extension);
    if (found) resources.set(name, found.name);
    const trouble = isInTransit(marks) ? 'in-transit' : azureAsOfAt ? undefined : 'not-read';
    planned.push(trouble ? { ...one, step: 'not-done', trouble } : one);
  }
  return { planned, resources };
}

function helps(planned: readonly RepairMachine[]): boolean {
  return planned.some((one) => !isFinal(one) || one.trouble === 'theirs');
}

function notHere(
  deps: RepairDeps,
  place: Place,
  extension: ExtensionName,
  state: 'instead' | 'nothing',
  planned: readonly RepairMachine[],
  resources: ReadonlyMap<MachineName, string>,
): NoticeOf<'repair'> {
  const { rollOut, site, profile } = place;
  return {
    kind: 'repair',
    extension,
    site: siteName(rollOut, site.code),
    state,
    mode: deps.write.mode,
    deployer: profile.deployedBy[extension],
    machines: planned,
    lines: linesFor(deps, place, extension, planned, resources),
    buttons: [],
  };
}

async function open(
  tx: Tx,
  deps: RepairDeps,
  { rollOut, site }: Place,
  person: Person,
  extension: ExtensionName,
  machines: readonly RepairMachine[],
): Promise<SignInAnswer> {
  const now = deps.clock.now();
  const draft = { site: site.code, requestedBy: person.key };
  const approvers = askable(rollOut, site).filter((one) =>
    mayApprove(draft, rollOut, deps.write, one),
  );
  if (approvers.length === 0) return refuse('nobody-to-approve', site);
  // Where one person is enough, whoever asks releases it alone: the others need no card.
  const alone = approvers.some((one) => one.key === person.key);
  const readers = alone ? [person] : [person, ...approvers];
  const repair: Repair = {
    id: deps.random.id() as RepairId,
    extension,
    ...draft,
    state: 'asked',
    requestedAt: now,
    changedAt: now,
    machines,
    cards: readers.map(({ key }) => ({ person: key, card: deps.random.id() as CardId })),
  };
  await tx.repairs.put(repair);
  for (const { person: key, card } of repair.cards) {
    const notice = repairNotice(repair, rollOut, deps.write, rollOut.person(key));
    await tx.cards.post(card, { kind: 'person', person: key }, notice, now);
  }
  for (const { machine, plan, step } of machines) {
    if (step === 'not-done') continue;
    const said = entry(repair, 'repair-asked', machine, now, { plan });
    await tx.audit.append({ ...said, by: person.key });
  }
  const [mine] = repair.cards;
  const notice = repairNotice(repair, rollOut, deps.write, person);
  return { notice, ...(mine && { card: mine.card }) };
}

/** The site's engineer and deputy, and the leads. */
function askable(rollOut: RollOut, site: Site): readonly Person[] {
  const keys = [site.engineer, site.deputy, ...rollOut.leads().map(({ key }) => key)];
  return [...new Set(keys)].flatMap((key) => (key && rollOut.person(key)) || []);
}
