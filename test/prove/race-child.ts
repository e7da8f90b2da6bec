import process from 'node:process';
import { readConfig } from '../../src/config.ts';
import type { Kid, MachineName } from '../../src/core/ids.ts';
import type { ButtonId, Card } from '../../src/core/notice.ts';
import { receiveKitRequest } from '../../src/flows/receive-kit-request.ts';
import {
  createKitHandlers,
  createSignInFlows,
  createSignInHooks,
} from '../../src/flows/sign-in/index.ts';
import { silentLog } from '../../src/log.ts';
import { openApp } from '../../src/open-app.ts';

/** A decision as one of the two replicas is asked to take it. */
export type Decision =
  | {
      readonly kind: 'press';
      readonly who: string;
      readonly card: string;
      readonly button: ButtonId;
    }
  | { readonly kind: 'number'; readonly who: string; readonly number: string }
  | { readonly kind: 'open'; readonly who: string }
  | { readonly kind: 'outcome'; readonly result: 'connected' | 'failed'; readonly seq: number };

export interface Asked {
  readonly race: number;
  readonly machine: string;
  readonly decision: Decision;
}
export interface Decided {
  readonly race: number;
  /** The code, where one was shown. */
  readonly code?: string;
  readonly error?: string;
}

const { DATABASE_URL, CODE_KEY } = process.env;
const app = await openApp({
  config: readConfig({
    DATABASE_URL,
    CODE_KEY,
    SIGN_IN: 'device-code',
    SIGN_IN_POLICY: 'CA-Arc-Onboarding',
    REVEAL: 'card',
  }),
  log: silentLog,
});
// Azure is no part of these races: it is asked outside of every transaction.
const signIns = { ...app.signIns, checkOpening: async () => [] };
const flows = createSignInFlows(signIns);
const kits = {
  ...signIns,
  diagnose: app.diagnose,
  handlers: createKitHandlers(signIns),
  signIns: createSignInHooks(signIns),
};
const rollOut = await app.store.read((tx) => tx.rollOut());

process.on('message', (asked: Asked) => {
  decide(asked).then(
    (code) => process.send?.({ race: asked.race, ...(code && { code }) } satisfies Decided),
    (error: unknown) =>
      process.send?.({ race: asked.race, error: String(error) } satisfies Decided),
  );
});
process.once('disconnect', () => void app.store.close());
process.send?.('ready');

async function decide({ race, machine, decision }: Asked): Promise<string | undefined> {
  switch (decision.kind) {
    case 'press': {
      const card = await app.store.read((tx) => tx.cards.get(decision.card as never));
      if (!card) throw new Error('no such card');
      const answer = await press(card, decision.who, decision.button);
      return answer.reveal?.userCode;
    }
    case 'number':
      await flows.confirmNumber(
        personOf(decision.who),
        decision.number,
        machine as MachineName,
        'personal',
      );
      return undefined;
    case 'open':
      await flows.open(personOf(decision.who), machine as MachineName);
      return undefined;
    case 'outcome': {
      const { result, seq } = decision;
      const exitCode = result === 'connected' ? 0 : 41;
      const report = { type: 'outcome', round: 1, result, exitCode, at: new Date() } as const;
      const request = { kid: `kid-${machine}` as Kid, id: `outcome-${race}-${seq}`, seq };
      const payload = JSON.stringify(report);
      await receiveKitRequest(kits, { ...request, payload, receivedAt: new Date(), report });
      return undefined;
    }
  }
}

function press(card: Card, who: string, button: ButtonId) {
  return app.turns.press({
    person: personOf(who),
    card: card.id,
    button,
    nonce: app.nonceFor(card, button),
    inputs: {},
    via: 'execute',
    scope: 'personal',
  });
}

function personOf(key: string) {
  const person = rollOut.person(key);
  if (!person) throw new Error(`no ${key}`);
  return person;
}
