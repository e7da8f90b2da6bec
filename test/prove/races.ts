import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Context } from 'mocha';
import { readConfig } from '../../src/config.ts';
import type { CardId, Kid, MachineName, PersonKey, SignInId } from '../../src/core/ids.ts';
import type { Notice } from '../../src/core/notice.ts';
import type { Tx } from '../../src/core/ports.ts';
import type { Machine } from '../../src/core/roll-out.ts';
import { openSignIn } from '../../src/core/sign-in/open.ts';
import { confirm, reveal } from '../../src/core/sign-in/people.ts';
import { expiryOf, holdCode, ready, watch } from '../../src/core/sign-in/rounds.ts';
import type { Step } from '../../src/core/sign-in/step.ts';
import { isEnded, type SignIn } from '../../src/core/sign-in.ts';
import { keep } from '../../src/flows/sign-in/keep.ts';
import { sealContext } from '../../src/flows/sign-in/reveal.ts';
import { silentLog } from '../../src/log.ts';
import { openApp } from '../../src/open-app.ts';
import { canary } from '../support/made-codes.ts';
import { freshDatabase, stopPostgres } from '../support/postgres.ts';
import type { Claim } from './claim.ts';
import { madeRollOut } from './made-roll-out.ts';
import type { Asked, Decided, Decision } from './race-child.ts';

const SITES = 50;
const PER_SITE = 20;
const BATCH = 25;
const AT_ONCE = 6;
/** Long enough ago that the deputy was asked too. */
const CODE_AGE_MS = 50_000;
const NUMBER = '4821';
const CHILD = fileURLToPath(new URL('race-child.ts', import.meta.url));

interface Who {
  readonly engineer: string;
  readonly deputy: string;
  readonly opener: string;
  readonly card: (person: string) => string;
}

/** Two decisions that cannot both be right, and the events of which exactly one may be written. */
interface Race {
  readonly from: 'nothing' | 'waiting' | 'confirmed' | 'shown';
  readonly decisions: (who: Who) => readonly [Decision, Decision];
  readonly one: readonly string[];
}

const press = (
  who: string,
  card: string,
  button: 'show-code' | 'decline' | 'hand-over',
): Decision => ({
  kind: 'press',
  who,
  card,
  button,
});
const ENDS = ['completed', 'declined', 'expired', 'failed', 'burned'].map(
  (end) => `sign-in-${end}`,
);

const RACES: Readonly<Record<string, Race>> = {
  'shown to engineer or deputy': {
    from: 'confirmed',
    decisions: ({ engineer, deputy, card }) => [
      press(engineer, card(engineer), 'show-code'),
      press(deputy, card(deputy), 'show-code'),
    ],
    one: ['sign-in-shown'],
  },
  'declined by engineer or deputy': {
    from: 'waiting',
    decisions: ({ engineer, deputy, card }) => [
      press(engineer, card(engineer), 'decline'),
      press(deputy, card(deputy), 'decline'),
    ],
    one: ENDS,
  },
  'same press on both': {
    from: 'confirmed',
    decisions: ({ engineer, card }) => [
      press(engineer, card(engineer), 'show-code'),
      press(engineer, card(engineer), 'show-code'),
    ],
    one: ['sign-in-shown'],
  },
  'declined or failed': {
    from: 'confirmed',
    decisions: ({ engineer, card }) => [
      press(engineer, card(engineer), 'decline'),
      { kind: 'outcome', result: 'failed', seq: 1 },
    ],
    one: ENDS,
  },
  'connected or failed': {
    from: 'shown',
    decisions: () => [
      { kind: 'outcome', result: 'connected', seq: 1 },
      { kind: 'outcome', result: 'failed', seq: 2 },
    ],
    one: ENDS,
  },
  'right number or the third wrong one': {
    from: 'waiting',
    decisions: ({ opener }) => [
      { kind: 'number', who: opener, number: NUMBER },
      { kind: 'number', who: opener, number: '0000' },
    ],
    one: ['sign-in-confirmed', 'sign-in-burned'],
  },
  'opened by two': {
    from: 'nothing',
    decisions: ({ opener, engineer }) => [
      { kind: 'open', who: opener },
      { kind: 'open', who: engineer },
    ],
    one: ['sign-in-opened'],
  },
  'handed over or failed': {
    from: 'shown',
    decisions: ({ engineer, card }) => [
      press(engineer, card(engineer), 'hand-over'),
      { kind: 'outcome', result: 'failed', seq: 1 },
    ],
    one: ['sign-in-handed-over', ...ENDS],
  },
};

