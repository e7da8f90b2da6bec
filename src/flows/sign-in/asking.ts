import { may } from '../../core/authority.ts';
import type { PersonKey } from '../../core/ids.ts';
import type { ReadTx } from '../../core/ports.ts';
import type { Person, RollOut, Site } from '../../core/roll-out.ts';
import type { Candidate, Chain } from '../../core/sign-in/escalation.ts';
import { withWhom } from '../../core/sign-in/people.ts';
import type { Place } from '../../core/sign-in/places.ts';
import type { Asked, SignIn } from '../../core/sign-in.ts';
import type { TxDeps } from './deps.ts';

/** Whether this person could be shown the code of that sign-in, by role, site and the two-person rule. */
export function maySee(
  deps: Pick<TxDeps, 'signIn'>,
  signIn: Pick<SignIn, 'openedBy'>,
  site: Site | undefined,
  person: Person,
): boolean {
  if (!site || !may({ kind: 'person', person }, 'see-code', site)) return false;
  return !(deps.signIn.twoPersons && person.key === signIn.openedBy);
}

/** The opening engineer (or whom a continued one was with), engineer, deputy, then all leads at once. */
export async function chainOf(
  tx: ReadTx,
  deps: TxDeps,
  rollOut: RollOut,
  signIn: SignIn,
): Promise<Chain> {
  const site = rollOut.site(signIn.site);
  if (!site) return [];
  const before = signIn.continues && (await tx.signIns.get(signIn.continues));
  const first = [before && withWhom(before)?.person, signIn.openedBy];
  const leads = rollOut.leads().map((lead) => lead.key);
  const steps = [...first, site.onDuty ?? site.engineer, site.deputy].map((key) =>
    key ? [key] : [],
  );
  const named = new Set<PersonKey>();
  const chain: Candidate[][] = [];
  for (const keys of [...steps, leads]) {
    const candidates: Candidate[] = [];
    for (const key of keys) {
      const person = rollOut.person(key);
      if (!person || named.has(key) || !maySee(deps, signIn, site, person)) continue;
      named.add(key);
      // Whoever opened it is there, whatever their calendar says.
      const away = key !== signIn.openedBy && site.away?.includes(key) === true;
      const reachable = !away && (await deps.canReach(tx, person));
      candidates.push({ person: key, as: partOf(site, key), reachable });
    }
    if (candidates.length > 0) chain.push(candidates);
  }
  return chain;
}

function firstAskedAt(site: Site | undefined): PersonKey | undefined {
  return site?.onDuty ?? site?.engineer ?? site?.deputy;
}

function partOf(site: Site, person: PersonKey): Asked['as'] {
  if ((site.onDuty ?? site.engineer) === person) return 'engineer';
  return site.deputy === person ? 'deputy' : 'lead';
}

/** Where a sign-in counts: its site, and whoever would be asked first. */
export function placeOf(
  deps: Pick<TxDeps, 'signIn'>,
  rollOut: RollOut,
  signIn: Pick<SignIn, 'site' | 'openedBy'>,
): Place {
  const site = rollOut.site(signIn.site);
  const opener = rollOut.person(signIn.openedBy);
  const engineer = opener && maySee(deps, signIn, site, opener) ? opener.key : firstAskedAt(site);
  return { site: signIn.site, at: site?.kind ?? 'site', ...(engineer && { engineer }) };
}
