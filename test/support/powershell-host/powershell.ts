import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const HERE = import.meta.dirname;
const BUILT = join(HERE, 'bin/Release/net10.0/powershell-host.dll');

/** How scripts are run here: a real `pwsh`, else the engine's package in a small host, else not at all. */
export type PowerShell =
  | { readonly kind: 'pwsh' | 'host'; readonly command: readonly [string, ...string[]] }
  | { readonly kind: 'none'; readonly reason: string };

export function findPowerShell(): PowerShell {
  if (isOnPath('pwsh')) {
    return { kind: 'pwsh', command: ['pwsh', '-NoProfile', '-NonInteractive', '-File'] };
  }
  if (isOnPath('dotnet')) return { kind: 'host', command: ['dotnet', BUILT] };
  return { kind: 'none', reason: 'neither pwsh nor dotnet is on the PATH' };
}

/** For the title of a suite, so that nobody takes a skipped one for a passed one. */
export function notRun(powerShell: PowerShell): string {
  return powerShell.kind === 'none' ? ` (NOT RUN: ${powerShell.reason})` : '';
}

/** In a suite's `before`: builds the host once per machine, skips aloud where nothing can run scripts. */
export function needPowerShell(
  powerShell: PowerShell,
  suite: Mocha.Context,
): asserts powerShell is Exclude<PowerShell, { kind: 'none' }> {
  suite.timeout(180_000);
  if (powerShell.kind === 'none') {
    process.stderr.write(`    PowerShell tests were not run: ${powerShell.reason}\n`);
    suite.skip();
  }
  if (powerShell.kind === 'host' && isStale()) {
    execFileSync('dotnet', ['build', '--configuration', 'Release', '--verbosity', 'quiet'], {
      cwd: HERE,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  }
}

export function runScript(
  powerShell: PowerShell,
  path: string,
  args: readonly string[],
): { readonly code: number | null; readonly screen: string } {
  if (powerShell.kind === 'none') throw new Error(powerShell.reason);
  const [program, ...before] = powerShell.command;
  const ran = spawnSync(program, [...before, path, ...args], { encoding: 'utf8' });
  return { code: ran.status, screen: ran.stdout + ran.stderr };
}

function isStale(): boolean {
  if (!existsSync(BUILT)) return true;
  const sources = readdirSync(HERE).filter((name) => /\.(cs|csproj)$/.test(name));
  const built = statSync(BUILT).mtimeMs;
  return sources.some((name) => statSync(join(HERE, name)).mtimeMs > built);
}

function isOnPath(name: string): boolean {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .some((folder) => folder !== '' && existsSync(join(folder, name)));
}
