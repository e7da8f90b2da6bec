import type { AzureExtension, AzureMachine } from '../azure.ts';
import type { MachineName } from '../ids.ts';
import type { RepairMachine, RepairPlan, RepairTrouble, WriteMode } from '../repair.ts';
import type { Deployer, ExtensionName } from '../roll-out.ts';

export function extensionOf(
  azure: AzureMachine | undefined,
  extension: ExtensionName,
): AzureExtension | undefined {
  return azure?.extensions.find((one) => one.extension === extension);
}

/**
 * What is to be done about a machine. `named`: asked for by its name, so that a working extension may be
 * installed anew; of a whole site only what is missing or broken is touched.
 */
export function planRepair(
  machine: MachineName,
  azure: AzureMachine | undefined,
  extension: ExtensionName,
  deployer: Deployer,
  named: boolean,
  now: Date,
): RepairMachine {
  const not = (trouble: RepairTrouble): RepairMachine => ({
    machine,
    plan: 'install',
    step: 'not-done',
    trouble,
    sinceAt: now,
  });
  if (!azure) return not('not-in-azure');
  if (azure.status !== 'connected') return not('not-connected');
  const again: RepairPlan = deployer === 'bot' ? 'reinstall' : 'remove';
  const found = extensionOf(azure, extension);
  if (!found) {
    if (deployer !== 'bot') return not('theirs');
    return { machine, plan: 'install', step: 'waiting', sinceAt: now };
  }
  switch (found.provisioningState) {
    case 'failed':
    case 'canceled':
      return { machine, plan: again, step: 'waiting', sinceAt: now, broken: 'failed' };
    case 'creating':
    case 'updating':
    case 'deleting':
      return { machine, plan: again, step: 'watching', sinceAt: now, broken: 'failed' };
    case 'succeeded':
    case 'unknown':
      if (!named) return not('fine');
      if (deployer !== 'bot') return not('theirs');
      return { machine, plan: again, step: 'waiting', sinceAt: now };
  }
}

/** Why no request may go out for this machine, as Azure shows it now; `typeName` only for what is installed. */
export function obstacle(
  azure: AzureMachine | undefined,
  mode: WriteMode,
  typeName: string | undefined,
): RepairTrouble | undefined {
  if (!azure) return 'not-in-azure';
  if (azure.status !== 'connected') return 'not-connected';
  const list = azure.extensionAllowList ?? [];
  // Only the agent's own list holds against whoever may write in Azure; the bot's identity works behind one alone.
  if (mode === 'bot-identity' && list.length === 0) return 'no-allow-list';
  if (typeName === undefined || list.length === 0) return undefined;
  const allowed = list.some((one) => one.toLowerCase() === typeName.toLowerCase());
  return !allowed ? 'not-on-allow-list' : undefined;
}
