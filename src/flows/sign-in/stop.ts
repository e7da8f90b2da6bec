import { may } from '../../core/authority.ts';
import type { PersonKey } from '../../core/ids.ts';
import type { Tx } from '../../core/ports.ts';
import type { Person } from '../../core/roll-out.ts';
import { type BurnReason, burn } from '../../core/sign-in/ends.ts';
import { nameOfPerson } from '../names.ts';
import type { SignInAnswer } from '../sign-in-flows.ts';
import type { SignInDeps, TxDeps } from './deps.ts';
import { keep } from './keep.ts';
import { refusal } from './open.ts';
import { STOPPED } from './switch.ts';

/** Under which CODE_KEY codes were sealed last. */
const CODE_KEY = 'sign-in-code-key';

/** 「サインインを全停止」: burns every open sign-in and refuses new ones until a lead undoes it. */
export async function stopAll(tx: Tx, deps: TxDeps, given: Person): Promise<SignInAnswer> {
  return switchTo(tx, deps, given, true);
}

/** 「サインインを再開」. */
export async function resumeAll(tx: Tx, deps: TxDeps, given: Person): Promise<SignInAnswer> {
  return switchTo(tx, deps, given, false);
}

async function switchTo(
  tx: Tx,
  deps: TxDeps,
  given: Person,
  stopped: boolean,
): Promise<SignInAnswer> {
  const by = (await tx.rollOut()).person(given.key);
  if (!by) return refusal('not-known');
  if (!may({ kind: 'person', person: by }, 'stop-sign-ins')) return refusal('not-allowed');
  const at = deps.clock.now();
  const before = (await tx.settings.get(STOPPED)) !== undefined;
  if (before !== stopped) {
    await tx.settings.set(STOPPED, stopped ? `${by.key} ${at.toISOString()}` : undefined);
  }
  const burned = stopped ? await burnOpen(tx, deps, 'stopped-by-lead', by.key) : 0;
  if (before !== stopped) {
    const event = stopped ? 'sign-ins-stopped' : 'sign-ins-resumed';
    await tx.audit.append({ at, event, by: by.key, facts: { burned } });
  }
  return { notice: { kind: 'sign-ins-switched', stopped, by: nameOfPerson(by), burned } };
}

async function burnOpen(tx: Tx, deps: TxDeps, reason: BurnReason, by?: PersonKey): Promise<number> {
  const open = await tx.signIns.listOpen();
  for (const signIn of open) {
    await keep(tx, deps, signIn, burn(signIn, reason, deps.clock.now(), by));
  }
  return open.length;
}

/** At start: with SIGN_IN=off, or another CODE_KEY than before, nothing that is open can be trusted. */
export async function burnForeignCodes(deps: SignInDeps): Promise<number> {
  return deps.store.write(async (tx) => {
    const { fingerprint } = deps.vault;
    const before = await tx.settings.get(CODE_KEY);
    if (before !== fingerprint) await tx.settings.set(CODE_KEY, fingerprint);
    const foreign = before !== undefined && before !== fingerprint;
    if (deps.signIn.mode !== 'off' && !foreign) return 0;
    return burnOpen(tx, deps, 'settings-changed');
  });
}
