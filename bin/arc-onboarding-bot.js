#!/usr/bin/env node
// Plain JavaScript: Node does not strip types under node_modules, and an older Node must still say what is wrong.
import { existsSync } from 'node:fs';
import process from 'node:process';

const NEEDED = 24;

if (Number(process.versions.node.split('.')[0]) < NEEDED) {
  process.stderr.write(
    `arc-onboarding-bot needs Node ${NEEDED} or newer; this is ${process.versions.node}.\n` +
      `Node ${NEEDED} 以降が必要です(現在 ${process.versions.node})。\n`,
  );
  process.exit(78);
}

const built = new URL('../dist/src/index.js', import.meta.url);
const { main } = await import(existsSync(built) ? built.href : '../src/index.ts');
await main(process);
