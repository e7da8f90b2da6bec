import type {
  CardId,
  Kid,
  MachineName,
  PersonKey,
  SignInId,
  SiteCode,
} from '../../../src/core/ids.ts';
import { type Chain, escalate } from '../../../src/core/sign-in/escalation.ts';
import { openSignIn } from '../../../src/core/sign-in/open.ts';
import { type ArrivedCode, expiryOf, holdCode, ready } from '../../../src/core/sign-in/rounds.ts';
import type { SignIn } from '../../../src/core/sign-in.ts';

export const KID = 'kid-1' as Kid;
export const OPENER = 'yamamoto' as PersonKey;
export const ENGINEER = 'takahashi' as PersonKey;
export const DEPUTY = 'tanaka' as PersonKey;
export const LEAD = 'ito' as PersonKey;
export const NUMBER = '4821';

/** Minutes and seconds after the sign-in was opened. */
export function at(time: string): Date {
  const [minutes = 0, seconds = 0] = time.split(':').map(Number);
  return new Date(Date.parse('2026-11-25T01:00:00Z') + (minutes * 60 + seconds) * 1000);
}

export function chain(unreachable: readonly PersonKey[] = []): Chain {
  const one = (person: PersonKey, as: 'engineer' | 'deputy' | 'lead') => {
    return [{ person, as, reachable: !unreachable.includes(person) }];
  };
  return [one(ENGINEER, 'engineer'), one(DEPUTY, 'deputy'), one(LEAD, 'lead')];
}

export function cardFor(person: PersonKey): CardId {
  return `card-${person}` as CardId;
}

export function opened(): SignIn {
  return openSignIn(
    {
      id: 'sign-in-1' as SignInId,
      machine: 'SV-OSK-03' as MachineName,
      site: 'osaka-01' as SiteCode,
      openedBy: OPENER,
      heldForPlace: false,
    },
    at('0:00'),
  ).signIn;
}

/** What a code looks like to the core: sealed, and known by its MAC. */
export function aCode(round: number, now: Date, name = `code-${round}`): ArrivedCode {
  return {
    round,
    mac: `mac-of-${name}`,
    code: {
      sealed: `sealed-${name}`,
      verificationUri: 'https://microsoft.com/devicelogin',
      readAt: now,
      expiresAt: expiryOf(now),
      matchNumber: NUMBER,
      wrongTries: 0,
    },
  };
}

/** Opened, told `go` and holding its first code at `now`, the engineer asked. */
export function waiting(now = at('1:00')): SignIn {
  const going = ready(opened(), KID, now).signIn;
  const held = holdCode(going, KID, aCode(1, now), now).signIn;
  return escalate(held, chain(), cardFor, now).signIn;
}
