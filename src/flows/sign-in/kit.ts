import { may } from '../../core/authority.ts';
import type { MachineName } from '../../core/ids.ts';
import type { RefusalReason } from '../../core/notice.ts';
import type { KitAnswer, Tx } from '../../core/ports.ts';
import type { Person } from '../../core/roll-out.ts';
import { agentCode } from '../../core/sign-in/agent-code.ts';
import { agentOutcome, burn, holdForPerson } from '../../core/sign-in/ends.ts';
import { after } from '../../core/sign-in/limits.ts';
import { givePlace } from '../../core/sign-in/open.ts';
import {
  expiryOf,
  hadRound,
  holdCode,
  onOurClock,
  ready as readyFor,
  watch as watchOver,
} from '../../core/sign-in/rounds.ts';
import { changed, codeOf, type KitStep, roundOf, settle, then } from '../../core/sign-in/step.ts';
import type { SignIn } from '../../core/sign-in.ts';
import { rollOutToday } from '../absence.ts';
import { raiseAlert } from '../alerts.ts';
import type { KitContext, KitHandlers, SignInHooks } from '../kit-handlers.ts';
import { quarantineKey } from '../quarantine.ts';
import type { TxDeps } from './deps.ts';
import { keep, keyStopped, machineClosed } from './keep.ts';
import { fitsBesideOthers } from './open.ts';
import { sealContext } from './reveal.ts';
import { whyOff } from './switch.ts';

/** Servers set their clocks right after they started; an outcome of a round before is older than that. */
const CLOCK_TOLERANCE_MS = 5_000;
const STRAYS_UNTIL_QUARANTINE = 2;

export function createKitHandlers(deps: TxDeps): KitHandlers {
  return {
    ready: (tx, context) => ready(tx, deps, context),
    watch: (tx, context) => watch(tx, deps, context),
    deviceCode: (tx, context) => deviceCode(tx, deps, context),
    outcome: (tx, context) => outcome(tx, deps, context),
  };
}

/** What the door tells about reports and keys that are not the relay's own. */
export function createSignInHooks(deps: TxDeps): SignInHooks {
  return {
    codeInText: (tx, context) => codeInText(tx, deps, context.machine.name),
    keyStopped: (tx, key) => keyStopped(tx, deps, key),
    machineClosed: (tx, machine) => machineClosed(tx, deps, machine),
  };
}

type ContextOf<Handler extends keyof KitHandlers> = Parameters<KitHandlers[Handler]>[1];

async function ready(tx: Tx, deps: TxDeps, context: ContextOf<'ready'>): Promise<KitAnswer> {
  const off = await whyOff(tx, deps.signIn);
  if (off) return stopped(off);
  const { machine } = context;
  const signIn = await tx.signIns.openFor(machine.name);
  if (!signIn) {
    return {
      status: 202,
      do: 'wait',
      state: 'none',
      ja: `Teams のチャットで「${machine.name}を接続したい」と送ってください。`,
      en: `Please write "connect ${machine.name}" to the bot in Teams.`,
    };
  }
  const rollOut = await rollOutToday(tx, deps.clock);
  const placed =
    signIn.held === 'places' && (await fitsBesideOthers(tx, deps, rollOut, signIn))
      ? givePlace(signIn)
      : signIn;
  const { key, payload } = context;
  return keepAnd(tx, deps, signIn, readyFor(placed, key.kid, deps.clock.now(), payload.at));
}

async function watch(tx: Tx, deps: TxDeps, context: ContextOf<'watch'>): Promise<KitAnswer> {
  const off = await whyOff(tx, deps.signIn);
  if (off) return stopped(off);
  const signIn = await tx.signIns.openFor(context.machine.name);
  if (!signIn) return { status: 202, do: 'stop', state: await lastState(tx, context) };
  const { key, payload } = context;
  return keepAnd(tx, deps, signIn, watchOver(signIn, key.kid, payload.round, deps.clock.now()));
}

