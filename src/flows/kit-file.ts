import { OpsBotError } from '../core/errors.ts';
import type { CardId, MachineName, PersonKey } from '../core/ids.ts';
import type { Notice, NoticeOf } from '../core/notice.ts';
import type { Clock, Log, ReadTx, Store, Tx, Vault } from '../core/ports.ts';
import type { Machine, Person } from '../core/roll-out.ts';
import type { FileConsent } from '../core/turn.ts';
import { kitFor } from './kit-in-chat.ts';
import { same } from './sign-in/nonces.ts';

export interface KitFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The kit of a server as a zip without a token; throws VALUE_REFUSED for a value that has not its form. */
export type MakeKitFile = (machine: Machine) => Promise<KitFile>;

export interface KitFileDeps {
  readonly store: Pick<Store, 'read' | 'write'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly vault: Pick<Vault, 'mac'>;
  readonly kitFile: MakeKitFile;
  /** Puts a file where Teams said; never throws, and asks no host it was not told. */
  readonly upload: (
    url: string,
    bytes: Uint8Array,
  ) => Promise<{ readonly outcome: 'done' | 'refused' | 'failed'; readonly reason: string }>;
  /** Whether an address may stand on a card as the file's. */
  readonly mayLink: (url: string) => boolean;
}

/** What the consent to a file must bring back: made for this card and person. */
export function fileNonce(vault: Pick<Vault, 'mac'>, card: CardId, person: PersonKey): string {
  return vault.mac(`file.${card}.${person}`);
}

/**
 * Someone took the offered kit or declined it. Whether they may have it is decided now, the zip is made now,
 * and the card that offered it follows. A notice only where it is refused.
 */
export async function takeKitFile(
  deps: KitFileDeps,
  consent: FileConsent,
): Promise<Notice | undefined> {
  const asked = await deps.store.read((tx) => consented(tx, deps, consent));
  if ('kind' in asked) return asked;
  const { machine, notice, person } = asked;
  if (isOver(notice)) return undefined;
  if (!consent.upload) {
    await deps.store.write((tx) => follow(tx, deps, consent.card, { state: 'declined' }));
    return undefined;
  }
  const { uploadUrl, contentUrl, uniqueId } = consent.upload;
  const given = await give(deps, machine, uploadUrl);
  if (given === undefined) {
    await deps.store.write((tx) => follow(tx, deps, consent.card, { state: 'failed' }));
    return undefined;
  }
  const link = contentUrl !== undefined && uniqueId !== undefined && deps.mayLink(contentUrl);
  await deps.store.write(async (tx) => {
    const sent = { state: 'sent', bytes: given, ...(link && { contentUrl, uniqueId }) } as const;
    if (!(await follow(tx, deps, consent.card, sent))) return;
    const about = { by: person.key, machine: machine.name, site: machine.site };
    const at = deps.clock.now();
    await tx.audit.append({ at, event: 'kit-sent', ...about, facts: { bytes: given } });
  });
  return undefined;
}

interface Consented {
  readonly person: Person;
  readonly machine: Machine;
  readonly notice: NoticeOf<'kit-file'>;
}

async function consented(
  tx: ReadTx,
  { vault }: KitFileDeps,
  consent: FileConsent,
): Promise<Consented | Notice> {
  const rollOut = await tx.rollOut();
  const person = rollOut.person(consent.person.key);
  if (!person) return refusal('not-known');
  const card = await tx.cards.get(consent.card);
  if (card?.notice.kind !== 'kit-file') return refusal('card-gone');
  const { audience, notice } = card;
  if (audience.kind !== 'person' || audience.person !== person.key) return refusal('not-your-card');
  if (!same(fileNonce(vault, card.id, person.key), consent.nonce)) return refusal('card-changed');
  const kit = await kitFor(tx, rollOut, person, notice.machine);
  if (typeof kit === 'string') return refusal(kit, notice.machine);
  return { person, machine: kit.machine, notice };
}

/** How many bytes were put there, or nothing: the card then names the command line. */
async function give(
  { kitFile, upload, log }: KitFileDeps,
  machine: Machine,
  url: string,
): Promise<number | undefined> {
  try {
    const { bytes } = await kitFile(machine);
    const { outcome, reason } = await upload(url, bytes);
    if (outcome === 'done') return bytes.length;
    log.warn('kit-not-sent', { machine: machine.name, outcome, reason });
  } catch (error) {
    if (!(error instanceof OpsBotError)) throw error;
    log.warn('kit-not-sent', { machine: machine.name, reason: error.code });
  }
  return undefined;
}

/** A file that arrived stays so, whatever a repeat of the same consent came to. */
async function follow(
  tx: Tx,
  { clock }: KitFileDeps,
  id: CardId,
  change: Partial<NoticeOf<'kit-file'>>,
): Promise<boolean> {
  const notice = (await tx.cards.get(id))?.notice;
  if (notice?.kind !== 'kit-file' || isOver(notice)) return false;
  await tx.cards.update(id, { ...notice, ...change }, clock.now());
  return true;
}

function isOver({ state }: NoticeOf<'kit-file'>): boolean {
  return state === 'sent' || state === 'declined';
}

function refusal(reason: NoticeOf<'refusal'>['reason'], machine?: MachineName): Notice {
  return { kind: 'refusal', reason, ...(machine && { machine }) };
}
