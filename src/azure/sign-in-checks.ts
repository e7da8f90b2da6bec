import type { AzureMachine } from '../core/azure.ts';
import type { MachineName } from '../core/ids.ts';
import type { MachineDirectory } from '../core/ports.ts';
import { type Profile, type Site, tagsFor } from '../core/roll-out.ts';
import type { OpeningProblem } from '../core/sign-in.ts';
import { sameUuid } from '../core/uuid.ts';
import type { ArmReader } from './arm.ts';
import { list, object } from './words.ts';

/** Looks at what `azcmagent connect` will need. What cannot be read is no problem: Azure decides then. */
export async function checkOpening(
  arm: ArmReader,
  directory: Pick<MachineDirectory, 'machine'>,
  profile: Profile,
  site: Site,
  machine: MachineName,
  signal: AbortSignal,
): Promise<readonly OpeningProblem[]> {
  const problems: OpeningProblem[] = [];
  const subscription = `/subscriptions/${profile.subscriptionId}`;
  const group = encodeURIComponent(profile.resourceGroup);
  const read = (path: string) => arm(path, signal).catch(() => undefined);
  const [provider, groupRead, scope, taken] = await Promise.all([
    read(`${subscription}/providers/Microsoft.HybridCompute?api-version=2021-04-01`),
    read(`${subscription}/resourceGroups/${group}?api-version=2021-04-01`),
    profile.privateLinkScopeId && read(`${profile.privateLinkScopeId}?api-version=2024-07-10`),
    directory.machine(profile, machine, signal).catch(() => undefined),
  ]);
  const registration = object(provider?.body).registrationState;
  if (provider?.status === 200 && registration !== undefined && registration !== 'Registered') {
    problems.push('provider-not-registered');
  }
  if (groupRead?.status === 404) problems.push('resource-group-missing');
  if (scope && scope.status === 404) problems.push('private-link-scope-missing');
  const location = scope && scope.status === 200 ? object(scope.body).location : undefined;
  if (typeof location === 'string' && location !== profile.location) {
    problems.push('private-link-scope-elsewhere');
  }
  // A policy that demands a tag refuses one without a value, after the code was typed.
  const tags = Object.values(tagsFor(profile, site));
  if (tags.some((value) => value.trim() === '' || /[{}]/.test(value)))
    problems.push('tags-missing');
  if (taken !== undefined && taken.status !== 'expired') problems.push('name-taken');
  return problems;
}

export type AfterCheck =
  | { readonly result: 'right'; readonly caller?: string }
  | { readonly result: 'wrong'; readonly caller?: string; readonly why: string }
  /** Azure answered and knows no such machine. */
  | { readonly result: 'absent' };

export interface AfterCheckPlan {
  readonly profile: Profile;
  readonly machine: MachineName;
  /** As pinned at enrolment; Azure may print it in the other byte order. */
  readonly vmUuid?: string;
  /** The account that the reveal card named. */
  readonly account?: string;
  readonly shownAt: Date;
}

/** Compares what was created with what was planned, and who the activity log says created it. */
export async function afterCheck(
  arm: ArmReader,
  directory: Pick<MachineDirectory, 'machine'>,
  plan: AfterCheckPlan,
  signal: AbortSignal,
): Promise<AfterCheck> {
  const machine = await directory.machine(plan.profile, plan.machine, signal);
  if (machine === undefined) return { result: 'absent' };
  const caller = await creatorOf(arm, plan, machine.resourceId, signal);
  const why = whatIsWrong(plan, machine, caller);
  const facts = caller === undefined ? {} : { caller };
  return why === undefined ? { result: 'right', ...facts } : { result: 'wrong', ...facts, why };
}

function whatIsWrong(
  plan: AfterCheckPlan,
  machine: AzureMachine,
  caller: string | undefined,
): string | undefined {
  if (machine.name.toLowerCase() !== plan.machine.toLowerCase()) return 'name';
  if (machine.resourceGroup.toLowerCase() !== plan.profile.resourceGroup.toLowerCase())
    return 'resource-group';
  if (
    (machine.privateLinkScopeId ?? '').toLowerCase() !==
    (plan.profile.privateLinkScopeId ?? '').toLowerCase()
  ) {
    return 'private-link-scope';
  }
  if (plan.vmUuid && machine.vmUuid && !sameUuid(plan.vmUuid, machine.vmUuid)) return 'vm-uuid';
  if (plan.account && caller && plan.account.toLowerCase() !== caller.toLowerCase())
    return 'account';
  return undefined;
}

async function creatorOf(
  arm: ArmReader,
  plan: AfterCheckPlan,
  resourceId: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const from = new Date(plan.shownAt.getTime() - 60_000).toISOString();
  const filter = encodeURIComponent(
    `eventTimestamp ge '${from}' and resourceUri eq '${resourceId}'`,
  );
  const path = `/subscriptions/${plan.profile.subscriptionId}/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01&$filter=${filter}`;
  const answer = await arm(path, signal);
  const writes = list(object(answer.body).value)
    .map(object)
    .filter(
      (event) => object(event.operationName).value === 'Microsoft.HybridCompute/machines/write',
    );
  const caller = writes.at(-1)?.caller;
  return typeof caller === 'string' ? caller : undefined;
}
