import { setTimeout as pause } from 'node:timers/promises';
import { madeRollOut } from '../test/prove/made-roll-out.ts';
import { KitClient } from '../test/support/kit-client.ts';
import { canary } from '../test/support/made-codes.ts';
import { BotChild } from './bot-child.ts';
import { type Print, percentile, Teller } from './teller.ts';

const LIMIT_MS = 150;
const SITES = 40;
const PER_SITE = 5;
const AT_ONCE = 8;
/** Teams lets an app send 50 messages a second to a tenant; each code makes three. */
const BETWEEN_CODES_MS = 120;

interface Opened {
  readonly site: number;
  readonly machine: string;
  readonly kit: KitClient;
}

/**
 * From a report with a code in to the connector's call for the engineer's card, on SQLite, with 200 sign-ins
 * open. The bot is a process of its own.
 */
export async function run(print: Print): Promise<boolean> {
  const tell = new Teller(print);
  const rollOut = madeRollOut({ sites: SITES, machinesPerSite: PER_SITE });
  const child = await BotChild.layOut({ rollOut });
  try {
    await child.start();
    await child.install(rollOut.people.map((person) => person.key));
    const opened = await openAll(child);
    const times: number[] = [];
    // Around the sites, so that no chat meets Teams' own limit of four cards a second.
    const around = opened.toSorted((a, b) =>
      a.machine.slice(-2).localeCompare(b.machine.slice(-2)),
    );
    for (const [index, one] of around.entries()) {
      times.push(await codeToCard(child, one, canary(index)));
      await pause(BETWEEN_CODES_MS);
    }
    tell.value(
      `code in to the engineer's card out, ${opened.length} sign-ins open, p99`,
      percentile(times, 99),
      LIMIT_MS,
      'ms',
    );
    return tell.fine;
  } finally {
    await child.close();
  }
}

/** Every server is enrolled, has a sign-in and was told `go`. */
async function openAll(child: BotChild): Promise<readonly Opened[]> {
  const machines = child.rollOut.machines.map(({ name }) => name as string);
  const opened: Opened[] = [];
  const next = machines.values();
  const work = async (): Promise<void> => {
    for (const machine of next) {
      const site = Number(machine.slice(4, 7));
      const kit = new KitClient(child);
      const { serial = '' } = child.rollOut.machine(machine) ?? {};
      await kit.enrol(await child.token({ name: machine }), { name: machine, serial });
      await child.teams.say(`rack${site}`, `${machine}を接続したい`);
      const { lines } = await kit.send({ type: 'ready' });
      if (lines.do !== 'go') throw new Error(`${machine} was told ${lines.do}`);
      opened.push({ site, machine, kit });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return opened;
}

async function codeToCard(child: BotChild, { site, machine, kit }: Opened, code: string) {
  const { teams } = child;
  const chat = teams.personal(`eng${site}`);
  const isThere = (): boolean =>
    teams.messages(chat).some(({ activity }) => JSON.stringify(activity).includes(machine));
  const text = `To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code ${code} to authenticate.`;
  const text_b64 = Buffer.from(text).toString('base64');
  const startedAt = performance.now();
  let outAt = 0;
  const seen = (async () => {
    while (!isThere()) await Promise.race([teams.changed(), pause(5_000)]);
    outAt = performance.now();
  })();
  const { lines } = await kit.send({ type: 'device-code', round: 1, text_b64 });
  if (lines.do !== 'ok') throw new Error(`${machine}: ${lines.do}`);
  await seen;
  return outAt - startedAt;
}
