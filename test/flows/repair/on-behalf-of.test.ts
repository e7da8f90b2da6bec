import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { TokenCredential } from '@azure/identity';
import { createArmReader } from '../../../src/azure/arm.ts';
import { createExtensionWriter } from '../../../src/azure/extensions.ts';
import { exchange, neverTheReader } from '../../../src/azure/write-credential.ts';
import type { Log } from '../../../src/core/ports.ts';
import type { PressAnswer } from '../../../src/core/turn.ts';
import { identify, UpnMemory } from '../../../src/flows/identify.ts';
import type { Lent } from '../../../src/flows/repair/index.ts';
import type { BotAnswer, SimulatedConnector } from '../../../src/sim/connector.ts';
import { simUser, startSimulatedConnector } from '../../../src/sim/connector.ts';
import { createTokenEntra, type TokenEntra } from '../../../src/sim/entra-https.ts';
import { createTeamsEdge, type TeamsEdge } from '../../../src/teams/adapter.ts';
import { createSso } from '../../../src/teams/sso.ts';
import { credential } from '../../azure/given.ts';
import { type HttpsServer, startHttpsServer } from '../../support/https-server.ts';
import { sampleRollOut } from '../../support/sample-roll-out.ts';
import { RepairWorld } from './repair-world.ts';

const TENANT = '00000000-0000-4000-8000-00000000000a';
const APP = '00000000-0000-4000-8000-0000000000b1';
const ASSERTION = 'made-federated-assertion';
const OTHER_TENANT = '00000000-0000-4000-8000-0000000000ff';

const oidOf = (key: string): string => sampleRollOut.person(key)?.aadObjectId ?? '';

/**
 * The whole way over real HTTP and HTTPS: simulated Teams, which sends an action again with a token, the
 * Teams edge, the flow, Entra's exchange and Azure, which knows whose token it is shown.
 */
