import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { TokenCredential } from '@azure/identity';
import { createArmReader } from '../../../src/azure/arm.ts';
import type { Cloud } from '../../../src/azure/clouds.ts';
import { createExtensionWriter } from '../../../src/azure/extensions.ts';
import { exchange } from '../../../src/azure/write-credential.ts';
import type { Log } from '../../../src/core/ports.ts';
import type { PressAnswer } from '../../../src/core/turn.ts';
import { identify, UpnMemory } from '../../../src/flows/identify.ts';
import type { Lent } from '../../../src/flows/repair/index.ts';
import {
  type BotAnswer,
  type SimulatedConnector,
  simUser,
  startSimulatedConnector,
} from '../../../src/sim/connector.ts';
import { createTokenEntra, type TokenEntra } from '../../../src/sim/entra-https.ts';
import { createTeamsEdge, type TeamsEdge } from '../../../src/teams/adapter.ts';
import { createSso } from '../../../src/teams/sso.ts';
import { credential } from '../../azure/given.ts';
import { type HttpsServer, startHttpsServer } from '../../support/https-server.ts';
import { sampleRollOut } from '../../support/sample-roll-out.ts';
import { RepairWorld } from './repair-world.ts';

export const TENANT = '00000000-0000-4000-8000-00000000000a';
export const APP = '00000000-0000-4000-8000-0000000000b1';
const OTHER_TENANT = '00000000-0000-4000-8000-0000000000ff';
const ASSERTION = 'made-federated-assertion';

export const oidOf = (key: string): string => sampleRollOut.person(key)?.aadObjectId ?? '';

type Bring = (oid: string) => Promise<string | undefined>;

/** Tokens that are not the presser's own, for this bot, of this tenant and good now. */
export const WRONG_TOKENS: Readonly<Record<string, (world: SsoWorld) => Bring>> = {
  'a forged token': ({ entra }) => entra.forgedToken,
  'a token that is none': () => async () => 'a.b.c',
  'an expired token': (world) => (oid) => {
    const now = Math.floor(world.repairs.inner.clock.now().getTime() / 1_000);
    return world.entra.ssoToken(oid, { exp: now - 60 });
  },
  "another person's token": ({ entra }) => {
    return () => entra.ssoToken(oidOf('ito'));
  },
  "another tenant's token": ({ entra }) => {
    return (oid) => entra.ssoToken(oid, { tid: OTHER_TENANT });
  },
  "another tenant's issuer": ({ entra, authority }) => {
    return (oid) => entra.ssoToken(oid, { iss: `${authority}/${OTHER_TENANT}/v2.0` });
  },
  "another audience's token": ({ entra }) => {
    return (oid) => entra.ssoToken(oid, { aud: 'https://graph.microsoft.com' });
  },
  'a token for something else than access_as_user': ({ entra }) => {
    return (oid) => entra.ssoToken(oid, { scp: 'User.Read' });
  },
  'a token without exp': without('exp'),
  'a token without oid': without('oid'),
  'a token without tid': without('tid'),
  'a token without scp': without('scp'),
};

function without(claim: string): (world: SsoWorld) => Bring {
  return ({ entra }) =>
    (oid) =>
      entra.ssoToken(oid, { [claim]: undefined });
}

/**
 * The whole way over real HTTP and HTTPS: simulated Teams, which sends an action again with a token, the
 * Teams edge, the flow, Entra's exchange and Azure, which knows whose token it is shown. One repair is asked
 * for.
 */
export class SsoWorld {
  /** What Teams brings when it is asked for a token. */
  bring: Bring;
  readonly resources: string[] = [];
  readonly said: string[] = [];
  readonly loans: TokenCredential[] = [];
  readonly entra: TokenEntra;
  readonly entraServer: HttpsServer;
  repairs!: RepairWorld;
  readonly #usual = getCACertificates();
  #azureServer!: HttpsServer;
  #teams!: SimulatedConnector;
  #edge!: TeamsEdge;
  #bot!: Server;

  private constructor(entra: TokenEntra, entraServer: HttpsServer) {
    this.entra = entra;
    this.entraServer = entraServer;
    this.bring = (oid) => entra.ssoToken(oid);
    entra.at(this.authority);
  }

  static async start(): Promise<SsoWorld> {
    let now = () => new Date();
    const options = { tenantId: TENANT, appId: APP, assertion: ASSERTION, now: () => now() };
    const entra = await createTokenEntra(options);
    const world = new SsoWorld(entra, await startHttpsServer(['localhost'], entra.listener));
    world.repairs = await RepairWorld.make({
      mode: 'on-behalf-of',
      twoPersons: true,
      lend: (token, _profile, signal) => world.#lend(token, signal),
      mayWrite: (token) => {
        const caller = token && entra.ownerOf(token);
        return caller ? { caller } : 403;
      },
    });
    now = () => world.repairs.inner.clock.now();
    await world.#start();
    await world.repairs.put('SV-OSK-01', 'Failed');
    await world.repairs.ask('SV-OSK-01のAMAを入れ直して', 'takahashi');
    return world;
  }

