import { Buffer } from 'node:buffer';
import { OpsBotError } from '../core/errors.ts';
import { isExpired } from '../core/stage.ts';
import { commandsFor } from '../kit/commands.ts';
import type { KitInput } from '../kit/settings.ts';
import { kitFiles, zipKit } from '../kit/write-kit.ts';
import { kitInputFor } from '../kit-input.ts';
import { type Call, EXIT, fine, json, type Outcome, usage } from './io.ts';
import type { Command } from './who.ts';
import { SAY } from './words.ts';

/** The kit of one server: a folder and a zip. A token only with `--with-token`, in a file of mode 0600. */
export const kit: Command = async (app, call) => {
  const [name = ''] = call.args;
  const machine = (await app.store.read((tx) => tx.rollOut())).machine(name);
  if (!machine) return usage(SAY.machineUnknown[call.language](name));
  const input = await kitInputFor(app, machine, { withToken: call.options.withToken === true });
  return writtenKit(call, input);
};

/** A kit as files for the caller's side to write, and what is said of them. */
export function writtenKit(call: Call, input: KitInput): Outcome {
  const files = kitFiles(input);
  const folder = input.machine.name;
  const written = [
    ...files.map(({ path, bytes, mode }) => ({ path: `${folder}/${path}`, bytes, mode })),
    {
      path: `${folder}.zip`,
      bytes: zipKit(input, files),
      mode: input.withToken === undefined ? 0o644 : 0o600,
    },
  ].map(({ path, bytes, mode }) => ({ path, base64: Buffer.from(bytes).toString('base64'), mode }));
  const paths = written.map(({ path }) => path);
  const out = call.options.json
    ? json({ folder, files: paths })
    : `${SAY.kitWritten[call.language](folder)}\n${paths.map((path) => `  ${path}\n`).join('')}`;
  return fine(out, written);
}

/** The exact command lines of one server. */
export const commands: Command = async (app, call) => {
  const [name = ''] = call.args;
  const rollOut = await app.store.read((tx) => tx.rollOut());
  const machine = rollOut.machine(name);
  const site = machine && rollOut.siteOf(machine);
  const profile = site && rollOut.profileOf(site);
  if (!machine || !site || !profile) return usage(SAY.machineUnknown[call.language](name));
  const auth = call.options.auth ?? (app.config.SIGN_IN === 'off' ? 'certificate' : 'device-code');
  if (auth !== 'device-code' && auth !== 'certificate') {
    return usage(SAY.badOption[call.language]('--auth', 'device-code, certificate'));
  }
  const expired = isExpired(await app.store.read((tx) => tx.evidence.of(machine.name)));
  try {
    const made = (['proxy', 'check', 'connect'] as const).map((what) => ({
      what,
      ...commandsFor(what, machine, site, profile, { auth, expired }),
    }));
    if (call.options.json) {
      const shell = made[0]?.shell;
      const lines = Object.fromEntries(made.map((one) => [one.what, one.lines]));
      return fine(json({ machine: machine.name, shell, ...lines }));
    }
    return fine(
      `${made.map(({ what, lines }) => [`# ${what}`, ...lines].join('\n')).join('\n\n')}\n`,
    );
  } catch (error) {
    if (!(error instanceof OpsBotError) || error.code !== 'VALUE_REFUSED') throw error;
    return { exit: EXIT.bad, err: `${error.message}\n` };
  }
};
