import type { MachineName } from '../../core/ids.ts';
import type { ButtonId } from '../../core/notice.ts';
import type { ReadTx } from '../../core/ports.ts';
import type { Person, Site } from '../../core/roll-out.ts';
import { acknowledgeAlert, mayHandle } from '../alerts.ts';
import { nameOfSite } from '../names.ts';
import { confirmSuccessor, waitingSuccessor } from '../successor.ts';
import { type AnswerDeps, type Answered, refuse } from './deps.ts';
import { maySee, ownSites, type Scene } from './scene.ts';

/** The four digits of a console: a server that came back with a new key, or a sign-in. */
export async function sendNumber(
  scene: Scene,
  tx: ReadTx,
  deps: AnswerDeps,
  person: Person,
): Promise<() => Promise<Answered>> {
  const number = scene.intent.number ?? '';
  const [machine] = scene.slots.machines ?? [];
  const { scope } = scene.message;
  const waiting = await successorsWaiting(scene, tx, machine);
  const forSignIn = () => deps.signIns.confirmNumber(person, number, machine, scope);
  const [only, ...others] = waiting;
  if (!only) return forSignIn;
  if (scope !== 'personal' && scope !== 'terminal') {
    return async () => refuse('only-in-personal-chat', { machine: only });
  }
  const rivals = scene.openSignIns.filter(
    ({ machine: name, openedBy, progress }) =>
      (machine === undefined ? openedBy === person.key : name === machine) &&
      (progress.state === 'waiting' || progress.state === 'code-held'),
  );
  if (others.length > 0 || (machine === undefined && rivals.length > 0)) {
    const choices = [...waiting, ...rivals.map((one) => one.machine)];
    return async () =>
      refuse('number-needs-machine', { choices: [...new Set(choices)].slice(0, 6) });
  }
  return () => sendSuccessorNumber(deps, only, number, person, scene);
}

async function successorsWaiting(
  scene: Scene,
  tx: ReadTx,
  machine: MachineName | undefined,
): Promise<readonly MachineName[]> {
  const names = machine
    ? [machine]
    : nearSites(scene).flatMap((site) =>
        scene.rollOut.machinesAt(site.code).map((one) => one.name),
      );
  const waiting: MachineName[] = [];
  for (const name of names) {
    if (await waitingSuccessor(tx, name, scene.now)) waiting.push(name);
  }
  return waiting;
}

async function sendSuccessorNumber(
  deps: AnswerDeps,
  name: MachineName,
  number: string,
  person: Person,
  scene: Scene,
): Promise<Answered> {
  const machine = scene.rollOut.machine(name);
  if (!machine) return refuse('machine-unknown', { machine: name });
  const { keyStopped = async () => {} } = deps;
  const withHooks = { ...deps, signIns: { keyStopped } };
  const result = await deps.store.write((tx) =>
    confirmSuccessor(tx, withHooks, { machine, number, by: person }),
  );
  switch (result) {
    case 'right':
      return { notice: { kind: 'done', what: 'number-right', machine: name } };
    case 'wrong':
      return refuse('wrong-number', { machine: name });
    case 'number-dead':
      return refuse('code-over', { machine: name });
    case 'nothing-waits':
      return refuse('no-sign-in', { machine: name });
    case 'not-allowed':
      return refuse('not-allowed', { machine: name });
  }
}

/** A button of a sign-in's card, said as a sentence: on the machine named, or the one it can only mean. */
export async function pressInWords(
  scene: Scene,
  tx: ReadTx,
  deps: AnswerDeps,
  person: Person,
  button: Extract<ButtonId, 'acknowledge' | 'decline' | 'unexpected' | 'hand-over' | 'continue'>,
): Promise<() => Promise<Answered>> {
  const named = scene.slots.machines ?? [];
  const meant = named.length > 0 ? named : await signInsMeant(scene, tx, person, button);
  const [machine, ...others] = meant;
  if (others.length > 0) {
    return async () => refuse('machine-needed', { choices: meant.slice(0, 6) });
  }
  const hasSignIn = machine && scene.openSignIns.some((one) => one.machine === machine);
  if (button === 'acknowledge' && !hasSignIn) return acknowledgeInWords(scene, deps, person);
  if (!machine) return async () => refuse('no-sign-in');
  return () => deps.signIns.pressAs(person, machine, button);
}

async function signInsMeant(
  scene: Scene,
  tx: ReadTx,
  person: Person,
  button: ButtonId,
): Promise<readonly MachineName[]> {
  const { sites } = scene.slots;
  const open = scene.openSignIns.filter(
    (signIn) =>
      (sites === undefined || sites.includes(signIn.site)) &&
      (signIn.openedBy === person.key || signIn.asked.some((asked) => asked.person === person.key)),
  );
  if (button !== 'continue') return open.map((signIn) => signIn.machine);
  const ended: MachineName[] = [];
  for (const site of nearSites(scene)) {
    if (sites && !sites.includes(site.code)) continue;
    for (const { name } of scene.rollOut.machinesAt(site.code)) {
      const latest = await tx.signIns.latestFor(name);
      const settledAt = latest && 'settledAt' in latest.progress && latest.progress.settledAt;
      if (latest?.openedBy !== person.key || !settledAt) continue;
      if (scene.now.getTime() - settledAt.getTime() <= CONTINUE_MS) ended.push(name);
    }
  }
  return ended;
}

/** A lead belongs everywhere: whose server they mean they must say. */
function nearSites(scene: Scene): readonly Site[] {
  return scene.person?.role === 'lead' ? [] : ownSites(scene);
}

/** As long as the button `continue` stands on the opener's card. */
const CONTINUE_MS = 10 * 60 * 1000;

/** 「対応します」 with no sign-in waiting takes on the one alert it can mean. */
function acknowledgeInWords(
  scene: Scene,
  deps: AnswerDeps,
  person: Person,
): () => Promise<Answered> {
  const { sites, machines } = scene.slots;
  const alerts = scene.openAlerts.filter(
    (alert) =>
      alert.state !== 'acknowledged' &&
      mayHandle(scene.rollOut, alert, person) &&
      (!sites || (alert.site && sites.includes(alert.site))) &&
      (!machines || (alert.machine && machines.includes(alert.machine))),
  );
  const own = new Set(ownSites(scene).map((site) => site.code));
  const near = alerts.filter((alert) => alert.site === undefined || own.has(alert.site));
  const [alert, ...others] = near.length > 0 ? near : alerts;
  if (!alert) return async () => refuse('no-sign-in');
  if (others.length > 0) {
    const names = [alert, ...others].flatMap((one) => {
      const site = one.site && scene.rollOut.site(one.site);
      return one.machine ?? (site && maySee(scene, site) ? nameOfSite(site).name : []);
    });
    return async () => refuse('machine-needed', { choices: [...new Set(names)].slice(0, 6) });
  }
  return async () => ({
    notice: await deps.store.write((tx) => acknowledgeAlert(tx, deps, alert.id, person)),
  });
}
