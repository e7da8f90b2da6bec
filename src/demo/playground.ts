import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './ports.ts';

/** Licensed for evaluation, so it is fetched when asked for and never a dependency. */
const PACKAGE = '@microsoft/m365agentsplayground@0.2.28';
const FIRST_PORT = 56_150;

export interface Playground {
  readonly url: string;
  stop(): void;
}

/** Opens the chat as one person in Microsoft 365 Agents Playground; one process is one person. */
export async function openPlayground(botUrl: string, person: string): Promise<Playground> {
  const folder = mkdtempSync(join(tmpdir(), 'arc-playground-'));
  const settings = readFileSync(
    fileURLToPath(new URL('../../.m365agentsplayground.yml', import.meta.url)),
    'utf8',
  );
  writeFileSync(
    join(folder, '.m365agentsplayground.yml'),
    settings.replace(/^(currentUser:\n(?:.*\n)*?\s+id: ).*$/m, `$1${person}`),
  );
  const port = await freePort(FIRST_PORT);
  const child: ChildProcess = spawn(
    'npx',
    [
      ...['-y', PACKAGE, 'start', '-e', `${botUrl}/api/messages`, '-c', 'msteams'],
      ...['-p', String(port), '--disable-telemetry'],
      ...['--service-url', `http://127.0.0.1:${port}/_connector`],
    ],
    { cwd: folder, stdio: 'ignore', detached: true },
  );
  child.on('error', () => undefined);
  return {
    url: `http://127.0.0.1:${port}`,
    stop() {
      if (child.pid !== undefined) {
        try {
          process.kill(-child.pid, 'SIGTERM');
        } catch {
          // It ended by itself.
        }
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
