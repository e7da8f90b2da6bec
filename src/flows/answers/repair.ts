import type { Machine } from '../../core/roll-out.ts';
import { nameOfSite } from '../names.ts';
import { answerExtensionState, oneMachine } from './checks.ts';
import { type AnswerDeps, type Answered, refuse } from './deps.ts';
import { machinesMeant, type Scene } from './scene.ts';

/**
 * Install or reinstall AMA or MDE on the servers named, or on those of one site that lack it. Where it is
 * not said which extension, its state comes first.
 */
export function answerRepair(scene: Scene, deps: AnswerDeps): Answered | (() => Promise<Answered>) {
  const { person, message, slots } = scene;
  const { extension } = slots;
  const { repair } = deps;
  if (!repair || extension === undefined) return answerExtensionState(scene);
  const meant = machinesOfOneSite(scene);
  if ('notice' in meant) return meant;
  const { machines } = meant;
  const [first] = machines;
  if (!person || !message.mayChange) {
    return refuse('read-only', first ? { machine: first.name } : {});
  }
  const named = slots.machines !== undefined;
  const asked = { machines: machines.map(({ name }) => name), extension, named };
  return async () => ({ ...(await repair(person, asked)), confirm: true });
}

function machinesOfOneSite(scene: Scene): { readonly machines: readonly Machine[] } | Answered {
  const { slots } = scene;
  if (!slots.machines && !slots.sites) {
    const one = oneMachine(scene);
    return 'notice' in one ? one : { machines: [one.machine] };
  }
  const { machines, hidden } = machinesMeant(scene);
  if (hidden) return refuse('not-your-site', { site: nameOfSite(hidden) });
  const [first] = machines;
  if (!first) return refuse('machine-unknown');
  if (machines.some(({ site }) => site !== first.site)) return refuse('site-needed');
  return { machines };
}