async function deviceCode(
  tx: Tx,
  deps: TxDeps,
  context: ContextOf<'deviceCode'>,
): Promise<KitAnswer> {
  const { key, machine, payload } = context;
  const now = deps.clock.now();
  const open = await tx.signIns.openFor(machine.name);
  const latest = open ?? (await tx.signIns.latestFor(machine.name));
  if (!hadRound(latest, key.kid, payload.round)) {
    const before = latest?.follows && (await tx.signIns.get(latest.follows));
    if (!hadRound(before, key.kid, payload.round)) return strayCode(tx, deps, context);
    return { status: 202, do: 'stop', state: before?.progress.state };
  }
  const off = await whyOff(tx, deps.signIn);
  if (off) return stopped(off);
  const round = open && roundOf(open.progress);
  if (!open || round?.number !== payload.round) {
    return { status: 202, do: 'stop', state: await lastState(tx, context) };
  }
  const prompt = deps.readPrompt(payload.text.text);
  if (!prompt) {
    // Not azcmagent's words, or a page that is not Microsoft's: nobody is shown any of it.
    const failed = settle(open, { state: 'failed', reason: 'agent-failed' }, now);
    const said = { event: 'sign-in-prompt-refused', facts: { round: round.number } };
    return end(tx, deps, open, then(changed(open, said), failed));
  }
  const mac = deps.vault.mac(`code.${prompt.userCode}`);
  const readAt = onOurClock(round, payload.at, now);
  const step = holdCode(
    open,
    key.kid,
    {
      round: round.number,
      mac,
      code: {
        sealed: deps.vault.seal(prompt.userCode, sealContext(open, round.number)),
        verificationUri: prompt.verificationUri,
        readAt,
        expiresAt: expiryOf(readAt),
        matchNumber: deps.random.digits(4),
        wrongTries: 0,
      },
    },
    now,
  );
  const isNew = step.signIn !== open && step.signIn.progress.state === 'waiting';
  const other = isNew ? await tx.signIns.codeSeen(mac, machine.name, now) : undefined;
  if (!other) return keepAnd(tx, deps, open, step);
  const first = await tx.signIns.openFor(other);
  if (first) await keep(tx, deps, first, holdForPerson(first, mac, now));
  const burned = burn(open, 'same-code-elsewhere', now);
  return end(tx, deps, open, { ...burned, alerts: ['same-code-elsewhere'], quarantine: true });
}

/** A code with no round of this key: dropped, never stored, alerted; the second time the key is quarantined. */
async function strayCode(
  tx: Tx,
  deps: TxDeps,
  { key, machine, site, payload }: ContextOf<'deviceCode'>,
): Promise<KitAnswer> {
  const at = deps.clock.now();
  const strayCodes = key.strayCodes + 1;
  await tx.kits.putKey({ ...key, strayCodes });
  const about = { site: site.code, machine: machine.name };
  await tx.audit.append({
    at,
    event: 'code-without-sign-in',
    ...about,
    facts: { kid: key.kid, round: payload.round, times: strayCodes },
  });
  const what = 'code-without-sign-in';
  await raiseAlert(tx, deps, { key: `${what}:${machine.name}`, what, ...about });
  if (strayCodes >= STRAYS_UNTIL_QUARANTINE) {
    const signIns = createSignInHooks(deps);
    await quarantineKey(tx, { ...deps, signIns }, { ...key, strayCodes }, what, { alert: false });
  }
  return { status: 202, do: 'stop', code: 'NO_ROUND' };
}

