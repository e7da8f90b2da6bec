import type { App } from '../app.ts';
import { ask } from './ask.ts';
import { audit } from './audit.ts';
import { diagnose } from './diagnose.ts';
import { dns } from './dns.ts';
import { doctor } from './doctor.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { inbox } from './inbox.ts';
import { type Call, type Outcome, usage } from './io.ts';
import { commands, kit } from './kit.ts';
import { press } from './press.ts';
import { replace } from './replace.ts';
import { requirements } from './requirements.ts';
import type { Command, World } from './who.ts';

/** The commands that work on the data, in the running bot or beside none. */
const COMMANDS: Readonly<Record<string, Command>> = {
  ask,
  audit,
  commands,
  diagnose: (app, call) => diagnose(call, app),
  dns,
  doctor: (app, call) => doctor(app, call),
  export: exportCommand,
  import: importCommand,
  inbox,
  kit,
  press,
  replace,
  requirements,
};

export async function runCommand(app: App, call: Call, world: World): Promise<Outcome> {
  const command = Object.hasOwn(COMMANDS, call.command) ? COMMANDS[call.command] : undefined;
  return command ? command(app, call, world) : usage(`${call.command}?\n`);
}
