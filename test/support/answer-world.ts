import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AzureMachine } from '../../src/core/azure.ts';
import { diagnoseText, expectationsFor, explainError } from '../../src/core/diagnose/index.ts';
import { requirementsFor } from '../../src/core/endpoints/index.ts';
import type { Marks } from '../../src/core/evidence.ts';
import type { MachineName } from '../../src/core/ids.ts';
import type { Card } from '../../src/core/notice.ts';
import type { Store } from '../../src/core/ports.ts';
import type { Asker, Person } from '../../src/core/roll-out.ts';
import type { Message, Reply } from '../../src/core/turn.ts';
import { type AnswerDeps, answerMessage } from '../../src/flows/answer-message.ts';
import type { SignInAnswer, SignInFlows } from '../../src/flows/sign-in-flows.ts';
import { createRandom } from '../../src/keys/random.ts';
import { commandsFor } from '../../src/kit/commands.ts';
import { openStore } from '../../src/store/open.ts';
import { FixedClock } from './fixed-clock.ts';
import { sampleRollOut, sampleRows } from './sample-roll-out.ts';

/** Sign-ins that remember what they were asked for, and say so. */
export class RememberingSignIns implements SignInFlows {
  readonly calls: string[] = [];

  readonly open: SignInFlows['open'] = (person, machine) =>
    this.#keep(`open ${machine} by ${person.key}`, machine);
  readonly confirmNumber: SignInFlows['confirmNumber'] = (person, number, machine, scope) =>
    this.#keep(`number ${number} for ${machine ?? '?'} by ${person.key} in ${scope}`, machine);
  readonly pressAs: SignInFlows['pressAs'] = (person, machine, button) =>
    this.#keep(`${button} ${machine} by ${person.key}`, machine);
  readonly codeInText: SignInFlows['codeInText'] = async (person, machine) => {
    await this.#keep(`code in text of ${machine ?? '?'} by ${person.key}`, machine);
  };
  readonly stopAll: SignInFlows['stopAll'] = (person) => this.#keep(`stop by ${person.key}`);
  readonly resumeAll: SignInFlows['resumeAll'] = (person) => this.#keep(`resume by ${person.key}`);

  readonly sayDuty: SignInFlows['sayDuty'] = (person, { what, sites }) =>
    this.#keep(`${what} at ${sites.join(' ')} by ${person.key}`);
  readonly testContact: SignInFlows['testContact'] = (person) =>
    this.#keep(`test contact by ${person.key}`);

  async #keep(call: string, machine?: MachineName): Promise<SignInAnswer> {
    this.calls.push(call);
    return { notice: { kind: 'done', what: 'continued', ...(machine && { machine }) } };
  }
}

/** The sample roll-out in a real store, and a bot to talk to. */
export class AnswerWorld {
  readonly clock: FixedClock;
  readonly signIns = new RememberingSignIns();
  readonly store: Store;
  readonly deps: AnswerDeps;
  readonly #folder: string;

  private constructor(store: Store, folder: string, clock: FixedClock) {
    this.store = store;
    this.#folder = folder;
    this.clock = clock;
    this.deps = {
      store,
      clock,
      random: createRandom(),
      signIns: this.signIns,
      diagnose: (text, site, profile) => diagnoseText(text, expectationsFor(site, profile)),
      explainError: (code) => explainError(code),
      requirements: (site, profile, route) =>
        requirementsFor(site, profile, undefined, route ? { route } : {}),
      commands: commandsFor,
    };
  }

  static async make(): Promise<AnswerWorld> {
    const folder = mkdtempSync(join(tmpdir(), 'answers-'));
    const clock = new FixedClock('2026-11-25T01:00:00Z');
    const store = await openStore({ kind: 'sqlite', dataDir: folder }, { clock });
    await store.write(async (tx) => {
      await tx.rows.putProfiles(sampleRows.profiles);
      await tx.rows.putSites(sampleRows.sites);
      await tx.rows.putMachines(sampleRows.machines);
      await tx.rows.putPeople(sampleRows.people);
    });
    return new AnswerWorld(store, folder, clock);
  }

  async close(): Promise<void> {
    await this.store.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  person(key: string): Person {
    const person = sampleRollOut.person(key);
    assert.ok(person, key);
    return person;
  }

  /** One message, as someone of people.csv or as the terminal. */
  ask(text: string, as?: string, options: Partial<Message> = {}): Promise<Reply> {
    const asker: Asker = as
      ? { kind: 'person', person: this.person(as) }
      : { kind: 'terminal', language: 'ja' };
    const scope = as ? 'personal' : 'terminal';
    return answerMessage(this.deps, {
      asker,
      text,
      scope,
      mayChange: as !== undefined,
      ...options,
    });
  }

  async keepAzure(...machines: readonly AzureMachine[]): Promise<void> {
    const now = this.clock.now();
    await this.store.write(async (tx) => {
      await tx.evidence.keepAzure(machines, now);
      await tx.evidence.azureComplete(now);
    });
  }

  mark(machine: string, marks: Partial<Record<keyof Marks, Date | null>>): Promise<void> {
    return this.store.write((tx) => tx.evidence.mark(machine as MachineName, marks));
  }

  cardsOf(person: string): Promise<readonly Card[]> {
    const audience = { kind: 'person', person: this.person(person).key } as const;
    return this.store.read((tx) => tx.cards.list(audience));
  }

  channelCards(): Promise<readonly Card[]> {
    return this.store.read((tx) => tx.cards.list({ kind: 'channel' }));
  }
}
