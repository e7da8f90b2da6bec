import type { RefusalReason } from '../../core/notice.ts';
import type { ReadTx } from '../../core/ports.ts';
import type { SignInSettings } from './deps.ts';

/** The kill switch: set to who pulled it and when, absent while sign-ins are allowed. */
export const STOPPED = 'sign-ins-stopped';

/** Read in the same transaction as every opening, `go`, code and reveal. */
export async function whyOff(
  tx: ReadTx,
  settings: SignInSettings,
): Promise<Extract<RefusalReason, 'sign-in-off' | 'sign-ins-stopped'> | undefined> {
  if (settings.mode === 'off') return 'sign-in-off';
  return (await tx.settings.get(STOPPED)) === undefined ? undefined : 'sign-ins-stopped';
}
