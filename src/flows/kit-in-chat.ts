import { may } from '../core/authority.ts';
import type { CardId, PersonKey } from '../core/ids.ts';
import type { Card, NoticeOf, RefusalReason } from '../core/notice.ts';
import type { ReadTx, Tx, Vault } from '../core/ports.ts';
import type { Machine, Person, RollOut, Site } from '../core/roll-out.ts';
import type { Press, PressAnswer } from '../core/turn.ts';
import { issueToken, type TokenDeps } from './enrolment-token.ts';
import { nameOfSite } from './names.ts';
import { same } from './sign-in/nonces.ts';
import { isClosedByTransit } from './transit.ts';

/** Someone reads it off the screen and types it at the server: long enough for that, and no longer. */
export const SHOWN_TOKEN_MS = 10 * 60 * 1000;

export interface ShowTokenDeps extends TokenDeps {
  readonly vault: Pick<Vault, 'sha256' | 'mac'>;
  readonly signIn: { readonly reveal: 'dialog' | 'card' };
}

/** A press on someone's own card, whose nonce was ours. */
interface Pressed {
  readonly card: Card;
  readonly person: Person;
  readonly rollOut: RollOut;
}

/**
 * A fresh enrolment token in the answer to a press, the only way to one in a chat: as a message never, in a
 * dialog only by its submit. Pressed again, the new token replaces the one that was not spent.
 */
export async function showToken(
  tx: Tx,
  deps: ShowTokenDeps,
  pressed: Pressed,
  press: Press,
): Promise<PressAnswer> {
  const { card, person, rollOut } = pressed;
  const { notice } = card;
  if (notice.kind !== 'kit' || !notice.token || card.audience.kind !== 'person') {
    return refused('card-changed');
  }
  const { reveal } = deps.signIn;
  const isDialog = press.via === 'dialog-fetch' || press.via === 'dialog-submit';
  if (press.via === 'message' || isDialog !== (reveal === 'dialog')) return refused('card-changed');
  const kit = await kitFor(tx, rollOut, person, notice.machine);
  if (typeof kit === 'string') return refused(kit, notice);
  if (press.via === 'dialog-fetch') {
    const dialogNonce = tokenDialogNonce(deps.vault, card.id, person.key, deps.random.id());
    return { notice, refused: false, dialogNonce, dialogCard: card.id };
  }
  const at = deps.clock.now();
  const { machine, site } = kit;
  const token = await issueToken(tx, deps, machine.name, SHOWN_TOKEN_MS);
  const about = { by: person.key, machine: machine.name, site: site.code };
  await tx.audit.append({ at, event: 'token-shown', ...about, facts: {} });
  return {
    notice,
    refused: false,
    token: {
      kind: 'token',
      token,
      expiresAt: new Date(at.getTime() + SHOWN_TOKEN_MS),
      machine: machine.name,
      site: nameOfSite(site),
      card: card.id,
      nonce: press.nonce,
    },
  };
}

/** The server whose kit this person may have now, or why not. */
export async function kitFor(
  tx: ReadTx,
  rollOut: RollOut,
  person: Person,
  name: string,
): Promise<{ readonly machine: Machine; readonly site: Site } | RefusalReason> {
  const machine = rollOut.machine(name);
  const site = machine && rollOut.siteOf(machine);
  if (!machine || !site) return 'machine-unknown';
  if (!may({ kind: 'person', person }, 'get-kit', site)) return 'not-allowed';
  const { marks } = await tx.evidence.of(machine.name);
  if (marks.retiredAt) return 'retired';
  return isClosedByTransit(marks) ? 'in-transit' : { machine, site };
}

/** Fresh for every fetch: what a dialog for a token must bring back, for this person and card alone. */
function tokenDialogNonce(
  vault: Pick<Vault, 'mac'>,
  card: CardId,
  person: PersonKey,
  salt: string,
): string {
  return `${salt}.${vault.mac(`token-dialog.${card}.${person}.${salt}`)}`;
}

export function isTokenDialogNonce(
  vault: Pick<Vault, 'mac'>,
  card: CardId,
  person: PersonKey,
  nonce: string,
): boolean {
  const [salt = ''] = nonce.split('.');
  return same(tokenDialogNonce(vault, card, person, salt), nonce);
}

function refused(reason: RefusalReason, kit?: NoticeOf<'kit'>): PressAnswer {
  const about = kit ? { machine: kit.machine, site: kit.site } : {};
  return { notice: { kind: 'refusal', reason, ...about }, refused: true };
}
