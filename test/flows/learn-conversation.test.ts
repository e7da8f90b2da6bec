import assert from 'node:assert/strict';
import type { PersonKey } from '../../src/core/ids.ts';
import type { KeptConversation, SeenConversation, Store } from '../../src/core/ports.ts';
import { forgetConversation, learnConversation } from '../../src/flows/learn-conversation.ts';
import { openStore } from '../../src/store/open.ts';
import { sqlitePlace } from '../store/on-both-engines.ts';
import { FixedClock } from '../support/fixed-clock.ts';

const GENERAL = '19:general@thread.tacv2';

describe('learnConversation', () => {
  const clock = new FixedClock();
  let place: ReturnType<typeof sqlitePlace>;
  let store: Store;
  beforeEach(async () => {
    place = sqlitePlace();
    store = await openStore(place.options, { clock });
  });
  afterEach(async () => {
    await store.close();
    place.remove();
  });

  const learn = (seen: SeenConversation): Promise<void> =>
    learnConversation({ store, clock }, seen);
  const kept = (id: string): Promise<KeptConversation | undefined> =>
    store.read((tx) => tx.conversations.get(id));

  it('keeps where someone can be written to, and the latest service URL', async () => {
    await learn(aChat());
    await learn({ ...aChat(), serviceUrl: 'https://smba.trafficmanager.net/emea/' });

    const found = await store.read((tx) => tx.conversations.personal('takahashi' as PersonKey));

    assert.equal(found?.serviceUrl, 'https://smba.trafficmanager.net/emea/');
  });

  it('writes nothing when nothing is new', async () => {
    await learn(aChat());
    const before = await kept('a:1');
    clock.forward(60_000);

    await learn(aChat());

    assert.deepEqual(await kept('a:1'), before);
  });

  it('ends a suspension: whoever writes can be written to', async () => {
    await learn(aChat());
    await store.write((tx) => tx.conversations.suspend('a:1', 'blocked'));

    await learn(aChat());

    assert.equal((await kept('a:1'))?.suspended, undefined);
  });

  it('links a chat to someone met later', async () => {
    const { person: _, ...unknown } = aChat();
    await learn(unknown);

    await learn(aChat());

    assert.equal((await kept('a:1'))?.person, 'takahashi');
  });

  it('sends alerts to General of the first team until a lead chose another channel', async () => {
    await learn(aChannel('19:other@thread.tacv2'));
    await learn(aChannel(GENERAL));
    const general = await store.read((tx) => tx.conversations.alertChannel());

    await store.write((tx) => tx.conversations.setAlertChannel('19:other@thread.tacv2'));

    const chosen = await store.read((tx) => tx.conversations.alertChannel());
    assert.equal(general?.conversationId, GENERAL);
    assert.equal(chosen?.conversationId, '19:other@thread.tacv2');
  });

  it('forgets all channels of a team that the bot left, and nothing else', async () => {
    await learn(aChat());
    await learn(aChannel(GENERAL));
    await learn(aChannel('19:other@thread.tacv2'));

    await forgetConversation({ store }, { teamId: GENERAL });

    const left = await store.read((tx) => tx.conversations.list());
    assert.deepEqual(
      left.map((conversation) => conversation.conversationId),
      ['a:1'],
    );
  });

  it('forgets one conversation', async () => {
    await learn(aChat());

    await forgetConversation({ store }, { conversationId: 'a:1' });

    assert.equal(await kept('a:1'), undefined);
  });
});

function aChat(): SeenConversation {
  const serviceUrl = 'https://smba.trafficmanager.net/jp/';
  return {
    conversationId: 'a:1',
    kind: 'personal',
    person: 'takahashi' as PersonKey,
    serviceUrl,
    reference: { channelId: 'msteams', serviceUrl, conversation: { id: 'a:1' } },
  };
}

function aChannel(conversationId: string): SeenConversation {
  const { person: _, ...chat } = aChat();
  return { ...chat, conversationId, kind: 'channel', teamId: GENERAL };
}
