import type { App } from './app.ts';
import { CODE_KEY_NEEDED } from './config.ts';
import { OpsBotError } from './core/errors.ts';
import type { Lang } from './core/ids.ts';
import type { Machine } from './core/roll-out.ts';
import { issueToken } from './flows/enrolment-token.ts';
import type { KitInput } from './kit/settings.ts';

export interface KitWishes {
  readonly withToken: boolean;
  readonly language?: Lang;
  /** Where the server reaches the bot; PUBLIC_URL where not given. */
  readonly botUrl?: string;
}

/** What a machine's kit is made of; a token is issued only where it was asked for. */
export async function kitInputFor(
  app: App,
  machine: Machine,
  wishes: KitWishes,
): Promise<KitInput> {
  const rollOut = await app.store.read((tx) => tx.rollOut());
  const site = rollOut.siteOf(machine);
  const profile = site && rollOut.profileOf(site);
  if (!site || !profile) {
    throw new OpsBotError('SITE_UNKNOWN', `${machine.name}: its site or profile is not imported`);
  }
  const url = wishes.botUrl ?? app.config.PUBLIC_URL;
  if (url === undefined || app.config.CODE_KEY === undefined) {
    const missing = [
      ...(url === undefined ? ['PUBLIC_URL: needed for kits, where servers reach the bot'] : []),
      ...(app.config.CODE_KEY === undefined ? [CODE_KEY_NEEDED] : []),
    ];
    throw new OpsBotError('CONFIG_REFUSED', missing.join('\n'));
  }
  const base =
    profile.connectAt === 'base' ? rollOut.sites.find((one) => one.kind === 'base') : undefined;
  const bot = { url, aud: await app.aud(), botKey: (await app.answerKeys()).current() };
  const token = wishes.withToken
    ? await app.store.write((tx) => issueToken(tx, app, machine.name))
    : undefined;
  return {
    machine,
    site,
    profile,
    bot,
    ...(base ? { base } : {}),
    ...(wishes.language ? { language: wishes.language } : {}),
    ...(token === undefined ? {} : { withToken: token }),
  };
}
