import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createArmReader } from '../../../src/azure/arm.ts';
import { createExtensionWriter } from '../../../src/azure/extensions.ts';
import { createMachineDirectory } from '../../../src/azure/machine-directory.ts';
import type { Card, NoticeOf } from '../../../src/core/notice.ts';
import type { ExtensionWriter } from '../../../src/core/ports.ts';
import type { Repair, WriteMode } from '../../../src/core/repair.ts';
import type { Deployer } from '../../../src/core/roll-out.ts';
import type { Press, PressAnswer, Reply } from '../../../src/core/turn.ts';
import { type AnswerDeps, answerMessage } from '../../../src/flows/answer-message.ts';
import { pressButton } from '../../../src/flows/press-button.ts';
import {
  askRepair,
  followRepairs,
  type Lent,
  pressRepair,
  type RepairDeps,
} from '../../../src/flows/repair/index.ts';
import { nonceFor } from '../../../src/flows/sign-in/index.ts';
import { createRandom } from '../../../src/keys/random.ts';
import { createVault } from '../../../src/keys/vault.ts';
import { extensionLines, extensionRequest } from '../../../src/kit/extension-plan.ts';
import { type AzureListener, createAzureListener } from '../../../src/sim/azure.ts';
import type { WriteOptions } from '../../../src/sim/azure-writes.ts';
import { cloud, credential, idOf, putMachine, SUBSCRIPTION } from '../../azure/given.ts';
import { AnswerWorld } from '../../support/answer-world.ts';
import { sampleRows } from '../../support/sample-roll-out.ts';

const MINUTE_MS = 60_000;
export const ALLOWED = [
  'Microsoft.Azure.Monitor/AzureMonitorWindowsAgent',
  'Microsoft.Azure.AzureDefenderForServers/MDE.Windows',
];
const AMA = 'AzureMonitorWindowsAgent';

export interface WorldOptions {
  readonly mode: WriteMode;
  readonly twoPersons?: boolean;
  readonly deployer?: Deployer;
  /** The bot has not heard of Azure yet. */
  readonly unread?: boolean;
  readonly lend?: RepairDeps['lend'];
  readonly mayWrite?: NonNullable<WriteOptions['mayWrite']>;
}

/** The sample roll-out in a real store, a simulated Azure behind the real SDKs, and people who press. */
export class RepairWorld {
  readonly inner: AnswerWorld;
  readonly azure: AzureListener;
  readonly deps: RepairDeps;
  readonly answers: AnswerDeps;
  readonly lent: { token: string; givenBack: boolean }[] = [];
  readonly #server: Server;
  readonly #underWay: Promise<void>[] = [];
  readonly #vault = createVault(Buffer.alloc(32, 7));
  readonly #directory: ReturnType<typeof createMachineDirectory>;

