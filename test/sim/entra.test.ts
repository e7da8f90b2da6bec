import assert from 'node:assert/strict';
import { createRandom } from '../../src/keys/random.ts';
import { type Entra, startEntra } from '../../src/sim/entra.ts';
import { FixedClock } from '../support/fixed-clock.ts';

const TENANT = '00000000-0000-4000-8000-00000000000a';

describe('simulated Entra', () => {
  const clock = new FixedClock();
  const logged: string[] = [];
  const note = (event: string, facts?: unknown): void => {
    logged.push(`${event} ${JSON.stringify(facts)}`);
  };
  const log = { debug: note, info: note, warn: note, error: note };
  let entra: Entra;

  before(async () => {
    entra = await startEntra({ port: 0, log, random: createRandom(), clock });
  });
  after(() => entra.close());

  interface Given {
    user_code: string;
    device_code: string;
    verification_uri: string;
    message: string;
    interval: number;
  }
  const post = (path: string, form: Record<string, string>): Promise<Response> =>
    fetch(entra.url + path, { method: 'POST', body: new URLSearchParams(form) });
  const askForCode = async (): Promise<Given> =>
    (await (await post(`/${TENANT}/oauth2/v2.0/devicecode`, { client_id: 'x' })).json()) as Given;
  const poll = async (deviceCode: string, tenant = TENANT) => {
    const answer = await post(`/${tenant}/oauth2/v2.0/token`, { device_code: deviceCode });
    return (await answer.json()) as {
      error?: string;
      access_token?: string;
      error_description?: string;
    };
  };

  it('gives a fresh code of nine letters and digits, and Microsoft’s own address', async () => {
    const first = await askForCode();
    const second = await askForCode();

    assert.match(first.user_code, /^[A-Z0-9]{9}$/);
    assert.notEqual(first.user_code, second.user_code);
    assert.equal(first.verification_uri, 'https://microsoft.com/devicelogin');
    assert.ok(first.message.includes(`enter the code ${first.user_code} to authenticate.`));
    assert.equal(first.interval, 5);
  });

  it('waits until the code is typed, then gives one token that names its account', async () => {
    const { user_code, device_code } = await askForCode();
    const pending = await poll(device_code);

    const typed = await post('/devicelogin', {
      code: user_code.toLowerCase(),
      account: 'a@corp.example',
    });
    const { access_token = '' } = await poll(device_code);

    assert.equal(pending.error, 'authorization_pending');
    assert.equal(typed.status, 200);
    assert.match(await typed.text(), /サインインできました/);
    assert.equal(entra.accountOf(access_token), 'a@corp.example');
    assert.equal(entra.accountOf(`${access_token}x`), undefined);
    assert.equal((await poll(device_code)).error, 'bad_verification_code');
  });

  it('tells a client that asks too often to slow down', async () => {
    const { device_code } = await askForCode();
    await poll(device_code);

    assert.equal((await poll(device_code)).error, 'slow_down');
    clock.forward(5_000);
    assert.equal((await poll(device_code)).error, 'authorization_pending');
  });

  it('ends declined, refused by policy, or run out', async () => {
    const declined = await askForCode();
    await post('/devicelogin', { code: declined.user_code, answer: 'cancel' });
    assert.equal((await poll(declined.device_code)).error, 'authorization_declined');

    const refused = await askForCode();
    entra.refuseWith('AADSTS53003');
    assert.equal((await post('/devicelogin', { code: refused.user_code })).status, 403);
    entra.refuseWith(undefined);
    assert.match((await poll(refused.device_code)).error_description ?? '', /^AADSTS53003: /);

    const late = await askForCode();
    clock.forward(900_000);
    assert.equal((await post('/devicelogin', { code: late.user_code })).status, 404);
    assert.equal((await poll(late.device_code)).error, 'expired_token');
  });

  it('knows no code twice and no code of another tenant', async () => {
    const { user_code, device_code } = await askForCode();

    assert.equal((await post('/devicelogin', { code: 'WRONG0000' })).status, 404);
    assert.equal((await poll(device_code, 'other')).error, 'bad_verification_code');
    assert.equal((await post('/devicelogin', { code: user_code })).status, 200);
    assert.equal((await post('/devicelogin', { code: user_code })).status, 404);
  });

  it('shows a form, and never logs a code', async () => {
    const { user_code, device_code } = await askForCode();
    await post('/devicelogin', { code: user_code });

    const page = await (await fetch(`${entra.url}/devicelogin`)).text();

    assert.match(page, /<input name="code"/);
    assert.ok(logged.length > 0);
    for (const line of logged) {
      assert.equal(line.includes(user_code) || line.includes(device_code), false, line);
    }
  });

  it('answers what it does not know with 404 and too much with 413', async () => {
    assert.equal((await fetch(`${entra.url}/nothing`)).status, 404);
    assert.equal((await post('/devicelogin', { code: 'x'.repeat(20_000) })).status, 413);
  });
});