/** Two processes on one PostgreSQL take decisions at the same moment. */
export async function races(): Promise<Claim> {
  const DATABASE_URL = await freshDatabase({
    skip: () => {
      throw new Error('no PostgreSQL for the races');
    },
  } as unknown as Context);
  const CODE_KEY = randomBytes(32).toString('base64');
  const children: ChildProcess[] = [];
  const app = await openApp({
    config: readConfig({
      DATABASE_URL,
      CODE_KEY,
      SIGN_IN: 'device-code',
      SIGN_IN_POLICY: 'CA-Arc-Onboarding',
    }),
    log: silentLog,
  });
  try {
    const rollOut = madeRollOut({ sites: SITES, machinesPerSite: PER_SITE });
    await app.store.write(async (tx) => {
      await tx.rows.putProfiles(rollOut.profiles);
      await tx.rows.putSites(rollOut.sites);
      await tx.rows.putMachines(rollOut.machines);
      await tx.rows.putPeople(rollOut.people);
      for (const { key } of rollOut.people) await tx.conversations.learn(chatOf(key));
    });
    const replicas = [1, 2].map(() =>
      fork(CHILD, [], { env: { ...process.env, DATABASE_URL, CODE_KEY } }),
    );
    children.push(...replicas);
    await Promise.all(replicas.map((child) => once(child, 'message')));
    const referee = new Referee(replicas);
    const short: string[] = [];
    const kinds = Object.entries(RACES);
    let held = 0;
    for (let first = 0; first < rollOut.machines.length; first += BATCH) {
      const batch = rollOut.machines.slice(first, first + BATCH).map((machine, index) => {
        const [name, race] = kinds[(first + index) % kinds.length] as [string, Race];
        return { number: first + index, machine, name, race };
      });
      await app.store.write(async (tx) => {
        for (const { number, machine, race } of batch) await layOut(tx, app, machine, number, race);
      });
      const queue = batch.values();
      const work = async (): Promise<void> => {
        for (const { number, machine, name, race } of queue) {
          const wrong = await run(app, referee, number, machine, race);
          if (wrong) short.push(`${name}: ${wrong}`);
          else held += 1;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    }
    return {
      what: 'races of two decisions with one effect',
      held,
      of: rollOut.machines.length,
      short,
    };
  } finally {
    for (const child of children) if (child.connected) child.disconnect();
    await Promise.all(children.map((child) => child.exitCode === null && once(child, 'exit')));
    await app.store.close();
    await stopPostgres();
  }
}

type App = Awaited<ReturnType<typeof openApp>>;

/** Sends both decisions at once and waits for both answers. */
class Referee {
  readonly #replicas: readonly ChildProcess[];
  readonly #waiting = new Map<string, (decided: Decided) => void>();

  constructor(replicas: readonly ChildProcess[]) {
    this.#replicas = replicas;
    for (const [index, replica] of replicas.entries()) {
      replica.on('message', (decided: Decided) => {
        this.#waiting.get(`${index} ${decided.race}`)?.(decided);
      });
    }
  }

  both(asked: readonly [Asked, Asked]): Promise<readonly Decided[]> {
    return Promise.all(
      asked.map(
        (one, index) =>
          new Promise<Decided>((resolve) => {
            // Each replica is asked first as often as the other.
            const which = (index + one.race) % this.#replicas.length;
            this.#waiting.set(`${which} ${one.race}`, resolve);
            this.#replicas[which]?.send(one);
          }),
      ),
    );
  }
}

function whoAt({ site, name }: Machine, signIn: SignIn | undefined): Who {
  const number = Number(site.slice(-3));
  return {
    engineer: `eng${number}`,
    deputy: `dep${number}`,
    opener: `rack${number}`,
    card: (person) => {
      const asked = signIn?.asked.find((one) => one.person === person);
      if (!asked) throw new Error(`${person} was not asked at ${name}`);
      return asked.card;
    },
  };
}

/** What went wrong, if anything did. */
async function run(
  app: App,
  referee: Referee,
  number: number,
  machine: Machine,
  race: Race,
): Promise<string | undefined> {
  const look = () =>
    app.store.read(async (tx) => {
      const signIn = await tx.signIns.latestFor(machine.name);
      const events = (await tx.audit.list({ machine: machine.name })).map((row) => row.event);
      const card = signIn?.channelCard && (await tx.cards.get(signIn.channelCard));
      return { signIn, events, told: card?.notice };
    });
  const before = await look();
  const [one, other] = race.decisions(whoAt(machine, before.signIn));
  const asked = (decision: Decision): Asked => ({ race: number, machine: machine.name, decision });
  const decided = await referee.both([asked(one), asked(other)]);
  const error = decided.find((each) => each.error)?.error;
  if (error) return error;
  const after = await look();
  const made = after.events.slice(before.events.length);
  const effects = made.filter((event) => race.one.includes(event));
  if (effects.length !== 1) return `${effects.length} effects (${effects.join(', ')})`;
  return disagreement(after.signIn, after.told, decided, number);
}

/** The cards tell what is kept, and whoever saw a code saw this one while it was theirs. */
function disagreement(
  signIn: SignIn | undefined,
  told: Notice | undefined,
  decided: readonly Decided[],
  number: number,
): string | undefined {
  if (!signIn) return 'nothing was kept';
  const { state } = signIn.progress;
  if (told?.kind !== 'sign-in' || told.state !== state) return `the channel does not say ${state}`;
  const codes = decided.flatMap(({ code }) => code ?? []);
  if (codes.some((code) => code !== canary(number))) return 'another code was shown';
  if (codes.length > 0 && !signIn.lastShown) return 'a code was shown that no one noted';
  if (isEnded(signIn.progress) && 'code' in signIn.progress) return 'the code outlived its end';
  return undefined;
}

async function layOut(
  tx: Tx,
  app: App,
  machine: Machine,
  number: number,
  race: Race,
): Promise<void> {
  const { vault } = app;
  const deps = app.signIns;
  const kid = `kid-${machine.name}` as Kid;
  const now = app.clock.now();
  const then = new Date(now.getTime() - CODE_AGE_MS);
  const site = machine.site;
  const who = whoAt(machine, undefined);
  await tx.kits.putKey({
    kid,
    machine: machine.name,
    publicKey: `spki ${machine.name}`,
    alg: 'es256-p1363',
    serial: machine.serial,
    vmUuid: '00000000-0000-4000-8000-0000000000aa',
    state: 'active',
    enrolledAt: then,
    ack: 0,
    botKey: 'bot-key',
    strayCodes: 0,
  });
  if (race.from === 'nothing') return;
  let kept: SignIn | undefined;
  const take = async (step: Step): Promise<SignIn> => {
    kept = await keep(tx, deps, kept, step);
    return kept;
  };
  const id = `sign-in-${number}` as SignInId;
  const openedBy = who.opener as PersonKey;
  const machineName = machine.name as MachineName;
  const opening = openSignIn(
    { id, machine: machineName, site, openedBy, heldForPlace: false },
    then,
  );
  const openerCard = `opener-${number}` as CardId;
  const channelCard = `channel-${number}` as CardId;
  const opened = await take({ ...opening, signIn: { ...opening.signIn, openerCard, channelCard } });
  const told = await take(ready(opened, kid, then));
  const code = {
    sealed: vault.seal(canary(number), sealContext(told, 1)),
    verificationUri: 'https://microsoft.com/devicelogin',
    readAt: then,
    expiresAt: expiryOf(then),
    matchNumber: NUMBER,
    wrongTries: race.from === 'waiting' ? 2 : 0,
  };
  const mac = vault.mac(`code.${canary(number)}`);
  const held = await take(holdCode(told, kid, { round: 1, mac, code }, then));
  const heard = await take(watch(held, kid, 1, now));
  if (race.from === 'waiting') return;
  const confirmed = await take(
    confirm(heard, { by: openedBy, how: 'number', number: NUMBER }, now),
  );
  if (race.from === 'confirmed') return;
  await take(reveal(confirmed, who.engineer as PersonKey, now));
}

function chatOf(person: PersonKey) {
  return {
    conversationId: `a:${person}`,
    kind: 'personal' as const,
    person,
    serviceUrl: 'https://smba.trafficmanager.net/jp/',
    reference: {},
    learnedAt: new Date(),
  };
}
