import assert from 'node:assert/strict';
import { type SimulatedAzure, startSimulatedAzure } from '../../src/sim/azure.ts';
import { idOf, putMachine, SUBSCRIPTION } from '../azure/given.ts';
import { FixedClock } from '../support/fixed-clock.ts';

describe('simulated Azure', () => {
  const clock = new FixedClock();
  let azure: SimulatedAzure;
  beforeEach(async () => {
    azure = await startSimulatedAzure({ now: () => clock.now() });
  });
  afterEach(() => azure.close());

  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(azure.url + path, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text && JSON.parse(text) };
  };
  const graph = (options: object = {}, query = 'resources | join x') =>
    ask('/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01', {
      method: 'POST',
      body: JSON.stringify({ subscriptions: [SUBSCRIPTION], query, options }),
    });

  it('pages a query with a token, in id order, a thousand rows at most', async () => {
    for (let i = 0; i < 1_001; i += 1) putMachine(azure.fleet, `SV-${1_000 + i}`);

    const first = await graph({ $top: 5_000 });
    const second = await graph({ $top: 5_000, $skipToken: first.body.$skipToken });

    assert.deepEqual([first.body.count, first.body.totalRecords], [1_000, 1_001]);
    assert.deepEqual(
      second.body.data.map((row: { name: string }) => row.name),
      ['SV-2000'],
    );
    assert.equal(second.body.$skipToken, undefined);
  });

  it('shows nothing of a subscription that was not asked for', async () => {
    putMachine(azure.fleet, 'SV-1', {}, '00000000-0000-4000-8000-0000000000ff');

    assert.equal((await graph()).body.totalRecords, 0);
  });

  it('refuses the sixteenth query in five seconds and tells when to come again', async () => {
    const remaining: (string | null)[] = [];
    for (let i = 0; i < 15; i += 1) {
      remaining.push((await graph()).headers.get('x-ms-user-quota-remaining'));
    }
    clock.forward(2_000);
    const refused = await graph();
    clock.forward(3_000);
    const after = await graph();

    assert.deepEqual([remaining[0], remaining[14]], ['14', '0']);
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '3']);
    assert.equal(after.status, 200);
  });

  it('refuses a join where it is told to, and gives the parts', async () => {
    putMachine(azure.fleet, 'SV-1');
    azure.graph.joinRefused = true;

    assert.equal((await graph()).status, 400);
    const extensions = await graph({}, "resources | where type =~ 'x/machines/extensions'");
    const rules = await graph({}, "insightsresources | 'datacollectionruleassociations'");
    assert.equal(extensions.body.count, 2);
    assert.deepEqual(rules.body.data[0].machines, [idOf('SV-1').toLowerCase()]);
  });

  it('answers the workspace’s question for heartbeats in a table, and no other question', async () => {
    putMachine(azure.fleet, 'SV-1');
    const query = (text: string) =>
      ask('/v1/workspaces/w/query', { method: 'POST', body: JSON.stringify({ query: text }) });

    const { body } = await query("Heartbeat | where Category == 'Azure Monitor Agent'");

    assert.deepEqual(body.tables[0].rows, [
      ['SV-1', idOf('SV-1').toLowerCase(), clock.now().toISOString()],
    ]);
    assert.deepEqual(body.tables[0].columns[2], { name: 'seenAt', type: 'datetime' });
    assert.equal((await query('SigninLogs')).status, 400);
  });

  it('takes a machine from azcmagent only with a token, and writes down who it was', async () => {
    const path = `${idOf('SV-1')}?api-version=2024-07-10`;
    const body = JSON.stringify({ location: 'japaneast' });

    const without = await ask(path, { method: 'PUT', body });
    const headers = { authorization: 'Bearer t' };
    const created = await ask(path, { method: 'PUT', body, headers });
    const removed = await ask(path, { method: 'DELETE' });

    assert.deepEqual([without.status, created.status, removed.status], [401, 201, 200]);
    assert.deepEqual(
      azure.fleet.activity.map(({ caller }) => caller),
      ['unknown'],
    );
    assert.equal((await ask(path)).status, 404);
  });

  it('asks every ARM request for its api-version', async () => {
    assert.equal((await ask(idOf('SV-1'))).body.error.code, 'MissingApiVersionParameter');
  });

  it('breaks the requests it is told to break, each fault once', async () => {
    putMachine(azure.fleet, 'SV-1');
    const path = `${idOf('SV-1')}?api-version=2024-07-10`;
    azure.faults.push(
      { on: /ResourceGraph/, status: 503 },
      { change: (body) => ({ ...body, name: 'OTHER' }) },
      { reset: true },
    );

    assert.equal((await ask(path)).body.name, 'OTHER');
    await assert.rejects(ask(path));
    assert.equal((await graph()).status, 503);
    assert.equal((await ask(path)).body.name, 'SV-1');
  });
});
