import assert from 'node:assert/strict';
import type { TokenCredential } from '@azure/identity';
import { neverTheReader } from '../../../src/azure/write-credential.ts';
import { APP, oidOf, SsoWorld, TENANT, WRONG_TOKENS } from './sso-world.ts';

describe("a repair with the approver's own rights, from Teams to Azure", () => {
  let world: SsoWorld;

  beforeEach(async () => {
    world = await SsoWorld.start();
  });
  afterEach(() => world.close());

  it('is done as the approver, whose rights are dropped then', async () => {
    const { body } = await world.approve();

    assert.equal(body.statusCode, 200);
    assert.deepEqual(world.repairs.writes(), ['DELETE SV-OSK-01']);
    assert.equal(world.repairs.azure.writes.taken[0]?.caller, oidOf('tanaka'));
    assert.deepEqual(world.resources, [`api://botid-${APP}`]);
    assert.equal(world.loans.length, 1);
    await assert.rejects(async () => world.loans[0]?.getToken(''), /given back/);
  });

  it('begins with a request for a token where Teams brings none', async () => {
    world.bring = async () => undefined;

    const { answer, body } = await world.approve();

    assert.equal(answer.status, 200);
    assert.equal(body.statusCode, 401);
    assert.equal(body.type, 'application/vnd.microsoft.activity.loginRequest');
    assert.deepEqual(world.repairs.writes(), []);
  });

  for (const [what, bring] of Object.entries(WRONG_TOKENS)) {
    it(`is left undone by ${what}`, async () => {
      world.bring = bring(world);

      const { body } = await world.approve();

      await world.assertNothingChanged(body);
    });
  }

  it('leads to a sign-in card when Entra wants more of the approver', async () => {
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
    world.entra.demand(claims);

    const { body } = await world.approve();
    world.entra.demand(undefined);
    const before = world.repairs.writes();
    const { body: after } = await world.approve();

    const value = body.value as { tokenExchangeResource?: object; buttons: { value: string }[] };
    assert.equal(body.statusCode, 401);
    assert.equal(value.tokenExchangeResource, undefined);
    const link = new URL(value.buttons[0]?.value ?? '');
    assert.equal(link.searchParams.get('claims'), claims);
    assert.equal(link.pathname, `/${TENANT}/oauth2/v2.0/authorize`);
    assert.deepEqual(before, []);
    assert.equal(after.statusCode, 200);
    assert.deepEqual(world.repairs.writes(), ['DELETE SV-OSK-01']);
  });

  it('stays undone, and may be tried again, when Entra cannot be reached', async () => {
    await world.entraServer.close();

    const { body } = await world.approve();

    assert.equal(body.value, 'azure-silent');
    assert.equal((await world.repairs.repair()).state, 'asked');
  });

  it('is refused by Azure where the approver has no rights, in its own words', async () => {
    const message = 'The client does not have authorization.';
    const error = JSON.stringify({ error: { code: 'AuthorizationFailed', message } });
    world.repairs.azure.faults.push({ on: /^DELETE/, status: 403, body: error });

    await world.approve();

    const [machine] = (await world.repairs.repair()).machines;
    assert.equal(machine?.trouble, 'refused');
    assert.match(machine?.message ?? '', /AuthorizationFailed/);
  });

  it('leaves no token in the log, the store or the answer', async () => {
    let token = '';
    world.bring = async (oid) => {
      token = await world.entra.ssoToken(oid);
      return token;
    };

    const { answer } = await world.approve();

    const { inner } = world.repairs;
    const kept = JSON.stringify([
      await world.repairs.repair(),
      await inner.cardsOf('tanaka'),
      await inner.store.read((tx) => tx.audit.list()),
      answer,
      world.said,
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
    await assert.rejects(same, /WRITE_CLIENT_ID/);
  });
});
