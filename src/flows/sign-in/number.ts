import { isResponsible, may, standsAt } from '../../core/authority.ts';
import type { MachineName } from '../../core/ids.ts';
import type { RefusalReason } from '../../core/notice.ts';
import type { KitKey, Tx } from '../../core/ports.ts';
import type { Person, RollOut } from '../../core/roll-out.ts';
import { confirmAs } from '../../core/sign-in/buttons.ts';
import { answered, askedOf, confirm } from '../../core/sign-in/people.ts';
import { codeOf, liveCode } from '../../core/sign-in/step.ts';
import type { SignIn } from '../../core/sign-in.ts';
import type { Scope } from '../../core/turn.ts';
import { rollOutToday } from '../absence.ts';
import type { SignInAnswer } from '../sign-in-flows.ts';
import { confirmSuccessor, type SuccessorConfirmed, waitingSuccessor } from '../successor.ts';
import { maySee } from './asking.ts';
import type { TxDeps } from './deps.ts';
import { keep, keyStopped } from './keep.ts';
import { refusal } from './open.ts';
import { whyOff } from './switch.ts';

/** The console's four digits as a message; only in the opener's own chat, or with the machine's name. */
export async function confirmNumber(
  tx: Tx,
  deps: TxDeps,
  given: Person,
  number: string,
  machine: MachineName | undefined,
  scope: Scope,
): Promise<SignInAnswer> {
  if (scope !== 'personal' && scope !== 'terminal') return refusal('only-in-personal-chat');
  const rollOut = await rollOutToday(tx, deps.clock);
  const person = rollOut.person(given.key);
  if (!person) return refusal('not-known');
  const now = deps.clock.now();
  const waiting = machine
    ? await waitingAt(tx, machine, now)
    : await waitingFor(tx, rollOut, person, number, now);
  const [one, ...others] = waiting;
  if (!one) return refusal(await whyNone(tx, person, machine), machine && { name: machine });
  if (others.length > 0) return whichOne(waiting);
  return one.kind === 'code'
    ? sendNumber(tx, deps, rollOut, person, one.signIn, number)
    : sendSuccessorNumber(tx, deps, rollOut, person, one.machine, number);
}

/** Two things wait for numbers: the code of a sign-in, and the new key of an arrived server. */
type Waiting =
  | { readonly kind: 'code'; readonly machine: MachineName; readonly signIn: SignIn }
  | { readonly kind: 'successor'; readonly machine: MachineName };

async function waitingAt(tx: Tx, machine: MachineName, now: Date): Promise<readonly Waiting[]> {
  const signIn = await tx.signIns.openFor(machine);
  if (signIn) return [{ kind: 'code', machine, signIn }];
  const key = await waitingSuccessor(tx, machine, now);
  return key ? [{ kind: 'successor', machine: key.machine }] : [];
}

/** A bare number belongs to what waits for its sender, or to the code just confirmed with it. */
async function waitingFor(
  tx: Tx,
  rollOut: RollOut,
  person: Person,
  number: string,
  now: Date,
): Promise<readonly Waiting[]> {
  const open = await tx.signIns.listOpen();
  const own = open
    .filter((signIn) => signIn.openedBy === person.key && liveCode(signIn.progress, now))
    .map((signIn): Waiting => ({ kind: 'code', machine: signIn.machine, signIn }));
  const codes = own.filter((one) => one.kind === 'code' && one.signIn.progress.state === 'waiting');
  const waiting = [...codes, ...(await successorsOf(tx, rollOut, person, now))];
  if (waiting.length > 0) return waiting;
  return own.filter(
    (one) => one.kind === 'code' && codeOf(one.signIn.progress)?.matchNumber === digitsOf(number),
  );
}

async function successorsOf(
  tx: Tx,
  rollOut: RollOut,
  person: Person,
  now: Date,
): Promise<readonly Waiting[]> {
  const sites = rollOut.sites.filter((site) =>
    person.role === 'site-staff' ? standsAt(person, site.code) : isResponsible(person, site),
  );
  const found: Waiting[] = [];
  for (const { name } of sites.flatMap((site) => rollOut.machinesAt(site.code))) {
    if (await waitingSuccessor(tx, name, now)) found.push({ kind: 'successor', machine: name });
  }
  return found;
}

async function whyNone(
  tx: Tx,
  person: Person,
  machine: MachineName | undefined,
): Promise<RefusalReason> {
  if (machine) return 'no-sign-in';
  const open = await tx.signIns.listOpen();
  return open.some((one) => askedOf(one, person.key)) ? 'number-not-yours' : 'no-sign-in';
}

function whichOne(waiting: readonly Waiting[]): SignInAnswer {
  const { notice } = refusal('number-needs-machine');
  return { notice: { ...notice, choices: waiting.map((one) => one.machine) } };
}

async function sendSuccessorNumber(
  tx: Tx,
  deps: TxDeps,
  rollOut: RollOut,
  by: Person,
  name: MachineName,
  number: string,
): Promise<SignInAnswer> {
  const machine = rollOut.machine(name);
  if (!machine) return refusal('machine-unknown');
  const signIns = { keyStopped: (tx: Tx, key: KitKey) => keyStopped(tx, deps, key) };
  const sent = { machine, number: digitsOf(number), by };
  const result = await confirmSuccessor(tx, { ...deps, signIns }, sent);
  if (result === 'right') {
    return { notice: { kind: 'done', what: 'number-right', machine: name } };
  }
  return refusal(SUCCESSOR_REFUSED[result], machine);
}

const SUCCESSOR_REFUSED = {
  wrong: 'wrong-number',
  'number-dead': 'code-over',
  'nothing-waits': 'no-sign-in',
  'not-allowed': 'not-allowed',
} as const satisfies Record<Exclude<SuccessorConfirmed, 'right'>, RefusalReason>;

/** Tries a number for one sign-in: from the chat, or from the field of the sender's own card. */
export async function sendNumber(
  tx: Tx,
  deps: TxDeps,
  rollOut: RollOut,
  person: Person,
  signIn: SignIn,
  number: string,
): Promise<SignInAnswer> {
  const now = deps.clock.now();
  const site = rollOut.site(signIn.site);
  const machine = { name: signIn.machine };
  const off = await whyOff(tx, deps.signIn);
  if (off) return refusal(off, machine, site);
  const how = confirmAs(signIn, person.key, deps.signIn.twoPersons);
  if (!how) {
    const asked = askedOf(signIn, person.key) !== undefined;
    return refusal(asked ? 'two-persons' : 'number-not-yours', machine, site);
  }
  const deed = how === 'phone' ? 'confirm-by-phone' : 'open-sign-in';
  const entitled = site && may({ kind: 'person', person }, deed, site);
  if (!entitled || (how === 'self' && !maySee(deps, signIn, site, person))) {
    return refusal('not-allowed', machine, site);
  }
  const digits = digitsOf(number);
  if (!/^\d{4}$/.test(digits)) return refusal('wrong-number', machine, site);
  const pressed = answered(signIn, person.key, now);
  const step = confirm(pressed, { by: person.key, how, number: digits }, now);
  await keep(tx, deps, signIn, step);
  if (step.refused) return refusal(step.refused, machine, site);
  return { notice: { kind: 'done', what: 'number-right', machine: signIn.machine } };
}

/** Full-width digits and blanks are how a Japanese keyboard sends them. */
function digitsOf(number: string): string {
  return number.normalize('NFKC').replace(/\s/g, '');
}
