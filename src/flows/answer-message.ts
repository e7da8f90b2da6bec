import type { CardId } from '../core/ids.ts';
import type { Intent } from '../core/intent.ts';
import { readIntent, SURE_ENOUGH } from '../core/read-intent/read-intent.ts';
import type { RollOut } from '../core/roll-out.ts';
import type { Message, Reply } from '../core/turn.ts';
import { rollOutToday } from './absence.ts';
import {
  answerAlertsHere,
  answerGetKit,
  answerLiftQuarantine,
  askToConfirm,
} from './answers/changes.ts';
import {
  answerCommands,
  answerDiagnoseText,
  answerExplainError,
  answerExtensionState,
  answerNetworkCheck,
  answerRequirements,
  answerRunCheck,
} from './answers/checks.ts';
import { type AnswerDeps, type Answered, refuse } from './answers/deps.ts';
import { answerDnsRecords } from './answers/dns.ts';
import {
  answerBlockedSites,
  answerDisconnected,
  answerLateSites,
  answerMissingExtension,
  answerMyWork,
  answerOpenAlerts,
  answerPendingSignIns,
} from './answers/lists.ts';
import {
  answerAskPerson,
  answerExport,
  answerHelp,
  answerHistory,
  answerResponsible,
  answerUnknown,
  answerWhoAmI,
} from './answers/people.ts';
import { answerRepair } from './answers/repair.ts';
import { readScene, type Scene } from './answers/scene.ts';
import { answerSetSerial } from './answers/serial.ts';
import { pressInWords, sendNumber } from './answers/sign-ins.ts';
import {
  answerMachineStatus,
  answerNextStep,
  answerRolloutStatus,
  answerSiteStatus,
} from './answers/status.ts';
import type { Stranger } from './identify.ts';
import { undoMark } from './mark-machine.ts';

export type { AnswerDeps } from './answers/deps.ts';

/** What someone typed, read, answered from the store, and done where it is a deed they may do. */
export async function answerMessage(deps: AnswerDeps, message: Message): Promise<Reply> {
  const prepared = await deps.store.read(async (tx) => {
    const rollOut = await rollOutToday(tx, deps.clock);
    const intent = intentOf(message, rollOut);
    const scene = await readScene(tx, deps, message, intent, rollOut);
    return { scene, finish: await prepare(scene, tx, deps) };
  });
  const { scene, finish } = prepared;
  const answered = typeof finish === 'function' ? await finish() : finish;
  return reply(deps, scene, answered);
}

/** A file is output to be read; what was typed beside it may name its server. */
function intentOf(message: Message, rollOut: RollOut): Intent {
  const read = readIntent(message.text, rollOut, message.asker);
  if (message.file === undefined) return read;
  const { machines } = read.slots;
  return { intent: 'diagnose-text', slots: machines ? { machines } : {}, confidence: 1 };
}

/** Who is not in people.csv learns how to get in, and sees no site. */
export function answerStranger({ aadObjectId }: Stranger): Reply {
  const intent: Intent = { intent: 'who-am-i', slots: {}, confidence: 1 };
  return { intent, notice: { kind: 'who-are-you', aadObjectId } };
}

/** The tx of a question; a deed is given back as a function, to run once that reading is over. */
type Prepared = Answered | (() => Promise<Answered>);

async function prepare(
  scene: Scene,
  tx: Parameters<typeof readScene>[0],
  deps: AnswerDeps,
): Promise<Prepared> {
  const { intent, confidence, ask } = scene.intent;
  if (confidence < SURE_ENOUGH && ask) {
    return { notice: { kind: 'ask-back', guess: intent, choices: ask } };
  }
  switch (intent) {
    case 'site-status':
      return answerSiteStatus(scene);
    case 'machine-status':
      return answerMachineStatus(scene);
    case 'rollout-status':
      return answerRolloutStatus(scene);
    case 'next-step':
      return answerNextStep(scene);
    case 'network-check':
      return answerNetworkCheck(scene);
    case 'run-check':
      return answerRunCheck(scene);
    case 'extension-state':
      return answerExtensionState(scene);
    case 'missing-extension':
      return answerMissingExtension(scene);
    case 'blocked-sites':
      return answerBlockedSites(scene);
    case 'late-sites':
      return answerLateSites(scene);
    case 'disconnected-machines':
      return answerDisconnected(scene);
    case 'open-alerts':
      return answerOpenAlerts(scene, tx);
    case 'pending-sign-ins':
      return answerPendingSignIns(scene);
    case 'responsible-engineer':
      return answerResponsible(scene);
    case 'my-work':
      return answerMyWork(scene, tx);
    case 'connect-command':
      return answerCommands(scene, deps, 'connect');
    case 'proxy-command':
      return answerCommands(scene, deps, 'proxy');
    case 'endpoint-requirements':
      return answerRequirements(scene, deps);
    case 'explain-error':
      return answerExplainError(scene, deps);
    case 'start-sign-in':
      return startSignIn(scene, deps);
    case 'mark-shipped':
    case 'mark-arrived':
    case 'mark-powered-on':
    case 'replace-machine':
    case 'retire-machine':
      return askToConfirm(scene, intent);
    case 'history':
      return answerHistory(scene, tx);
    case 'export':
      return answerExport(scene);
    case 'help':
      return answerHelp(scene);
    case 'who-am-i':
      return answerWhoAmI(scene);
    case 'unknown':
      return answerUnknown(scene);
    case 'get-kit':
      return () => answerGetKit(scene, deps);
    case 'dns-records':
      return () => answerDnsRecords(scene, deps);
    case 'diagnose-text':
      return () => answerDiagnoseText(scene, deps);
    case 'ask-person':
      if (!scene.message.mayChange) return answerAskPerson(scene, undefined, deps);
      return () => deps.store.write((write) => answerAskPerson(scene, write, deps));
    case 'repair-extension':
      return answerRepair(scene, deps);
    case 'confirm-number':
    case 'acknowledge':
    case 'decline':
    case 'unexpected':
    case 'hand-over':
    case 'continue-sign-in':
    case 'lift-quarantine':
    case 'set-serial':
    case 'alerts-here':
    case 'stop-sign-ins':
    case 'resume-sign-ins':
    case 'undo-mark':
    case 'absent':
    case 'hand-duty':
    case 'set-duty':
    case 'test-contact':
      return act(scene, tx, deps, intent);
  }
}

