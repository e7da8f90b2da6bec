import { may } from '../../core/authority.ts';
import type { CardId, MachineName, SignInId } from '../../core/ids.ts';
import type { Notice, NoticeOf, RefusalReason } from '../../core/notice.ts';
import type { ReadTx, Tx } from '../../core/ports.ts';
import type { Machine, Person, RollOut, Site } from '../../core/roll-out.ts';
import { after, PER_MACHINE_AND_HOUR } from '../../core/sign-in/limits.ts';
import { openSignIn } from '../../core/sign-in/open.ts';
import { hasPlace } from '../../core/sign-in/places.ts';
import type { OpeningProblem, SignIn } from '../../core/sign-in.ts';
import { isInTransit } from '../../core/stage.ts';
import { rollOutToday } from '../absence.ts';
import { raiseAlert } from '../alerts.ts';
import { nameOfSite } from '../names.ts';
import type { SignInAnswer } from '../sign-in-flows.ts';
import { placeOf } from './asking.ts';
import type { SignInDeps, TxDeps } from './deps.ts';
import { keep } from './keep.ts';
import { signInNotice } from './notice.ts';
import { whyOff } from './switch.ts';

/** An invoke must be answered within seconds: what Azure has not said by then does not hold up an opening. */
const CHECKS_TIMEOUT_MS = 3_000;
const HOUR_MS = 60 * 60 * 1000;

/** Opens a sign-in, or joins the open one and says who opened it. */
export async function open(
  deps: SignInDeps,
  asker: Person,
  name: MachineName,
): Promise<SignInAnswer> {
  const before = await deps.store.read(async (tx) => {
    const opening = await mayOpen(tx, deps, asker, name);
    return 'notice' in opening || opening.joins ? undefined : opening;
  });
  const problems = before ? await whatWouldFail(deps, before) : [];
  return deps.store.write(async (tx) => {
    const opening = await mayOpen(tx, deps, asker, name);
    if ('notice' in opening) return opening;
    if (opening.joins) return join(deps, opening, opening.joins);
    if (problems.length > 0) return openingBlocked(tx, deps, opening, problems);
    return openNew(tx, deps, opening);
  });
}

interface Allowed {
  readonly rollOut: RollOut;
  readonly person: Person;
  readonly machine: Machine;
  readonly site: Site;
  readonly joins?: SignIn;
}

/** Everything but Azure; asked before Azure is, and again in the transaction that opens. */
export async function mayOpen(
  tx: ReadTx,
  deps: TxDeps,
  asker: Person,
  name: MachineName,
): Promise<Allowed | SignInAnswer> {
  const rollOut = await rollOutToday(tx, deps.clock);
  const person = rollOut.person(asker.key);
  if (!person) return refusal('not-known');
  const machine = rollOut.machine(name);
  const site = machine && rollOut.siteOf(machine);
  if (!machine || !site) return refusal('machine-unknown');
  const no = (reason: RefusalReason) => refusal(reason, machine, site);
  if (!may({ kind: 'person', person }, 'open-sign-in', site)) {
    return no(person.role === 'auditor' ? 'not-allowed' : 'not-your-site');
  }
  const off = await whyOff(tx, deps.signIn);
  if (off) return no(off);
  const joins = await tx.signIns.openFor(machine.name);
  if (joins) return { rollOut, person, machine, site, joins };
  const { marks, azure, quarantined } = await tx.evidence.of(machine.name);
  if (marks.retiredAt) return no('retired');
  if (quarantined) return no('quarantined');
  if (isInTransit(marks)) return no('in-transit');
  if (azure?.machine.status === 'connected') return no('already-connected');
  const since = after(deps.clock.now(), -HOUR_MS);
  if ((await tx.signIns.countSince(machine.name, since)) >= PER_MACHINE_AND_HOUR) {
    return no('too-many');
  }
  return { rollOut, person, machine, site };
}