  private constructor(
    inner: AnswerWorld,
    azure: AzureListener,
    server: Server,
    options: WorldOptions,
  ) {
    this.inner = inner;
    this.azure = azure;
    this.#server = server;
    const { port } = server.address() as AddressInfo;
    const where = { credential, cloud, simulated: `http://127.0.0.1:${port}` };
    this.#directory = createMachineDirectory({
      ...where,
      subscriptions: async () => [SUBSCRIPTION],
    });
    const writer = createExtensionWriter({ ...where, reader: createArmReader(where) });
    this.deps = {
      store: inner.store,
      clock: inner.clock,
      random: createRandom(),
      log: { debug() {}, info() {}, warn() {}, error() {} },
      write: { mode: options.mode, twoPersons: options.twoPersons ?? false },
      request: extensionRequest,
      lines: extensionLines,
      readMachine: (profile, name, signal) => this.#directory.machine(profile, name, signal),
      lend: options.lend ?? (async (token) => this.#lend(token, writer)),
      own: async () => writer,
      later: (work) => void this.#underWay.push(work()),
    };
    this.answers = {
      ...inner.deps,
      repair: (person, asked) => askRepair(this.deps, person, asked),
    };
  }

  static async make(options: WorldOptions): Promise<RepairWorld> {
    const inner = await AnswerWorld.make();
    const { mayWrite } = options;
    const now = () => inner.clock.now();
    const azure = createAzureListener({ now, ...(mayWrite && { mayWrite }) });
    const server = createServer(azure.listener).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const deployer = options.deployer ?? 'bot';
    await inner.store.write((tx) =>
      tx.rows.putProfiles(
        sampleRows.profiles.map((row) => ({
          ...row,
          deployedBy: { MDE: deployer, AMA: deployer },
        })),
      ),
    );
    const world = new RepairWorld(inner, azure, server, options);
    for (const name of ['SV-OSK-01', 'SV-OSK-02', 'SV-OSK-04']) {
      putMachine(azure.fleet, name, {
        agentConfiguration: { extensionsAllowList: ALLOWED, proxyBypass: ['Arc'] },
      });
    }
    if (!options.unread) await world.poll();
    return world;
  }

  async close(): Promise<void> {
    await this.idle();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.inner.close();
  }

  #lend(token: string, writer: ExtensionWriter): Lent {
    const loan = { token, givenBack: false };
    this.lent.push(loan);
    return {
      kind: 'lent',
      writer,
      giveBack: () => {
        loan.givenBack = true;
      },
    };
  }

  /** What presses left to do is done. */
  async idle(): Promise<void> {
    await Promise.all(this.#underWay.splice(0));
  }

  /** Azure's picture comes into the store, as the poll brings it. */
  async poll(): Promise<void> {
    const now = this.inner.clock.now();
    for await (const page of this.#directory.listMachines(AbortSignal.timeout(8_000))) {
      await this.inner.store.write((tx) => tx.evidence.keepAzure(page, now));
    }
    await this.inner.store.write((tx) => tx.evidence.azureComplete(now));
  }

  async put(name: string, state: string | undefined): Promise<void> {
    const machine = this.azure.fleet.machines.get(idOf(name).toLowerCase());
    const known = machine?.extensions.get(AMA);
    if (state === undefined) machine?.extensions.delete(AMA);
    else if (known) {
      const properties = { ...known.properties, provisioningState: state };
      this.azure.fleet.putExtension(idOf(name), { name: AMA, properties });
    }
    await this.poll();
  }

  stateInAzure(name: string): unknown {
    const machine = this.azure.fleet.machines.get(idOf(name).toLowerCase());
    this.azure.writes.settle();
    return machine?.extensions.get(AMA)?.properties.provisioningState;
  }

  ask(text: string, as: string): Promise<Reply> {
    return answerMessage(this.answers, {
      asker: { kind: 'person', person: this.inner.person(as) },
      text,
      scope: 'personal',
      mayChange: true,
    });
  }

  async cardOf(person: string): Promise<Card & { notice: NoticeOf<'repair'> }> {
    const card = (await this.inner.cardsOf(person)).find(({ notice }) => notice.kind === 'repair');
    assert.ok(card?.notice.kind === 'repair', `${person} has a card`);
    return card as Card & { notice: NoticeOf<'repair'> };
  }

  async press(
    person: string,
    button: 'approve' | 'decline',
    options: { readonly ssoToken?: string; readonly card?: Card } = {},
  ): Promise<PressAnswer> {
    const card = options.card ?? (await this.cardOf(person));
    const press: Press = {
      person: this.inner.person(person),
      ...this.button(card, button),
      inputs: {},
      via: 'execute',
      scope: 'personal',
      ...(options.ssoToken && { ssoToken: options.ssoToken }),
    };
    const answer = await this.pressed(press);
    await this.idle();
    return answer;
  }

  /** The data of a card's button. */
  button(card: Card, button: 'approve' | 'decline') {
    return { card: card.id, button, nonce: nonceFor(this.#vault, card, button) };
  }

  pressed(press: Press): Promise<PressAnswer> {
    return pressButton(this.#pressDeps(), press);
  }

  #pressDeps(): Parameters<typeof pressButton>[0] {
    const { store, clock, random, log } = this.deps;
    const never = () => assert.fail('no sign-in is touched here');
    return {
      store,
      clock,
      random,
      log,
      vault: this.#vault,
      signIn: { mode: 'off', twoPersons: false, reveal: 'dialog' },
      readPrompt: never,
      explainError: never,
      canReach: never,
      checkOpening: never,
      afterCheck: never,
      pressElsewhere: (press, card) => pressRepair(this.deps, press, card),
    };
  }

  /** Minutes pass, and the bot looks. */
  async pass(minutes: number): Promise<void> {
    this.inner.clock.forward(minutes * MINUTE_MS);
    await followRepairs(this.deps);
  }

  async repair(): Promise<Repair> {
    const { notice } = await this.cardOf('takahashi');
    const repair = await this.inner.store.read(async (tx) =>
      notice.repair ? tx.repairs.get(notice.repair) : undefined,
    );
    assert.ok(repair);
    return repair;
  }

  async steps(): Promise<Record<string, string>> {
    const { machines } = await this.repair();
    return Object.fromEntries(
      machines.map(({ machine, step, trouble }) => [machine, trouble ?? step]),
    );
  }

  /** What was asked of Azure, in order: `PUT SV-OSK-01`. */
  writes(): string[] {
    return this.azure.writes.taken.map(({ line }) => {
      const [method, path = ''] = line.split(' ');
      return `${method} ${path.split('/')[8]}`;
    });
  }

  async audited(): Promise<string[]> {
    const rows = await this.inner.store.read((tx) => tx.audit.list());
    return rows
      .filter(({ event }) => /^(?:repair|extension)-/.test(event))
      .map(({ event, machine, by }) =>
        [event, machine, by && `by ${by}`].filter(Boolean).join(' '),
      );
  }
}
