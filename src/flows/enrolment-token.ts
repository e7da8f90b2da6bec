import type { MachineName } from '../core/ids.ts';
import type { Clock, EnrolmentToken, Random, ReadTx, Tx, Vault } from '../core/ports.ts';

export interface TokenDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly vault: Pick<Vault, 'sha256'>;
}

export const TOKEN_MS = 72 * 60 * 60 * 1000;

/**
 * A new enrolment token (128 bits, 72 hours unless said otherwise), of which only the SHA-256 is kept. One
 * server has one token: an older one that was never used stops working.
 */
export async function issueToken(
  tx: Tx,
  deps: TokenDeps,
  machine: MachineName,
  lifeMs: number = TOKEN_MS,
): Promise<string> {
  const token = deps.random.id();
  const sha256 = deps.vault.sha256(token);
  const at = deps.clock.now();
  await tx.kits.putToken({ sha256, machine, expiresAt: new Date(at.getTime() + lifeMs) });
  await tx.settings.set(newestTokenSetting(machine), sha256);
  const site = (await tx.rollOut()).machine(machine)?.site;
  const about = { machine, ...(site && { site }) };
  await tx.audit.append({ at, event: 'token-issued', ...about, facts: {} });
  return token;
}

/** The kept half of a token that may still be spent, or was spent already (then only a repeat may use it). */
export async function findToken(
  tx: ReadTx,
  deps: TokenDeps,
  token: string,
): Promise<EnrolmentToken | undefined> {
  const kept = await tx.kits.token(deps.vault.sha256(token));
  if (!kept || kept.spentBy !== undefined) return kept;
  const newest = await tx.settings.get(newestTokenSetting(kept.machine));
  return newest === kept.sha256 && kept.expiresAt > deps.clock.now() ? kept : undefined;
}

function newestTokenSetting(machine: MachineName): string {
  return `enrolment-token:${machine}`;
}
