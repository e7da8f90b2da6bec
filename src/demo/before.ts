import type { App } from '../app.ts';
import type { Machine } from '../core/roll-out.ts';
import { kitInputFor } from '../kit-input.ts';
import { systemClock } from '../open-app.ts';
import type { SimulatedAzure } from '../sim/azure.ts';
import {
  checkTextOf,
  isInAzure,
  type Plot,
  putIntoAzure,
  type StoryServer,
  vmUuidOf,
} from '../sim/story.ts';
import { StoryKit } from '../sim/story-kit.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What happened before the demo began: enrolled, checked and marked over the real door, and seen in Azure. */
export async function tellStory(
  app: App,
  azure: SimulatedAzure,
  botUrl: string,
  story: readonly StoryServer[],
): Promise<void> {
  const aud = await app.aud();
  const botKey = (await app.answerKeys()).current();
  for (const server of story) {
    const { machine, plot } = server;
    const at = systemClock.now();
    if (isInAzure(plot)) putIntoAzure(azure.fleet, server, at);
    const { withToken: token } = await kitInputFor(app, machine, { withToken: true, botUrl });
    const { name, serial } = machine;
    const vmUuid = vmUuidOf(machine);
    const kit = new StoryKit({
      ...{ botUrl, aud, botKey, name, serial, vmUuid, token: token ?? '' },
      now: () => systemClock.now(),
    });
    await kit.enrol();
    const text = checkTextOf(server);
    if (plot === 'in-transit') {
      await mark(app, machine, 'shipped');
      continue;
    }
    if (text !== undefined) await kit.check(text);
    await mark(app, machine, 'arrived', arrivedAt(plot, at));
    if (plot === 'done') await kit.heartbeat({ mde: 'running', ama: 'running' });
    if (plot === 'without-mde') await kit.heartbeat({ mde: 'missing', ama: 'running' });
  }
}

/** Kyoto's servers were there, and online, before they lost their connection. */
function arrivedAt(plot: Plot, now: Date): Date {
  return plot === 'disconnected' ? new Date(now.getTime() - 3 * DAY_MS) : now;
}

/** As people would have marked it before the demo began, with its line in the audit trail. */
export async function mark(
  app: App,
  machine: Machine,
  what: 'shipped' | 'arrived',
  at = systemClock.now(),
): Promise<void> {
  const { name, site } = machine;
  await app.store.write(async (tx) => {
    await tx.evidence.mark(name, { [`${what}At`]: at });
    await tx.audit.append({ at, event: `marked-${what}`, site, machine: name, facts: {} });
  });
}
