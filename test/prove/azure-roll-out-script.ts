import type { Owner } from '../../src/core/network-check.ts';
import type { Stage } from '../../src/core/stage.ts';

export type Order = 'base' | 'site';

/** What happens to a machine in the morning of a day. */
export type Act =
  | 'enrol'
  | 'ship'
  | 'arrive'
  | 'check-blocked'
  | 'check-degraded'
  | 'check-healthy'
  | 'connect-here'
  | 'connect-elsewhere'
  | 'connect-wrong-scope'
  | 'disconnect'
  | 'extensions'
  | 'extension-failed'
  | 'defender-contact';

/** A day: what happens, and where the machine must stand in the evening, and who must act. */
export interface Step {
  readonly acts: readonly Act[];
  readonly stage: Stage;
  readonly owner?: Owner | undefined;
}

const day = (stage: Stage, acts: readonly Act[] = [], owner?: Owner): Step => ({
  stage,
  acts,
  ...(owner && { owner }),
});

const AT_SITE: readonly Step[] = [
  day('kitted', ['enrol']),
  day('shipped', ['ship']),
  day('arrived', ['arrive']),
  day('arrived', ['check-blocked'], 'network'),
  day('network-ready', ['check-healthy']),
  // Both deployers have had their time by the evening.
  day('connected', ['connect-here'], 'azure-admin'),
  day('connected', ['extension-failed'], 'azure-admin'),
  day('extensions', ['extensions']),
  day('data-seen', ['check-degraded', 'defender-contact']),
  day('done', ['check-healthy']),
  day('done', ['disconnect'], 'site'),
  day('done', ['connect-wrong-scope'], 'azure-admin'),
  day('done', ['connect-here']),
];

const AT_BASE: readonly Step[] = [
  day('kitted', ['enrol']),
  day('connected', ['connect-elsewhere'], 'azure-admin'),
  day('connected', ['extension-failed'], 'azure-admin'),
  day('extensions', ['extensions']),
  day('data-seen', ['defender-contact']),
  day('shipped', ['ship', 'disconnect']),
  day('arrived', ['arrive']),
  // Switched on with the base's proxy still set.
  day('arrived', ['connect-elsewhere'], 'engineer'),
  day('back-online', ['connect-here', 'defender-contact']),
  day('back-online', ['check-blocked'], 'network'),
  day('done', ['check-healthy']),
  day('done', ['disconnect'], 'site'),
  day('done', ['connect-here']),
];

/** Days in the truck differ from machine to machine; the longest come near the 45 days. */
export function scriptFor(order: Order, index: number): readonly Step[] {
  const script = order === 'base' ? AT_BASE : AT_SITE;
  const truckDays = index % 9 === 0 ? 33 : index % 5;
  return script.flatMap((step) =>
    step.stage === 'shipped'
      ? [step, ...Array.from({ length: truckDays }, () => day('shipped'))]
      : [step],
  );
}
