import { sayDuty, testContact } from '../absence.ts';
import type { SignInFlows } from '../sign-in-flows.ts';
import { askInstead } from './asking-instead.ts';
import type { SignInDeps } from './deps.ts';
import { codeInChat } from './kit.ts';
import { confirmNumber } from './number.ts';
import { open } from './open.ts';
import { pressAs } from './presses.ts';
import { resumeAll, stopAll } from './stop.ts';

export type { AfterCheckAnswer, AfterCheckPlan, SignInDeps, SignInSettings } from './deps.ts';
export { hasPersonalChat } from './deps.ts';
export { createKitHandlers, createSignInHooks } from './kit.ts';
export { nonceFor } from './nonces.ts';
export { burnForeignCodes } from './stop.ts';

/** What sentences do to sign-ins: each one transaction, with the cards, timers and audit that follow. */
export function createSignInFlows(deps: SignInDeps): SignInFlows {
  const { store } = deps;
  return {
    open: (asker, machine) => open(deps, asker, machine),
    confirmNumber: (person, number, machine, scope) =>
      store.write((tx) => confirmNumber(tx, deps, person, number, machine, scope)),
    pressAs: (person, machine, button) =>
      store.write((tx) => pressAs(tx, deps, person, machine, button)),
    codeInText: (person, machine) => store.write((tx) => codeInChat(tx, deps, person, machine)),
    sayDuty: (person, said) =>
      store.write(async (tx) => {
        const answer = await sayDuty(tx, deps, person, said);
        if (answer.notice.kind === 'duty') await askInstead(tx, deps);
        return answer;
      }),
    testContact: (person) => store.write((tx) => testContact(tx, deps, person)),
    stopAll: (person) => store.write((tx) => stopAll(tx, deps, person)),
    resumeAll: (person) => store.write((tx) => resumeAll(tx, deps, person)),
  };
}
