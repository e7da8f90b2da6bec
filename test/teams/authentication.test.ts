import assert from 'node:assert/strict';
import { CachedAuthentication } from '../../src/teams/authentication.ts';
import { ConnectorHttp } from '../../src/teams/connector-http.ts';
import { OpsAdapter } from '../../src/teams/ops-adapter.ts';
import { FixedClock } from '../support/fixed-clock.ts';

const SERVICE_URL = 'https://smba.trafficmanager.net/jp/';
const APP = {
  appId: '00000000-0000-4000-8000-0000000000b1',
  tenantId: '00000000-0000-4000-8000-0000000000aa',
};

describe('the SDK pipelines', () => {
  const http = new ConnectorHttp(new FixedClock(), 1_000);
  after(() => http.close());

  it('are built once per service URL, not once per turn', async () => {
    const adapter = new OpsAdapter({ kind: 'demo', tenantId: APP.tenantId }, http);

    const first = await adapter.connectorFor(SERVICE_URL);
    const again = await adapter.connectorFor(SERVICE_URL);
    const elsewhere = await adapter.connectorFor('https://smba.trafficmanager.net/emea/');

    assert.equal(again, first);
    assert.notEqual(elsewhere, first);
  });

  it('are the same for a turn and for what the relay sends', async () => {
    const identity = { kind: 'demo', tenantId: APP.tenantId } as const;
    const authentication = new CachedAuthentication(identity, http);
    const activity = { type: 'message', channelId: 'msteams', serviceUrl: SERVICE_URL };

    const turn = await authentication.authenticateRequest(activity as never, '');
    const another = await authentication.authenticateRequest(activity as never, '');
    const ofTurn = await turn.connectorFactory?.create(SERVICE_URL, turn.audience);
    const ofAnother = await another.connectorFactory?.create(SERVICE_URL, another.audience);
    const tokens = await authentication.createUserTokenClient(turn.claimsIdentity);

    assert.ok(ofTurn);
    assert.equal(ofAnother, ofTurn);
    assert.equal(await authentication.createUserTokenClient(another.claimsIdentity), tokens);
  });

  it('can be made for each way a bot has its identity', async () => {
    const password = 'not-a-password';
    const adapters = [
      new OpsAdapter({ kind: 'SingleTenant', ...APP, password }, http),
      new OpsAdapter({ kind: 'SingleTenant', ...APP, password, government: true }, http),
      new OpsAdapter({ kind: 'UserAssignedMSI', ...APP }, http),
    ];

    for (const adapter of adapters) assert.ok(await adapter.connectorFor(SERVICE_URL));
  });
});