/** Sentences that change something at once: they ask for no second press. */
async function act(
  scene: Scene,
  tx: Parameters<typeof readScene>[0],
  deps: AnswerDeps,
  intent:
    | 'confirm-number'
    | 'acknowledge'
    | 'decline'
    | 'unexpected'
    | 'hand-over'
    | 'continue-sign-in'
    | 'lift-quarantine'
    | 'set-serial'
    | 'alerts-here'
    | 'stop-sign-ins'
    | 'resume-sign-ins'
    | 'undo-mark'
    | 'absent'
    | 'hand-duty'
    | 'set-duty'
    | 'test-contact',
): Promise<Prepared> {
  const { person, message } = scene;
  if (!person || !message.mayChange) return refuse('read-only');
  switch (intent) {
    case 'confirm-number':
      return sendNumber(scene, tx, deps, person);
    case 'acknowledge':
    case 'decline':
    case 'unexpected':
    case 'hand-over':
      return pressInWords(scene, tx, deps, person, intent);
    case 'continue-sign-in':
      return pressInWords(scene, tx, deps, person, 'continue');
    case 'lift-quarantine':
      return () => answerLiftQuarantine(scene, deps, person);
    case 'set-serial':
      return () => answerSetSerial(scene, deps, person);
    case 'alerts-here':
      return () => answerAlertsHere(scene, deps, person);
    case 'stop-sign-ins':
      return () => deps.signIns.stopAll(person);
    case 'resume-sign-ins':
      return () => deps.signIns.resumeAll(person);
    case 'absent':
    case 'hand-duty':
    case 'set-duty': {
      const { text } = message;
      const sites = scene.slots.sites ?? [];
      return () => deps.signIns.sayDuty(person, { what: intent, text, sites });
    }
    case 'test-contact':
      return () => deps.signIns.testContact(person);
    case 'undo-mark': {
      const named = scene.slots.machines ?? [];
      return async () => ({
        notice: await deps.store.write((write) => undoMark(write, deps, person, named)),
      });
    }
  }
}

/**
 * Saying that one server is to be connected opens its sign-in at once: nothing happens before the number of
 * its console is sent. Several servers, or a reader who may change nothing, are asked first.
 */
function startSignIn(scene: Scene, deps: AnswerDeps): Prepared {
  const asked = askToConfirm(scene, 'start-sign-in');
  const { person, message } = scene;
  if (asked.notice.kind !== 'confirm' || !person || !message.mayChange) return asked;
  const [machine, ...more] = asked.notice.machines;
  if (machine === undefined || more.length > 0) return asked;
  return async () => ({ ...(await deps.signIns.open(person, machine)), confirm: true });
}

/** A question that asks for a press is kept as a card of the asker; its post goes out by itself. */
async function reply(deps: AnswerDeps, scene: Scene, answered: Answered): Promise<Reply> {
  const { intent, person } = scene;
  const { notice, card, confirm, also } = answered;
  if (!confirm || !person) return { intent, notice, ...(card && { card }) };
  if (notice.kind === 'sign-in' && card) {
    // Already open, on a card of its own: pressing again joins it.
    return { intent, notice, card, confirm: { card, button: 'open-sign-in' } };
  }
  if (notice.kind === 'repair' && card && notice.buttons.includes('approve')) {
    return { intent, notice, card, confirm: { card, button: 'approve' } };
  }
  if (notice.kind !== 'confirm' && notice.kind !== 'kit')
    return { intent, notice, ...(card && { card }) };
  const id = deps.random.id() as CardId;
  const to = { kind: 'person', person: person.key } as const;
  await deps.store.write(async (tx) => {
    await tx.cards.post(id, to, notice, deps.clock.now());
    if (also) await tx.cards.post(deps.random.id() as CardId, to, also, deps.clock.now());
  });
  const button = notice.kind === 'kit' ? 'show-token' : 'confirm';
  return { intent, notice, card: id, confirm: { card: id, button } };
}