async function outcome(tx: Tx, deps: TxDeps, context: ContextOf<'outcome'>): Promise<KitAnswer> {
  const { key, machine, payload } = context;
  const signIn =
    (await tx.signIns.openFor(machine.name)) ?? (await tx.signIns.latestFor(machine.name));
  if (!signIn || isOfBefore(signIn, payload)) return { status: 202, do: 'ok' };
  const azcmCode =
    payload.result === 'connected' ? undefined : agentCode(payload.text?.text, payload.exitCode);
  const step = agentOutcome(
    signIn,
    key.kid,
    { round: payload.round, result: payload.result, ...(azcmCode && { azcmCode }) },
    deps.clock.now(),
  );
  const kept = await keep(tx, deps, signIn, step);
  return { status: 202, do: 'ok', state: kept.progress.state };
}

/** A spooled outcome of a round before: it ends nothing. That a server is connected counts whenever it is heard. */
function isOfBefore(signIn: SignIn, payload: ContextOf<'outcome'>['payload']): boolean {
  const round = roundOf(signIn.progress);
  if (!round || payload.result === 'connected') return false;
  return payload.at < after(round.kitAt ?? round.goAt, -CLOCK_TOLERANCE_MS);
}

/** A code that stood in chat or in another report is known to more than one person. */
export async function codeInText(tx: Tx, deps: TxDeps, machine: MachineName): Promise<void> {
  const now = deps.clock.now();
  const rollOut = await tx.rollOut();
  const site = rollOut.machine(machine)?.site;
  const open = await tx.signIns.openFor(machine);
  if (open && codeOf(open.progress)) {
    await keep(tx, deps, open, { ...burn(open, 'code-in-text', now), alerts: ['code-in-text'] });
    return;
  }
  await raiseAlert(tx, deps, {
    key: `code-in-text:${machine}`,
    what: 'code-in-text',
    machine,
    ...(site && { site }),
  });
}

/** Pasted in chat: burns the machine's code where the person stands or acts; elsewhere people are told. */
export async function codeInChat(
  tx: Tx,
  deps: TxDeps,
  person: Person,
  machine: MachineName | undefined,
): Promise<void> {
  const rollOut = await tx.rollOut();
  const known = machine && rollOut.machine(machine);
  const site = known && rollOut.siteOf(known);
  if (known && site && may({ kind: 'person', person }, 'open-sign-in', site)) {
    return codeInText(tx, deps, known.name);
  }
  const what = 'code-in-text';
  await raiseAlert(tx, deps, { key: `${what}:${person.key}`, what, people: [person.key] });
}

async function end(
  tx: Tx,
  deps: TxDeps,
  before: SignIn,
  step: Omit<KitStep, 'do'>,
): Promise<KitAnswer> {
  return keepAnd(tx, deps, before, { ...step, do: 'stop' });
}

async function keepAnd(tx: Tx, deps: TxDeps, before: SignIn, step: KitStep): Promise<KitAnswer> {
  const { progress } = await keep(tx, deps, before, step);
  const round = roundOf(progress);
  const code = codeOf(progress);
  return {
    status: 202,
    do: step.do,
    state: progress.state,
    ...(round && { round: round.number }),
    ...(code && { number: code.matchNumber, untilAt: code.expiresAt }),
  };
}

async function lastState(tx: Tx, { machine }: KitContext): Promise<string> {
  return (await tx.signIns.latestFor(machine.name))?.progress.state ?? 'none';
}

function stopped(why: Extract<RefusalReason, 'sign-in-off' | 'sign-ins-stopped'>): KitAnswer {
  const stop = { status: 202, do: 'stop' } as const;
  switch (why) {
    case 'sign-in-off':
      return {
        ...stop,
        code: 'SIGN_IN_OFF',
        ja: 'コードでのサインインは使えません。担当エンジニアに証明書での接続を依頼してください。',
        en: 'Sign-in by code is off. Please ask the engineer to connect with a certificate.',
      };
    case 'sign-ins-stopped':
      return {
        ...stop,
        code: 'SIGN_INS_STOPPED',
        ja: 'サインインを全停止しています。担当エンジニアの連絡をお待ちください。',
        en: 'All sign-ins are stopped. Please wait for the engineer to get in touch.',
      };
  }
}
