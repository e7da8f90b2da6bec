import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CanaryShare } from './canary-child.ts';
import type { Claim } from './claim.ts';

const CODES = 10_000;
const PROCESSES = 2;
const CHILD = fileURLToPath(new URL('canary-child.ts', import.meta.url));

/** Codes go through the whole system and are looked for everywhere but in the answers that show them. */
export async function canaries(): Promise<Claim> {
  const each = CODES / PROCESSES;
  const shares = await Promise.all(
    Array.from({ length: PROCESSES }, (_, index) => shareOf(index * each, each)),
  );
  const found = shares.flatMap((share) => share.found);
  const codes = new Set(found.map(([place]) => place.split(' ').at(-1)));
  const unseen = shares.reduce((sum, { shown: [seen, meant] }) => sum + meant - seen, 0);
  const passed = shares.reduce((sum, share) => sum + share.passed, 0);
  return {
    what: 'canary codes found nowhere but in the answers that show them',
    held: passed - codes.size - unseen,
    of: CODES,
    short: [
      ...found.slice(0, 20).map(([place]) => place.split(' ').slice(0, -1).join(' ')),
      ...(unseen > 0 ? [`${unseen} codes were not shown to who asked`] : []),
    ],
  };
}

async function shareOf(first: number, count: number): Promise<CanaryShare> {
  const child = fork(CHILD, [String(first), String(count)], { stdio: 'inherit' });
  let share: CanaryShare | undefined;
  child.on('message', (message) => {
    share = message as CanaryShare;
  });
  await once(child, 'exit');
  if (!share) throw new Error('a share of the canaries was not counted');
  return share;
}