describe("a repair with the approver's own rights, from Teams to Azure", () => {
  const usual = getCACertificates();
  let world: RepairWorld;
  let entra: TokenEntra;
  let entraServer: HttpsServer;
  let azureServer: HttpsServer;
  let teams: SimulatedConnector;
  let edge: TeamsEdge;
  let bot: Server;
  /** What Teams brings when it is asked for a token. */
  let bring: (oid: string) => Promise<string | undefined>;
  let said: string[];
  let loans: TokenCredential[];
  const resources: string[] = [];

  beforeEach(async () => {
    [said, loans] = [[], []];
    bring = (oid) => entra.ssoToken(oid);
    let now = () => new Date();
    entra = await createTokenEntra({
      tenantId: TENANT,
      appId: APP,
      assertion: ASSERTION,
      now: () => now(),
    });
    entraServer = await startHttpsServer(['localhost'], entra.listener);
    const authority = `https://localhost:${entraServer.port}`;
    entra.at(authority);

    world = await RepairWorld.make({
      mode: 'on-behalf-of',
      twoPersons: true,
      lend: (token, _profile, signal) => lend(token, signal),
      mayWrite: (token) => {
        if (token === undefined) return 401;
        const caller = entra.ownerOf(token);
        return caller ? { caller } : 403;
      },
    });
    now = () => world.inner.clock.now();
    azureServer = await startHttpsServer(['localhost'], world.azure.listener);
    setDefaultCACertificates([...usual, entraServer.ca, azureServer.ca]);
    const base = `https://localhost:${azureServer.port}`;
    const cloud = {
      armEndpoint: base,
      armScope: `${base}/.default`,
      logsEndpoint: base,
      logsScope: `${base}/.default`,
    };

    async function lend(token: string, signal: AbortSignal): Promise<Lent> {
      const where = {
        tenantId: TENANT,
        clientId: APP,
        cloud,
        getAssertion: async () => ASSERTION,
        authorityHost: authority,
        ca: entraServer.ca,
      };
      const exchanged = await exchange(where, token, signal);
      if (exchanged.kind !== 'exchanged') return exchanged;
      loans.push(exchanged.credential);
      const reader = createArmReader({ credential, cloud });
      const own = { credential: exchanged.credential, cloud, reader, ca: azureServer.ca };
      return {
        kind: 'lent',
        writer: createExtensionWriter(own),
        giveBack: () => exchanged.credential.drop(),
      };
    }

    teams = await startSimulatedConnector({
      tenantId: TENANT,
      users: sampleRollOut.people.map(simUser),
      now: () => world.inner.clock.now(),
      ssoToken: (user, resource) => {
        resources.push(resource);
        return bring(user.aadObjectId);
      },
    });
    const keep = (event: string, facts: Record<string, unknown> = {}) =>
      void said.push(`${event} ${JSON.stringify(facts)}`);
    const log: Log = { debug: keep, info: keep, warn: keep, error: keep };
    const { store, clock, random } = world.deps;
    const upns = new UpnMemory();
    edge = createTeamsEdge({
      identity: { kind: 'demo', tenantId: TENANT },
      clock,
      log,
      turns: {
        answer: () => assert.fail('nothing is typed here'),
        press: (press) => world.pressed(press),
      },
      identify: (sender) => identify({ store, clock, upns }, sender),
      reply: async () => undefined,
      learn: async () => undefined,
      forget: async () => undefined,
      drawAnswer: ({ notice }: PressAnswer) => {
        const text = notice.kind === 'refusal' ? notice.reason : notice.kind;
        return { card: { type: 'AdaptiveCard' }, text, summary: text };
      },
      sso: createSso({
        tenantId: TENANT,
        appId: APP,
        authority,
        clock,
        log,
        newId: () => random.id(),
        scope: 'https://management.azure.com/user_impersonation',
      }),
    });
    bot = createServer(async (request, response) => {
      await edge.process({ headers: request.headers, body: await json(request) }, response);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => bot.once('listening', resolve));
    teams.connectBot(`http://127.0.0.1:${(bot.address() as AddressInfo).port}/api/messages`);

    await world.put('SV-OSK-01', 'Failed');
    await world.ask('SV-OSK-01のAMAを入れ直して', 'takahashi');
  });

  afterEach(async () => {
    await world.idle();
    edge.close();
    bot.closeAllConnections();
    await new Promise((resolve) => bot.close(resolve));
    await teams.close();
    await world.close();
    await Promise.all([entraServer.close(), azureServer.close()]);
    setDefaultCACertificates(usual);
  });

  async function approve(): Promise<{ answer: BotAnswer; body: Record<string, unknown> }> {
    const data = world.button(await world.cardOf('tanaka'), 'approve');
    const answer = await teams.press('tanaka', 'card', { verb: 'approve', data });
    await world.idle();
    return { answer, body: answer.body as Record<string, unknown> };
  }

  async function assertNothingChanged(body: Record<string, unknown>): Promise<void> {
    assert.equal(body.value, 'sso-refused');
    assert.deepEqual(world.writes(), []);
    assert.deepEqual(entra.exchanges, []);
    assert.equal((await world.repair()).state, 'asked');
    assert.deepEqual(await world.audited(), ['repair-asked SV-OSK-01 by takahashi']);
  }

  it('is done as the approver, whose rights are dropped then', async () => {
    const { body } = await approve();

    assert.equal(body.statusCode, 200);
    assert.deepEqual(world.writes(), ['DELETE SV-OSK-01']);
    assert.equal(world.azure.writes.taken[0]?.caller, oidOf('tanaka'));
    assert.deepEqual(new Set(resources), new Set([`api://botid-${APP}`]));
    assert.equal(loans.length, 1);
    await assert.rejects(async () => loans[0]?.getToken(''), /given back/);
  });

  it('begins with a request for a token where Teams brings none', async () => {
    bring = async () => undefined;

    const { answer, body } = await approve();

    assert.equal(answer.status, 200);
    assert.equal(body.statusCode, 401);
    assert.equal(body.type, 'application/vnd.microsoft.activity.loginRequest');
    assert.deepEqual(world.writes(), []);
  });

  it('is left undone by a forged token', async () => {
    bring = (oid) => entra.forgedToken(oid);

    await assertNothingChanged((await approve()).body);
  });

  it('is left undone by a token that is none', async () => {
    bring = async () => 'a.b.c';

    await assertNothingChanged((await approve()).body);
  });

  it('is left undone by an expired token', async () => {
    const past = Math.floor(world.inner.clock.now().getTime() / 1_000) - 60;
    bring = (oid) => entra.ssoToken(oid, { exp: past });

    await assertNothingChanged((await approve()).body);
  });

  it("is left undone by another person's token", async () => {
    bring = () => entra.ssoToken(oidOf('ito'));

    await assertNothingChanged((await approve()).body);
  });

  it("is left undone by another tenant's token", async () => {
    bring = (oid) => entra.ssoToken(oid, { tid: OTHER_TENANT });

    await assertNothingChanged((await approve()).body);
  });

  it("is left undone by another tenant's issuer", async () => {
    const issuer = `https://localhost:${entraServer.port}/${OTHER_TENANT}/v2.0`;
    bring = (oid) => entra.ssoToken(oid, { iss: issuer });

    await assertNothingChanged((await approve()).body);
  });

  it("is left undone by another audience's token", async () => {
    bring = (oid) => entra.ssoToken(oid, { aud: 'https://graph.microsoft.com' });

    await assertNothingChanged((await approve()).body);
  });

  it('is left undone by a token for something else than access_as_user', async () => {
    bring = (oid) => entra.ssoToken(oid, { scp: 'User.Read' });

    await assertNothingChanged((await approve()).body);
  });

  for (const claim of ['exp', 'oid', 'tid', 'scp']) {
    it(`is left undone by a token without ${claim}`, async () => {
      bring = (oid) => entra.ssoToken(oid, { [claim]: undefined });

      await assertNothingChanged((await approve()).body);
    });
  }

  it('leads to a sign-in card when Entra wants more of the approver', async () => {
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
    entra.demand(claims);

    const { body } = await approve();
    entra.demand(undefined);
    const before = world.writes();
    const { body: after } = await approve();

    const value = body.value as { tokenExchangeResource?: object; buttons: { value: string }[] };
    assert.equal(body.statusCode, 401);
    assert.equal(value.tokenExchangeResource, undefined);
    const link = new URL(value.buttons[0]?.value ?? '');
    assert.equal(link.searchParams.get('claims'), claims);
    assert.equal(link.pathname, `/${TENANT}/oauth2/v2.0/authorize`);
    assert.deepEqual(before, []);
    assert.equal(after.statusCode, 200);
    assert.deepEqual(world.writes(), ['DELETE SV-OSK-01']);
  });

  it('stays undone, and may be tried again, when Entra cannot be reached', async () => {
    const { ca } = entraServer;
    await entraServer.close();

    const { body } = await approve();

    assert.ok(ca);
    assert.equal(body.value, 'azure-silent');
    assert.equal((await world.repair()).state, 'asked');
  });

  it('is refused by Azure where the approver has no rights, in its own words', async () => {
    const message = 'The client does not have authorization.';
    const error = JSON.stringify({ error: { code: 'AuthorizationFailed', message } });
    world.azure.faults.push({ on: /^DELETE/, status: 403, body: error });

    await approve();

    const [machine] = (await world.repair()).machines;
    assert.equal(machine?.trouble, 'refused');
    assert.match(machine?.message ?? '', /AuthorizationFailed/);
  });

  it('leaves no token in the log, the store or the answer', async () => {
    let token = '';
    bring = async (oid) => {
      token = await entra.ssoToken(oid);
      return token;
    };

    const { answer } = await approve();

    const kept = JSON.stringify([
      await world.repair(),
      await world.inner.cardsOf('tanaka'),
      await world.inner.store.read((tx) => tx.audit.list()),
      answer,
      said,
    ]);
    assert.ok(token.length > 100);
    assert.ok(!kept.includes(token));
    assert.ok(!kept.includes(token.split('.')[2] ?? 'none'));
  });
});

describe('the second identity', () => {
  const cloud = {
    armEndpoint: 'https://arm.invalid',
    armScope: 'https://arm.invalid/.default',
    logsEndpoint: '',
    logsScope: '',
  };
  const made = (oid: string): TokenCredential => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = `${part({ alg: 'none' })}.${part({ oid })}.x`;
    return { getToken: async () => ({ token, expiresOnTimestamp: 0 }) };
  };

  it('gives its token only while it is not the one that reads', async () => {
    const other = await neverTheReader(made('writer'), made('reader'), cloud).getToken('s');
    const same = neverTheReader(made('reader'), made('reader'), cloud).getToken('s');

    assert.ok(other?.token);
    await assert.rejects(same, /CONFIG_REFUSED|WRITE_CLIENT_ID/);
  });
});
