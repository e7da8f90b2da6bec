import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OpsBotError } from '../core/errors.ts';
import { openStore } from '../store/open.ts';

/** What a demo leaves in its data folder; says, too, that a demo made it. */
export const DEMO_FILE = 'demo.json';
const MARK = '.made-by-demo';

export interface Scratch {
  readonly dataDir: string;
  /** Simulated servers live here, beside the data folder and not in it. */
  readonly workDir: string;
  /** Removes what is not to be kept. */
  remove(): void;
}

/**
 * A folder for the demo's data: a passing one, or the one given, which is kept. It may be new, empty, or
 * one that a demo made (that starts anew); anything else is refused, so that no real data is touched.
 */
export async function makeScratch(dataDir: string | undefined): Promise<Scratch> {
  if (dataDir === undefined) {
    const passing = mkdtempSync(join(tmpdir(), 'arc-demo-'));
    const workDir = makeWorkDir();
    return {
      dataDir: passing,
      workDir,
      remove() {
        rmSync(passing, { recursive: true, force: true });
        rmSync(workDir, { recursive: true, force: true });
      },
    };
  }
  const found = existsSync(dataDir) ? readdirSync(dataDir) : [];
  if (found.length > 0 && !found.includes(MARK)) {
    throw new OpsBotError(
      'CONFIG_REFUSED',
      `${dataDir}: not empty and not made by a demo. 空のフォルダーを指定してください。`,
    );
  }
  await refuseWhileInUse(dataDir);
  for (const name of found) rmSync(join(dataDir, name), { recursive: true, force: true });
  mkdirSync(join(dataDir, MARK), { recursive: true, mode: 0o700 });
  const workDir = makeWorkDir();
  return { dataDir, workDir, remove: () => rmSync(workDir, { recursive: true, force: true }) };
}

function makeWorkDir(): string {
  return mkdtempSync(join(tmpdir(), 'arc-demo-servers-'));
}

/** Another demo may still run on it: STORE_BUSY. A store that cannot be read any more is in nobody's use. */
async function refuseWhileInUse(dataDir: string): Promise<void> {
  try {
    const options = { kind: 'sqlite', dataDir, mustExist: true } as const;
    const store = await openStore(options, { clock: { now: () => new Date() } });
    await store.close();
  } catch (error) {
    if (error instanceof OpsBotError && error.code === 'STORE_BUSY') throw error;
  }
}
