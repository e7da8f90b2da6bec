import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { openStore } from '../../src/store/open.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { sqlitePlace } from './on-both-engines.ts';

const CHILD = fileURLToPath(new URL('writer-child.ts', import.meta.url));
const ROUNDS = 3;
const ENOUGH = 40;

describe('a process that is killed while it writes', () => {
  it('loses nothing that it acknowledged, and leaves no lock behind', async function () {
    this.timeout(30_000);
    const place = sqlitePlace();
    let acknowledged = -1;

    for (let round = 0; round < ROUNDS; round += 1) {
      acknowledged = await writeUntilKilled(place.dataDir, acknowledged + 1);
      const store = await openStore(place.options, { clock: new FixedClock() });
      const { rows, chain } = await store.read(async (tx) => ({
        rows: await Promise.all(
          Array.from({ length: acknowledged + 1 }, (_, row) => tx.settings.get(`row-${row}`)),
        ),
        chain: await tx.audit.verify(),
      }));
      await store.close();

      assert.deepEqual(
        rows,
        rows.map((_, row) => String(row)),
      );
      assert.equal(chain.brokenAt, undefined);
      assert.ok(chain.rows >= acknowledged + 1);
      // The last row may be kept although its word did not get out any more.
      acknowledged = chain.rows - 1;
    }
    place.remove();
  });
});

/** The last number that the child said before it was killed in the middle of its work. */
async function writeUntilKilled(dataDir: string, first: number): Promise<number> {
  const child = spawn(process.execPath, [CHILD, dataDir, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let said = '';
  for await (const chunk of child.stdout) {
    said += chunk;
    if (said.split('\n').length > ENOUGH) child.kill('SIGKILL');
  }
  const [, signal] = await exited;
  assert.equal(signal, 'SIGKILL');
  const whole = said.slice(0, said.lastIndexOf('\n')).split('\n');
  assert.ok(whole.length >= ENOUGH);
  return Number(whole.at(-1));
}
