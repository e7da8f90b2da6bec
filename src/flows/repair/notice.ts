import { may } from '../../core/authority.ts';
import type { ButtonId, NoticeOf } from '../../core/notice.ts';
import { AT_ONCE, isActive, type Repair, ready } from '../../core/repair.ts';
import type { Deployer, Person, RollOut } from '../../core/roll-out.ts';
import { personName, siteName } from '../names.ts';
import { needsSecond, type RepairDeps } from './deps.ts';

type Write = RepairDeps['write'];

/** A repair as one reader's card shows it. */
export function repairNotice(
  repair: Repair,
  rollOut: RollOut,
  write: Write,
  reader: Person | undefined,
): NoticeOf<'repair'> {
  const requestedBy = personName(rollOut, repair.requestedBy);
  const approvedBy = repair.approvedBy && personName(rollOut, repair.approvedBy);
  const declinedBy = repair.declinedBy && personName(rollOut, repair.declinedBy);
  return {
    kind: 'repair',
    repair: repair.id,
    extension: repair.extension,
    site: siteName(rollOut, repair.site),
    state: repair.state,
    mode: write.mode,
    deployer: deployerOf(rollOut, repair),
    ...(requestedBy && { requestedBy }),
    requestedAt: repair.requestedAt,
    ...(approvedBy && { approvedBy }),
    ...(approvedBy && repair.approvedAt && { approvedAt: repair.approvedAt }),
    ...(declinedBy && { declinedBy }),
    machines: repair.machines,
    buttons: reader ? buttonsFor(repair, rollOut, write, reader) : [],
  };
}

export function mayApprove(
  repair: Pick<Repair, 'site' | 'requestedBy'>,
  rollOut: RollOut,
  write: Write,
  person: Person,
): boolean {
  if (!may({ kind: 'person', person }, 'approve', rollOut.site(repair.site))) return false;
  return !needsSecond(write) || person.key !== repair.requestedBy;
}

function buttonsFor(
  repair: Repair,
  rollOut: RollOut,
  write: Write,
  person: Person,
): readonly ButtonId[] {
  const approves = mayApprove(repair, rollOut, write, person);
  switch (repair.state) {
    case 'asked':
      return approves ? ['approve', 'decline'] : ['decline'];
    case 'approved': {
      // Borrowed rights end with their press: every further step is released by another one.
      const goesOn =
        write.mode === 'on-behalf-of' &&
        ready(repair).length > 0 &&
        repair.machines.filter(isActive).length < AT_ONCE;
      return approves && goesOn ? ['approve'] : [];
    }
    case 'declined':
    case 'expired':
    case 'ended':
      return [];
  }
}

function deployerOf(rollOut: RollOut, { site: code, extension }: Repair): Deployer {
  const site = rollOut.site(code);
  return (site && rollOut.profileOf(site))?.deployedBy[extension] ?? 'bot';
}
