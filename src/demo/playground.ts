import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OpsBotError } from '../core/errors.ts';
import { packageFile } from '../package-file.ts';
import { freePort } from './ports.ts';

/** Licensed for evaluation, so it is fetched when asked for and never a dependency. */
const PACKAGE = '@microsoft/m365agentsplayground@0.2.28';
const FIRST_PORT = 56_150;
const SETTINGS = '.m365agentsplayground.yml';

export interface Playground {
  readonly url: string;
  stop(): void;
}

/** Opens the chat as one person in Microsoft 365 Agents Playground; one process is one person. */
export async function openPlayground(botUrl: string, person: string, nth = 0): Promise<Playground> {
  const folder = mkdtempSync(join(tmpdir(), 'arc-playground-'));
  const settings = readFileSync(packageFile(SETTINGS), 'utf8');
  writeFileSync(join(folder, SETTINGS), settingsAs(person, settings));
  // The one before may not listen yet.
  const port = await freePort(FIRST_PORT + nth);
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

/**
 * The settings with one of their five users as the current one. The Playground wants each id once, and the
 * personal chat must be another's in each of two windows.
 */
export function settingsAs(person: string, settings: string): string {
  const user = /^ {2}- id: (\S+)\n((?: {4}\S.*\n)+)/gm;
  const found = [...settings.matchAll(user)].find(([, id]) => id === person);
  if (!found?.[2]) {
    const known = [...settings.matchAll(user)].map(([, id]) => id).join(', ');
    throw new OpsBotError('INPUT_UNREADABLE', `--playground-as ${person}: use one of ${known}`);
  }
  const fields = found[2].replaceAll(/^ {4}/gm, '  ');
  return settings
    .replace(/^currentUser:\n(?: {2}\S.*\n)+/m, () => `currentUser:\n  id: me-${person}\n${fields}`)
    .replace(/^(personalChat:\n {2}id: ).*$/m, (_, start) => `${start}personal-chat-${person}`);
}