  get authority(): string {
    return `https://localhost:${this.entraServer.port}`;
  }

  async #start(): Promise<void> {
    const { repairs, authority } = this;
    this.#azureServer = await startHttpsServer(['localhost'], repairs.azure.listener);
    setDefaultCACertificates([...this.#usual, this.entraServer.ca, this.#azureServer.ca]);
    const { store, clock, random } = repairs.deps;
    this.#teams = await startSimulatedConnector({
      tenantId: TENANT,
      users: sampleRollOut.people.map(simUser),
      now: () => clock.now(),
      ssoToken: (user, resource) => {
        this.resources.push(resource);
        return this.bring(user.aadObjectId);
      },
    });
    const log = this.#log();
    const upns = new UpnMemory();
    const scope = 'https://management.azure.com/user_impersonation';
    const newId = () => random.id();
    this.#edge = createTeamsEdge({
      identity: { kind: 'demo', tenantId: TENANT },
      clock,
      log,
      turns: {
        answer: () => assert.fail('nothing is typed here'),
        press: (press) => repairs.pressed(press),
      },
      identify: (sender) => identify({ store, clock, upns }, sender),
      reply: async () => undefined,
      learn: async () => undefined,
      forget: async () => undefined,
      drawAnswer: ({ notice }: PressAnswer) => {
        const text = notice.kind === 'refusal' ? notice.reason : notice.kind;
        return { card: { type: 'AdaptiveCard' }, text, summary: text };
      },
      sso: createSso({ tenantId: TENANT, appId: APP, authority, clock, log, newId, scope }),
    });
    this.#bot = createServer(async (request, response) => {
      await this.#edge.process({ headers: request.headers, body: await json(request) }, response);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => this.#bot.once('listening', resolve));
    const { port } = this.#bot.address() as AddressInfo;
    this.#teams.connectBot(`http://127.0.0.1:${port}/api/messages`);
  }

  #log(): Log {
    const keep = (event: string, facts: Record<string, unknown> = {}) =>
      void this.said.push(`${event} ${JSON.stringify(facts)}`);
    return { debug: keep, info: keep, warn: keep, error: keep };
  }

  async #lend(token: string, signal: AbortSignal): Promise<Lent> {
    const base = `https://localhost:${this.#azureServer.port}`;
    const scope = `${base}/.default`;
    const cloud: Cloud = {
      armEndpoint: base,
      armScope: scope,
      logsEndpoint: base,
      logsScope: scope,
    };
    const where = {
      tenantId: TENANT,
      clientId: APP,
      cloud,
      getAssertion: async () => ASSERTION,
      authorityHost: this.authority,
      ca: this.entraServer.ca,
    };
    const exchanged = await exchange(where, token, signal);
    if (exchanged.kind !== 'exchanged') return exchanged;
    const { credential: lent } = exchanged;
    this.loans.push(lent);
    const reader = createArmReader({ credential, cloud });
    const writer = createExtensionWriter({
      credential: lent,
      cloud,
      reader,
      ca: this.#azureServer.ca,
    });
    return { kind: 'lent', writer, giveBack: () => lent.drop() };
  }

  async approve(): Promise<{ answer: BotAnswer; body: Record<string, unknown> }> {
    const data = this.repairs.button(await this.repairs.cardOf('tanaka'), 'approve');
    const answer = await this.#teams.press('tanaka', 'card', { verb: 'approve', data });
    await this.repairs.idle();
    return { answer, body: answer.body as Record<string, unknown> };
  }

  async assertNothingChanged(body: Record<string, unknown>): Promise<void> {
    assert.equal(body.value, 'sso-refused');
    assert.deepEqual(this.repairs.writes(), []);
    assert.deepEqual(this.entra.exchanges, []);
    assert.equal((await this.repairs.repair()).state, 'asked');
    assert.deepEqual(await this.repairs.audited(), ['repair-asked SV-OSK-01 by takahashi']);
  }

  async close(): Promise<void> {
    await this.repairs.idle();
    this.#edge.close();
    this.#bot.closeAllConnections();
    await new Promise((resolve) => this.#bot.close(resolve));
    await this.#teams.close();
    await this.repairs.close();
    await Promise.all([this.entraServer.close(), this.#azureServer.close()]);
    setDefaultCACertificates(this.#usual);
  }
}
