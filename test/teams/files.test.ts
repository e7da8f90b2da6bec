import assert from 'node:assert/strict';
import type { FetchedFile } from '../../src/teams/fetch-file.ts';
import { startWholeEdge, type WholeEdge } from './whole-edge.ts';

const FILE = { name: 'check.txt', downloadUrl: 'https://corp-my.sharepoint.com/download?x=1' };

describe('a file sent to the bot', () => {
  const asked: string[] = [];
  let fetched: FetchedFile;
  let whole: WholeEdge;
  beforeEach(async () => {
    asked.length = 0;
    fetched = { outcome: 'read', bytes: Buffer.from('azcmagent check\nreachable\n') };
    whole = await startWholeEdge({
      fetchFile: async (address) => {
        asked.push(address);
        return fetched;
      },
    });
    await whole.teams.installFor('yamamoto');
  });
  afterEach(() => whole.stop());

  async function answerTo(text?: string): Promise<string[]> {
    await whole.teams.sendFile('yamamoto', FILE, text);
    await whole.relay.runOnce();
    return whole.shown(whole.teams.personal('yamamoto'));
  }

  it('is fetched and read, with what was typed beside it', async () => {
    await answerTo('SV-OSK-03の結果です');

    const [message] = whole.turns.messages;
    assert.deepEqual(asked, [FILE.downloadUrl]);
    assert.equal(message?.file, 'azcmagent check\nreachable\n');
    assert.equal(message?.text, 'SV-OSK-03の結果です');
  });

  it('is read as Windows saves it', async () => {
    fetched = { outcome: 'read', bytes: Buffer.from('\ufeff接続できません', 'utf16le') };

    await answerTo();

    assert.equal(whole.turns.messages[0]?.file, '接続できません');
  });

  it('is refused in words when it is too large, not reached, or no text', async () => {
    fetched = { outcome: 'too-large', reason: 'body' };
    assert.match((await answerTo()).join(), /file-too-large ja/);
    fetched = { outcome: 'failed', reason: 'timeout' };
    assert.match((await answerTo()).join(), /file-not-read ja/);
    fetched = {
      outcome: 'read',
      bytes: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0, 1, 2, 3]),
    };
    assert.match((await answerTo()).join(), /file-no-text ja/);

    assert.equal(whole.turns.messages.length, 0);
  });

  it('is asked for as a paste in a channel', async () => {
    const team = await whole.teams.installInTeam('展開', [], 'takahashi');
    const channel = team.channels.General ?? '';

    await whole.teams.sendFileInChannel('yamamoto', channel, FILE);
    await whole.relay.runOnce();

    assert.match(whole.shown(channel).join(), /file-not-here ja/);
    assert.deepEqual(asked, []);
  });

  it('that is a picture is not fetched: the answer asks for text', async () => {
    await whole.teams.sendFile('yamamoto', { ...FILE, name: 'screen.PNG' });
    await whole.relay.runOnce();

    assert.match(whole.shown(whole.teams.personal('yamamoto')).join(), /paste-please ja/);
    assert.deepEqual(asked, []);
  });
});

describe('a picture with a question that its words do not answer', () => {
  it('is met with a request for text, not with silence', async () => {
    const whole = await startWholeEdge();
    try {
      whole.turns.reply = () => ({
        intent: { intent: 'unknown', slots: {}, confidence: 0.8 },
        notice: { kind: 'unknown', suggestions: [] },
      });
      await whole.teams.installFor('yamamoto');
      await whole.teams.sendPicture('yamamoto', 'これは何ですか');
      await whole.relay.runOnce();

      assert.equal(whole.turns.messages[0]?.text, 'これは何ですか');
      assert.match(whole.shown(whole.teams.personal('yamamoto')).join(), /paste-please ja/);
    } finally {
      await whole.stop();
    }
  });
});

describe('a bot that was not told its SharePoint', () => {
  it('asks for the text instead of fetching anything', async () => {
    const whole = await startWholeEdge();
    try {
      await whole.teams.installFor('yamamoto');
      await whole.teams.sendFile('yamamoto', FILE);
      await whole.relay.runOnce();

      assert.match(whole.shown(whole.teams.personal('yamamoto')).join(), /file-not-read ja/);
    } finally {
      await whole.stop();
    }
  });
});
