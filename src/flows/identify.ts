import type { Clock, Store } from '../core/ports.ts';
import type { Asker, Person, RollOut } from '../core/roll-out.ts';

export interface IdentifyDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** Names the connector already told, so that one person's messages ask it once. */
  readonly upns: UpnMemory;
}

/** Who wrote, as Teams vouches for it. `lookUpn` asks the connector (TeamsInfo.getMember). */
export interface Sender {
  readonly aadObjectId: string;
  readonly lookUpn: () => Promise<string | undefined>;
}

export interface Stranger {
  readonly kind: 'stranger';
  readonly aadObjectId: string;
}

/**
 * The row of people.csv this sender is. Authority comes from the object id alone; only site staff and
 * auditors may be met by their userPrincipalName, once, after which the object id is kept.
 */
export async function identify(deps: IdentifyDeps, sender: Sender): Promise<Asker | Stranger> {
  const stranger: Stranger = { kind: 'stranger', aadObjectId: sender.aadObjectId };
  const rollOut = await deps.store.read((tx) => tx.rollOut());
  const known = rollOut.personByObjectId(sender.aadObjectId);
  if (known) return { kind: 'person', person: known };
  if (!rollOut.people.some(mayBeMetByUpn)) return stranger;

  const upn = await deps.upns.of(sender);
  if (upn === undefined || personByUpn(rollOut, upn) === undefined) return stranger;
  return deps.store.write(async (tx) => {
    const current = await tx.rollOut();
    const already = current.personByObjectId(sender.aadObjectId);
    if (already) return { kind: 'person', person: already };
    const person = personByUpn(current, upn);
    if (!person) return stranger;
    await tx.rows.learnObjectId(person.key, sender.aadObjectId);
    await tx.audit.append({
      at: deps.clock.now(),
      event: 'object-id-learned',
      by: person.key,
      facts: { aadObjectId: sender.aadObjectId },
    });
    return { kind: 'person', person: { ...person, aadObjectId: sender.aadObjectId } };
  });
}

/** Remembers, for as long as the process lives, what the connector said; bounded, oldest out first. */
export class UpnMemory {
  readonly #upns = new Map<string, string>();
  readonly #size: number;

  constructor(size = 1000) {
    this.#size = size;
  }

  async of(sender: Sender): Promise<string | undefined> {
    const key = sender.aadObjectId.toLowerCase();
    const remembered = this.#upns.get(key);
    if (remembered !== undefined) return remembered;
    const upn = await sender.lookUpn();
    if (upn === undefined) return undefined;
    const [oldest] = this.#upns.keys();
    if (this.#upns.size >= this.#size && oldest !== undefined) this.#upns.delete(oldest);
    this.#upns.set(key, upn);
    return upn;
  }
}

function mayBeMetByUpn(person: Person): boolean {
  const role = person.role === 'site-staff' || person.role === 'auditor';
  return role && person.aadObjectId === undefined && person.upn !== undefined;
}

function personByUpn(rollOut: RollOut, upn: string): Person | undefined {
  const wanted = comparable(upn);
  if (wanted === undefined) return undefined;
  const found = rollOut.people.filter((person) => comparable(person.upn ?? '') === wanted);
  const [person] = found;
  return found.length === 1 && person && mayBeMetByUpn(person) ? person : undefined;
}

/** Without case; a guest, or a name beyond ASCII (K as U+212A folds to k), matches no one. */
function comparable(upn: string): string | undefined {
  const name = upn.trim();
  if (!/^[\x21-\x7e]{3,256}$/.test(name) || /#EXT#/i.test(name)) return undefined;
  return name.toLowerCase();
}
