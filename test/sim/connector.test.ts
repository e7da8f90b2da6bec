import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import {
  type SimulatedConnector,
  simUser,
  startSimulatedConnector,
} from '../../src/sim/connector.ts';
import { FixedClock } from '../support/fixed-clock.ts';

const TENANT = '00000000-0000-4000-8000-0000000000aa';
const USERS = [
  simUser({
    key: 'yamamoto',
    name: '山本 陽',
    language: 'ja',
    upn: 'yamamoto@corp.example',
    aadObjectId: '00000000-0000-4000-8000-000000000107',
  }),
  simUser({ key: 'patel', name: 'Ravi Patel', language: 'en' }),
];

describe('the simulated connector', () => {
  const clock = new FixedClock();
  let teams: SimulatedConnector;
  let bot: Server;
  let received: Record<string, unknown>[];
  beforeEach(async () => {
    received = [];
    bot = createServer(async (request, response) => {
      received.push((await json(request)) as Record<string, unknown>);
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ statusCode: 200 }));
    });
    bot.listen(0, '127.0.0.1');
    await new Promise((resolve) => bot.once('listening', resolve));
    const { port } = bot.address() as AddressInfo;
    teams = await startSimulatedConnector({
      tenantId: TENANT,
      users: USERS,
      botUrl: `http://127.0.0.1:${port}/api/messages`,
      now: () => clock.now(),
      enforceLimits: true,
    });
  });
  afterEach(async () => {
    await teams.close();
    bot.closeAllConnections();
    await new Promise((resolve) => bot.close(resolve));
  });

  async function call(method: string, path: string, body?: object) {
    const response = await fetch(`${teams.serviceUrl}v3/conversations${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer = text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>);
    return { status: response.status, answer, retryAfter: response.headers.get('retry-after') };
  }
  const chat = (): string => encodeURIComponent(teams.personal('yamamoto'));
  const text = { type: 'message', text: 'hello' };

  it('writes to the bot as Teams does', async () => {
    await teams.say('yamamoto', '大阪支店の状況は?');

    const { id, timestamp, localTimestamp, entities, from, ...rest } = received[0] ?? {};
    assert.match(String(id), /^\d{13}$/);
    assert.match((from as { id: string }).id, /^29:1[0-9a-f]{40}$/);
    assert.equal((from as { aadObjectId: string }).aadObjectId, USERS[0]?.aadObjectId);
    assert.deepEqual(rest, {
      type: 'message',
      text: '大阪支店の状況は?',
      textFormat: 'plain',
      channelId: 'msteams',
      serviceUrl: teams.serviceUrl,
      recipient: { id: '28:00000000-0000-4000-8000-0000000000b0', name: 'Arc Onboarding Bot' },
      conversation: {
        id: teams.personal('yamamoto'),
        conversationType: 'personal',
        tenantId: TENANT,
      },
      channelData: { tenant: { id: TENANT } },
      locale: 'ja-JP',
      localTimezone: 'Asia/Tokyo',
    });
  });

  it('hands back what the bot answers to a press', async () => {
    const action = { verb: 'confirm', data: { card: 'card-1' }, inputs: { number: '4821' } };

    const answer = await teams.press('patel', '17', action);

    assert.deepEqual(answer, { status: 200, body: { statusCode: 200 } });
    assert.equal(received[0]?.name, 'adaptiveCard/action');
    assert.equal(received[0]?.replyToId, '17');
    assert.deepEqual(received[0]?.value, {
      action: {
        type: 'Action.Execute',
        verb: 'confirm',
        data: { card: 'card-1', number: '4821' },
      },
      trigger: 'manual',
    });
  });

  it('keeps what the bot posts and edits, and deletes it', async () => {
    await teams.installFor('yamamoto');

    const posted = await call('POST', `/${chat()}/activities`, text);
    const id = String(posted.answer?.id);
    const edited = await call('PUT', `/${chat()}/activities/${id}`, { ...text, text: 'newer' });
    const [message] = teams.messages(teams.personal('yamamoto'));
    const deleted = await call('DELETE', `/${chat()}/activities/${id}`);

    assert.deepEqual([posted.status, edited.status, deleted.status], [201, 200, 200]);
    assert.equal(message?.activity.text, 'newer');
    assert.equal(message?.edits, 1);
    assert.deepEqual(teams.messages(teams.personal('yamamoto')), []);
  });

  it('refuses as Teams does', async () => {
    const notInstalled = await call('POST', `/${chat()}/activities`, text);
    await teams.installFor('yamamoto');
    teams.block('yamamoto', true);
    const blocked = await call('POST', `/${chat()}/activities`, text);
    teams.block('yamamoto', false);
    const answers = [
      notInstalled,
      blocked,
      await call('POST', '/a:nowhere/activities', text),
      await call('PUT', `/${chat()}/activities/1`, text),
      await call('POST', `/${chat()}/activities`, { text: 'no type' }),
      await call('POST', `/${chat()}/activities`, { ...text, text: 'x'.repeat(110_000) }),
      await call('GET', `/${chat()}/members/29:nobody`),
    ];

    assert.deepEqual(
      answers.map(
        ({ status, answer }) =>
          `${status} ${(answer?.error as { code?: string } | undefined)?.code}`,
      ),
      [
        '403 BotNotInConversationRoster',
        '403 ConversationBlockedByUser',
        '404 ConversationNotFound',
        '404 ActivityNotFoundInConversation',
        '400 BadSyntax',
        '413 RequestEntityTooLarge',
        '404 MemberNotFoundInConversation',
      ],
    );
  });

  it('refuses the eighth message within a second, and says how long', async () => {
    await teams.installFor('yamamoto');
    const send = () => call('POST', `/${chat()}/activities`, text);

    const statuses: number[] = [];
    for (let count = 0; count < 7; count++) statuses.push((await send()).status);
    const eighth = await send();
    clock.forward(2_000);
    const later = await send();

    assert.deepEqual(statuses, Array(7).fill(201));
    assert.equal(eighth.status, 429);
    assert.equal(eighth.retryAfter, '1');
    assert.equal(later.status, 201);
  });

  it('names the members of a chat', async () => {
    const all = await call('GET', `/${chat()}/members`);
    const paged = await call('GET', `/${chat()}/pagedmembers`);
    const { aadObjectId = '' } = USERS[0] ?? {};
    const one = await call('GET', `/${chat()}/members/${aadObjectId}`);

    assert.equal(one.answer?.userPrincipalName, 'yamamoto@corp.example');
    assert.deepEqual(all.answer, [one.answer]);
    assert.deepEqual(paged.answer, { members: [one.answer] });
  });

  it('installs in a team with its channels and mentions the bot there', async () => {
    const team = await teams.installInTeam('全国展開', ['運用'], 'yamamoto');
    const channel = team.channels.運用 ?? '';

    await teams.sayInChannel('patel', channel, 'status');

    assert.deepEqual(
      received.map((activity) => activity.type),
      ['installationUpdate', 'conversationUpdate', 'message'],
    );
    const said = received[2];
    assert.equal(said?.text, '<at>Arc Onboarding Bot</at> status');
    assert.match(JSON.stringify(said?.conversation), /@thread\.tacv2;messageid=\d{13}"/);
    assert.equal(team.channels.General, team.teamId);
  });

  it('fails when told to, with or without the message arriving', async () => {
    await teams.installFor('yamamoto');
    teams.faults.push({ answer: { status: 503 } }, { kept: true, answer: { reset: true } });

    const unavailable = await call('POST', `/${chat()}/activities`, text);
    await assert.rejects(call('POST', `/${chat()}/activities`, text));

    assert.equal(unavailable.status, 503);
    assert.equal(teams.messages(teams.personal('yamamoto')).length, 1);
  });
});
