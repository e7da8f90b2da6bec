import type { Card, Notice, RefusalReason } from '../../core/notice.ts';
import type { ReadTx, Tx } from '../../core/ports.ts';
import { isOpen, type Repair, ready } from '../../core/repair.ts';
import type { Person, Profile, RollOut } from '../../core/roll-out.ts';
import type { Press } from '../../core/turn.ts';
import { beginReady } from './begin.ts';
import type { Lent, RepairDeps } from './deps.ts';
import { entry, keepRepair } from './keep.ts';
import { mayApprove, repairNotice } from './notice.ts';

/** An invoke must be answered within 5 s: learn.microsoft.com/microsoftteams/platform/bots. */
const EXCHANGE_TIMEOUT_MS = 2_500;

/** Buttons of a repair's card. Undefined: not a card of this room. */
export async function pressRepair(
  deps: RepairDeps,
  press: Press,
  card: Card,
): Promise<Notice | undefined> {
  const id = card.notice.kind === 'repair' ? card.notice.repair : undefined;
  if (id === undefined) return undefined;
  if (press.button === 'approve') return approve(deps, press, id);
  if (press.button === 'decline') {
    return deps.store.write((tx) => decline(tx, deps, press.person, id));
  }
  return undefined;
}

async function approve(deps: RepairDeps, press: Press, id: Repair['id']): Promise<Notice> {
  const { person, ssoToken } = press;
  const seen = await deps.store.read(async (tx) => look(deps, tx, person, id));
  if ('kind' in seen) return seen;
  switch (deps.write.mode) {
    case 'off':
      return refusal('card-changed');
    case 'bot-identity': {
      const { notice, isReleased } = await release(deps, person, id);
      if (isReleased) deps.later(async () => beginReady(deps, id, await deps.own()));
      return notice;
    }
    case 'on-behalf-of': {
      if (ssoToken === undefined) return refusal('sso-needed');
      const signal = AbortSignal.timeout(EXCHANGE_TIMEOUT_MS);
      const lent = await deps.lend(ssoToken, seen.profile, signal);
      switch (lent.kind) {
        case 'claims':
          return { ...refusal('sso-needed'), claims: lent.claims };
        case 'refused':
          return refusal('sso-refused');
        case 'unreachable':
          return refusal('azure-silent');
        case 'lent':
          return withLent(deps, person, id, lent);
      }
    }
  }
}

/** What was lent serves this press alone, and goes back also when nothing came of it. */
async function withLent(
  deps: RepairDeps,
  person: Person,
  id: Repair['id'],
  lent: Extract<Lent, { kind: 'lent' }>,
): Promise<Notice> {
  let isUsed = false;
  try {
    const { notice, isReleased } = await release(deps, person, id);
    if (isReleased) {
      isUsed = true;
      deps.later(() => beginReady(deps, id, lent.writer).finally(() => lent.giveBack()));
    }
    return notice;
  } finally {
    if (!isUsed) lent.giveBack();
  }
}

interface Seen {
  readonly repair: Repair;
  readonly rollOut: RollOut;
  readonly profile: Profile;
}

/** The repair, where this person may release its next step; otherwise what they are told. */
async function look(
  deps: RepairDeps,
  tx: ReadTx,
  person: Person,
  id: Repair['id'],
): Promise<Seen | Notice> {
  const rollOut = await tx.rollOut();
  const repair = await tx.repairs.get(id);
  const site = repair && rollOut.site(repair.site);
  const profile = site && rollOut.profileOf(site);
  if (!repair || !profile) return refusal('card-gone');
  if (!mayApprove(repair, rollOut, deps.write, person)) {
    return refusal(person.key === repair.requestedBy ? 'own-request' : 'not-allowed');
  }
  const goesOn =
    repair.state === 'asked' || (deps.write.mode === 'on-behalf-of' && ready(repair).length > 0);
  if (!isOpen(repair) || !goesOn) return repairNotice(repair, rollOut, deps.write, person);
  return { repair, rollOut, profile };
}

/** Kept with the approver's name before anything is sent. */
function release(
  deps: RepairDeps,
  person: Person,
  id: Repair['id'],
): Promise<{ readonly notice: Notice; readonly isReleased: boolean }> {
  return deps.store.write(async (tx) => {
    const seen = await look(deps, tx, person, id);
    if ('kind' in seen) return { notice: seen, isReleased: false };
    const now = deps.clock.now();
    const repair: Repair = {
      ...seen.repair,
      state: 'approved',
      approvedBy: person.key,
      approvedAt: now,
      changedAt: now,
    };
    await keepRepair(tx, deps, repair);
    const said = entry(repair, 'repair-approved', undefined, now, { mode: deps.write.mode });
    await tx.audit.append({ ...said, by: person.key });
    return {
      notice: repairNotice(repair, seen.rollOut, deps.write, person),
      isReleased: true,
    };
  });
}

async function decline(
  tx: Tx,
  deps: RepairDeps,
  person: Person,
  id: Repair['id'],
): Promise<Notice> {
  const rollOut = await tx.rollOut();
  const repair = await tx.repairs.get(id);
  if (!repair) return refusal('card-gone');
  const own = person.key === repair.requestedBy;
  if (!own && !mayApprove(repair, rollOut, deps.write, person)) return refusal('not-allowed');
  if (repair.state !== 'asked') return repairNotice(repair, rollOut, deps.write, person);
  const now = deps.clock.now();
  const next: Repair = { ...repair, state: 'declined', declinedBy: person.key, changedAt: now };
  await keepRepair(tx, deps, next);
  await tx.audit.append({ ...entry(next, 'repair-declined', undefined, now), by: person.key });
  return repairNotice(next, rollOut, deps.write, person);
}

function refusal(reason: RefusalReason): Extract<Notice, { kind: 'refusal' }> {
  return { kind: 'refusal', reason };
}
