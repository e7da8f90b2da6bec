import { runCommandLine } from './cli/main.ts';

/** Runs one command line of this process and ends it with the command's exit code. */
export async function main(process: NodeJS.Process): Promise<void> {
  const exit = await runCommandLine({
    argv: process.argv,
    env: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    onSignal: (stop) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
    },
  });
  process.exitCode = exit;
}
