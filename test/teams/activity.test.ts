import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  hasPicture,
  InboundActivity,
  langOf,
  referenceOf,
  scopeOf,
  textOf,
} from '../../src/teams/activity.ts';
import { readPress, readSentence } from '../../src/teams/button-data.ts';
import { mayServe } from '../../src/teams/service-url.ts';

const BOT = { id: '28:bot', name: 'Arc Bot' };

describe('textOf', () => {
  const cases: readonly [string, string, object[]?][] = [
    ['大阪支店の状況は?', '大阪支店の状況は?'],
    [
      '<at>Arc Bot</at> 大阪支店の状況は?',
      '大阪支店の状況は?',
      [mention(BOT.id, '<at>Arc Bot</at>')],
    ],
    ['大阪は? <at>Arc Bot</at>', '大阪は?', [mention(BOT.id, '<at>Arc Bot</at>')]],
    [
      '<at>Arc Bot</at> <at>山本 陽</at>に聞いて',
      '山本 陽に聞いて',
      [mention(BOT.id, '<at>Arc Bot</at>'), mention('29:1', '<at>山本 陽</at>')],
    ],
    ['<at id="0">Arc Bot</at>&nbsp;help\n', 'help', [mention(BOT.id, '<at id="0">Arc Bot</at>')]],
    ['Use &lt;code&gt; &amp;lt; \u00a0end', 'Use <code> &lt;  end'],
    ['<at', '<at'],
  ];
  for (const [text, expected, entities] of cases) {
    it(`reads ${JSON.stringify(text)} as ${JSON.stringify(expected)}`, () => {
      assert.equal(textOf(anActivity({ text, ...(entities && { entities }) })), expected);
    });
  }
});

describe('an activity', () => {
  it('is refused or read, whatever stands in its fields', () => {
    const field = fc.constantFrom(
      'text',
      'value',
      'entities',
      'attachments',
      'channelData',
      'name',
    );
    fc.assert(
      fc.property(fc.dictionary(field, fc.jsonValue()), (more) => {
        const parsed = InboundActivity.safeParse(raw(more));
        if (!parsed.success) return;

        const text = textOf(parsed.data);

        assert.equal(typeof text, 'string');
        assert.equal(typeof hasPicture(parsed.data), 'boolean');
        assert.doesNotThrow(() => readPress(parsed.data.value));
      }),
      { numRuns: 100 },
    );
  });

  it('tells its scope by the conversation', () => {
    const scopes = [
      { conversationType: 'personal' },
      { conversationType: 'groupChat', isGroup: true },
      { conversationType: 'channel', isGroup: true },
      {},
      { isGroup: true },
    ].map((more) => scopeOf(anActivity({ conversation: { id: '1', ...more } })));

    assert.deepEqual(scopes, ['personal', 'group', 'channel', 'personal', 'group']);
  });

  it('tells the language of a client it does not know', () => {
    const clientInfo = { type: 'clientInfo', locale: 'en-GB' };

    assert.equal(langOf(anActivity({ locale: 'ja-JP' })), 'ja');
    assert.equal(langOf(anActivity({ locale: 'en-US' })), 'en');
    assert.equal(langOf(anActivity({ entities: [clientInfo] })), 'en');
    assert.equal(langOf(anActivity({})), 'ja');
  });

  it('has a picture only when an image stands beside it', () => {
    const html = { contentType: 'text/html' };

    assert.equal(hasPicture(anActivity({ attachments: [{ contentType: 'image/*' }, html] })), true);
    assert.equal(hasPicture(anActivity({ attachments: [html] })), false);
    assert.equal(hasPicture(anActivity({})), false);
  });

  it('gives a reference that names the channel, not the thread, and no one by name', () => {
    const conversation = { id: '19:x@thread.tacv2;messageid=1', conversationType: 'channel' };

    const reference = referenceOf(anActivity({ conversation, from: { id: '29:1', name: '高橋' } }));

    assert.deepEqual(reference, {
      channelId: 'msteams',
      serviceUrl: 'https://smba.trafficmanager.net/jp/',
      bot: { id: BOT.id },
      conversation: { id: '19:x@thread.tacv2', conversationType: 'channel' },
    });
  });
});

describe('button data', () => {
  it('is a press with the fields beside it as inputs', () => {
    const press = readPress({
      card: 'card-1',
      button: 'confirm-number',
      nonce: 'nonce-1',
      number: '4821',
      msteams: { type: 'task/fetch' },
      odd: 7,
    });

    assert.deepEqual(press, {
      card: 'card-1',
      button: 'confirm-number',
      nonce: 'nonce-1',
      inputs: { number: '4821' },
    });
  });

  for (const data of [
    undefined,
    null,
    'confirm',
    [],
    { card: 'card-1', button: 'confirm' },
    { card: 'card-1', button: 'toString', nonce: 'n' },
    { card: '', button: 'confirm', nonce: 'n' },
    { card: 'x'.repeat(500), button: 'confirm', nonce: 'n' },
  ]) {
    it(`is nothing: ${JSON.stringify(data)?.slice(0, 60)}`, () => {
      assert.equal(readPress(data), undefined);
      assert.equal(readSentence(data), undefined);
    });
  }
});

describe('mayServe', () => {
  const teams: readonly [string, boolean][] = [
    ['https://smba.trafficmanager.net/jp/', true],
    ['https://smba.infra.gcc.teams.microsoft.com/teams', true],
    ['https://smba.infra.gov.teams.microsoft.us/teams', true],
    ['http://smba.trafficmanager.net/jp/', false],
    ['https://smba.trafficmanager.net:8443/jp/', false],
    ['https://evil.trafficmanager.net/', false],
    ['https://smba.trafficmanager.net.evil.example/', false],
    ['https://smba.trafficmanager.net@evil.example/', false],
    ['https://user@smba.trafficmanager.net/', false],
    ['http://127.0.0.1:56150/_connector', false],
    ['', false],
  ];
  for (const [url, expected] of teams) {
    it(`${expected ? 'sends' : 'sends no'} token to ${url || 'nowhere'}`, () => {
      assert.equal(mayServe(url, 'teams'), expected);
    });
  }

  it('stays on this machine without an app id', () => {
    assert.equal(mayServe('http://127.0.0.1:56150/_connector', 'loopback'), true);
    assert.equal(mayServe('http://localhost:56150/_connector', 'loopback'), true);
    assert.equal(mayServe('http://192.0.2.1/', 'loopback'), false);
    assert.equal(mayServe('https://smba.trafficmanager.net/jp/', 'loopback'), false);
  });
});

function raw(more: object): Record<string, unknown> {
  return {
    type: 'message',
    channelId: 'msteams',
    serviceUrl: 'https://smba.trafficmanager.net/jp/',
    from: { id: '29:1' },
    recipient: BOT,
    conversation: { id: 'a:1' },
    ...more,
  };
}

function anActivity(more: object): InboundActivity {
  return InboundActivity.parse(raw(more));
}

function mention(id: string, text: string): object {
  return { type: 'mention', mentioned: { id }, text };
}
