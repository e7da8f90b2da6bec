import { OpsBotError } from '../../core/errors.ts';
import type { MachineName } from '../../core/ids.ts';
import { isFinal, type RepairMachine } from '../../core/repair.ts';
import type { Deployer, ExtensionName, Profile, RollOut, Site } from '../../core/roll-out.ts';
import type { RepairDeps } from './deps.ts';

/** What someone with the rights would type; a machine whose planned values have not their form has none. */
export function linesFor(
  deps: Pick<RepairDeps, 'request' | 'lines'>,
  { rollOut, site, profile }: { rollOut: RollOut; site: Site; profile: Profile },
  extension: ExtensionName,
  planned: readonly RepairMachine[],
  resources: ReadonlyMap<MachineName, string>,
): readonly string[] {
  const lines = planned.flatMap((one) => {
    const machine = rollOut.machine(one.machine);
    if (!machine || (isFinal(one) && one.trouble !== 'theirs')) return [];
    try {
      const name = resources.get(one.machine);
      const request = deps.request(extension, machine, site, profile, name);
      return stepsOf(one, profile.deployedBy[extension]).flatMap((what) =>
        deps.lines(what, request, profile),
      );
    } catch (error) {
      if (error instanceof OpsBotError && error.code === 'VALUE_REFUSED') return [];
      throw error;
    }
  });
  return [...new Set(lines)];
}

function stepsOf(
  { plan, trouble }: RepairMachine,
  deployer: Deployer,
): readonly ('install' | 'remove' | 'remediate')[] {
  const remediate = deployer === 'policy' ? (['remediate'] as const) : [];
  if (trouble === 'theirs') return remediate;
  switch (plan) {
    case 'install':
      return ['install'];
    case 'reinstall':
      return ['remove', 'install'];
    case 'remove':
      return ['remove', ...remediate];
  }
}
