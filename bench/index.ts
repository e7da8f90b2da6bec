import process from 'node:process';
import { run as azure } from './azure.ts';
import { run as diagnose } from './diagnose.ts';
import { run as signIn } from './sign-in.ts';
import { run as start } from './start.ts';
import type { Print } from './teller.ts';

/** All of them, or those named on the command line. */
const PARTS: Readonly<Record<string, (print: Print) => boolean | Promise<boolean>>> = {
  start,
  'sign-in': signIn,
  diagnose,
  azure,
};

const named = process.argv.slice(2);
const print: Print = (line) => process.stdout.write(`${line}\n`);
let fine = named.every((name) => Object.hasOwn(PARTS, name));
if (!fine) print(`bench [${Object.keys(PARTS).join('|')}]…`);
for (const [name, run] of fine ? Object.entries(PARTS) : []) {
  if (named.length > 0 && !named.includes(name)) continue;
  fine = (await run(print)) && fine;
}
process.exitCode = fine ? 0 : 1;
