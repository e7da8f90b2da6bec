import { holderOf, replaceMachineKey } from '../flows/replace.ts';
import { createSignInHooks } from '../flows/sign-in/index.ts';
import { checked } from '../kit/values.ts';
import { kitInputFor } from '../kit-input.ts';
import { EXIT, usage } from './io.ts';
import { writtenKit } from './kit.ts';
import type { Command } from './who.ts';
import { SAY } from './words.ts';

/**
 * A new server under the old name, or a lost key: the old keys die, and a kit with its token is written. What
 * keeps the kit from being made is found before anything changes.
 */
export const replace: Command = async (app, call) => {
  const [name = ''] = call.args;
  const rollOut = await app.store.read((tx) => tx.rollOut());
  const machine = rollOut.machine(name);
  if (!machine) return usage(SAY.machineUnknown[call.language](name));
  const serial = String(call.options.serial ?? '').trim();
  if (!isSerial(serial)) return usage(SAY.serialForm[call.language]());
  const holder = holderOf(rollOut, serial, machine);
  if (holder) return { exit: EXIT.bad, err: SAY.serialTaken[call.language](holder.name) };
  const { marks } = await app.store.read((tx) => tx.evidence.of(machine.name));
  if (marks.retiredAt) return { exit: EXIT.bad, err: SAY.retired[call.language](machine.name) };

  const input = await kitInputFor(app, { ...machine, serial }, { withToken: false });
  writtenKit(call, input);
  const deps = { ...app, signIns: createSignInHooks(app.signIns) };
  const { token } = await app.store.write((tx) =>
    replaceMachineKey(tx, deps, { machine, serial, by: 'terminal' }),
  );
  const kit = writtenKit(call, { ...input, withToken: token });
  if (call.options.json) return kit;
  return { ...kit, out: `${SAY.replaced[call.language](machine.name)}\n${kit.out}` };
};

function isSerial(serial: string): boolean {
  try {
    return checked('serial', serial) === serial;
  } catch {
    return false;
  }
}