/** Opens it with its opener's and the channel's card; a continued one takes over both. */
export async function openNew(
  tx: Tx,
  deps: TxDeps,
  { rollOut, person, machine, site }: Allowed,
  continued?: SignIn,
): Promise<SignInAnswer> {
  const fits = await fitsBesideOthers(tx, deps, rollOut, {
    site: site.code,
    openedBy: person.key,
  });
  const latest = await tx.signIns.latestFor(machine.name);
  const step = openSignIn(
    {
      id: deps.random.id() as SignInId,
      machine: machine.name,
      site: site.code,
      openedBy: person.key,
      heldForPlace: !fits,
      ...(continued && { continues: continued.id }),
      ...(latest && { follows: latest.id }),
    },
    deps.clock.now(),
  );
  if (continued) await leaveCards(tx, continued);
  const openerCard = continued?.openerCard ?? (deps.random.id() as CardId);
  const channelCard = continued?.channelCard ?? (deps.random.id() as CardId);
  const signIn = await keep(tx, deps, undefined, {
    ...step,
    signIn: { ...step.signIn, openerCard, channelCard },
  });
  if (!fits) await alertTooMany(tx, deps, rollOut, signIn);
  const notice = signInNotice(deps, rollOut, signIn, 'opener', person.key, deps.clock.now());
  return { notice, card: openerCard };
}

/** What was the ended one's cards now follows its continuation alone. */
async function leaveCards(tx: Tx, ended: SignIn): Promise<void> {
  const { openerCard, channelCard: _, ...rest } = ended;
  const asked = ended.asked.filter((one) => one.card !== openerCard);
  await tx.signIns.put({ ...rest, asked });
  await tx.timers.clear('sign-in', ended.id);
}

export async function fitsBesideOthers(
  tx: ReadTx,
  deps: TxDeps,
  rollOut: RollOut,
  wanted: Pick<SignIn, 'site' | 'openedBy'>,
): Promise<boolean> {
  const open = (await tx.signIns.listOpen()).filter((one) => one.held !== 'places');
  const taken = open.map((one) => placeOf(deps, rollOut, one));
  return hasPlace(placeOf(deps, rollOut, wanted), taken);
}

async function alertTooMany(tx: Tx, deps: TxDeps, rollOut: RollOut, signIn: SignIn): Promise<void> {
  const { engineer } = placeOf(deps, rollOut, signIn);
  await raiseAlert(tx, deps, {
    key: `too-many-sign-ins:${signIn.site}`,
    what: 'too-many-sign-ins',
    site: signIn.site,
    people: engineer ? [engineer] : [],
  });
}

function join(deps: SignInDeps, { rollOut, person }: Allowed, signIn: SignIn): SignInAnswer {
  const now = deps.clock.now();
  const notice = signInNotice(deps, rollOut, signIn, 'opener', person.key, now);
  const own = person.key === signIn.openedBy ? signIn.openerCard : undefined;
  return { notice, ...(own && { card: own }) };
}

async function openingBlocked(
  tx: Tx,
  deps: SignInDeps,
  { person, machine, site }: Allowed,
  problems: readonly OpeningProblem[],
): Promise<SignInAnswer> {
  await tx.audit.append({
    at: deps.clock.now(),
    event: 'sign-in-opening-blocked',
    by: person.key,
    site: site.code,
    machine: machine.name,
    facts: { problems: problems.join(' ') },
  });
  const { notice } = refusal('opening-blocked', machine, site);
  return { notice: { ...notice, problems } };
}

/** Azure's answers about what connecting needs; none in time is none. */
async function whatWouldFail(
  deps: SignInDeps,
  { rollOut, site, machine }: Allowed,
): Promise<readonly OpeningProblem[]> {
  const profile = rollOut.profileOf(site);
  if (!profile) return [];
  const signal = AbortSignal.timeout(CHECKS_TIMEOUT_MS);
  const late = Promise.withResolvers<readonly OpeningProblem[]>();
  const giveUp = () => late.resolve([]);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([deps.checkOpening(profile, site, machine, signal), late.promise]);
  } catch (error) {
    deps.log.warn('sign-in-checks-failed', { machine: machine.name, error });
    return [];
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

export function refusal(
  reason: RefusalReason,
  machine?: Pick<Machine, 'name'>,
  site?: Site,
): { readonly notice: NoticeOf<'refusal'> } {
  return {
    notice: {
      kind: 'refusal',
      reason,
      ...(machine && { machine: machine.name }),
      ...(site && { site: nameOfSite(site) }),
    },
  };
}

export function isRefusal(notice: Notice): boolean {
  return notice.kind === 'refusal';
}
