import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { textOf } from '../cards/draw.ts';
import type { Lang, MachineName } from '../core/ids.ts';
import type { Notice } from '../core/notice.ts';
import type { SimAction } from '../sim/connector.ts';
import { TELL } from './words.ts';
import type { DemoWorld } from './world.ts';

export interface Cast {
  readonly machine: string;
  readonly opener: string;
  readonly engineer: string;
}

/** What the demo plays by itself. */
export const CAST: Cast = { machine: 'SV-NGY-03', opener: 'inoue', engineer: 'tanaka' };

const STEP_TIMEOUT_MS = 30_000;
const LOOK_EVERY_MS = 100;

/**
 * Plays one whole journey through the simulated Teams, as people would: the question, the sign-in, the
 * number from the console, Show code, Entra, and the machine in Azure.
 */
export async function playJourney(
  world: DemoWorld,
  cast: Cast,
  lang: Lang,
  tell: (line: string) => void,
): Promise<void> {
  const { app, connector, rollOut } = world;
  const name = (key: string): string => {
    const person = rollOut.person(key);
    return (lang === 'ja' ? person?.name : person?.nameEn) ?? key;
  };

  const question = '大阪支店の状況は?';
  tell(TELL.asks[lang](name('yamamoto'), question));
  await connector.say('yamamoto', question);
  const status = await until('an answer', () => lastNotice(world, 'yamamoto', 'site-status'));
  tell(TELL.answers[lang](firstLines(textOf(status, lang), 3)));

  const alert = await until('an alert in the channel', async () => {
    const cards = await app.store.read((tx) => tx.cards.list({ kind: 'channel' }, { shown: true }));
    return cards.find((card) => card.notice.kind === 'network-check')?.notice;
  });
  tell(TELL.alert[lang](firstLines(textOf(alert, lang), 4)));

  const wish = `${cast.machine}を接続したい`;
  tell(TELL.asks[lang](name(cast.opener), wish));
  await connector.say(cast.opener, wish);

  const number = await until('the match number', () => numberOn(world, cast.machine));
  tell(TELL.number[lang](cast.machine, number));
  await until('the engineer’s card', () => lastNotice(world, cast.engineer, 'sign-in'));
  tell(TELL.card[lang](name(cast.engineer)));

  tell(TELL.asks[lang](name(cast.opener), number));
  await connector.say(cast.opener, number);
  const found = await until('Show code', () => findButton(world, cast.engineer, 'show-code'));
  const code = await showCode(world, cast.engineer, found);
  tell(TELL.shows[lang](name(cast.engineer)));

  await typeCode(world.addresses.entra, code);
  tell(TELL.accepted[lang]());
  await until('the machine in Azure', async () => {
    const evidence = await app.store.read((tx) => tx.evidence.of(cast.machine as MachineName));
    const signIn = await app.store.read((tx) => tx.signIns.latestFor(cast.machine as MachineName));
    return evidence.azure && signIn?.progress.state === 'completed' ? true : undefined;
  });
  tell(TELL.connected[lang](cast.machine));
}

/** Posts to the Entra page as a browser would. */
export async function typeCode(entra: string, code: string): Promise<void> {
  const answer = await fetch(`${entra}/devicelogin`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ code }).toString(),
  });
  if (!answer.ok) throw new Error(`the Entra page answered ${answer.status}`);
}

/** The newest match number on a simulated server's screen. */
export function numberOn(world: DemoWorld, machine: string): string | undefined {
  const screen = readFileSync(join(world.consolesDir, `${machine}.log`), 'utf8');
  return [...screen.matchAll(/照合番号: (\d{4})/g)].at(-1)?.[1];
}

interface Found {
  readonly activityId: string;
  readonly action: SimAction;
}

/** A button on the newest card of someone's 1:1 chat, as the simulated client shows it. */
export function findButton(
  { connector }: Pick<DemoWorld, 'connector'>,
  person: string,
  button: string,
): Found | undefined {
  for (const message of connector.messages(connector.personal(person)).toReversed()) {
    const action = actionsIn(message.activity).find((one) => one.data?.button === button);
    if (action?.data) {
      return { activityId: message.id, action: { verb: button, data: action.data } };
    }
  }
  return undefined;
}

async function showCode(world: DemoWorld, person: string, found: Found): Promise<string> {
  const { body } = await world.connector.press(person, found.activityId, found.action);
  const code = elementWith(body, 'user-code')?.text;
  if (typeof code !== 'string') throw new Error('no code was shown');
  return code;
}

export async function until<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  timeoutMs = STEP_TIMEOUT_MS,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(what);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

async function lastNotice(
  { app, rollOut }: DemoWorld,
  key: string,
  kind: Notice['kind'],
): Promise<Notice | undefined> {
  const person = rollOut.person(key)?.key;
  if (!person) return undefined;
  const cards = await app.store.read((tx) =>
    tx.cards.list({ kind: 'person', person }, { shown: true, limit: 20 }),
  );
  return cards.find((card) => card.notice.kind === kind)?.notice;
}

type Json = { readonly [name: string]: unknown };
interface CardAction {
  readonly data?: Json;
}

/** All actions anywhere in an activity's cards. */
function actionsIn(value: unknown): CardAction[] {
  if (Array.isArray(value)) return value.flatMap(actionsIn);
  if (typeof value !== 'object' || value === null) return [];
  const own = 'type' in value && String(value.type).startsWith('Action.') ? [value] : [];
  return [...(own as CardAction[]), ...Object.values(value).flatMap(actionsIn)];
}

function elementWith(value: unknown, id: string): Json | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if ('id' in value && value.id === id) return value as Json;
  for (const part of Object.values(value)) {
    const found = elementWith(part, id);
    if (found) return found;
  }
  return undefined;
}

function firstLines(text: string, count: number): string {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, count)
    .join(' / ');
}
