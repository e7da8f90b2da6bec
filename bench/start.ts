import { setTimeout as pause } from 'node:timers/promises';
import { putIntoAzure, storyOf } from '../src/sim/story.ts';
import { sampleRollOut } from '../test/support/sample-roll-out.ts';
import { BotChild } from './bot-child.ts';
import { type Print, percentile, Teller } from './teller.ts';

const FIRST_ANSWER_LIMIT_S = 2;
const MEMORY_LIMIT_MB = 260;
const AZURE_EVERY_MS = 2_000;
const IDLE_S = 20;
const STARTS = 3;
const ASKED_BY = 'yamamoto';

/** How soon a bot that was just started answers, and what it holds while nothing happens. */
export async function run(print: Print): Promise<boolean> {
  const tell = new Teller(print);
  const child = await BotChild.layOut({ rollOut: sampleRollOut, azureEveryMs: AZURE_EVERY_MS });
  try {
    for (const server of storyOf(sampleRollOut, new Set())) {
      putIntoAzure(child.azure.fleet, server, new Date());
    }
    await child.start();
    await child.install(sampleRollOut.people.map((person) => person.key));
    const answers: number[] = [];
    for (let start = 1; start <= STARTS; start += 1) {
      await child.kill();
      answers.push(await firstAnswer(child));
    }
    tell.value('first answer after start', percentile(answers, 50), FIRST_ANSWER_LIMIT_S, 's');
    const held: number[] = [];
    for (let second = 1; second <= IDLE_S; second += 1) {
      await pause(1_000);
      held.push(child.residentMegabytes());
    }
    const idle = Math.max(...held.slice(IDLE_S / 2));
    tell.value('idle memory, Azure polling on', idle, MEMORY_LIMIT_MB, 'MB');
    return tell.fine;
  } finally {
    await child.close();
  }
}

/** Seconds from starting the process until the first question's answer stands in the chat. */
async function firstAnswer(child: BotChild): Promise<number> {
  const { teams } = child;
  const before = answersIn(child);
  const startedAt = performance.now();
  const started = child.start();
  while (!(await asked(child))) await pause(10);
  while (answersIn(child) === before) await Promise.race([teams.changed(), pause(10)]);
  const seconds = (performance.now() - startedAt) / 1_000;
  await started;
  return seconds;
}

async function asked({ teams }: BotChild): Promise<boolean> {
  try {
    return (await teams.say(ASKED_BY, '大阪支店の状況は?')).status === 200;
  } catch {
    return false;
  }
}

function answersIn({ teams }: BotChild): number {
  const said = teams.messages(teams.personal(ASKED_BY));
  return said.filter((message) => message.from === 'bot').length;
}
