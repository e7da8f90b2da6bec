import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { TokenCredential } from '@azure/identity';
import { createHeartbeats } from '../../src/azure/heartbeats.ts';
import { createMachineDirectory } from '../../src/azure/machine-directory.ts';
import type { SeenMachine } from '../../src/core/azure.ts';
import type { Log, Store } from '../../src/core/ports.ts';
import type { Profile } from '../../src/core/roll-out.ts';
import { pollAzure } from '../../src/flows/poll-azure.ts';
import { createDataSeenPoll } from '../../src/flows/poll-data-seen.ts';
import { type AzureListener, createAzureListener } from '../../src/sim/azure.ts';
import { openStore } from '../../src/store/open.ts';
import { SteppedPace } from '../azure/given.ts';
import { type HttpsServer, startHttpsServer } from '../support/https-server.ts';
import { sampleRows } from '../support/sample-roll-out.ts';
import { fastFolder } from './whole-bot.ts';

const WORKSPACE = '00000000-0000-4000-8000-00000000000c';
const TOKEN = 'a-token-for-azure-alone';

/** The poll as the bot runs it, against the simulated Azure over https; time passes only by waiting. */
export class AzureWorld {
  readonly pace = new SteppedPace();
  readonly azure: AzureListener;
  readonly logged: { event: string; words: string; changed?: number }[] = [];
  /** Authorization headers, at home and at a host that is none of Azure's. */
  readonly tokens = { home: new Set<string>(), foreign: new Set<string>() };
  askedAbroad = 0;
  store!: Store;
  foreignUrl = '';
  homeUrl = '';
  #folder = '';
  #servers: HttpsServer[] = [];
  #poll!: (signal: AbortSignal) => Promise<boolean>;
  #heartbeats!: (signal: AbortSignal) => Promise<boolean>;
  readonly #usual = getCACertificates();

  private constructor() {
    this.azure = createAzureListener({ now: () => new Date(this.pace.now()) });
  }

  static async start(profiles: readonly Profile[] = sampleRows.profiles): Promise<AzureWorld> {
    const world = new AzureWorld();
    const home = await startHttpsServer(['localhost'], (request, response) => {
      world.tokens.home.add(request.headers.authorization ?? 'none');
      world.azure.listener(request, response);
    });
    const foreign = await startHttpsServer(['localhost'], (request, response) => {
      world.askedAbroad += 1;
      world.tokens.foreign.add(request.headers.authorization ?? 'none');
      response.end('{}');
    });
    world.#servers = [home, foreign];
    setDefaultCACertificates([...world.#usual, home.ca, foreign.ca]);
    world.homeUrl = `https://localhost:${home.port}`;
    world.foreignUrl = `https://localhost:${foreign.port}`;
    await world.#openStore(profiles);
    world.#connect(`${home.ca}\n${foreign.ca}`);
    return world;
  }

  /** One poll: machines, then what data arrived. `endsMs` is real time. */
  async poll(endsMs = 60_000): Promise<boolean> {
    this.pace.forward(60_000);
    const ends = AbortSignal.timeout(endsMs);
    const isComplete = await this.#poll(ends);
    await this.#heartbeats(ends);
    return isComplete;
  }

  machines(): Promise<readonly SeenMachine[]> {
    return this.store.read((tx) => tx.evidence.azureMachines());
  }

  asOf(): Promise<Date | undefined> {
    return this.store.read((tx) => tx.evidence.azureAsOf());
  }

  queries(): number {
    return this.azure.requests.filter((line) => line.includes('ResourceGraph')).length;
  }

  async close(): Promise<void> {
    setDefaultCACertificates(this.#usual);
    await this.store.close();
    for (const server of this.#servers) await server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #openStore(profiles: readonly Profile[]): Promise<void> {
    this.#folder = mkdtempSync(join(fastFolder(), 'prove-azure-'));
    const clock = { now: () => new Date(this.pace.now()) };
    this.store = await openStore({ kind: 'sqlite', dataDir: this.#folder }, { clock });
    await this.store.write(async (tx) => {
      await tx.rows.putProfiles(profiles.map((row) => ({ ...row, workspaceId: WORKSPACE })));
      await tx.rows.putSites(sampleRows.sites);
      await tx.rows.putMachines(sampleRows.machines);
    });
  }

  #connect(ca: string): void {
    const { pace, store } = this;
    const clock = { now: () => new Date(pace.now()) };
    const note = (event: string, facts?: Record<string, unknown>): void => {
      const { error, changed } = facts ?? {};
      const words = error instanceof Error ? error.message : '';
      this.logged.push({ event, words, ...(typeof changed === 'number' && { changed }) });
    };
    const log: Log = { debug: note, info: note, warn: note, error: note };
    const [base, scope] = [this.homeUrl, `${this.homeUrl}/.default`];
    const cloud = { armEndpoint: base, armScope: scope, logsEndpoint: base, logsScope: scope };
    const credential: TokenCredential = {
      getToken: async () => ({ token: TOKEN, expiresOnTimestamp: Date.now() + 3_600_000 }),
    };
    const subscriptions = async () => {
      const rollOut = await store.read((tx) => tx.rollOut());
      return [...new Set(rollOut.profiles.map((profile) => profile.subscriptionId))];
    };
    const options = { credential, cloud, pace, ca };
    const directory = createMachineDirectory({ ...options, subscriptions });
    this.#poll = (signal) => pollAzure({ store, directory, clock, log }, signal);
    const heartbeats = createHeartbeats(options);
    this.#heartbeats = createDataSeenPoll({ store, heartbeats, clock, log });
  }
}
